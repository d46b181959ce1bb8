"""Read whole numbers."""

from __future__ import annotations

from functools import partial

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import (
    Cell,
    Context,
    Found,
    Reader,
    matches,
    only,
    values_of,
    words_of,
)
from loan_etl_tui.transform.parse.number import DecimalStyle, read_signed

LARGEST = 2**63 - 1
_LARGEST_DIGITS = 19
_UNREADABLE: Cell[int] = Cell(None, "C-INT")
_PLAIN = "^-?[0-9]{1,18}$"


def read_integer(text: str, style: DecimalStyle) -> Cell[int]:
    """Read one whole number; `3.0` and `1,234` are whole, `3.5` is C-INT.

    Args:
        text: a cleaned cell.
        style: which sign separates the decimals.

    Returns:
        The number; C-INT where it has a fraction or does not fit 64 bits.
    """
    number = read_signed(text, style)
    if number is None or (number and number.adjusted() >= _LARGEST_DIGITS):
        return _UNREADABLE
    whole = int(number)
    if whole != number or abs(whole) > LARGEST:
        return _UNREADABLE
    return Cell(whole)


def integer_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare whole numbers."""
    read = partial(read_integer, style=spec.decimal)
    words = words_of("int", spec, context)
    return Reader(pa.int64(), read, words, values_of(words, read), (_digits,))


def _digits(text: pa.Array) -> Found:
    done = matches(text, _PLAIN)
    return Found(only(text, done).cast(pa.int64()), done)
