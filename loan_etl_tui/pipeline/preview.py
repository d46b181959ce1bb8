"""A look at sanitized rows and flagged cells; no database is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import Workspace
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.prepare import date_delivery, lay_out, source_of
from loan_etl_tui.report import Counts
from loan_etl_tui.spread.inline import process

EXACT_DIGITS = 18
KEPT_ISSUES = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of the newest delivery as they would be loaded, all as text.

    Attributes:
        delivery: name of the file.
        columns: canonical column names.
        rows: one tuple of texts per row; a null is "".
        issues: findings of these rows, each with the keys of `frames.ISSUES`.
        counts: rows looked at, by what became of them.
        issues_by_code: findings by code, all of them however many.
    """

    delivery: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    issues: tuple[dict[str, Any], ...]
    counts: Counts
    issues_by_code: dict[str, int]


def preview(
    pipeline: Pipeline, workspace: Workspace, options: RunOptions, rows: int = 20
) -> Preview:
    """Send the first rows of a delivery through the heart.

    Args:
        pipeline: the config as read.
        workspace: where relative paths start.
        options: `file` and `record_date` are looked at.
        rows: how many rows to look at.

    Raises:
        LoanEtlError: the file is missing, unreadable or of another layout.
    """
    source = source_of(pipeline, workspace, options)
    delivery = source.fingerprint(source.deliveries()[-1])
    prepared = lay_out(source, date_delivery(pipeline, delivery, options, EXACT_DIGITS))
    judged: list[pa.Table] = []
    issues = [ISSUES.empty_table()]
    seen = 0
    for batch in process(source, prepared.delivery, prepared.plan):
        part = batch.result.judged.slice(0, rows - seen)
        judged.append(part)
        issues.append(_of_rows(batch.result.issues, part))
        seen += part.num_rows
        if seen >= rows:
            break
    table = pa.concat_tables(judged) if judged else None
    found = pa.concat_tables(issues).sort_by([("file", "ascending"), ("record", "ascending")])
    return _as_text(prepared.delivery.name, table, found)


def _of_rows(issues: pa.Table, rows: pa.Table) -> pa.Table:
    last = pc.max(rows.column("record")).as_py()
    return issues.filter(pc.less_equal(issues.column("record"), last if last is not None else -1))


def _as_text(name: str, table: pa.Table | None, found: pa.Table) -> Preview:
    codes = {
        one["values"]: one["counts"] for one in pc.value_counts(found.column("code")).to_pylist()
    }
    issues = tuple(found.slice(0, KEPT_ISSUES).to_pylist())
    if table is None:
        return Preview(name, (), (), issues, Counts(), codes)
    shown = [c for c in table.column_names if c in _FIRST or c.startswith(("loan.", "status."))]
    cells = [_texts(table.column(column)) for column in shown]
    rejected = pc.sum(table.column("rejected")).as_py() or 0
    counts = Counts(read=table.num_rows, rejected=rejected, accepted=table.num_rows - rejected)
    names = tuple(_short(column) for column in shown)
    return Preview(name, names, tuple(zip(*cells, strict=True)), issues, counts, codes)


_FIRST = ("record", "line", "rejected", "loan_id", "record_date")


def _short(column: str) -> str:
    return column if column.startswith("status.loan_status") else column.removeprefix("loan.")


def _texts(column: pa.ChunkedArray) -> list[str]:
    if pa.types.is_boolean(column.type):
        column = pc.if_else(column, "yes", "no")
    return ["" if value is None else str(value) for value in column.to_pylist()]
