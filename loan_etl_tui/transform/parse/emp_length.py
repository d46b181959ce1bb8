"""Read how long a borrower has been employed."""

from __future__ import annotations

import re

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import Cell, Context, Reader, words_of

MOST_YEARS = 10

_YEARS = re.compile(r"([0-9]{1,3})(?:\.0*)? ?\+? ?(?:years?|yrs?)?", re.IGNORECASE)
_LESS_THAN_ONE = re.compile(r"< ?1 ?(?:year|yr)?", re.IGNORECASE)
_WORDED = re.compile(r"(?:MoreThan|UpTo)([0-9]{1,2})Years?", re.IGNORECASE)
# Excel reads the cell `10+` as a month.
_EXCEL_TEN = "Oct+"


def read_emp_length(text: str) -> Cell[int]:
    """Read one length of employment in years, 0 to 10; 10 stands for ten and more.

    Args:
        text: a cleaned cell: `< 1 year`, `10+ years`, `MoreThan5Years` (5), `UpTo3Years` (3).

    Returns:
        The years; C-INT where the text names none.
    """
    if _LESS_THAN_ONE.fullmatch(text):
        return Cell(0)
    if text == _EXCEL_TEN:
        return Cell(MOST_YEARS)
    named = _YEARS.fullmatch(text) or _WORDED.fullmatch(text)
    return Cell(min(int(named[1]), MOST_YEARS)) if named else Cell(None, "C-INT")


def emp_length_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare lengths of employment."""
    return Reader(pa.int16(), read_emp_length, words_of("emp_length", spec, context))
