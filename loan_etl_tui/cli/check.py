"""`loan-etl check`: is everything in place for a run?"""

from __future__ import annotations

from dataclasses import asdict

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.model.errors import Exit, worst

EXAMPLES = say.examples(
    "loan-etl check",
    "loan-etl check prosper_2014",
    "loan-etl check prosper_2014 --output json",
)
COLUMNS = ("verdict", "pipeline", "check", "message", "hint")


def check(
    names: say.SomeNames = None,
    file: say.File = None,
    record_date: say.RecordDate = None,
    target: say.Target = None,
    database: say.Database = None,
    set_: say.Settings = None,
    output: say.OutputOption = Output.TABLE,
) -> Exit:
    """Check configs, environment, connectors, sources, columns, databases; write nothing.

    One line per finding: ok, warn or error. Ends with 0, or with the worst code that a run
    would end with.
    """
    from loan_etl_tui.cli import selection
    from loan_etl_tui.config.workspace import open_workspace
    from loan_etl_tui.pipeline.preflight import examine

    options = say.run_options(file=file, record_date=record_date, target=target, database=database)
    workspace = open_workspace(None)
    chosen = names or selection.every(workspace)
    findings = list(examine(workspace, chosen, options, say.overrides(set_)))
    show([asdict(finding) for finding in findings], output, COLUMNS)
    return worst([finding.exit_code for finding in findings])
