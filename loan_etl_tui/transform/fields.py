"""One configured field → one typed column with its findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import Columns, FieldSpec
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ARROW, MONEY, source_column
from loan_etl_tui.model.loan import Kind
from loan_etl_tui.model.sanitizers import SANITIZERS
from loan_etl_tui.transform.parse import parse_column
from loan_etl_tui.transform.parse.base import Context

DEFAULT_SANITIZER = "text"


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """One column as read.

    Attributes:
        value: (n,) typed values, null where blank or unreadable.
        issue: (n,) string, code of the cell's finding or null.
        text: (n,) string, the raw text the finding quotes.
        via: the sanitizer that read it ("" for a constant).
    """

    value: pa.Array
    issue: pa.Array
    text: pa.Array
    via: str


def arrow_type(via: str) -> pa.DataType:
    """Arrow type of what a sanitizer returns."""
    if via == "bool":
        return pa.bool_()
    return ARROW[SANITIZERS[via].kind]


def context_of(plan: Plan) -> Context:
    """What every cell of a delivery is read against."""
    return Context(
        null_tokens=plan.transform.null_tokens,
        currency=plan.transform.currency,
        reference=plan.record_date or plan.today,
    )


def read_field(spec: FieldSpec, raw: pa.Table, plan: Plan, kind: Kind | None = None) -> ReadColumn:
    """Read one configured field from the raw columns.

    Args:
        spec: where the value comes from and how it is read.
        raw: (n,) raw batch.
        plan: the delivery's plan.
        kind: what the canonical column holds; a constant is cast to it.

    Returns:
        The column; a field whose optional column is missing is all null and without findings.
    """
    if spec.first_of:
        column = _first_of(spec, raw, plan, kind)
    elif spec.diff_of:
        column = _difference(spec, raw, plan)
    elif "const" in spec.model_fields_set:
        column = _constant(spec.const, raw.num_rows, kind or Kind.TEXT)
    else:
        column = read_source(spec.from_, spec, raw, plan)
    return _with_default(column, spec)


def read_source(columns: Columns | None, spec: FieldSpec, raw: pa.Table, plan: Plan) -> ReadColumn:
    """Read one source column through the field's sanitizer."""
    via = spec.via or DEFAULT_SANITIZER
    name = None if columns is None else plan.find(columns)
    if name is None:
        return _nothing(raw.num_rows, via)
    text = _one_array(raw.column(source_column(name)))
    parsed = parse_column(via, text, spec, context_of(plan))
    return ReadColumn(parsed.value, parsed.issue, text, via)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _nothing(rows: int, via: str) -> ReadColumn:
    none = pa.nulls(rows, pa.string())
    return ReadColumn(pa.nulls(rows, arrow_type(via)), none, none, via)


def _first_of(spec: FieldSpec, raw: pa.Table, plan: Plan, kind: Kind | None) -> ReadColumn:
    """Take the first readable value; a finding counts only where nothing before it had a value."""
    options = [read_field(one, raw, plan, kind) for one in spec.first_of]
    found = options[0]
    for option in options[1:]:
        settled = pc.or_(pc.is_valid(found.value), pc.is_valid(found.issue))
        found = ReadColumn(
            pc.if_else(settled, found.value, option.value),
            pc.if_else(settled, found.issue, option.issue),
            pc.if_else(settled, found.text, option.text),
            found.via,
        )
    return found


def _difference(spec: FieldSpec, raw: pa.Table, plan: Plan) -> ReadColumn:
    """First column minus the second, plus an optional third, not below `floor`."""
    parts = [read_source(column, spec, raw, plan) for column in spec.diff_of]
    value = pc.subtract(parts[0].value, parts[1].value).cast(MONEY)
    if spec.plus is not None:
        more = read_source(spec.plus, spec, raw, plan)
        zero = pa.scalar(Decimal(0), MONEY)
        value = pc.add(value, pc.fill_null(more.value, zero)).cast(MONEY)
        parts.append(more)
    if spec.floor is not None:
        low = pa.scalar(spec.floor, MONEY)
        value = pc.if_else(pc.less(value, low), low, value)
    issue, text = parts[0].issue, parts[0].text
    for part in parts[1:]:
        had = pc.is_valid(issue)
        issue = pc.if_else(had, issue, part.issue)
        text = pc.if_else(had, text, part.text)
    return ReadColumn(value, issue, text, parts[0].via)


def _constant(const: Any, rows: int, kind: Kind) -> ReadColumn:  # noqa: ANN401 - YAML scalar
    kind_type = ARROW[kind]
    none = pa.nulls(rows, pa.string())
    if const is None:
        return ReadColumn(pa.nulls(rows, kind_type), none, none, "")
    scalar = pa.scalar(_as_kind(const, kind), kind_type)
    return ReadColumn(pa.repeat(scalar, rows), none, none, "")


def _as_kind(const: Any, kind: Kind) -> Any:  # noqa: ANN401 - YAML scalar
    if kind in (Kind.MONEY, Kind.RATE):
        return Decimal(str(const))
    if kind is Kind.DATE:
        return date.fromisoformat(str(const))
    if kind in (Kind.SMALLINT, Kind.BIGINT):
        return int(str(const))
    return str(const)


def _with_default(column: ReadColumn, spec: FieldSpec) -> ReadColumn:
    if spec.default is None:
        return column
    kind_type = column.value.type
    default = pa.scalar(str(spec.default)).cast(kind_type)
    empty = pc.and_(pc.is_null(column.value), pc.is_null(column.issue))
    return replace(column, value=pc.if_else(empty, default, column.value))
