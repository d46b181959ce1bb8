"""The odd record, read singly: where does it end, and is it whole?

Python's csv reader in strict mode decides. Where it stops at a quote, the question is how many
lines the fault covers. A quote that is never closed would swallow sound rows; a cell with line
breaks and a stray quote would fall apart into nonsense rows. The lines themselves tell: if one of
those that followed reads as a whole row of its own, the quote was never meant to stay open, and
only the first line is at fault; otherwise all of them are one faulty record.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from loan_etl_tui.source.dialect import Dialect
from loan_etl_tui.source.feed import View

QUOTE, TRUNC, CELL = "F-QUOTE", "F-TRUNC", "F-CELL"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a record is held against.

    Attributes:
        dialect: delimiter and quotes.
        width: fields of a whole row; 0 where not known yet.
        record_bytes: longest record, line end included.
    """

    dialect: Dialect
    width: int
    record_bytes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One record as it was read.

    Attributes:
        end: where it ends in the view, exclusive.
        lines: physical lines it takes.
        fields: its fields; () where it is at fault.
        fault: None, or its code.
        observed: None, or what was seen.
        doubt_until: up to here records may be remains of a broken one: a quote off the edge of
            a field, elsewhere a character like any other, is a fault there.
    """

    end: int
    lines: int
    fields: tuple[str, ...] = ()
    fault: str | None = None
    observed: str | None = None
    doubt_until: int = 0


def read_record(view: View, start: int, frame: Frame, doubt_until: int = 0) -> Reading | None:
    """Read the record at `start`.

    Args:
        view: the bytes at hand.
        start: a record starts here.
        frame: what it is held against.
        doubt_until: see `Reading.doubt_until`.

    Returns:
        The record, or None where it takes more bytes than are here to tell.
    """
    lines = _Lines(view, start, frame.record_bytes)
    try:
        fields = next(frame.dialect.read(lines), None)
    except csv.Error:
        return _broken(view, lines, frame)
    if fields is None:
        return None
    end = lines.ends[-1]
    if start < doubt_until and not frame.dialect.is_clean(view.data[start:end].decode()):
        observed = "a quote inside an unquoted cell, after a broken record"
        return Reading(end, len(lines.ends), (), QUOTE, observed)
    return Reading(end, len(lines.ends), tuple(fields))


class _Lines:
    """Physical lines for the csv reader, no more than one record may take.

    Attributes:
        ends: where each line given so far ends.
        stopped: None, or why there were no more: more (bytes needed), end (of the table), limit.
    """

    def __init__(self, view: View, start: int, record_bytes: int) -> None:
        self._view = view
        self._place = start
        self._limit = start + record_bytes
        self.ends: list[int] = []
        self.stopped: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        view, start = self._view, self._place
        end = view.line_end(start)
        if (len(view.data) if end is None else end) > self._limit:
            self.stopped = "limit"
        elif end is None:
            self.stopped = "end" if view.at_end else "more"
        if end is None or self.stopped:
            raise StopIteration
        self.ends.append(end)
        self._place = end
        return view.data[start:end].decode()


def _broken(view: View, lines: _Lines, frame: Frame) -> Reading | None:
    """Judge a record at which the csv reader stopped."""
    if lines.stopped == "more":
        return None
    first, last, count = lines.ends[0], lines.ends[-1], len(lines.ends)
    if count > 1 and _swallows(view, lines.ends, frame):
        return Reading(first, 1, (), QUOTE, "a quote is opened and not closed", last)
    if lines.stopped == "limit":
        observed = f"a quoted cell is not closed within {frame.record_bytes:,} bytes"
        return Reading(first, 1, (), CELL, observed, last)
    if lines.stopped == "end":
        return Reading(last, count, (), TRUNC, "the file ends inside a quoted cell")
    return Reading(last, count, (), QUOTE, "text follows a closing quote")


def _swallows(view: View, ends: list[int], frame: Frame) -> bool:
    """Whether one of the lines after the first is a whole row of its own."""
    spans = pairwise(ends)
    return any(_is_whole(view.data[start:end].decode(), frame) for start, end in spans)


def _is_whole(line: str, frame: Frame) -> bool:
    """Whether a physical line is a whole row by itself."""
    dialect = frame.dialect
    if not line.strip() or not dialect.is_clean(line):
        return False
    return len(dialect.fields(line)) == frame.width
