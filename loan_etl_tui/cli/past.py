"""Runs that went before, as `runs/` and the databases of the workspace tell.

A run leaves its summary in `runs/`, a failed one too; the summary goes when the folder is pruned.
The row in the database stays, and is all there is of a run on another machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.errors import LoanEtlError, UsageError

if TYPE_CHECKING:
    from loan_etl_tui.config.workspace import ResolvedTarget, Workspace
    from loan_etl_tui.load.base import RunRow

SUMMARY = "summary.json"
_ID_LENGTH = 26
_SHORTEST_PREFIX = 4

Summary = dict[str, Any]


def past_runs(workspace: Workspace, name: str | None = None, limit: int = 1_000) -> list[Summary]:
    """List runs, newest first, each once; plans, which change nothing, are none.

    Args:
        workspace: whose.
        name: only runs of this pipeline.
        limit: the most runs to ask a database for.

    Returns:
        Summaries; of a run that only a database knows, the fields it has.
    """
    own = [one for one in summaries(workspace.runs) if not one.get("dry_run")]
    known = {str(one.get("run_id")) for one in own}
    stored = [one for one in _stored(workspace, name, limit) if one["run_id"] not in known]
    every = [one for one in (*own, *stored) if name in {None, one.get("pipeline")}]
    return sorted(every, key=lambda one: str(one.get("run_id")), reverse=True)


def last_by_pipeline(workspace: Workspace) -> dict[str, Summary]:
    """Find the newest run of each pipeline."""
    last: dict[str, Summary] = {}
    for one in past_runs(workspace):
        last.setdefault(str(one.get("pipeline")), one)
    return last


def summaries(runs: Path) -> Iterator[Summary]:
    """Read the summaries in a `runs/` folder, newest first: run ids sort by time."""
    for file in sorted(runs.glob(f"*/{SUMMARY}"), reverse=True):
        try:
            summary = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            talk.warning("%s: cannot be read: %s", file, problem)
            continue
        if isinstance(summary, dict):
            yield summary


def _stored(workspace: Workspace, name: str | None, limit: int) -> Iterator[Summary]:
    """Ask every database that pipelines of the workspace load into."""
    for resolved in _targets(workspace):
        try:
            rows = _rows(resolved, name, limit)
        except LoanEtlError as error:
            talk.warning("%s: %s", resolved.name, error.message, extra={"hint": error.hint})
            continue
        yield from _by_run(rows)


def _targets(workspace: Workspace) -> Iterable[ResolvedTarget]:
    from loan_etl_tui.cli.selection import named
    from loan_etl_tui.config.read import Pipeline

    found: dict[ResolvedTarget, None] = {}
    for chosen in named(workspace, workspace.pipeline_names(), ()):
        if isinstance(chosen.outcome, Pipeline):
            try:
                targets = workspace.target(chosen.outcome.config, name=None, database=None)
            except LoanEtlError:
                continue  # `check` says what is wrong with it
            found |= dict.fromkeys(targets)
    return found


def _rows(resolved: ResolvedTarget, name: str | None, limit: int) -> list[RunRow]:
    from loan_etl_tui.load.base import open_target

    target = open_target(
        resolved.url.reveal(),
        name=resolved.name,
        schema=resolved.schema,
        table_prefix=resolved.table_prefix,
        create="never",
    )
    try:
        return target.history(name, limit)
    finally:
        target.close()


def _by_run(rows: Iterable[RunRow]) -> Iterator[Summary]:
    """Put the rows of one run's deliveries together; the first delivery carries its id."""
    runs: dict[str, list[RunRow]] = {}
    for row in rows:
        runs.setdefault(row.run_id[:_ID_LENGTH], []).append(row)
    for run_id, parts in runs.items():
        yield {
            "run_id": run_id,
            "pipeline": parts[0].pipeline,
            "started_at": f"{min(part.started_at for part in parts):%Y-%m-%dT%H:%M:%SZ}",
            "status": parts[0].status,
            "record_dates": sorted({str(one.record_date) for one in parts if one.record_date}),
            "counts": {
                what: sum(part.counts.get(what, 0) for part in parts)
                for what in ("read", "accepted", "rejected")
            },
        }


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
