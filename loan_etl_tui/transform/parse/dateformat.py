"""The date formats a config may declare, each as a function from text to year, month and day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, partial
from typing import NamedTuple

# A stamp's clock time and offset, without capturing groups: RE2 and Python read it alike.
CLOCK = (
    r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?"
    r"(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?"
)


class YearMonthDay(NamedTuple):
    """What a cell says, calendar or not (`1900-01-00`)."""

    year: int
    month: int
    day: int


DateFormat = Callable[[str, int], YearMonthDay | None]

# English whatever the machine's locale, which `calendar.month_abbr` would follow.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)}

_TOKENS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "YY": "(?P<short_year>[0-9]{2})",
    "Mon": "(?P<name>[A-Za-z]{3})",
    "MM": "(?P<month>[0-9]{2})",
    "DD": "(?P<day>[0-9]{2})",
}
_TOKEN = re.compile("|".join(_TOKENS) + "|[-/. ]")

_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})(?:{CLOCK})?")
_QUARTER = re.compile(
    r"Q([1-4])[ -]?([0-9]{4}|[0-9]{2})|([0-9]{4}|[0-9]{2})[ -]?Q([1-4])", re.IGNORECASE
)
_SERIAL = re.compile(r"([0-9]{1,6})(?:\.[0-9]*)?")
_SECONDS = re.compile(r"([0-9]{1,14})(?:\.[0-9]*)?")


def with_century(short_year: int, pivot: int) -> int:
    """Find the latest year up to `pivot` that ends in these two digits."""
    return pivot - (pivot - short_year) % 100


@cache
def date_format(name: str) -> DateFormat:
    """Find a declared format.

    Args:
        name: ISO, quarter, excel, excel1904, epoch_s, epoch_ms, or a pattern of YYYY, YY, Mon,
            MM and DD with `-`, `/`, `.` or a space between them.

    Returns:
        A function of a cleaned cell and the pivot of two-digit years; it returns None where the
        cell is not written so.

    Raises:
        ValueError: the name is no format.
    """
    if name in _NAMED:
        return _NAMED[name]
    tokens = _TOKEN.findall(name)
    if "".join(tokens) != name or len(set(tokens) & {"YYYY", "YY"}) != 1:
        raise ValueError(f"{name!r} is no date format")
    return partial(_written, pattern=_compiled(tokens))


def _compiled(tokens: list[str]) -> re.Pattern[str]:
    """Between separators one digit is enough (`2/3/2014`); a named month needs none (`DEC2011`)."""
    separated = any(token not in _TOKENS for token in tokens)
    parts = []
    for token in tokens:
        if token not in _TOKENS:
            parts.append(re.escape(token) + ("?" if "Mon" in tokens else ""))
        elif separated and token in ("MM", "DD"):
            parts.append(_TOKENS[token].replace("{2}", "{1,2}"))
        else:
            parts.append(_TOKENS[token])
    return re.compile("".join(parts))


def _written(text: str, pivot: int, *, pattern: re.Pattern[str]) -> YearMonthDay | None:
    match = pattern.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict()
    short_year = part.get("short_year")
    year = with_century(int(short_year), pivot) if short_year else int(part["year"])
    name = part.get("name")
    month = _MONTH_NUMBER.get(name.lower(), -1) if name else int(part.get("month", 1))
    return YearMonthDay(year, month, int(part.get("day", 1)))


def _iso(text: str, _pivot: int) -> YearMonthDay | None:
    match = _ISO.fullmatch(text)
    return YearMonthDay(*map(int, match.groups())) if match else None


def _quarter(text: str, pivot: int) -> YearMonthDay | None:
    match = _QUARTER.fullmatch(text)
    if match is None:
        return None
    quarter, year = int(match[1] or match[4]), match[2] or match[3]
    full_year = int(year) if len(year) == 4 else with_century(int(year), pivot)
    return YearMonthDay(full_year, 3 * quarter - 2, 1)


def _excel(text: str, _pivot: int) -> YearMonthDay | None:
    """Read a serial of Excel's 1900 system, which counts a 29 February 1900 that never was."""
    match = _SERIAL.fullmatch(text)
    if match is None:
        return None
    serial = int(match[1])
    if serial == 0:
        return YearMonthDay(1900, 1, 0)
    if serial == 60:
        return YearMonthDay(1900, 2, 29)
    return _day_after(date(1899, 12, 31 if serial < 60 else 30), serial)


def _excel_1904(text: str, _pivot: int) -> YearMonthDay | None:
    match = _SERIAL.fullmatch(text)
    return _day_after(date(1904, 1, 1), int(match[1])) if match else None


def _epoch(text: str, _pivot: int, *, per_day: int) -> YearMonthDay | None:
    """Read a count of seconds (or milliseconds) since 1970-01-01 UTC."""
    match = _SECONDS.fullmatch(text)
    return _day_after(date(1970, 1, 1), int(match[1]) // per_day) if match else None


def _day_after(first: date, days: int) -> YearMonthDay | None:
    if days > (date.max - first).days:
        return None
    found = first + timedelta(days=days)
    return YearMonthDay(found.year, found.month, found.day)


_SECONDS_PER_DAY = 86_400

_NAMED: dict[str, DateFormat] = {
    "ISO": _iso,
    "quarter": _quarter,
    "excel": _excel,
    "excel1904": _excel_1904,
    "epoch_s": partial(_epoch, per_day=_SECONDS_PER_DAY),
    "epoch_ms": partial(_epoch, per_day=1000 * _SECONDS_PER_DAY),
}
