"""`loan-etl demo`: a workspace to try things on, loaded, with one tape that needs a person."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.errors import Exit, UsageError, worst

if TYPE_CHECKING:
    from loan_etl_tui.demo import DemoPlan, DemoRun
    from loan_etl_tui.model.events import Event, Stop
    from loan_etl_tui.report import Report

EXAMPLES = say.examples("loan-etl demo", "loan-etl demo /tmp/loans")
COLUMNS = ("tape", "pipeline", "verdict", "read", "accepted", "rejected", "loans", "statuses")


def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new folder, or a demo workspace.", show_default=True),
    ] = Path("loan-etl-demo"),
) -> Exit:
    """Make a demo workspace with synthetic tapes and load them.

    Two months of three platforms load; of the third month two tapes load and one is held with
    12 planted bad rows; a tape that no config knows lies in inbox/. Repeated in the same folder
    it loads nothing new.
    """
    from loan_etl_tui.cli.worker import run_stoppable

    plan = _plan(folder)
    reports = run_stoppable(lambda stop: _load(plan, stop))
    show([_row(run, report) for run, report in reports], Output.TABLE, COLUMNS)
    held = [(run, report) for run, report in reports if report.exit_code is Exit.HELD]
    sys.stdout.write(f"\n{_needed(plan, held)}\n")
    return worst([_surprise(run, report) for run, report in reports])


def _plan(folder: Path) -> DemoPlan:
    from loan_etl_tui import demo as made

    if made.is_demo(folder):
        return made.plan_of(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{str(folder)!r} is not empty and no demo workspace.",
            "name a new folder: loan-etl demo DIR",
        )
    return made.write_workspace(folder)


def _load(plan: DemoPlan, stop: Stop) -> list[tuple[DemoRun, Report]]:
    from loan_etl_tui import pipeline as path
    from loan_etl_tui.cli import selection
    from loan_etl_tui.config.workspace import open_workspace

    talk.info("loading %d tapes into %s", len(plan.runs), plan.folder / "loans.db")
    workspace = open_workspace(plan.folder)
    reports = []
    for run in plan.runs:
        stop.look()
        # The demo's own database, whatever the environment names.
        options = say.run_options(
            file=run.file, record_date=run.record_date, database=str(workspace.database)
        )
        pipeline = selection.one(workspace, run.pipeline, ())
        reports.append((run, path.run(pipeline, workspace, options, _unheard, stop)))
    return reports


def _unheard(_event: Event) -> None:
    """What happens on the way is not worth a line here: the table says how each tape ended."""


def _row(run: DemoRun, report: Report) -> dict[str, Any]:
    counts = report.counts
    return {
        "tape": run.file.name,
        "pipeline": run.pipeline,
        "verdict": report.status.replace("_", " "),
        "read": counts.read,
        "accepted": counts.accepted,
        "rejected": counts.rejected,
        "loans": counts.loan_inserted,
        "statuses": counts.status_inserted,
    }


def _needed(plan: DemoPlan, held: list[tuple[DemoRun, Report]]) -> str:
    if not held:
        return "Every tape is loaded."
    run, report = held[-1]
    there = shlex.quote(str(plan.folder))
    return (
        f"{len(held)} tape needs you: {run.file.name} is held, {report.counts.rejected} of its "
        f"{report.counts.read} rows are bad.\n"
        f"See them:  cd {there} && loan-etl rejects export {report.run_id}\n"
        f"No config knows {plan.unmapped.name} yet; it lies in inbox/."
    )


def _surprise(run: DemoRun, report: Report) -> Exit:
    """The held tape is meant to be held; every other bad end counts."""
    expected = {Exit.HELD} if run.is_held else {Exit.OK, Exit.REJECTS_OPEN}
    return Exit.OK if report.exit_code in expected else report.exit_code
