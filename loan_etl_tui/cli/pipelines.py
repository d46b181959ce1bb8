"""`loan-etl list`: the pipelines of the workspace and what became of each last time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show, to_the_minute
from loan_etl_tui.model.errors import Exit, LoanEtlError

if TYPE_CHECKING:
    from loan_etl_tui.cli.selection import Chosen
    from loan_etl_tui.config.models import PipelineConfig
    from loan_etl_tui.config.workspace import Workspace

EXAMPLES = say.examples("loan-etl list", "loan-etl list --output json")
COLUMNS = ("pipeline", "enabled", "platform", "source", "target", "last_run", "verdict", "overdue")


def list_(output: say.OutputOption = Output.TABLE) -> Exit:
    """List the pipelines: platform, source, target, last run, verdict, overdue.

    A pipeline whose config cannot be read is listed as broken; `loan-etl check` says why.
    """
    from loan_etl_tui.cli import selection
    from loan_etl_tui.cli.past import last_by_pipeline
    from loan_etl_tui.config.workspace import open_workspace

    workspace = open_workspace(None)
    last = last_by_pipeline(workspace)
    rows = [
        _row(chosen, last.get(chosen.name, {}), workspace)
        for chosen in selection.named(workspace, selection.every(workspace), ())
    ]
    if output is Output.TABLE:
        rows = [row | {"last_run": to_the_minute(row.get("last_run"))} for row in rows]
    show(rows, output, COLUMNS)
    return Exit.OK


def _row(chosen: Chosen, last: dict[str, Any], workspace: Workspace) -> dict[str, Any]:
    row = {
        "pipeline": chosen.name,
        "last_run": last.get("started_at"),
        "verdict": last.get("status"),
    }
    if isinstance(chosen.outcome, LoanEtlError):
        return row | {"verdict": "broken config"}
    config = chosen.outcome.config
    path = config.source.path
    by_day = None if config.expect is None else config.expect.by_day
    return row | {
        "enabled": config.enabled,
        "platform": config.platform,
        "source": path if isinstance(path, str) else ", ".join(path),
        "target": _targets(config, workspace),
        "overdue": is_overdue(by_day, last, datetime.now(UTC).date()),
    }


def is_overdue(by_day: int | None, last: dict[str, Any], today: date) -> bool | None:
    """Say whether this month's tape should have been loaded by now; None where none is expected.

    Args:
        by_day: day of the month after which a tape is late (`expect.by_day`).
        last: the pipeline's last run; empty where there was none.
        today: the date of asking.
    """
    if by_day is None:
        return None
    loaded = str(last.get("status", "")).startswith("loaded")
    this_month = str(last.get("started_at", ""))[:7] == today.isoformat()[:7]
    return today.day > by_day and not (loaded and this_month)


def _targets(config: PipelineConfig, workspace: Workspace) -> str:
    """Name the databases it loads into; what is not set up here is said by `check`."""
    try:
        targets = workspace.target(config, name=None, database=None)
    except LoanEtlError:
        return ", ".join(config.load.targets)
    return ", ".join(target.name for target in targets)
