"""Typed rows as exact integers: what the rules calculate with.

Money is in ten-thousandths of a currency unit, rates in millionths, dates in days since
1970-01-01, everything else as it is; a value that is not there is 0 and not `known`. Columns are
read when a rule first asks for them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.loan import CLOSED, MONEY_SCALE, Status

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MONEY_UNIT = 10**MONEY_SCALE

ISSUED_ON = "loan.issue_date"
MATURES_ON = "loan.maturity_date"
ORIGINAL = "loan.original_balance"
RATE = "loan.interest_rate"
TERM = "loan.term_months"
INSTALMENT = "loan.monthly_payment"
SCORE = "loan.credit_score"
LTV = "loan.extra.ltv"
RECORDED_ON = "record_date"
STATUS = "status.loan_status"
PAID = "status.principal_paid"
INTEREST = "status.interest_paid"
WRITTEN_OFF = "status.principal_charged_off"
RECOVERED = "status.recoveries"
DPD_MIN = "status.dpd_min"
DPD_MAX = "status.dpd_max"
LAST_PAID_ON = "status.last_payment_date"
NEXT_DUE_ON = "status.next_payment_date"

# Largest and least integer a limit may become; no value of a tape lies beyond.
_BOUND = 2**63 - 1

_STATUSES = tuple(Status)


class Numbers(NamedTuple):
    """One column.

    Attributes:
        value: (n,) int64 in the column's unit; 0 where not known.
        known: (n,) bool.
    """

    value: IntArray
    known: BoolArray


class RowView:
    """The rows of one batch as the rules see them.

    Args:
        rows: (n,) typed rows, columns as `batch.Parsed` describes them.
        plan: the delivery's plan: rounding and precision of dates.
    """

    def __init__(self, rows: pa.Table, plan: Plan) -> None:
        self.rows = rows
        self.plan = plan
        self._numbers: dict[str, Numbers] = {}
        self._codes: IntArray | None = None

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def __contains__(self, name: str) -> bool:
        return name in self.rows.column_names

    def __getitem__(self, name: str) -> Numbers:
        """Read a column; one that is not mapped is nowhere known."""
        if name not in self._numbers:
            self._numbers[name] = read_numbers(self.column(name))
        return self._numbers[name]

    def column(self, name: str) -> pa.Array:
        """Give a column as it is; one that is not mapped is all null."""
        if name not in self:
            return pa.nulls(len(self), pa.string())
        return self.rows.column(name).combine_chunks()

    def known(self, *names: str) -> BoolArray:
        """Where all of these columns are known."""
        return np.logical_and.reduce([self[name].known for name in names])

    def is_status(self, *statuses: Status) -> BoolArray:
        """Where the canonical status is one of these."""
        if self._codes is None:
            found = pc.index_in(self.column(STATUS), value_set=pa.array(map(str, _STATUSES)))
            self._codes = pc.fill_null(found, -1).cast(pa.int64()).to_numpy()
        return np.isin(self._codes, [_STATUSES.index(status) for status in statuses])

    @property
    def is_terminal(self) -> BoolArray:
        """Where the loan is closed for good."""
        return self.is_status(*CLOSED)

    @property
    def has_status(self) -> BoolArray:
        """Where the status says something; UNKNOWN says nothing."""
        return self.is_status(*_STATUSES) & ~self.is_status(Status.UNKNOWN)

    @property
    def rejected(self) -> BoolArray:
        """Where the row was rejected before these rules saw it."""
        if "rejected" not in self:
            return np.zeros(len(self), dtype=np.bool_)
        return pc.fill_null(self.column("rejected"), False).to_numpy(zero_copy_only=False)

    @property
    def rounding(self) -> int:
        """To what the platform rounds the original balance, in money units; 0: exact."""
        said = self.plan.transform.rounding.get("original_balance", Decimal(0))
        return floor_units(said, MONEY_SCALE)

    @property
    def tol(self) -> IntArray:
        """Money that is no difference: max(1.00, 0.5 % of the original, half the rounding).

        Integer division rounds down, which changes no comparison with a whole number of units.
        """
        least = max(MONEY_UNIT, self.rounding // 2)
        return np.maximum(least, self[ORIGINAL].value // 200)

    @property
    def band(self) -> IntArray:
        """Money beyond which a row is wrong: max(25.00, 5 % of the original, half the rounding).

        The rounding is part of it so that a rejecting rule is never stricter than a warning one.
        """
        least = max(25 * MONEY_UNIT, self.rounding // 2)
        return np.maximum(least, self[ORIGINAL].value // 20)

    @property
    def prec(self) -> int:
        """Days by which a date may be off because the tape gives months only."""
        return precision_days(self.plan)

    def months_between(self, start: str, end: str) -> IntArray:
        """Count calendar months from one date column to another; days do not matter."""
        first, last = (
            self[name].value.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
            for name in (start, end)
        )
        return last - first


def precision_days(plan: Plan) -> int:
    """Days by which the tape's dates may be off: a month where it gives months only."""
    return 31 if plan.transform.date_precision == "month" else 0


def read_numbers(column: pa.Array) -> Numbers:
    """Turn an Arrow column into exact integers.

    Args:
        column: (n,) decimal128 of at most 18 digits, date32, integer or bool; any other type is
            nowhere known.
    """
    known = pc.is_valid(column).to_numpy(zero_copy_only=False)
    if pa.types.is_decimal128(column.type):
        return Numbers(np.where(known, _decimal_units(column), 0), known)
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    if not pa.types.is_integer(column.type):
        return Numbers(np.zeros(len(column), np.int64), np.zeros(len(column), np.bool_))
    value = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    return Numbers(value, known)


def _decimal_units(column: pa.Array) -> IntArray:
    # A decimal128 is a 16-byte integer in two's complement, low half first on the machines we
    # run on; eighteen digits fit the low half, so every second int64 is the value itself.
    buffer = column.buffers()[1]
    if buffer is None or len(column) == 0:
        return np.zeros(len(column), np.int64)
    halves = np.frombuffer(buffer, dtype=np.int64)
    start = 2 * column.offset
    return halves[start : start + 2 * len(column) : 2]


def floor_units(number: Decimal, scale: int) -> int:
    """Turn a limit from above into units: nothing above the result is at most `number`."""
    return _bounded(int((number.scaleb(scale)).to_integral_value("ROUND_FLOOR")))


def ceil_units(number: Decimal, scale: int) -> int:
    """Turn a limit from below into units: nothing below the result is at least `number`."""
    return _bounded(int((number.scaleb(scale)).to_integral_value("ROUND_CEILING")))


def _bounded(units: int) -> int:
    return max(-_BOUND, min(_BOUND, units))
