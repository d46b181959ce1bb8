"""One table from its first byte to its last: head, stretches of records, raw batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.model.errors import LawBroken, LayoutChanged
from loan_etl_tui.model.frames import raw_schema
from loan_etl_tui.source.base import RawBatch
from loan_etl_tui.source.careful import CELL, Frame
from loan_etl_tui.source.cells import Cells, read_cells
from loan_etl_tui.source.cut import Stretch, cut, cut_singly
from loan_etl_tui.source.decode import find_encoding, raw_size, raw_starts, shown, to_utf8
from loan_etl_tui.source.dialect import Dialect
from loan_etl_tui.source.feed import Feed, View
from loan_etl_tui.source.header import Head, HeadFinder
from loan_etl_tui.source.limits import SHOWN_BYTES, Limits
from loan_etl_tui.source.open import Member
from loan_etl_tui.source.rows import Found, Place, arrange, lone_fault
from loan_etl_tui.source.skip import SkipRules, fold

# Records of a wide tape are long and its cells many: half the block keeps memory the same.
_WIDE_COLUMNS = 64


class Tape:
    """A delimited table, read once from start to end."""

    def __init__(self, member: Member, spec: SourceSpec, limits: Limits, block_bytes: int) -> None:
        self._spec = spec
        self._name = member.name
        self._encoding = find_encoding(spec.encoding)
        self._feed = Feed(to_utf8(member.blocks, self._encoding, member.name), block_bytes)
        self._frame = Frame(Dialect.of(spec), 0, limits.record_bytes)
        self._finder = HeadFinder(spec, self._frame, limits, member.name, member.index)
        self._place = Place(member.index, record=1, line=1, offset=0)
        self._doubt_until = 0

    def read_head(self) -> Head:
        """Find header and columns; nothing is used up.

        Raises:
            SourceMissing, SourceUnreadable, LayoutChanged: see `HeadFinder.find`.
        """
        self._feed.grow()
        while (head := self._finder.find(self._feed.view)) is None:
            self._feed.grow()
        return head

    def batches(self, columns: tuple[str, ...]) -> Iterator[RawBatch]:
        """Read all records.

        Args:
            columns: header spellings to deliver.

        Raises:
            LayoutChanged: a column is not in this table's header.
            SourceUnreadable: a byte cannot be decoded.
        """
        head = self.read_head()
        places = self._find_columns(columns, head)
        skips = SkipRules(self._spec.skip_rows, head.columns)
        picks = tuple(sorted({*places.values(), *skips.columns})) or (0,)
        self._frame = replace(self._frame, width=len(head.columns))
        if len(head.columns) > _WIDE_COLUMNS:
            self._feed.block_bytes = max(self._feed.block_bytes // 2, 1)
        if head.blank or head.skipped:
            yield RawBatch(raw_schema(tuple(places)).empty_table(), head.blank, head.skipped)
        self._move(self._feed.data[: head.stop], records=0, lines=head.lines)
        while self._more():
            if self._feed.view.is_overlong(0, self._frame.record_bytes):
                yield self._overlong(places)
                continue
            batch = self._stretch(skips, picks, places)
            if batch is None:
                self._feed.grow()
            else:
                yield batch

    def _stretch(
        self, skips: SkipRules, picks: tuple[int, ...], places: Mapping[str, int]
    ) -> RawBatch | None:
        """Read the whole records at hand; None where there is none yet."""
        view = self._feed.view
        stretch, cells = self._read(view, picks)
        if not stretch.count:
            return None
        found = Found(view.data, stretch, cells, self._frame)
        starts = raw_starts(view.data, stretch.starts, self._encoding.width)
        batch = arrange(found, skips, self._place, starts, places)
        self._doubt_until = stretch.doubt_until
        self._move(view.data[: stretch.stop], batch.table.num_rows, stretch.line_count)
        return batch

    def _find_columns(self, columns: tuple[str, ...], head: Head) -> dict[str, int]:
        """Look up columns in this table's header: as spelled, else with case and blanks folded."""
        numbered = list(enumerate(head.columns))[::-1]
        exact = {name: index for index, name in numbered}
        folded = {fold(name): index for index, name in numbered}
        places = {name: exact.get(name, folded.get(fold(name), -1)) for name in columns}
        missing = tuple(name for name, index in places.items() if index < 0)
        if missing:
            shown_names = ", ".join(repr(name[:80]) for name in missing[:8])
            raise LayoutChanged(
                f"F-HEADER: {self._name} lacks {shown_names}",
                "all tables of an archive need the mapped columns.",
                missing,
                head.columns,
            )
        return places

    def _more(self) -> bool:
        """Keep about a block at hand; whether anything is left."""
        feed = self._feed
        if not feed.at_end and len(feed.data) < feed.block_bytes:
            feed.grow()
        return bool(feed.data) or not feed.at_end

    def _read(self, view: View, picks: tuple[int, ...]) -> tuple[Stretch, Cells]:
        """Cut and parse; where pyarrow counts other rows than the index, read each one singly."""
        stretch = cut(view, self._frame, self._doubt_until)
        cells = read_cells(view.data, stretch, self._frame, picks)
        if cells is None:
            stretch = cut_singly(view, self._frame, self._doubt_until)
            cells = read_cells(view.data, stretch, self._frame, picks)
        if cells is None:
            raise LawBroken(f"{self._name}: rows were found among no records.")
        return stretch, cells

    def _overlong(self, places: Mapping[str, int]) -> RawBatch:
        """Pass over a line that is too long for a record; only its beginning is kept."""
        feed, place = self._feed, self._place
        head = b""
        end: int | None = None
        while end is None and (feed.data or not feed.at_end):
            view = feed.view
            end = view.line_end(0)
            piece = view.data[: view.stop if end is None else end]
            head += piece[: SHOWN_BYTES - len(head)]
            self._move(piece, records=0, lines=0)
            if end is None:
                feed.grow()
        self._move(b"", records=1, lines=1)
        length = self._place.offset - place.offset
        most = self._frame.record_bytes
        observed = f"a line of {length:,} bytes; a record may have {most:,}"
        return lone_fault((CELL, observed), shown(head), length, place, places)

    def _move(self, passed: bytes, records: int, lines: int) -> None:
        """Step over bytes that are dealt with."""
        place, size = self._place, len(passed)
        offset = place.offset + raw_size(passed, self._encoding.width)
        self._place = Place(place.file, place.record + records, place.line + lines, offset)
        self._doubt_until = max(self._doubt_until - size, 0)
        self._feed.drop(size)
