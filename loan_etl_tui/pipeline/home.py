"""Where a pipeline loaded last, so that a forgotten variable does not send it elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loan_etl_tui.config.workspace import ResolvedTarget, Workspace
from loan_etl_tui.model.errors import ConfigError

# What the workspace calls its own database when nothing names another.
_FALLBACK = "workspace"


def refuse_fallback(workspace: Workspace, pipeline: str, chosen: Sequence[ResolvedTarget]) -> None:
    """Refuse loans.db for a pipeline that loaded into another database before.

    Raises:
        ConfigError: nothing names a database, and the last load went to another one.
    """
    kept = _mark(workspace, pipeline)
    if [target.name for target in chosen] != [_FALLBACK] or not kept.is_file():
        return
    before = kept.read_text(encoding="utf-8").strip()
    if before != chosen[0].masked_url:
        raise ConfigError(
            f"{pipeline} loaded into {before} before, and nothing names a database now.",
            "set LOAN_ETL_DATABASE_URL or load.targets, or say --database loans.db if the "
            "workspace's own database is meant.",
        )


def remember(workspace: Workspace, pipeline: str, target: ResolvedTarget) -> None:
    """Note where a pipeline loaded; the password is not part of it.

    A note that cannot be written changes no verdict: the load itself stands.
    """
    kept = _mark(workspace, pipeline)
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.write_text(target.masked_url + "\n", encoding="utf-8")
    except OSError:
        return


def _mark(workspace: Workspace, pipeline: str) -> Path:
    return workspace.runs / "last-target" / f"{pipeline}.txt"
