"""Runs that went before, as their summaries in the workspace's `runs/` folder tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.errors import UsageError

SUMMARY = "summary.json"
_SHORTEST_PREFIX = 4


def summaries(runs: Path) -> Iterator[dict[str, Any]]:
    """Read the summaries of past runs, newest first.

    Args:
        runs: the folder with one folder a run; run ids sort by time.
    """
    for file in sorted(runs.glob(f"*/{SUMMARY}"), reverse=True):
        try:
            summary = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            talk.warning("%s: cannot be read: %s", file, problem)
            continue
        if isinstance(summary, dict):
            yield summary


def last_by_pipeline(runs: Path) -> dict[str, dict[str, Any]]:
    """Find the newest summary of each pipeline; a plan, which changed nothing, is no run."""
    last: dict[str, dict[str, Any]] = {}
    for summary in summaries(runs):
        if not summary.get("dry_run"):
            last.setdefault(str(summary.get("pipeline")), summary)
    return last


def find(runs: Path, wanted: str, artefact: str) -> Path:
    """Find a file that a run left behind.

    Args:
        runs: as for `summaries`.
        wanted: a run id, its beginning, or a pipeline's name for its newest run with that file.
        artefact: the file's name, for example rejects.csv.

    Raises:
        UsageError: no run, or several, fit.
    """
    ids = sorted(file.parent.name for file in runs.glob(f"*/{artefact}"))
    if wanted in ids:
        return runs / wanted / artefact
    for summary in summaries(runs):
        if summary.get("pipeline") == wanted and summary.get("run_id") in ids:
            return runs / str(summary["run_id"]) / artefact
    fitting = [one for one in ids if one.startswith(wanted)]
    if len(fitting) == 1 and len(wanted) >= _SHORTEST_PREFIX:
        return runs / fitting[0] / artefact
    if fitting:
        raise UsageError(
            f"{wanted!r} is the beginning of {len(fitting)} runs: {', '.join(fitting[-3:])}.",
            f"give more of it, at least {_SHORTEST_PREFIX} characters.",
        )
    raise UsageError(
        f"{wanted!r}: no run of that id and no pipeline of that name has {artefact} in {runs}.",
        "loan-etl history lists the runs.",
    )
