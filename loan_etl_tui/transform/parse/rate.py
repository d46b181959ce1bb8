"""Read rates: yearly interest, shares, debt to income."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Literal, cast

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.model.frames import RATE
from loan_etl_tui.model.loan import RATE_PRECISION, RATE_SCALE
from loan_etl_tui.transform.parse.base import Cell, Context, Reader, values_of, words_of
from loan_etl_tui.transform.parse.number import (
    DecimalStyle,
    Plain,
    exact_kernel,
    fit,
    read_signed,
    rounding_kernel,
)

RateUnit = Literal["percent", "fraction", "bps"]

INTEGER_DIGITS = RATE_PRECISION - RATE_SCALE
_SMALLEST = Decimal(1).scaleb(-RATE_SCALE)

# By how many decimal places a unit's numbers stand above the fraction.
_SHIFT: dict[RateUnit, int] = {"fraction": 0, "percent": 2, "bps": 4}
_SUFFIX = re.compile(r"(%|bps?)$", re.IGNORECASE)
_UNREADABLE: Cell[Decimal] = Cell(None, "C-RATE")


def read_rate(text: str, unit: RateUnit, style: DecimalStyle) -> Cell[Decimal]:
    """Read one rate.

    Args:
        text: a cleaned cell.
        unit: what the feed means by "5": percent, a fraction of one, or basis points; a `%` or
            `bps` in the cell says it itself.
        style: which sign separates the decimals.

    Returns:
        The rate as a fraction with 6 decimals, half to even; C-RATE where the text is no number
        or the fraction reaches 1000.

    Source:
        LCDataDictionary, `int_rate`; Schedule AL, `originalInterestRatePercentage`.
    """
    suffix = _SUFFIX.search(text)
    if suffix:
        unit = "percent" if suffix[1] == "%" else "bps"
        text = text[: suffix.start()].rstrip(" ")
    number = read_signed(text, style)
    if number is None:
        return _UNREADABLE
    # Fit in the unit's own places first: moving the point of a number that fits is exact.
    shift = _SHIFT[unit]
    fitted = fit(number, INTEGER_DIGITS + shift, _SMALLEST.scaleb(shift))
    return Cell(fitted[0].scaleb(-shift), None, fitted[1]) if fitted else _UNREADABLE


def rate_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare rates in the field's unit."""
    unit = cast("RateUnit", spec.unit)
    shift = _SHIFT[unit]
    read = partial(read_rate, unit=unit, style=spec.decimal)
    words = words_of("rate", spec, context)
    plain = Plain(
        spec.decimal,
        integer_digits=INTEGER_DIGITS + shift,
        places=RATE_SCALE - shift,
        suffix="%" if unit == "percent" else "",
    )
    kernels = (exact_kernel(plain, RATE, shift), rounding_kernel(plain, RATE, shift))
    return Reader(RATE, read, words, values_of(words, read), kernels)
