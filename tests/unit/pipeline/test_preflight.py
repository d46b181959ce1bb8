"""What `check` finds out before a run does."""

from pathlib import Path

import pytest

from loan_etl_tui.config.workspace import Workspace, open_workspace
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.preflight import Finding, examine, file_system

CONFIG = """\
version: 1
platform: acme
enabled: true
source: {path: inbox/*.csv}
transform:
  currency: USD
  record_date: {from: argument}
  loan:
    loan_id: {from: id, via: id}
    issue_date: {from: issued, via: date, formats: [ISO]}
    original_balance: {from: amount, via: money}
  status:
    principal_paid: {from: paid, via: money, as: cumulative}
  loan_status: {const: CURRENT}
"""
TAPE = "id,issued,amount,paid,colour\nL1,2023-05-01,1000.00,1.00,red\n"

MOUNTS = """\
overlay / overlay rw 0 0
server:/loans /srv/loans nfs4 rw 0 0
tmpfs /srv/loans/fast tmpfs rw 0 0
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("configs", "inbox"):
        (tmp_path / name).mkdir()
    (tmp_path / "configs" / "acme.yaml").write_text(CONFIG)
    (tmp_path / "inbox" / "acme.csv").write_text(TAPE)
    return open_workspace(tmp_path)


def look(workspace: Workspace, *names: str, **options: object) -> dict[str, Finding]:
    found = examine(workspace, names or ("acme",), RunOptions(**options))
    return {one.check: one for one in found}


def change(workspace: Workspace, old: str, new: str, name: str = "acme") -> None:
    text = (workspace.configs / "acme.yaml").read_text()
    assert old in text
    (workspace.configs / f"{name}.yaml").write_text(text.replace(old, new))


def test_a_record_date_that_the_call_must_give_is_a_warning(workspace: Workspace) -> None:
    found = look(workspace)["record date"]
    assert (found.verdict, found.exit_code) == ("warn", Exit.OK)


def test_columns_that_no_key_names_are_told_and_no_mistake(workspace: Workspace) -> None:
    found = look(workspace)["columns"]
    assert found.verdict == "ok"
    assert "'colour'" in found.message


def test_every_mistake_of_a_config_is_a_finding_of_its_own(workspace: Workspace) -> None:
    change(workspace, "currency: USD", "curency: USD\n  shap: x")
    found = list(examine(workspace, ["acme"], RunOptions()))
    assert len(found) >= 2
    assert {one.exit_code for one in found} == {Exit.CONFIG}


def test_a_missing_tape_is_an_error_unless_the_config_says_it_may(workspace: Workspace) -> None:
    (workspace.inbox / "acme.csv").unlink()
    assert look(workspace)["source"].exit_code is Exit.NO_INPUT
    change(workspace, "{path: inbox/*.csv}", "{path: inbox/*.csv, if_missing: ok}")
    assert look(workspace)["source"].verdict == "ok"


def test_a_pipeline_that_after_names_must_be_there(workspace: Workspace) -> None:
    change(workspace, "enabled: true", "enabled: true\nafter: [origination]")
    assert look(workspace)["after"].exit_code is Exit.CONFIG


def test_two_feeds_of_one_platform_must_map_the_same_statuses(workspace: Workspace) -> None:
    change(workspace, "principal_paid: {from: paid", "interest_paid: {from: paid", "other")
    clash = look(workspace, "acme", "other")["clash"]
    assert clash.exit_code is Exit.CONFIG
    assert "'interest_paid', 'principal_paid'" in clash.message


def test_equal_feeds_do_not_clash(workspace: Workspace) -> None:
    change(workspace, "version: 1", "version: 1", "other")
    assert "clash" not in look(workspace, "acme", "other")


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", "overlay"),
        ("/srv/loans", "nfs4"),
        ("/srv/loans/march", "nfs4"),
        ("/srv/loans/fast/x", "tmpfs"),
        ("/srv/loansharks", "overlay"),
    ],
)
def test_the_innermost_mount_says_where_a_folder_lies(
    tmp_path: Path, folder: str, kind: str
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert file_system(Path(folder), mounts) == kind


def test_a_system_without_a_list_of_mounts_says_nothing(tmp_path: Path) -> None:
    assert file_system(tmp_path, tmp_path / "none") == ""


def test_a_network_drive_is_a_warning(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loan_etl_tui.pipeline.preflight.file_system", lambda _: "nfs4")
    assert look(workspace)["workspace"].verdict == "warn"
