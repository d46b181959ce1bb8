"""Control totals: does what was read add up to what the tape declares?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import ControlTotal
from loan_etl_tui.model.loan import CLOSED
from loan_etl_tui.report import ControlResult

ZERO = Decimal(0)
_WIDE = pa.decimal128(38, 4)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one control total has seen so far; parts of a delivery add up with `+`.

    Attributes:
        loaded: the measure over accepted rows.
        rejected: the measure over rejected rows whose amount can be read.
        rows: rows that fall under the total.
        unreadable: rejected rows whose amount cannot be read.
    """

    loaded: Decimal = ZERO
    rejected: Decimal = ZERO
    rows: int = 0
    unreadable: int = 0

    def __add__(self, other: Measured) -> Measured:
        return Measured(
            self.loaded + other.loaded,
            self.rejected + other.rejected,
            self.rows + other.rows,
            self.unreadable + other.unreadable,
        )


def measure(rows: pa.Table, total: ControlTotal) -> Measured:
    """Add one batch of judged rows up under a control total.

    Args:
        rows: (n,) judged rows with `rejected` and the canonical columns.
        total: the measure and the rows it is over.
    """
    rows = rows.filter(_falls_under(rows, total))
    values = _values(rows, total.measure)
    bad = rows.column("rejected")
    good = pc.invert(bad)
    return Measured(
        loaded=_sum(values.filter(good)),
        rejected=_sum(values.filter(bad)),
        rows=rows.num_rows,
        unreadable=values.filter(bad).null_count,
    )


def _falls_under(rows: pa.Table, total: ControlTotal) -> pa.ChunkedArray:
    mask = pa.chunked_array([pa.repeat(pa.scalar(True), rows.num_rows)])
    for name, wanted in total.where.items():
        column = _column(rows, name)
        if column is None:
            same = pa.chunked_array([pa.repeat(pa.scalar(False), rows.num_rows)])
        else:
            # A row whose own deciding field is unreadable may belong: it counts as unreadable.
            same = pc.fill_null(pc.equal(column.cast(pa.string()), str(wanted)), False)
        mask = pc.and_(mask, same)
    return mask


def _column(rows: pa.Table, name: str) -> pa.ChunkedArray | None:
    for prefix in ("", "loan.", "status."):
        if prefix + name in rows.column_names:
            return rows.column(prefix + name)
    return None


def _values(rows: pa.Table, measure_name: str) -> pa.ChunkedArray:
    if measure_name == "rows":
        return pa.chunked_array([pa.repeat(pa.scalar(Decimal(1), _WIDE), rows.num_rows)])
    if measure_name == "sum_outstanding":
        return _outstanding(rows)
    name = {
        "sum_original_balance": "loan.original_balance",
        "sum_principal_paid": "status.principal_paid",
    }[measure_name]
    if name not in rows.column_names:
        return pa.chunked_array([pa.nulls(rows.num_rows, _WIDE)])
    return rows.column(name).cast(_WIDE)


def _outstanding(rows: pa.Table) -> pa.ChunkedArray:
    """Exposure: original - paid - charged off, 0 for closed loans, never below 0."""
    zero = pa.scalar(ZERO, _WIDE)
    left = pc.subtract(
        _values(rows, "sum_original_balance"), _values(rows, "sum_principal_paid")
    ).cast(_WIDE)
    if "status.principal_charged_off" in rows.column_names:
        written_off = pc.fill_null(rows.column("status.principal_charged_off").cast(_WIDE), ZERO)
        left = pc.subtract(left, written_off).cast(_WIDE)
    left = pc.if_else(pc.less(left, zero), zero, left)
    closed = pa.array([str(s) for s in CLOSED], pa.string())
    is_closed = pc.is_in(rows.column("status.loan_status"), value_set=closed)
    return pc.if_else(is_closed, zero, left)


def _sum(values: pa.ChunkedArray) -> Decimal:
    total = pc.sum(values).as_py()
    return ZERO if total is None else total


@dataclass(frozen=True, slots=True)
class Settled:
    """A control total and its verdict: severity "" where it holds, "W" or "F" where not."""

    result: ControlResult
    severity: str
    expected: str


def declared_by_lines(
    total: ControlTotal, lines: Sequence[tuple[str, tuple[str, ...]]]
) -> Decimal | None:
    """Read the declared amount from the skipped lines; None where no line declares it.

    Args:
        total: names the skip pattern, the group that must equal the `where` value, and the group
            with the amount.
        lines: (name, groups) of every skipped line.
    """
    wanted = next(iter(total.where.values()), None)
    for name, groups in lines:
        if name != total.skipped:
            continue
        if total.key is not None and not _same(_group(groups, total.key), wanted):
            continue
        return _amount(_group(groups, int(total.value or len(groups))))
    return None


def _group(groups: tuple[str, ...], number: int) -> str:
    return groups[number - 1] if 0 < number <= len(groups) else ""


def _same(text: str, wanted: str | int | None) -> bool:
    left, right = _amount(text), _amount(str(wanted))
    return text.strip() == str(wanted) or (left is not None and left == right)


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").replace("$", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def settle(total: ControlTotal, seen: Measured, declared: Decimal | None) -> Settled:
    """Compare what was read with what is declared.

    A total reconciles when declared = loaded + rejected within its tolerance; a rejected row whose
    amount cannot be read makes it unprovable.
    """
    severity = "F"
    if declared is None:
        severity = "W" if total.if_missing == "warn" else "F"
        result = ControlResult(total.measure, None, seen.loaded, seen.rejected, None, False)
        return Settled(result, severity, "a declared total")
    difference = declared - seen.loaded - seen.rejected
    allowed = tolerance_of(total.tolerance, declared, seen.rows)
    holds = abs(difference) <= allowed and seen.unreadable == 0
    if holds:
        severity = ""
    elif seen.unreadable and total.unprovable == "warn":
        severity = "W"
    result = ControlResult(total.measure, declared, seen.loaded, seen.rejected, difference, holds)
    return Settled(result, severity, f"{declared} within {allowed}")


def tolerance_of(text: str, declared: Decimal, rows: int) -> Decimal:
    """Turn `5`, `0.01%` or `0.005/row` into an amount."""
    if text.endswith("%"):
        return abs(declared) * Decimal(text[:-1]) / 100
    if text.endswith("/row"):
        return Decimal(text[:-4]) * rows
    return Decimal(text)
