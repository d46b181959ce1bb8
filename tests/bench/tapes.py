"""Big synthetic tapes for measuring: LendingClub-like, 20 columns, with their truth beside them."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

RECORD_DATE = date(2018, 12, 31)
CHUNK_ROWS = 100_000

COLUMNS = (
    "id",
    "loan_amnt",
    "funded_amnt",
    "term",
    "int_rate",
    "installment",
    "sub_grade",
    "issue_d",
    "loan_status",
    "purpose",
    "addr_state",
    "dti",
    "fico_range_low",
    "out_prncp",
    "total_pymnt",
    "total_rec_prncp",
    "total_rec_int",
    "total_rec_late_fee",
    "last_pymnt_d",
    "policy_code",
)

CONFIG = Path(__file__).with_name("narrow.yaml")

# What is put into a bad row, by the code that must reject it; "" as column: the record itself.
BAD: tuple[tuple[str, str, str], ...] = (
    ("C-STATUS", "loan_status", "Chargd Off"),
    ("C-MONEY", "total_rec_int", "12,34.5"),
    ("C-RATE", "int_rate", "ask branch"),
    ("C-DATE", "issue_d", "42:55.3"),
    ("C-ID", "id", ""),
    ("C-IDSCI", "id", "1.07750E+06"),
    ("C-ORIG0", "funded_amnt", "0"),
    ("V-PRIN-2", "total_rec_prncp", "99999.99"),
    ("V-ISSUE", "issue_d", "Jun-2019"),
    ("F-RAGGED", "", ""),
)


@dataclass(slots=True)
class Truth:
    """What a right load of a tape shows.

    Attributes:
        rows: data rows in the tape.
        good: rows that load.
        bad: rows that must be rejected, by code.
        original_cents, principal_cents: sums over the good rows.
        declared: the footer's amount, over all rows whose amount is left readable.
    """

    rows: int = 0
    good: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    original_cents: int = 0
    principal_cents: int = 0
    declared: int = 0

    @property
    def sum_original(self) -> Decimal:
        """Sum of the good rows' original balance."""
        return Decimal(self.original_cents).scaleb(-2)

    @property
    def sum_principal(self) -> Decimal:
        """Sum of the good rows' principal paid."""
        return Decimal(self.principal_cents).scaleb(-2)


def write_lendingclub_like(path: Path, rows: int, seed: int = 1, bad_share: float = 0.01) -> Truth:
    """Write a narrow tape, a chunk at a time; loan ids are scattered, not in order.

    Args:
        path: the file to write, UTF-8, LF, every cell quoted.
        rows: data rows.
        seed: another seed, another tape; the same for the same numpy.
        bad_share: share of rows that are spoilt, each in one of ten ways.

    Returns:
        What must be rejected and what the rest adds up to.
    """
    truth = Truth()
    with path.open("wb") as tape:
        tape.write(b"Notes offered by Prospectus (https://lendingclub.example/prospectus)\n")
        tape.write(",".join(f'"{name}"' for name in COLUMNS).encode() + b"\n")
        for start in range(0, rows, CHUNK_ROWS):
            count = min(CHUNK_ROWS, rows - start)
            tape.write(_chunk(start, count, seed, bad_share, truth))
        tape.write(f"\nTotal amount funded in policy code 1: {truth.declared}\n".encode())
        tape.write(b"Total amount funded in policy code 2: 0\n")
    return truth


def _chunk(start: int, count: int, seed: int, bad_share: float, truth: Truth) -> bytes:
    chance = np.random.default_rng([seed, start])
    loans = _draw(chance, count)
    kinds = np.where(chance.random(count) < bad_share, chance.integers(0, len(BAD), count), -1)
    columns = _cells(chance, loans, start)
    for number, (_, name, text) in enumerate(BAD):
        if name:
            spoil = pa.array(kinds == number)
            columns[name] = pc.if_else(spoil, pa.scalar(text), columns[name])
    _count(truth, loans, kinds)
    return _lines(columns, kinds == _number_of("F-RAGGED"))


def _number_of(code: str) -> int:
    return [one for one, _, _ in BAD].index(code)


@dataclass(frozen=True, slots=True)
class _Loans:
    """One chunk of loans, a column each; money in cents, months since year 0."""

    amount: np.ndarray
    term: np.ndarray
    grade: np.ndarray
    rate_bps: np.ndarray
    payment: np.ndarray
    issued: np.ndarray
    status: np.ndarray
    principal: np.ndarray
    interest: np.ndarray
    paid_months: np.ndarray


_CURRENT, _PAID_OFF, _LATE, _LOST = range(4)
_WORDS = ("Current", "Fully Paid", "Late (31-120 days)", "Charged Off")


def _draw(chance: np.random.Generator, count: int) -> _Loans:
    """Draw annuity loans that have been repaid for some months, most of them on time."""
    amount = chance.integers(40, 1_401, count) * 25
    term = np.where(chance.random(count) < 0.74, 36, 60)
    grade = np.minimum(chance.integers(0, 35, count), chance.integers(0, 35, count))
    rate_bps = 532 + 70 * grade
    age = chance.integers(8, 36, count)
    status = chance.choice(4, count, p=(0.62, 0.28, 0.02, 0.08))
    # Months paid: late loans owe two instalments, lost ones six or more.
    paid = np.select([status == _LATE, status == _LOST], [age - 2, age - 6], age)
    growth = 1 + rate_bps / 120_000
    payment = np.rint(amount * 100 * (growth - 1) / (1 - growth**-term)).astype(np.int64)
    left = amount * 100 * (growth**term - growth**paid) / (growth**term - 1)
    principal = np.where(status == _PAID_OFF, amount * 100, amount * 100 - np.rint(left))
    interest = payment * paid - (amount * 100 - np.rint(left))
    return _Loans(
        amount=amount,
        term=term,
        grade=grade,
        rate_bps=rate_bps,
        payment=payment,
        issued=2018 * 12 + 11 - age,
        status=status,
        principal=principal.astype(np.int64),
        interest=interest.astype(np.int64),
        paid_months=paid,
    )


def _count(truth: Truth, loans: _Loans, kinds: np.ndarray) -> None:
    good = kinds < 0
    truth.rows += len(kinds)
    truth.good += int(good.sum())
    for number, (code, _, _) in enumerate(BAD):
        truth.bad[code] += int((kinds == number).sum())
    truth.original_cents += int(loans.amount[good].sum()) * 100
    truth.principal_cents += int(loans.principal[good].sum())
    hidden = np.isin(kinds, [_number_of("C-ORIG0"), _number_of("F-RAGGED")])
    truth.declared += int(loans.amount[~hidden].sum())


_STATES = ("CA", "TX", "NY", "FL", "IL", "NJ", "GA", "OH", "PA", "VA", "WA", "MD")
_PURPOSES = ("debt_consolidation", "credit_card", "home_improvement", "car", "medical", "other")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# A prime above any number of rows, and a step: multiples of one modulo the other never repeat.
_PRIME, _STEP = 1_000_000_007, 387_420_489


def _cells(chance: np.random.Generator, loans: _Loans, start: int) -> dict[str, pa.Array]:
    count = len(loans.amount)
    number = np.arange(start, start + count, dtype=np.int64)
    fee = np.where(chance.random(count) < 0.03, 1_500, 0)
    owed = np.where(loans.status == _LOST, 0, loans.amount * 100 - loans.principal)
    return {
        "id": _text(1_000_000_000 + number * _STEP % _PRIME),
        "loan_amnt": _text(loans.amount),
        "funded_amnt": _text(loans.amount),
        "term": _joined(" ", _text(loans.term), " months"),
        "int_rate": _joined(" ", _hundredths(loans.rate_bps), "%"),
        "installment": _hundredths(loans.payment),
        "sub_grade": _joined(
            _named(tuple("ABCDEFG"), loans.grade // 5), _text(loans.grade % 5 + 1), ""
        ),
        "issue_d": _month(loans.issued),
        "loan_status": _named(_WORDS, loans.status),
        "purpose": _named(_PURPOSES, chance.integers(0, len(_PURPOSES), count)),
        "addr_state": _named(_STATES, chance.integers(0, len(_STATES), count)),
        "dti": _hundredths(chance.integers(50, 4_000, count)),
        "fico_range_low": _text(660 + 5 * chance.integers(0, 38, count)),
        "out_prncp": _hundredths(owed),
        "total_pymnt": _hundredths(loans.principal + loans.interest + fee),
        "total_rec_prncp": _hundredths(loans.principal),
        "total_rec_int": _hundredths(loans.interest),
        "total_rec_late_fee": _hundredths(fee),
        "last_pymnt_d": _month(
            np.where(loans.paid_months > 0, loans.issued + loans.paid_months, -1)
        ),
        "policy_code": pa.repeat(pa.scalar("1"), count),
    }


def _text(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _joined(*parts: pa.Array | str) -> pa.Array:
    scalars = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*scalars, pa.scalar(""))


def _hundredths(numbers: np.ndarray) -> pa.Array:
    """Write whole hundredths as 162.87."""
    return _joined(_text(numbers // 100), ".", pc.utf8_lpad(_text(numbers % 100), 2, "0"))


def _named(words: tuple[str, ...], which: np.ndarray) -> pa.Array:
    return pa.array(words).take(pa.array(which))


def _month(months: np.ndarray) -> pa.Array:
    """Write months since year 0 as Dec-2011; a negative one is blank."""
    text = _joined(_named(_MONTHS, months % 12), "-", _text(months // 12))
    return pc.if_else(pa.array(months < 0), pa.scalar(""), text)


def _lines(columns: dict[str, pa.Array], is_ragged: np.ndarray) -> bytes:
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    buffer = io.BytesIO()
    csv.write_csv(pa.table(columns), buffer, options)
    lines = buffer.getvalue().splitlines(keepends=True)
    for number in np.flatnonzero(is_ragged):
        lines[number] = lines[number].rpartition(b",")[0] + b"\n"
    return b"".join(lines)
