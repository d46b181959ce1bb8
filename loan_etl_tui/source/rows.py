"""From cut and parsed records to a raw batch: what is blank, skipped, faulty, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loan_etl_tui.model.frames import raw_schema
from loan_etl_tui.source.base import RawBatch, SkippedLine
from loan_etl_tui.source.careful import TRUNC, Frame
from loan_etl_tui.source.cells import Cells
from loan_etl_tui.source.cut import Places, Stretch
from loan_etl_tui.source.decode import shown
from loan_etl_tui.source.skip import Match, SkipRules

RAGGED, ENCODING = "F-RAGGED", "F-ENCODING"

# First bytes of the white space characters of UTF-8.
_MAY_BE_BLANK = np.array([*range(0x09, 0x0E), *range(0x1C, 0x21), 0xC2, 0xE1, 0xE2, 0xE3])

Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch stands in its table.

    Attributes:
        file: index of the table inside the delivery.
        record: number of the first record of the stretch, counted from 1.
        line: its physical line, counted from 1.
        offset: its position in the decompressed file.
    """

    file: int
    record: int
    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of whole records with its cells.

    Attributes:
        data: UTF-8; the stretch starts at its first byte.
        stretch: where the records are.
        cells: what is in them.
        frame: what they are held against.
    """

    data: bytes
    stretch: Stretch
    cells: Cells
    frame: Frame

    def bytes_of(self, index: int) -> bytes:
        """The bytes of one record, line end included."""
        return self.data[self.stretch.starts[index] : self.stretch.starts[index + 1]]

    def text_of(self, index: int) -> str:
        """One record as text, line end included."""
        return self.bytes_of(index).decode()


def arrange(
    found: Found,
    skips: SkipRules,
    place: Place,
    raw_starts: Places,
    columns: Mapping[str, int],
) -> RawBatch:
    """Make the raw batch of a stretch.

    Args:
        found: records and cells.
        skips: patterns of lines that are no loans.
        place: where the stretch stands.
        raw_starts: (n + 1,) record starts as positions in the file, from the stretch's start.
        columns: names to deliver as `source.NAME`, with their index.
    """
    blank = _blank(found)
    skipped = _skipped(found, skips, blank)
    faults = _faults(found, blank)
    keep = ~blank
    keep[list(skipped)] = False
    kept = np.flatnonzero(keep)
    table = _table(found, faults, kept, place, raw_starts, columns)
    return RawBatch(table, int(blank.sum()), _skipped_lines(found, skipped, place))


def _table(
    found: Found,
    faults: Mapping[int, Fault],
    kept: Places,
    place: Place,
    raw_starts: Places,
    columns: Mapping[str, int],
) -> pa.Table:
    """Lay out the records that are kept as frames.RAW and their source columns."""
    stretch, seat = found.stretch, found.cells.seat.copy()
    seat[list(faults)] = -1
    text = _texts(found)
    arrays = [
        pa.array(np.full(len(kept), place.file, np.int32)),
        pa.array(place.record + np.arange(len(kept))),
        pa.array(place.line + stretch.lines[kept]),
        pa.array(place.offset + raw_starts[kept]),
        pa.array(np.diff(raw_starts)[kept]),
        text if len(kept) == stretch.count else text.take(kept),
        *_fault_columns(faults, kept),
        *_source_columns(found.cells, seat[kept], columns),
    ]
    return pa.table(arrays, schema=raw_schema(tuple(columns)))


def _skipped_lines(
    found: Found, skipped: Mapping[int, Match], place: Place
) -> tuple[SkippedLine, ...]:
    return tuple(
        SkippedLine(
            match.name,
            place.file,
            place.line + int(found.stretch.lines[index]),
            shown(found.bytes_of(index)),
            match.groups,
        )
        for index, match in sorted(skipped.items())
    )


def lone_fault(
    fault: Fault, text: str, length: int, place: Place, columns: Mapping[str, int]
) -> RawBatch:
    """Make the raw batch of one record that is too long to be held."""
    row = [place.file, place.record, place.line, place.offset, length, text, *fault]
    values = [[value] for value in (*row, *([None] * len(columns)))]
    return RawBatch(pa.table(values, schema=raw_schema(tuple(columns))), 0, ())


def _texts(found: Found) -> pa.LargeStringArray:
    """All records as they arrived, without a copy."""
    offsets = pa.py_buffer(np.ascontiguousarray(found.stretch.starts, np.int64))
    return pa.LargeStringArray.from_buffers(found.stretch.count, offsets, pa.py_buffer(found.data))


def _blank(found: Found) -> npt.NDArray[np.bool_]:
    """Tell the records with nothing but white space (a delimiter is something)."""
    firsts = np.frombuffer(found.data, np.uint8)[found.stretch.starts[:-1]]
    blank = (firsts == 0x0A) | (firsts == 0x0D)
    for index in np.flatnonzero(np.isin(firsts, _MAY_BE_BLANK) & ~blank):
        text = found.text_of(int(index))
        blank[index] = not text.strip() and found.frame.dialect.delimiter not in text
    return blank


def _skipped(found: Found, skips: SkipRules, blank: npt.NDArray[np.bool_]) -> dict[int, Match]:
    """Find the records that match a pattern, by index."""
    if not skips:
        return {}
    seat, width = found.cells.seat, found.cells.width
    row_of = np.flatnonzero(seat >= 0)
    row_of = row_of[np.argsort(seat[row_of])]
    matches = {
        int(row_of[row]): match
        for row, match in skips.match_rows(found.cells.table).items()
        if not blank[row_of[row]]
    }
    for index in np.flatnonzero((seat < 0) & (width != 0) & ~blank).tolist():
        match = _match_odd(found, skips, index)
        if match is not None:
            matches[index] = match
    return matches


def _match_odd(found: Found, skips: SkipRules, index: int) -> Match | None:
    """Try the patterns on a record that has not the header's field count, or none at all."""
    dialect, width = found.frame.dialect, found.frame.width
    odd = found.stretch.odd.get(index)
    if odd is None:
        return skips.match_fields(dialect.fields(found.text_of(index)), width)
    if odd.fault is None:
        return skips.match_fields(odd.fields, width)
    if odd.fault == TRUNC:
        return None
    first_line = found.bytes_of(index).splitlines()[0].decode()
    return skips.match_first(dialect.first_field(first_line))


def _faults(found: Found, blank: npt.NDArray[np.bool_]) -> dict[int, Fault]:
    """Find the records that cannot be read, with code and what was seen."""
    faults = {
        index: (reading.fault, str(reading.observed))
        for index, reading in found.stretch.odd.items()
        if reading.fault is not None
    }
    for index in _with_nul(found):
        faults.setdefault(index, (ENCODING, "a NUL character"))
    width = found.cells.width
    for index in np.flatnonzero((width != found.frame.width) & (width >= 0) & ~blank).tolist():
        faults.setdefault(index, _ragged(found, index))
    return faults


def _with_nul(found: Found) -> Iterator[int]:
    if found.data.find(b"\0", 0, found.stretch.stop) < 0:
        return
    window = np.frombuffer(found.data, np.uint8, found.stretch.stop)
    inside = np.searchsorted(found.stretch.starts, np.flatnonzero(window == 0), side="right") - 1
    yield from np.unique(inside).tolist()


def _ragged(found: Found, index: int) -> Fault:
    seen, expected = int(found.cells.width[index]), found.frame.width
    ended = found.bytes_of(index).endswith((b"\n", b"\r"))
    if seen < expected and not ended:
        return TRUNC, f"the file ends after {seen} of {expected} fields"
    return RAGGED, f"{seen} {'field' if seen == 1 else 'fields'}, {expected} expected"


def _fault_columns(faults: Mapping[int, Fault], kept: Places) -> tuple[pa.Array, pa.Array]:
    codes = np.full(len(kept), None, object)
    observed = np.full(len(kept), None, object)
    seats = np.searchsorted(kept, list(faults)) if faults else ()
    for seat, (index, fault) in zip(seats, faults.items(), strict=True):
        if seat < len(kept) and kept[seat] == index:
            codes[seat], observed[seat] = fault
    return pa.array(codes, pa.string()), pa.array(observed, pa.string())


def _source_columns(
    cells: Cells, seat: Places, columns: Mapping[str, int]
) -> list[pa.ChunkedArray]:
    """Bring the cells into record order; null where a record has none.

    Args:
        cells: the rows of full width.
        seat: (k,) row of each record that is kept, -1 for a faulty one.
        columns: names and their index.
    """
    table = cells.table.select([str(index) for index in columns.values()])
    in_order = len(seat) == table.num_rows and bool((seat == np.arange(len(seat))).all())
    if not in_order:
        table = table.take(pa.array(seat, mask=seat < 0))
    return list(table.columns)
