"""Where a tape's record date comes from, as a config says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from loan_etl_tui.config.block import Block, Complaint, Said
from loan_etl_tui.config.nearest import listed
from loan_etl_tui.config.values import Column, DateFormat, Day, Pattern, YesNo

_ORIGINS = ("from", "const", "first_of")


class Hint(Block):
    """A column whose dates show whether the given record date is plausible."""

    from_: Column | None = Field(default=None, alias="from")
    via: Literal["date"] = "date"
    formats: tuple[DateFormat, ...] = ("ISO",)
    month_of: Column | None = None
    plus_months: Column | None = None
    agg: Literal["max", "unanimous"] = "max"

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which keys do not go together."""
        if ("from" in said) == ("month_of" in said):
            yield Complaint((), "needs one of from and month_of.")
        if "plus_months" in said and "month_of" not in said:
            yield Complaint(("plus_months",), "has an effect only beside month_of.", at_key=True)


class RecordDate(Block):
    """Where the record date comes from."""

    from_: Column | None = Field(default=None, alias="from")  # argument, file_name, upload, column
    const: Day | None = None
    first_of: tuple[RecordDate, ...] = ()
    required: YesNo = True
    pattern: Pattern | None = None
    via: Literal["date"] = "date"
    formats: tuple[DateFormat, ...] = ("ISO",)
    as_: Literal["month_end"] | None = Field(default=None, alias="as")
    unanimous: YesNo = False
    hint: Hint | None = None

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which keys do not go together."""
        given = [word for word in _ORIGINS if word in said]
        if len(given) != 1:
            yield Complaint((), f"needs one of {listed(_ORIGINS)}.")
        if said.get("formats") == []:
            yield Complaint(("formats",), "is an empty list; name a date format.")
        if said.get("from") == "file_name" and not said.get("pattern"):
            words = "is missing; from: file_name needs one, with the date in its first group."
            yield Complaint(("pattern",), words)
        if "pattern" in said and said.get("from") != "file_name":
            yield Complaint(("pattern",), "goes with from: file_name.", at_key=True)
        inner = said.get("first_of")
        for number, one in enumerate(inner if isinstance(inner, list | tuple) else ()):
            if isinstance(one, dict) and "first_of" in one:
                words = "stands inside first_of; one list of ways is enough."
                yield Complaint(("first_of", number, "first_of"), words, at_key=True)
