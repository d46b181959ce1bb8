"""Read the length of a loan in whole months."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from typing import Literal, cast

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import Cell, Context, Reader, values_of, words_of

TermUnit = Literal["months", "years", "days"]

DAYS_PER_MONTH = Decimal("30.4375")
LONGEST_MONTHS = 32767

_NUMBER = r"([0-9]{1,6}(?:\.[0-9]{0,10})?)"
_BARE = re.compile(_NUMBER)
_WITH_UNITS = re.compile(
    rf"p?(?:{_NUMBER} ?(?:years?|yrs?|y)\.? ?)?"
    rf"(?:{_NUMBER} ?(?:months?|mths?|mon|mos?|m)\.? ?)?"
    rf"(?:{_NUMBER} ?(?:days?|d)\.?)?",
    re.IGNORECASE | re.ASCII,
)
_UNREADABLE: Cell[int] = Cell(None, "C-TERM")


def read_term(text: str, unit: TermUnit) -> Cell[int]:
    """Read one term.

    A unit in the cell (`3 yrs`, `P3Y6M`) says it itself. Days become months only where the
    column is declared in days, 30.4375 to a month, half to even.

    Args:
        text: a cleaned cell.
        unit: what a bare number counts.

    Returns:
        Whole months; C-TERM for anything else, a fraction of a month included.
    """
    counted = _count(text, unit)
    if counted is None:
        return _UNREADABLE
    months, days = counted
    if days and unit == "days":
        months = (months + days / DAYS_PER_MONTH).to_integral_value(ROUND_HALF_EVEN)
    elif days or months != months.to_integral_value():
        return _UNREADABLE
    return Cell(int(months)) if months <= LONGEST_MONTHS else _UNREADABLE


def term_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare terms in the field's unit."""
    read = partial(read_term, unit=cast("TermUnit", spec.unit))
    words = words_of("term", spec, context)
    return Reader(pa.int16(), read, words, values_of(words, read))


def _count(text: str, unit: TermUnit) -> tuple[Decimal, Decimal] | None:
    """Months (years counted in) and days that the text names; None where it names none."""
    bare = _BARE.fullmatch(text)
    if bare:
        number = Decimal(bare[1])
        return {
            "months": (number, Decimal(0)),
            "years": (number * 12, Decimal(0)),
            "days": (Decimal(0), number),
        }[unit]
    named = _WITH_UNITS.fullmatch(text)
    if named is None or not any(named.groups()):
        return None
    years, months, days = (Decimal(part or 0) for part in named.groups())
    return years * 12 + months, days
