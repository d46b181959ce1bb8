"""A defect in one pipeline ends that pipeline alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from loan_etl_tui.cli import headless, selection
from loan_etl_tui.config.workspace import open_workspace
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.pipeline import RunOptions
from loan_etl_tui.report import Report

CONFIGS = Path(__file__).parents[3] / "configs"


def test_the_pipelines_after_a_crash_still_run_and_each_has_its_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    real = headless.run

    def broken(pipeline: object, *rest: object) -> Report:
        if getattr(pipeline, "name", "") == "lendingclub_loanstats":
            raise KeyError("a defect")
        return real(pipeline, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(headless, "run", broken)
    workspace = open_workspace(tmp_path)
    names = ("lendingclub_loanstats", "prosper_2014")
    chosen = selection.named(workspace, names, ())
    code = headless.load(chosen, workspace, RunOptions())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["pipeline"] for line in lines] == list(names)
    assert [line["exit_code"] for line in lines] == [70, 66]
    assert code is Exit.INTERNAL
