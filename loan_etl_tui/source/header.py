"""Where a table's data starts, and what its columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.model.errors import LayoutChanged, SourceMissing, SourceUnreadable
from loan_etl_tui.source.base import Layout, SkippedLine
from loan_etl_tui.source.careful import Frame, Reading, read_record
from loan_etl_tui.source.decode import BOM, shown
from loan_etl_tui.source.feed import View
from loan_etl_tui.source.limits import Limits
from loan_etl_tui.source.skip import Match, SkipRules, fold
from loan_etl_tui.source.width import find_width

BEFORE_HEADER = "before_header"


@dataclass(frozen=True, slots=True)
class Head:
    """Everything before the data.

    Attributes:
        columns: header cells as spelled, or "1" to "n".
        header_line: 1-based physical line of the header, None without one.
        stop: where the data starts.
        lines: physical lines before the data.
        blank: lines with nothing but white space before the header.
        skipped: other lines before the header.
    """

    columns: tuple[str, ...]
    header_line: int | None
    stop: int
    lines: int
    blank: int = 0
    skipped: tuple[SkippedLine, ...] = ()

    @property
    def layout(self) -> Layout:
        """The columns, with those that stand there more than once."""
        times = Counter(fold(name) for name in self.columns)
        doubled = [name for name in self.columns if fold(name) and times[fold(name)] > 1]
        return Layout(self.columns, self.header_line, tuple(dict.fromkeys(doubled)))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Preamble:
    """Lines seen above the header, and where the last of them ends."""

    stop: int
    seen: int = 0
    blank: int = 0
    skipped: list[SkippedLine] = field(default_factory=list)


class HeadFinder:
    """Looks for the header in the first lines of one table."""

    def __init__(
        self, spec: SourceSpec, frame: Frame, limits: Limits, name: str, file: int
    ) -> None:
        self._spec = spec
        self._frame = replace(frame, width=0)
        self._limits = limits
        self._name = name
        self._file = file
        self._skips = SkipRules(spec.skip_rows)
        self._most_lines = max(limits.head_lines, spec.header_row or 0)

    def find(self, view: View) -> Head | None:
        """Find where the data starts.

        Args:
            view: the table from its first byte.

        Returns:
            What stands before the data, or None where it takes more bytes to tell.

        Raises:
            SourceMissing: there is nothing in the file, or nothing where the header should be.
            SourceUnreadable: the header cannot be read.
            LayoutChanged: no line has the expected cells, or the field count is not accepted.
        """
        start = len(BOM) if view.data.startswith(BOM) else 0
        if self._spec.header == "none":
            width = find_width(view, start, self._frame, self._spec, self._limits, self._name)
            if width is None:
                return None
            return Head(tuple(str(i + 1) for i in range(width)), None, start, 0)
        above = _Preamble(start)
        for line in self._lines(view, start):
            if self._may_be_header(line):
                reading = read_record(view, line.start, self._frame)
                if reading is None:
                    return None
                if self._is_header(line, reading):
                    return self._head(view, line, reading, above)
            self._pass_over(line, above)
        self._explain(view, above)
        return None

    def _lines(self, view: View, start: int) -> Iterator[_Line]:
        for number, (begin, end) in enumerate(islice(view.lines(start), self._most_lines), 1):
            if end - begin > self._frame.record_bytes:
                raise self._endless(number)
            yield _Line(number, begin, end, view.data[begin:end].decode())

    def _may_be_header(self, line: _Line) -> bool:
        if self._spec.header_row is not None:
            return line.number == self._spec.header_row
        if not line.text.strip():
            return False
        return bool(self._spec.header_contains) or self._matching(line) is None

    def _matching(self, line: _Line) -> Match | None:
        return self._skips.match_first(self._frame.dialect.first_field(line.text))

    def _is_header(self, line: _Line, reading: Reading) -> bool:
        if self._spec.header_contains:
            cells = {fold(cell) for cell in reading.fields}
            return cells.issuperset(fold(cell) for cell in self._spec.header_contains)
        if reading.fault is not None:
            raise self._unreadable(line.number, str(reading.observed))
        return True

    def _head(self, view: View, line: _Line, reading: Reading, above: _Preamble) -> Head:
        inside = takewhile(lambda span: span[0] < reading.end, view.lines(line.start))
        lines = line.number - 1 + sum(1 for _ in inside)
        columns = self._columns(line, reading)
        return Head(columns, line.number, reading.end, lines, above.blank, tuple(above.skipped))

    def _columns(self, line: _Line, reading: Reading) -> tuple[str, ...]:
        if not line.text.strip():
            raise LayoutChanged(
                f"{self._name}: line {line.number}, the header line, is blank.",
                "correct source.header_row, or say source.header_contains.",
            )
        if len(reading.fields) > self._limits.columns:
            most = self._limits.columns
            raise self._unreadable(line.number, f"{len(reading.fields):,} cells, limit {most:,}")
        if any("\0" in cell for cell in reading.fields):
            raise self._unreadable(line.number, "NUL characters, as where utf-16 is read as utf-8")
        return reading.fields

    def _pass_over(self, line: _Line, above: _Preamble) -> None:
        above.seen, above.stop = line.number, line.end
        if not line.text.strip():
            above.blank += 1
            return
        match = self._matching(line) or Match(BEFORE_HEADER, ())
        text = shown(line.text.encode())
        above.skipped.append(SkippedLine(match.name, self._file, line.number, text, match.groups))

    def _explain(self, view: View, above: _Preamble) -> None:
        """Raise why there is no header, unless more bytes may still bring it."""
        if above.seen < self._most_lines and not view.at_end:
            if view.is_overlong(above.stop, self._frame.record_bytes):
                raise self._endless(above.seen + 1)
            return
        row = self._spec.header_row
        if row is not None or not above.skipped:
            what = "only blank lines" if row is None else f"no header line {row}: it ends before"
            raise SourceMissing(
                f"F-EMPTY: {self._name} has {what}.", "ask the sender for the whole file."
            )
        seen = above.skipped[0]
        first = self._frame.dialect.first_field(seen.text)
        raise LayoutChanged(
            f"{self._name}: no header in its first {above.seen} lines.",
            f"line {seen.line} starts with {first[:80]!r}; "
            "correct source.header_contains or source.delimiter.",
            self._spec.header_contains,
            (first[:80],),
        )

    def _endless(self, line: int) -> SourceUnreadable:
        return self._unreadable(line, f"no line end within {self._frame.record_bytes:,} bytes")

    def _unreadable(self, line: int, why: str) -> SourceUnreadable:
        return SourceUnreadable(
            f"{self._name}: the header cannot be read at line {line}: {why}.",
            "correct source.delimiter, source.quoting or source.encoding, or the file.",
        )
