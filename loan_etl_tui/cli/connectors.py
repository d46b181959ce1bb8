"""`loan-etl connectors`: what can be read from and loaded into, here and now."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.model.errors import Exit

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

EXAMPLES = say.examples("loan-etl connectors", "loan-etl connectors --output json")
COLUMNS = ("name", "kind", "installed", "version", "origin", "how")
GROUPS = {"loan_etl_tui.sources": "source", "loan_etl_tui.targets": "database"}


def connectors(output: say.OutputOption = Output.TABLE) -> Exit:
    """List source and database connectors, built in and from installed plug-ins.

    A connector whose driver is missing is listed with what to install.
    """
    from importlib.metadata import entry_points

    rows = [
        _row(point, kind)
        for group, kind in GROUPS.items()
        for point in sorted(entry_points(group=group), key=lambda one: one.name)
    ]
    show(rows, output, COLUMNS)
    return Exit.OK


def _row(point: EntryPoint, kind: str) -> dict[str, Any]:
    missing = _missing(point)
    return {
        "name": point.name,
        "kind": kind,
        "installed": not missing,
        "version": point.dist.version if point.dist else None,
        "origin": point.dist.name if point.dist else None,
        "how": f"pip install {missing}" if missing else "",
    }


def _missing(point: EntryPoint) -> str:
    """Name the package without which the connector does not load, or ""."""
    try:
        importlib.import_module(point.module)
    except ModuleNotFoundError as problem:
        missing = problem.name or point.module
        if missing.startswith("loan_etl_tui"):
            raise  # not a driver that somebody could install, but a hole in this program
        return missing
    return ""
