"""`loan-etl list`: the pipelines of the workspace and what became of each last time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.model.errors import Exit, LoanEtlError

if TYPE_CHECKING:
    from loan_etl_tui.cli.selection import Chosen
    from loan_etl_tui.config.models import PipelineConfig
    from loan_etl_tui.config.workspace import Workspace

EXAMPLES = say.examples("loan-etl list", "loan-etl list --output json")
COLUMNS = ("pipeline", "enabled", "platform", "source", "target", "last_run", "verdict")


def list_(output: say.OutputOption = Output.TABLE) -> Exit:
    """List the pipelines: platform, source, target, last run, verdict.

    A pipeline whose config cannot be read is listed as broken; `loan-etl check` says why.
    """
    from loan_etl_tui.cli import selection
    from loan_etl_tui.cli.past import last_by_pipeline
    from loan_etl_tui.config.workspace import open_workspace

    workspace = open_workspace(None)
    last = last_by_pipeline(workspace)
    rows = [
        _row(chosen, last.get(chosen.name, {}), workspace)
        for chosen in selection.named(workspace, workspace.pipeline_names(), ())
    ]
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
    return row | {
        "enabled": config.enabled,
        "platform": config.platform,
        "source": path if isinstance(path, str) else ", ".join(path),
        "target": _targets(config, workspace),
    }


def _targets(config: PipelineConfig, workspace: Workspace) -> str:
    """Name the databases it loads into; what is not set up here is said by `check`."""
    try:
        targets = workspace.target(config, name=None, database=None)
    except LoanEtlError:
        return ", ".join(config.load.targets)
    return ", ".join(target.name for target in targets)
