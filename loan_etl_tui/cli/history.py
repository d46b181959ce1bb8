"""`loan-etl history`: the runs that went before."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show, to_the_minute
from loan_etl_tui.model.errors import Exit

EXAMPLES = say.examples(
    "loan-etl history", "loan-etl history prosper_2014 --last 5", "loan-etl history --output csv"
)
COLUMNS = (
    "run_id",
    "pipeline",
    "started_at",
    "status",
    "exit_code",
    "record_dates",
    "read",
    "accepted",
    "rejected",
    "message",
)
# What fits on a terminal; json and csv have all of it.
SHORT = ("run_id", "pipeline", "started_at", "status", "record_dates", "accepted", "rejected")


def history(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="Only this pipeline.",
            autocompletion=say.pipeline_names,
            show_default=False,
        ),
    ] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=0, help="Only the newest N; 0 for all.")
    ] = 0,
    output: say.OutputOption = Output.TABLE,
) -> Exit:
    """List past runs, newest first: loaded, held, failed and stopped ones.

    They are those of the databases and those of runs/; plans, which change nothing, are left out.
    """
    from loan_etl_tui.cli.past import past_runs
    from loan_etl_tui.config.workspace import open_workspace

    rows = [_row(summary) for summary in past_runs(open_workspace(None), name)]
    if output is Output.TABLE:
        rows = [row | {"started_at": to_the_minute(row["started_at"])} for row in rows]
        show(rows[: last or None], output, SHORT)
    else:
        show(rows[: last or None], output, COLUMNS)
    return Exit.OK


def _row(summary: dict[str, Any]) -> dict[str, Any]:
    counts = summary.get("counts", {})
    return {
        **{column: summary.get(column) for column in COLUMNS},
        **{column: counts.get(column) for column in ("read", "accepted", "rejected")},
        "record_dates": ", ".join(summary.get("record_dates", ())),
    }
