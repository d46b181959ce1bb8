"""Where the tape comes from and how it is laid out, as a config says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, field_validator

from loan_etl_tui.config.block import Block, Complaint, Said
from loan_etl_tui.config.nearest import listed
from loan_etl_tui.config.values import Column, Count, Encoding, Name, Pattern, Text
from loan_etl_tui.config.wording import RefusedValueError

_HEADER_WAYS = ("header", "header_row", "header_contains")
_TAB_WORDS = ("\\t", "tab")


class SkipRow(Block):
    """Lines that are no loans: recognised by the first field (or `column`) and counted by name."""

    column: Column | None = None
    matches: Pattern
    name: Name


class Version(Block):
    """Where the order of restatements stands."""

    from_: Literal["file_name"] = Field(alias="from")
    pattern: Pattern


class Source(Block):
    """Where the tape comes from and how it is laid out."""

    connector: Name = "csv"
    path: Text | tuple[Text, ...]
    pick: Literal["all", "newest"] = "all"
    if_missing: Literal["error", "ok"] = "error"
    version: Version | None = None
    archive: Literal["copy", "none"] = "copy"
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    quoting: Literal["double", "none"] = "double"
    header: Literal["none"] | None = None
    header_row: Count | None = None
    header_contains: tuple[Text, ...] = ()
    widths: tuple[Count, ...] = ()
    skip_rows: tuple[SkipRow, ...] = ()

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str) -> str:
        value = "\t" if value in _TAB_WORDS else value
        if len(value) != 1 or value in '"\r\n':
            raise RefusedValueError(
                "give one character, no quote and no line end; tab for a tabulator"
            )
        return value

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which keys do not go together."""
        ways = [key for key in _HEADER_WAYS if key in said]
        for key in ways[1:]:
            words = f"stands beside {ways[0]}; say one of {listed(_HEADER_WAYS)}."
            yield Complaint((key,), words, at_key=True)
        if said.get("path") == []:
            yield Complaint(("path",), "is an empty list; name a file, folder or glob.")
