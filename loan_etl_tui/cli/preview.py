"""`loan-etl preview`: the first rows as they would be loaded, and what is wrong with them."""

from __future__ import annotations

from typing import Annotated

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.errors import Exit

EXAMPLES = say.examples(
    "loan-etl preview prosper_2014",
    "loan-etl preview prosper_2014 --rows 100 --issues",
    "loan-etl preview prosper_2014 --rows 1000 --output csv > look.csv",
)
ISSUE_COLUMNS = (
    "record",
    "line",
    "loan_id",
    "severity",
    "code",
    "field",
    "value",
    "expected",
)


def preview(
    name: say.Name,
    rows: Annotated[
        int, typer.Option("--rows", "-n", metavar="N", min=1, help="How many rows to look at.")
    ] = 20,
    issues: Annotated[
        bool, typer.Option("--issues", help="The flagged cells of these rows, not the rows.")
    ] = False,
    file: say.File = None,
    record_date: say.RecordDate = None,
    set_: say.Settings = None,
    output: say.OutputOption = Output.TABLE,
) -> Exit:
    """Show the first rows of the newest delivery, sanitized; no database is touched.

    Rules that look at many rows (duplicates, control totals, stored history) are not part of a
    preview; `plan` does all of them.
    """
    from loan_etl_tui.cli import selection
    from loan_etl_tui.config.workspace import open_workspace
    from loan_etl_tui.pipeline import preview as look

    options = say.run_options(file=file, record_date=record_date)
    workspace = open_workspace(None)
    pipeline = selection.one(workspace, name, say.overrides(set_))
    seen = look(pipeline, workspace, options, rows)
    if issues:
        show(seen.issues, output, ISSUE_COLUMNS)
    else:
        cells = [dict(zip(seen.columns, row, strict=True)) for row in seen.rows]
        show(cells, output, seen.columns)
    talk.info(
        "%s: %d rows looked at, %d would be rejected, %d cells flagged",
        seen.delivery,
        seen.counts.read,
        seen.counts.rejected,
        sum(seen.issues_by_code.values()),
    )
    return Exit.OK
