"""Read calendar dates in the formats a column declares."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import BLANK, Cell, Context, Reader, values_of, words_of
from loan_etl_tui.transform.parse.dateformat import CLOCK, DateFormat, YearMonthDay, date_format

EARLIEST_YEAR, LATEST_YEAR = 1950, 2100

# What systems write for "no date", whatever format the column declares; months alone have day 1.
_NO_DATE = frozenset({(1, 1, 1), (9999, 12, 31), (9999, 12, 1), (1900, 1, 0), (0, 0, 0), (0, 0, 1)})
_WRITTEN_NO_DATE = re.compile(
    r"(?:0001-01-01|9999-12-31|1900-01-00|0000-00-00)(?:[T ]00:00:00(?:\.0*)?Z?)?|00/00/0000"
)
# Before the earliest year, but a value: the rule on early issue dates warns about it.
_FIRST_OF_EXCEL = YearMonthDay(1900, 1, 1)
_STAMP = f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{CLOCK}$"
_UNREADABLE: Cell[date] = Cell(None, "C-DATE")


def read_date(
    text: str,
    formats: Sequence[DateFormat],
    pivot: int,
    add_months: int = 0,
    month_end: bool = False,
) -> Cell[date]:
    """Read one date.

    Args:
        text: a cleaned cell.
        formats: tried in this order; the cell must be written entirely as one of them.
        pivot: no two-digit year lies after this one.
        add_months: months added to what the cell says; the day stays inside its month.
        month_end: whether the last day of that month is meant.

    Returns:
        The day (the first of a month or quarter); null for the sentinels of "no date"
        (`0001-01-01`, `9999-12-31`, `1900-01-00`, `00/00/0000`); C-DATE where no format fits or
        the year lies outside 1950 to 2100.
    """
    if _WRITTEN_NO_DATE.fullmatch(text):
        return BLANK
    for read in formats:
        said = read(text, pivot)
        if said is None:
            continue
        if said in _NO_DATE:
            return BLANK
        if _is_calendar_day(said):
            return _settled(said, add_months, month_end)
    return _UNREADABLE


def date_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare dates in the field's formats."""
    read = partial(
        read_date,
        formats=tuple(date_format(name) for name in spec.formats),
        pivot=spec.pivot if spec.pivot is not None else context.reference.year,
        add_months=spec.add_months or 0,
        month_end=spec.as_ == "month_end",
    )
    words = words_of("date", spec, context)
    shorten = _without_clock if "ISO" in spec.formats else None
    return Reader(pa.date32(), read, words, values_of(words, read), shorten=shorten)


def _is_calendar_day(said: YearMonthDay) -> bool:
    year, month, day = said
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _settled(said: YearMonthDay, add_months: int, month_end: bool) -> Cell[date]:
    months = said.year * 12 + said.month - 1 + add_months
    year, month = months // 12, months % 12 + 1
    if not (EARLIEST_YEAR <= year <= LATEST_YEAR or said == _FIRST_OF_EXCEL):
        return _UNREADABLE
    last = monthrange(year, month)[1]
    return Cell(date(year, month, last if month_end else min(said.day, last)))


def _without_clock(text: pa.Array) -> pa.Array:
    """Keep the day of ISO stamps: their seconds would make every row a text of its own."""
    stamped = pc.match_substring_regex(text, _STAMP)
    if not pc.any(stamped, min_count=0).as_py():
        return text
    return pc.if_else(stamped, pc.utf8_slice_codeunits(text, 0, 10), text)
