"""Raw columns → canonical typed columns, field by field as the config says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec, Transform
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ARROW, ISSUES
from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import LOAN, STATUS, Kind, field
from loan_etl_tui.transform.checks import check_columns
from loan_etl_tui.transform.derive import BALANCE
from loan_etl_tui.transform.fields import ReadColumn, read_field
from loan_etl_tui.transform.findings import (
    Positions,
    column_findings,
    expected_of,
    fault_findings,
)
from loan_etl_tui.transform.record_date import record_dates
from loan_etl_tui.transform.status import ReadStatus, read_status


@dataclass(frozen=True, slots=True)
class Mapped:
    """A raw batch in canonical columns.

    Attributes:
        rows: (n,) typed rows, bad ones included; see the contract in `batch`.
        issues: (m,) findings of cells and unreadable records.
    """

    rows: pa.Table
    issues: pa.Table


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one configured field goes: its column among the rows, and whether it is core."""

    column: str
    name: str
    spec: FieldSpec
    kind: Kind | None
    core: bool


def slots(transform: Transform) -> Iterator[Slot]:
    """List every configured field with the column it fills, in the order of the tables."""
    loan, status = transform.loan, transform.status
    yield Slot("loan_id", "loan_id", loan.loan_id, Kind.ID, True)
    for name in type(loan).model_fields:
        spec = getattr(loan, name)
        if name not in {"loan_id", "extra"} and spec is not None:
            yield Slot(f"loan.{name}", name, spec, field(LOAN, name).kind, True)
    for name in type(status).model_fields:
        spec = getattr(status, name)
        if name not in {"dpd", "extra"} and spec is not None and spec.formula is None:
            column = BALANCE if spec.as_ == "balance" else f"status.{name}"
            yield Slot(column, name, spec, field(STATUS, name).kind, True)
    for table, block in (("loan", loan), ("status", status)):
        for key, spec in block.extra.items():
            yield Slot(f"{table}.extra.{key}", f"extra.{key}", spec, None, False)


def source_of_fields(plan: Plan) -> dict[str, str]:
    """Name the source column of every field that is read from exactly one.

    Returns:
        Canonical field name to the header's spelling.
    """
    transform = plan.transform
    specs = {slot.name: slot.spec for slot in slots(transform)}
    if transform.status.dpd is not None:
        specs["dpd"] = transform.status.dpd
    named = {name: spec.from_ for name, spec in specs.items() if spec.from_ is not None}
    if transform.loan_status.from_ is not None:
        named["loan_status"] = transform.loan_status.from_
    found = {name: plan.find(columns) for name, columns in named.items()}
    return {name: header for name, header in found.items() if header is not None}


def map_batch(raw: pa.Table, plan: Plan) -> Mapped:
    """Read every configured field of a raw batch.

    Args:
        raw: (n,) raw batch, `frames.RAW` plus the source columns of the plan.
        plan: the delivery's plan.

    Returns:
        Typed rows, one per raw record, and the findings of their cells.
    """
    read = {
        slot.column: (slot, read_field(slot.spec, raw, plan, slot.kind))
        for slot in slots(plan.transform)
    }
    loan_id = read["loan_id"][1].value
    where = Positions.of(raw, loan_id)
    rules = dict(plan.rules)
    issues = [fault_findings(raw, where)]
    # The source columns come along, uncopied, so that findings can quote the tape's own text.
    columns = {name: raw.column(name) for name in raw.column_names}
    for name, (slot, column) in read.items():
        columns[name] = _fitted(column.value, slot.kind)
        expected = expected_of(slot.spec)
        issues.append(
            column_findings(where, slot.name, column, expected, rules, only_warn=not slot.core)
        )
    for part in (_dates(raw, plan, where, rules), _status(raw, plan, where, rules)):
        columns |= part[0]
        issues.append(part[1])
    checked, found = check_columns(raw, plan, where)
    columns |= checked
    issues.append(found)
    rows = pa.table(columns | _constants(columns, plan, raw.num_rows))
    return Mapped(rows, pa.concat_tables(issues))


def _fitted(value: pa.Array, kind: Kind | None) -> pa.Array:
    """Cast to the canonical type; what does not fit (a score of 99999) becomes null."""
    if kind is None or value.type == ARROW[kind]:
        return value
    wanted = ARROW[kind]
    if pa.types.is_integer(value.type) and pa.types.is_integer(wanted):
        limit = 2 ** (wanted.bit_width - 1)
        fits = pc.and_(pc.less(value, limit), pc.greater_equal(value, -limit))
        value = pc.if_else(fits, value, pa.scalar(None, value.type))
    return value.cast(wanted)


def _dates(
    raw: pa.Table, plan: Plan, where: Positions, rules: dict[str, ActiveRule]
) -> tuple[dict[str, pa.Array], pa.Table]:
    read = record_dates(raw, plan)
    expected = "a record date in a declared format"
    found = column_findings(where, "record_date", read, expected, rules)
    return {"record_date": read.value}, found


def _status(
    raw: pa.Table, plan: Plan, where: Positions, rules: dict[str, ActiveRule]
) -> tuple[dict[str, pa.Array], pa.Table]:
    read = read_status(raw, plan)
    spec = plan.transform.loan_status
    as_column = ReadColumn(read.status, read.issue, read.text, "status")
    known = "one of " + ", ".join(list(spec.words)[:8])
    found = column_findings(where, "loan_status", as_column, known, rules)
    low, high, more = _days_past_due(raw, plan, where, rules, read)
    columns = {
        "status.loan_status": read.status,
        "status.status_raw": read.raw,
        "status.dpd_min": low,
        "status.dpd_max": high,
        "check.word_dpd_min": read.dpd_min,
        "check.word_dpd_max": read.dpd_max,
    }
    if spec.prefix_flag:
        columns[f"loan.extra.{spec.prefix_flag}"] = read.prefixed
    return columns, pa.concat_tables([found, more])


def _days_past_due(
    raw: pa.Table, plan: Plan, where: Positions, rules: dict[str, ActiveRule], read: ReadStatus
) -> tuple[pa.Array, pa.Array, pa.Table]:
    """Days from the tape's own column win over the bucket of the word."""
    spec = plan.transform.status.dpd
    if spec is None:
        return read.dpd_min, read.dpd_max, ISSUES.empty_table()
    days = read_field(spec, raw, plan, Kind.SMALLINT)
    found = column_findings(where, "dpd", days, expected_of(spec), rules)
    value = _fitted(days.value, Kind.SMALLINT)
    given = pc.is_valid(value)
    low = pc.if_else(given, value, read.dpd_min)
    high = pc.if_else(given, value, read.dpd_max)
    return low, high, found


def _constants(columns: dict[str, pa.Array], plan: Plan, rows: int) -> dict[str, pa.Array]:
    """Fill what the transform block says once for the whole tape."""
    words = {"loan.currency": plan.transform.currency}
    if plan.transform.country and "loan.country" not in columns:
        words["loan.country"] = plan.transform.country
    return {name: pa.repeat(pa.scalar(word), rows) for name, word in words.items()}
