"""`loan-etl plan`: what a run would change, counted exactly, with nothing left behind."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.model.errors import Exit

EXAMPLES = say.examples(
    "loan-etl plan prosper_2014",
    "loan-etl plan prosper_2014 --file march.csv --record-date 2024-03-31",
    "loan-etl plan prosper_2014 --output json    # the run summary it would have",
)


def plan(
    name: say.Name,
    file: say.File = None,
    record_date: say.RecordDate = None,
    max_rejected: say.MaxRejected = None,
    rejects_ok: say.RejectsOk = False,
    control_total: say.ControlTotals = None,
    target: say.Target = None,
    database: say.Database = None,
    set_: say.Settings = None,
    correct: say.Correct = False,
    reason: say.Reason = None,
    wait: say.Wait = 0,
    output: say.OutputOption = Output.TABLE,
) -> Exit:
    """Count what `run` would insert, update, correct and reject, and leave nothing.

    It is the run itself with a rollback at its end: same path, same rights, same lock, same exit
    code.
    """
    options = say.run_options(
        file=file,
        record_date=record_date,
        max_rejected=max_rejected,
        rejects_ok=rejects_ok,
        control_totals=control_total,
        target=target,
        database=database,
        correct=correct,
        reason=reason,
        wait_s=wait,
        dry_run=True,
    )
    from loan_etl_tui.cli import headless, selection
    from loan_etl_tui.cli.worker import run_stoppable
    from loan_etl_tui.config.workspace import open_workspace

    workspace = open_workspace(None)
    pipeline = selection.one(workspace, name, say.overrides(set_))
    report = run_stoppable(lambda stop: headless.run_one(pipeline, workspace, options, stop))
    if output is Output.JSON:
        sys.stdout.write(json.dumps(report.as_dict()) + "\n")
    elif report.deliveries:
        counted = [{"rows": rows, "what": what} for what, rows in asdict(report.counts).items()]
        show(counted, output, ("rows", "what"))
    return report.exit_code
