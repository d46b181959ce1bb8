"""Runs that went before."""

import json
from pathlib import Path
from typing import Any

import pytest

from loan_etl_tui.cli.past import find, last_by_pipeline, past_runs
from loan_etl_tui.config.workspace import open_workspace
from loan_etl_tui.model.errors import UsageError

OLD, NEW, OTHER = "0100aaaa", "0100bbbb", "0200cccc"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    leave(tmp_path, OLD, pipeline="club", status="held")
    leave(tmp_path, NEW, pipeline="club", status="loaded")
    leave(tmp_path, OTHER, pipeline="prosper", status="loaded", dry_run=True)
    (tmp_path / "runs" / OLD / "rejects.csv").write_text("x")
    return tmp_path / "runs"


def leave(root: Path, run_id: str, **summary: Any) -> None:
    folder = root / "runs" / run_id
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text(json.dumps({"run_id": run_id, **summary}))


def test_runs_are_listed_newest_first_and_plans_are_none(runs: Path) -> None:
    listed = past_runs(open_workspace(runs.parent))
    assert [one["run_id"] for one in listed] == [NEW, OLD]


def test_the_last_run_of_each_pipeline_is_its_newest(runs: Path) -> None:
    last = last_by_pipeline(open_workspace(runs.parent))
    assert {name: one["status"] for name, one in last.items()} == {"club": "loaded"}


def test_a_broken_summary_hides_no_other(runs: Path, caplog: pytest.LogCaptureFixture) -> None:
    (runs / NEW / "summary.json").write_text("{")
    assert [one["run_id"] for one in past_runs(open_workspace(runs.parent))] == [OLD]
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("wanted", [OLD, OLD[:6], "club"])
def test_a_run_is_found_by_id_beginning_and_pipeline(runs: Path, wanted: str) -> None:
    assert find(runs, wanted, "rejects.csv") == runs / OLD / "rejects.csv"


@pytest.mark.parametrize("wanted", ["prosper", "0100bbbb", "010", "", "../" + OLD])
def test_what_fits_no_run_is_wrong_usage(runs: Path, wanted: str) -> None:
    with pytest.raises(UsageError):
        find(runs, wanted, "rejects.csv")


def test_a_beginning_of_two_runs_is_refused(runs: Path) -> None:
    (runs / NEW / "rejects.csv").write_text("y")
    with pytest.raises(UsageError, match="2 runs"):
        find(runs, "0100", "rejects.csv")
