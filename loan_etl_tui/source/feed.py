"""A window that moves over a table's bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)")
_CR = b"\r"


@dataclass(frozen=True, slots=True)
class View:
    """The bytes at hand: a record starts at the first of them.

    Attributes:
        data: UTF-8.
        at_end: whether the table ends with them.
        stop: where reading must stop for now: a CR at the edge may be half of a CRLF.
    """

    data: bytes
    at_end: bool
    stop: int = field(init=False)

    def __post_init__(self) -> None:
        held_back = not self.at_end and self.data.endswith(_CR)
        object.__setattr__(self, "stop", len(self.data) - held_back)

    def line_end(self, start: int) -> int | None:
        """Find the end (exclusive) of the physical line at `start`; None where it is not here yet.

        The last line of a table needs no line end of its own.
        """
        found = _LINE.match(self.data, start, self.stop)
        if found is not None:
            return found.end()
        return len(self.data) if self.at_end and start < len(self.data) else None

    def is_overlong(self, start: int, most_bytes: int) -> bool:
        """Whether the physical line at `start` is longer than that, as far as it is here."""
        end = self.line_end(start)
        return (len(self.data) if end is None else end) - start > most_bytes

    def lines(self, start: int = 0) -> Iterator[tuple[int, int]]:
        """Walk over the physical lines that are wholly here."""
        end = self.line_end(start)
        while end is not None:
            yield start, end
            start, end = end, self.line_end(end)


class Feed:
    """Takes blocks in at one end and gives records away at the other.

    Attributes:
        data: the bytes at hand.
        at_end: whether there is nothing more to take in.
        offset: bytes given away so far.
    """

    def __init__(self, blocks: Iterator[bytes], block_bytes: int) -> None:
        self._blocks = blocks
        self.block_bytes = block_bytes
        self.data = b""
        self.at_end = False
        self.offset = 0

    @property
    def view(self) -> View:
        """The bytes at hand."""
        return View(self.data, self.at_end)

    def grow(self) -> None:
        """Take in about one block more."""
        pieces = [self.data]
        wanted = self.block_bytes
        while wanted > 0:
            piece = next(self._blocks, None)
            if piece is None:
                self.at_end = True
                break
            pieces.append(piece)
            wanted -= len(piece)
        self.data = b"".join(pieces)

    def drop(self, size: int) -> None:
        """Give away the first bytes."""
        self.offset += size
        self.data = self.data[size:]
