"""How one canonical field is read: its origin, its sanitizer, the sanitizer's parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from loan_etl_tui.config.block import Block, Complaint, Said
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.values import (
    Amount,
    Column,
    Columns,
    Count,
    CurrencyCode,
    DateFormat,
    Pattern,
    RateNumber,
    SanitizerName,
    YesNo,
    unfit,
)
from loan_etl_tui.config.wording import given
from loan_etl_tui.model.loan import Kind, Status
from loan_etl_tui.model.sanitizers import SANITIZERS, Sanitizer

# Read where a field names no sanitizer.
DEFAULT_SANITIZER = "text"

ORIGINS = ("from", "const", "first_of", "diff_of", "formula")
UNITS = {
    "rate": ("percent", "fraction", "bps"),
    "term": ("months", "years", "days"),
}
_COMMON = frozenset(
    {
        *ORIGINS,
        "via",
        "default",
        "optional",
        "null_values",
        "not_null_values",
        "as",
        "when_status",
        "null_when_status",
        "plus",
        "floor",
    }
)
# What an entry of first_of says for itself; beside first_of it would say nothing.
_INSIDE_FIRST_OF = frozenset({"via", "null_values", "not_null_values"})
_DIFFERENCE_ONLY = ("plus", "floor")
_DIFFERENCE_SANITIZERS = ("money", "number")


class FieldSpec(Block):
    """How one canonical field is read.

    One of `from`, `const`, `first_of`, `diff_of` or `formula` says where the value comes from;
    `via` names the sanitizer, whose parameters stand beside it.
    """

    from_: Columns | None = Field(default=None, alias="from")
    const: str | int | Decimal | bool | date | None = None
    first_of: tuple[FieldSpec, ...] = ()
    diff_of: tuple[Column, ...] = ()
    formula: Literal["original_minus_paid"] | None = None
    default: str | int | None = None
    via: SanitizerName | None = None
    optional: YesNo = False
    null_values: tuple[str, ...] = ()
    not_null_values: tuple[str, ...] = ()  # words of the type's null list that are values here
    as_: Literal["cumulative", "balance", "month_end"] | None = Field(default=None, alias="as")
    when_status: tuple[Status, ...] = ()
    null_when_status: tuple[Status, ...] = ()
    plus: Column | None = None
    floor: Amount | None = None
    decimal: Literal["dot", "comma"] = "dot"
    currency: CurrencyCode | None = None
    unit: str | None = None
    formats: tuple[DateFormat, ...] = ()
    precision: Literal["day", "month", "quarter"] | None = None
    pivot: int | None = Field(default=None, ge=0, le=9999)
    add_months: int | None = Field(default=None, ge=-1200, le=1200)
    case: Literal["keep", "lower_guid", "lower", "upper"] | None = None
    pattern: Pattern | None = None
    cap: RateNumber | None = None
    pick: Literal["low", "high"] | None = None
    max: Count | None = None
    lower: YesNo | None = None
    map: dict[str, str | None] | None = None
    unmapped: str | None = None
    cut_parenthesis: YesNo | None = None
    null_codes: tuple[str, ...] = ()

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which keys do not go together."""
        yield from _origin(said)
        yield from _parameters(said)
        yield from _needs(said)
        yield from _unit(said)
        yield from _difference(said)
        yield from _default(said)
        if said.get("as") == "month_end" and said.get("via") != "date":
            yield Complaint(("as",), "is 'month_end', which goes with via: date.")

    def origins(self) -> list[str]:
        """Name the keys that say where the value comes from."""
        fields = type(self).model_fields
        said = {fields[name].alias or name for name in self.model_fields_set}
        return [word for word in ORIGINS if word in said]

    def parameter(self, name: str) -> Any:  # noqa: ANN401 - parameters differ in type
        """Value of a sanitizer parameter; None or empty where it is not said."""
        return getattr(self, {"as": "as_"}.get(name, name))

    def columns(self) -> tuple[Columns, ...]:
        """Every source column (or group of aliases) this field reads."""
        own: list[Columns] = [] if self.from_ is None else [self.from_]
        own += list(self.diff_of)
        if self.plus is not None:
            own.append(self.plus)
        for inner in self.first_of:
            own += list(inner.columns())
        return tuple(own)


def _sanitizer(said: Said) -> Sanitizer | None:
    via = said.get("via", DEFAULT_SANITIZER)
    return SANITIZERS.get(via) if isinstance(via, str) else None


def _origin(said: Said) -> Iterator[Complaint]:
    given = [word for word in ORIGINS if word in said]
    if not given:
        yield Complaint((), f"says nowhere where its value comes from; give {listed(ORIGINS)}.")
    for word in given[1:]:
        words = f"stands beside {given[0]}; a value comes from one of {listed(ORIGINS)}."
        yield Complaint((word,), words, at_key=True)
    for word in ("first_of", "diff_of"):
        if said.get(word) == []:
            yield Complaint((word,), "is an empty list; name where the value comes from.")


def _parameters(said: Said) -> Iterator[Complaint]:
    """Refuse what the sanitizer would not look at."""
    known = said.keys() & set(FieldSpec.known_keys())
    sanitizer = _sanitizer(said)
    if "first_of" in said:
        for key in sorted(known - (_COMMON - _INSIDE_FIRST_OF)):
            words = "has no effect beside first_of; write it inside its entries."
            yield Complaint((key,), words, at_key=True)
    elif sanitizer is not None:
        for key in sorted(known - _COMMON - set(sanitizer.parameters)):
            takes = listed(sanitizer.parameters, "and") if sanitizer.parameters else "none"
            words = f"is no parameter of the sanitizer {sanitizer.name}; it takes {takes}."
            owners = [name for name, one in SANITIZERS.items() if key in one.parameters]
            yield Complaint((key,), words, f"it goes with via: {listed(owners)}.", at_key=True)


def _needs(said: Said) -> Iterator[Complaint]:
    """Ask for the parameters without which the column's meaning is not known."""
    sanitizer = _sanitizer(said)
    if sanitizer is None or "first_of" in said or "via" not in said:
        return
    for name in sanitizer.required:
        if said.get(name) in (None, [], {}, ()):
            words = f"is missing; the sanitizer {sanitizer.name} needs it."
            choices = UNITS.get(sanitizer.name, ()) if name == "unit" else ()
            yield Complaint((name,), words, f"choose {listed(choices)}." if choices else "")


def _unit(said: Said) -> Iterator[Complaint]:
    via, unit = said.get("via"), said.get("unit")
    choices = UNITS.get(via, ()) if isinstance(via, str) else ()
    if choices and isinstance(unit, str) and unit not in choices:
        words = f"{given(unit)}; choose {listed(choices)}."
        yield Complaint(("unit",), words, did_you_mean(unit, choices))


def _difference(said: Said) -> Iterator[Complaint]:
    """A difference is one amount less another, so it is of two columns, read as amounts."""
    columns = said.get("diff_of")
    if "diff_of" not in said:
        for key in _DIFFERENCE_ONLY:
            if key in said:
                yield Complaint((key,), "has an effect only beside diff_of.", at_key=True)
        return
    if isinstance(columns, list | tuple) and len(columns) not in (0, 2):
        yield Complaint(("diff_of",), "names one amount and the one to take from it: two columns.")
    if said.get("via") not in _DIFFERENCE_SANITIZERS:
        words = f"is a difference of amounts; say via: {listed(_DIFFERENCE_SANITIZERS)}."
        yield Complaint(("diff_of",), words, at_key=True)


def _default(said: Said) -> Iterator[Complaint]:
    default, sanitizer = said.get("default"), _sanitizer(said)
    if not isinstance(default, str) or sanitizer is None or "first_of" in said:
        return
    if sanitizer.name == "bool":
        wanted = "" if default in ("true", "false") else "choose true or false"
    else:
        wanted = unfit(default, sanitizer.kind)
    if wanted:
        yield Complaint(("default",), f"{given(default)}; {wanted}.")


def kind_of(spec: Said) -> str:
    """Name what an unnamed extra field becomes: the sanitizer's kind, or bool.

    Args:
        spec: a field as written, with one origin.
    """
    sanitizer = _sanitizer(spec)
    if "const" in spec or sanitizer is None:
        return Kind.TEXT
    return "bool" if sanitizer.name == "bool" else sanitizer.kind
