"""What a rule is: an entry of the catalogue, its parameters, and the form one pipeline runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from loan_etl_tui.model.loan import Status

# Beyond these no amount, rate or count of a tape can lie.
LARGEST_NUMBER = Decimal(10) ** 14
LARGEST_COUNT = 10**9

# Which severities a config may give a rule ("off" takes it out).
ANY = ("off", "W", "R", "F")  # rules that look at one row
GATE = ("off", "W", "F")  # rules that look at many rows: there is no one row to reject
LOUD = ("W", "R", "F")  # what cannot be read is never dropped without a word
FIXED = ()  # without it a row could not be told apart, or not be stored


class Reads(StrEnum):
    """How the text of a parameter is read."""

    NUMBER = "number"
    COUNT = "whole number"
    COUNTS = "list of whole numbers"
    WORD = "word"
    WORDS = "list of words"
    STATUSES = "list of statuses"
    DATE = "date"
    COLUMN = "source column"
    COLUMNS = "list of source columns"
    YES_NO = "yes or no"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a config may set on a rule.

    Attributes:
        reads: how its text is read.
        default: its value where the config is silent; None: only a config knows it, and the rule
            sleeps until then.
        meaning: one line for people.
        choices: the allowed words; empty: any.
    """

    reads: Reads
    default: Any
    meaning: str
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.default is None:
            return f"{self.reads}, to be given"
        if isinstance(self.default, tuple):
            return "[" + ", ".join(str(one) for one in self.default) + "]"
        return str(self.default)

    def read(self, given: object) -> Any:  # noqa: ANN401 - parameters differ in type
        """Turn what a config says into a value.

        Args:
            given: text, a number, a date, or a list of them.

        Returns:
            Decimal, int, str, bool or date, or a tuple of them, as `reads` says.

        Raises:
            ValueError: says what was found and what is allowed, to stand after the key's name.
        """
        value = _READERS[self.reads](given)
        if self.choices and value not in self.choices:
            raise ValueError(f"is {_quoted(given)}; choose {' or '.join(self.choices)}")
        return value


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue.

    Attributes:
        code: stable name, such as V-PRIN-1.
        severity: "R" rejects the row, "W" warns, "F" stops the delivery, "-" is silent.
        level: file, column, row, cell or cross-row.
        title: the rule in one line, for people.
        formula: what must hold, with tolerance.
        example: a value or row that breaks it.
        way_on: what a person can do about it.
        parameters: what a config may set, by name.
        severities: what a config may set the severity to; empty: it is what it is.
    """

    code: str
    severity: str
    level: str
    title: str
    formula: str
    example: str
    way_on: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    severities: tuple[str, ...] = ANY

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the parameters without which the rule sleeps."""
        return tuple(name for name, one in self.parameters.items() if one.default is None)


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule as one pipeline runs it; its parameters are plain values by name."""

    code: str
    severity: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    gate: bool = False


def _quoted(given: object) -> str:
    return repr(given if isinstance(given, int | float) else str(given)[:80])


def _scalar(given: object) -> str:
    if isinstance(given, list | tuple | dict | None):
        raise ValueError("is a list or empty; give one value")
    return str(given).strip()


def _number(given: object) -> Decimal:
    try:
        value = Decimal(_scalar(given))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= LARGEST_NUMBER:
        raise ValueError(f"is {_quoted(given)}; give a number such as 0.02")
    return value


def _count(given: object) -> int:
    value = _number(given)
    if value != value.to_integral_value() or abs(value) >= LARGEST_COUNT:
        raise ValueError(f"is {_quoted(given)}; give a whole number such as 36")
    return int(value)


def _word(given: object) -> str:
    text = _scalar(given)
    if not text:
        raise ValueError("is empty; give a word")
    return text


def _status(given: object) -> Status:
    try:
        return Status(_word(given).upper())
    except ValueError:
        allowed = ", ".join(Status)
        raise ValueError(f"is {_quoted(given)}; choose of {allowed}") from None


def _date(given: object) -> date:
    text = _word(given)
    try:
        return date.fromisoformat(text + "-01" if len(text) == len("2007-06") else text)
    except ValueError:
        raise ValueError(
            f"is {_quoted(given)}; give a date such as 2007-06-01 or 2007-06"
        ) from None


def _yes_no(given: object) -> bool:
    known = {"true": True, "false": False, "yes": True, "no": False}
    word = _scalar(given).lower()
    if word not in known:
        raise ValueError(f"is {_quoted(given)}; choose true or false")
    return known[word]


def _column(given: object) -> str | tuple[str, ...]:
    """A source column, or a list of its names in different editions of the tape."""
    return _listed(_word)(given) if isinstance(given, list | tuple) else _word(given)


def _listed(read: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    def read_list(given: object) -> tuple[Any, ...]:
        if not isinstance(given, list | tuple) or not given:
            raise ValueError(f"is {_quoted(given)}; give a list such as [a, b]")
        return tuple(read(one) for one in given)

    return read_list


_READERS: dict[Reads, Callable[[object], Any]] = {
    Reads.NUMBER: _number,
    Reads.COUNT: _count,
    Reads.COUNTS: _listed(_count),
    Reads.WORD: _word,
    Reads.WORDS: _listed(_word),
    Reads.STATUSES: _listed(_status),
    Reads.DATE: _date,
    Reads.COLUMN: _column,
    Reads.COLUMNS: _listed(_word),
    Reads.YES_NO: _yes_no,
}
