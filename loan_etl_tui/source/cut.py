"""Where records end: whole columns of bytes at once where quotes stand as they should.

A line end (LF, CRLF, a lone CR) outside quotes ends a record. While every quote stands at the
edge of a field, "outside" means an even number of quotes before it, and numpy tells all record
ends of a chunk at once (`_by_parity`). A chunk with one quote elsewhere is taken line by line
(`_by_line`): a line that is sound by itself is a record, the others are read singly by `careful`.
Both give the same records; a property test holds them to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from loan_etl_tui.source.careful import Frame, Reading, read_record
from loan_etl_tui.source.feed import View

Places = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole records, one after another, at the start of a view.

    Attributes:
        starts: (n + 1,) where each record starts; the last entry is where the stretch ends.
        lines: (n,) physical lines before each record, counted from the start of the view.
        line_count: physical lines of the whole stretch.
        odd: records that were read singly, by their index.
        doubt_until: see `careful.Reading`.
    """

    starts: Places
    lines: Places
    line_count: int
    odd: Mapping[int, Reading] = field(default_factory=dict)
    doubt_until: int = 0

    @property
    def count(self) -> int:
        """Number of records."""
        return len(self.lines)

    @property
    def stop(self) -> int:
        """Where the stretch ends, exclusive."""
        return int(self.starts[-1])


def cut(view: View, frame: Frame, doubt_until: int = 0) -> Stretch:
    """Cut as many whole records as the view holds.

    A line longer than a record may be ends the stretch before it; `View.is_overlong` tells.

    Args:
        view: the bytes at hand; a record starts at the first of them.
        frame: delimiter, quotes, width and the longest record.
        doubt_until: see `careful.Reading`.

    Returns:
        The records; none where it takes more bytes to tell.
    """
    if not frame.dialect.is_ascii:
        return cut_singly(view, frame, doubt_until)
    window = np.frombuffer(view.data, np.uint8, view.stop)
    ends = _line_ends(view, window)
    quotes = np.flatnonzero(window == _QUOTE) if frame.dialect.quoting else np.empty(0, np.int64)
    found = _by_parity(window, ends, quotes, frame)
    if found is not None:
        return replace(found, doubt_until=doubt_until)
    return _by_line(view, window, ends, quotes, frame, doubt_until)


def cut_singly(view: View, frame: Frame, doubt_until: int = 0) -> Stretch:
    """Read every record of the view singly: slow, and right where the fast ways do not reach."""
    ends = np.array([end for _, end in view.lines()], np.int64)
    return _walk(view, ends, np.arange(len(ends)), frame, doubt_until)


def _line_ends(view: View, window: Bytes) -> Places:
    """Find the end (exclusive) of each physical line that is wholly here."""
    ends = np.flatnonzero(window == _LF)
    if view.data.find(b"\r", 0, len(window)) >= 0:
        returns = np.flatnonzero(window == _CR)
        following = window[np.minimum(returns + 1, len(window) - 1)]
        lone = returns[following != _LF]
        ends = np.sort(np.concatenate((ends, lone))) if len(lone) else ends
    ends += 1
    last = int(ends[-1]) if len(ends) else 0
    if view.at_end and last < len(window):
        ends = np.append(ends, len(window))
    return ends


def _by_parity(window: Bytes, ends: Places, quotes: Places, frame: Frame) -> Stretch | None:
    """Cut at the line ends outside quotes; None where a quote or a length is out of order."""
    last = np.arange(len(ends))
    if len(quotes):
        last = last[np.searchsorted(quotes, ends) % 2 == 0]
    if not len(last):
        return None
    starts = np.concatenate(([0], ends[last]))
    inside = quotes[: np.searchsorted(quotes, starts[-1])]
    if np.diff(starts).max() > frame.record_bytes or not _well_placed(window, inside, frame):
        return None
    lines = np.concatenate(([0], last[:-1] + 1))
    return Stretch(starts, lines, int(last[-1]) + 1)


def _well_placed(window: Bytes, quotes: Places, frame: Frame) -> bool:
    """Whether quotes that open and close by turns all stand at the edge of a field."""
    edge = _edges(frame)
    opening, closing = quotes[0::2], quotes[1::2]
    before = opening[1:] if len(opening) and opening[0] == 0 else opening
    after = closing[:-1] if len(closing) and closing[-1] == len(window) - 1 else closing
    return bool(edge[window[before - 1]].all() and edge[window[after + 1]].all())


def _edges(frame: Frame) -> npt.NDArray[np.bool_]:
    """Bytes that may stand beside a quote: delimiter, line end, or a quote that doubles it."""
    edge = np.zeros(256, np.bool_)
    edge[[_LF, _CR, _QUOTE, ord(frame.dialect.delimiter)]] = True
    return edge


def _by_line(
    view: View, window: Bytes, ends: Places, quotes: Places, frame: Frame, doubt_until: int
) -> Stretch:
    """Cut line by line; read singly what is not sound by itself."""
    begins = np.concatenate(([0], ends))
    suspect = np.diff(begins) > frame.record_bytes
    if len(quotes):
        suspect |= _unsound(window, ends, begins, quotes, frame)
    return _walk(view, ends, np.flatnonzero(suspect), frame, doubt_until)


def _unsound(
    window: Bytes, ends: Places, begins: Places, quotes: Places, frame: Frame
) -> npt.NDArray[np.bool_]:
    """Tell the lines whose quotes do not open and close at field edges within the line."""
    quotes = quotes[: np.searchsorted(quotes, begins[-1])]
    edge = _edges(frame)
    line = np.searchsorted(ends, quotes, side="right")
    first = np.searchsorted(quotes, begins)
    opens = (np.arange(len(quotes)) - first[line]) % 2 == 0
    at_start = opens & (quotes == 0)
    at_stop = ~opens & (quotes == len(window) - 1)
    beside = np.where(opens, quotes - 1, quotes + 1).clip(0, len(window) - 1)
    off_edge = ~(edge[window[beside]] | at_start | at_stop)
    unsound = np.diff(first) % 2 == 1
    unsound[line[off_edge]] = True
    return unsound


def _walk(view: View, ends: Places, suspects: Places, frame: Frame, doubt_until: int) -> Stretch:
    """Take sound lines as records and read the suspect ones singly, in order.

    Args:
        view: the bytes at hand.
        ends: end of each physical line.
        suspects: indexes of the lines that are not sound by themselves.
        frame: what records are held against.
        doubt_until: see `careful.Reading`.
    """
    begins = np.concatenate(([0], ends))
    begins_record = np.ones(len(ends), np.bool_)
    odd: dict[int, Reading] = {}  # by the line on which the record starts
    line = 0
    stop_line = len(ends)
    for suspect in suspects.tolist():
        if suspect < line:
            continue
        start = int(begins[suspect])
        overlong = int(ends[suspect]) - start > frame.record_bytes
        reading = None if overlong else read_record(view, start, frame, doubt_until)
        if reading is None:
            stop_line = suspect
            break
        doubt_until = max(doubt_until, reading.doubt_until)
        odd[suspect] = reading
        line = suspect + reading.lines
        begins_record[suspect + 1 : line] = False
    lines = np.flatnonzero(begins_record[:stop_line])
    starts = np.append(begins[lines], begins[stop_line])
    index = np.searchsorted(lines, list(odd)).tolist()
    readings = dict(zip(index, odd.values(), strict=True))
    return Stretch(starts, lines, stop_line, readings, doubt_until)
