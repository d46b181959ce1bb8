"""Which pipelines a call means, and in which order they run."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.cli.selection import Chosen, enabled, in_order, named
from loan_etl_tui.config.models import PipelineConfig
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import Workspace, open_workspace
from loan_etl_tui.model.errors import ConfigError, UsageError

NAMES = tuple("abcde")

# Each name may come after names before it in the alphabet, so that there is no circle.
LINKS = st.fixed_dictionaries(
    {
        name: st.lists(st.sampled_from([*NAMES[:at], "absent"]), max_size=3)
        for at, name in enumerate(NAMES)
    }
)


def chosen(name: str, after: tuple[str, ...]) -> Chosen:
    config = PipelineConfig.model_construct(after=after, enabled=True)
    return Chosen(name, Pipeline(name, Path(name), config))


@given(LINKS, st.permutations(NAMES))
def test_every_pipeline_runs_once_and_behind_those_it_waits_for(
    links: dict[str, list[str]], given_order: list[str]
) -> None:
    order = [one.name for one in in_order([chosen(n, tuple(links[n])) for n in given_order])]
    assert sorted(order) == sorted(NAMES)
    for name, earlier in links.items():
        assert all(order.index(one) < order.index(name) for one in earlier if one in order)


@given(st.permutations(NAMES))
def test_pipelines_that_wait_for_nobody_keep_their_order(given_order: list[str]) -> None:
    assert [one.name for one in in_order([chosen(n, ()) for n in given_order])] == given_order


def test_a_circle_is_named() -> None:
    with pytest.raises(ConfigError, match="a after b after a"):
        in_order([chosen("a", ("b",)), chosen("b", ("a",))])


def test_a_broken_config_counts_for_itself_only(workspace: Workspace) -> None:
    (workspace.configs / "broken.yaml").write_text("version: [\n")
    outcomes = {one.name: one.outcome for one in named(workspace, ["broken", "sound"], ())}
    assert isinstance(outcomes["broken"], ConfigError)
    assert isinstance(outcomes["sound"], Pipeline)


def test_a_name_that_is_given_twice_runs_once(workspace: Workspace) -> None:
    assert len(named(workspace, ["sound", "sound"], ())) == 1


def test_an_unknown_name_is_wrong_usage(workspace: Workspace) -> None:
    [one] = named(workspace, ["suond"], ())
    assert isinstance(one.outcome, UsageError)


def test_only_enabled_pipelines_run_without_a_name(workspace: Workspace) -> None:
    assert [one.name for one in enabled(workspace, (("enabled", "true"),))] == ["sound"]


def test_no_enabled_pipeline_is_said_with_the_folder(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match=str(workspace.configs)):
        enabled(workspace, (("enabled", "false"),))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "sound.yaml").write_text(SOUND)
    return open_workspace(tmp_path)


SOUND = """\
version: 1
platform: sound
enabled: true
source: {path: inbox/*.csv}
transform:
  currency: USD
  record_date: {const: 2024-01-31}
  loan:
    loan_id: {from: id, via: id}
    issue_date: {from: issued, via: date, formats: [ISO]}
    original_balance: {from: amount, via: money}
  loan_status: {const: CURRENT}
"""
