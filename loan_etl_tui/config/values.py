"""The kinds of single values a config holds, each with its check.

The file gives text; a check turns it into a value or says what is allowed.
"""

from __future__ import annotations

import re
import warnings
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.wording import (
    COUNTRY,
    CURRENCY,
    IDENTIFIER,
    NAME,
    PREFIX,
    SLUG,
    RefusedValueError,
)
from loan_etl_tui.model.loan import MONEY_PRECISION, MONEY_SCALE, RATE_PRECISION, RATE_SCALE, Kind
from loan_etl_tui.model.sanitizers import DATE_FORMATS, SANITIZERS

LONGEST_PATTERN = 1000

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Name = Annotated[str, StringConstraints(pattern=NAME)]
CurrencyCode = Annotated[str, StringConstraints(pattern=CURRENCY)]
CountryCode = Annotated[str, StringConstraints(pattern=COUNTRY)]
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
TablePrefix = Annotated[str, StringConstraints(pattern=PREFIX)]
Count = Annotated[int, Field(ge=1, le=10**9)]
Amount = Annotated[
    Decimal,
    Field(max_digits=MONEY_PRECISION, decimal_places=MONEY_SCALE, allow_inf_nan=False),
]
RateNumber = Annotated[
    Decimal, Field(max_digits=MONEY_PRECISION, decimal_places=RATE_SCALE, allow_inf_nan=False)
]


def _named(text: str) -> str:
    """Accept a column's or file's name: some text without control characters."""
    if not text.strip():
        raise RefusedValueError("give some text")
    if any(ord(character) < ord(" ") or character == "\x7f" for character in text):
        raise RefusedValueError("give text without control characters")
    return text


def _compiles(pattern: str) -> str:
    if len(pattern) > LONGEST_PATTERN:
        raise RefusedValueError(
            f"give a regular expression of at most {LONGEST_PATTERN:,} characters"
        )
    try:
        with warnings.catch_warnings():
            # Python warns of what it will read otherwise one day: not for a config to rest on.
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as problem:
        raise RefusedValueError(f"give a regular expression ({problem})") from None
    return pattern


def _format(word: str) -> str:
    if word not in DATE_FORMATS:
        wanted = f"choose {listed(DATE_FORMATS)}"
        raise RefusedValueError(wanted, did_you_mean(word, DATE_FORMATS))
    return word


def _sanitizer(word: str) -> str:
    if word not in SANITIZERS:
        raise RefusedValueError(f"choose {listed(SANITIZERS)}", did_you_mean(word, SANITIZERS))
    return word


def _time_zone(word: str) -> str:
    try:
        ZoneInfo(word)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(word, sorted(available_timezones()))
        raise RefusedValueError("give a time zone such as America/New_York", hint) from None
    return word


def _encoding(word: str) -> str:
    try:
        b"a".decode(word)
    except UnicodeDecodeError:
        return word  # One byte is too short for utf-16.
    except (LookupError, ValueError):
        wanted = "give a text encoding such as utf-8, cp1252 or utf-16"
        raise RefusedValueError(wanted) from None
    return word


def _iso_date(value: Any) -> Any:  # noqa: ANN401 - raw YAML
    """Let whole ISO dates pass, and only those: pydantic would read a number as seconds."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise RefusedValueError("give a date such as 2018-12-31")
    return value


def _is_day(value: date | str) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise RefusedValueError("give a date such as 2018-12-31") from None


def _yes_no(value: Any) -> Any:  # noqa: ANN401 - raw YAML
    """Read YAML 1.2's two words; `no`, `off` and 0 were booleans in YAML 1.1 only."""
    if isinstance(value, str):
        known = {"true": True, "false": False}
        if value.lower() not in known:
            raise RefusedValueError("choose true or false")
        return known[value.lower()]
    return value


def _bucket(value: Any) -> Any:  # noqa: ANN401 - raw YAML
    """Accept a pair of days past due, such as [16, 30] or [121, null]."""
    days = value if isinstance(value, list | tuple) else ()
    read = [_days(one) for one in days]
    if len(read) != 2 or any(one is not None and one < 0 for one in read):
        raise RefusedValueError("give the days past due as [low, high], high null where it is open")
    low, high = read
    if low is not None and high is not None and low > high:
        raise RefusedValueError(f"give the lower end first: [{high}, {low}]")
    return tuple(read)


def _days(text: object) -> int | None:
    if text is None:
        return None
    return int(str(text)) if re.fullmatch(r"\d{1,4}", str(text)) else -1


Text = Annotated[str, AfterValidator(_named)]
Pattern = Annotated[str, AfterValidator(_compiles)]
DateFormat = Annotated[
    str, AfterValidator(_format), Field(json_schema_extra={"enum": list(DATE_FORMATS)})
]
SanitizerName = Annotated[
    str, AfterValidator(_sanitizer), Field(json_schema_extra={"enum": list(SANITIZERS)})
]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Day = Annotated[date, BeforeValidator(_is_day), BeforeValidator(_iso_date)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Bucket = Annotated[tuple[int | None, int | None], BeforeValidator(_bucket)]

Column: TypeAlias = Text | int  # a header name, or a 1-based position of a headerless file
Columns: TypeAlias = Column | tuple[Column, ...]  # several: aliases, the first that the file has

_DIGITS = {
    Kind.MONEY: (MONEY_PRECISION, MONEY_SCALE),
    Kind.RATE: (RATE_PRECISION, RATE_SCALE),
    Kind.SMALLINT: (4, 0),
    Kind.BIGINT: (18, 0),
}


def unfit(text: str, kind: Kind, length: int = 0) -> str:
    """Say what a constant of a config must be for a column of this kind; "" where it fits.

    Args:
        text: the constant as written.
        kind: what the column holds.
        length: the longest text, in characters; 0 where there is no limit.
    """
    if kind in _DIGITS:
        return "" if _fits_digits(text, *_DIGITS[kind]) else _number_words(kind)
    if kind is Kind.DATE:
        return "" if _is_iso_day(text) else "give a date such as 2018-12-31"
    if length and len(text) > length:
        return f"give at most {length} characters"
    return ""


def _fits_digits(text: str, precision: int, scale: int) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    if not number.is_finite() or abs(number.adjusted()) > precision:
        return False
    return number == number.quantize(Decimal(1).scaleb(-scale)) and (
        abs(number) < Decimal(10) ** (precision - scale)
    )


def _number_words(kind: Kind) -> str:
    whole = kind in (Kind.SMALLINT, Kind.BIGINT)
    digits, decimals = _DIGITS[kind]
    if whole:
        return f"give a whole number of at most {digits} digits"
    return f"give a number with at most {digits - decimals} digits and {decimals} decimals"


def _is_iso_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
