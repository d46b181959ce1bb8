"""A delivery opened: plain or compressed, one table or several, always as blocks of bytes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain

from loan_etl_tui.model.errors import SourceMissing
from loan_etl_tui.source.archive import read_archive
from loan_etl_tui.source.claims import HEAD_BYTES, ZIP, compressed_form, refuse_false_claims
from loan_etl_tui.source.files import READ_BYTES, WatchedFile
from loan_etl_tui.source.inflate import Meter, inflate
from loan_etl_tui.source.limits import Limits


@dataclass(frozen=True, slots=True)
class Member:
    """One table of a delivery: the file itself, or one file of an archive.

    Attributes:
        index: 0-based place inside the delivery; `file` of its raw rows.
        name: file, or archive and member, as messages show it.
        blocks: its decompressed bytes, to be used up before the next member is asked for.
    """

    index: int
    name: str
    blocks: Iterator[bytes]


def open_members(file: WatchedFile, limits: Limits) -> Generator[Member]:
    """Open the tables of a delivery one after another.

    The compressed form is told by the first bytes, never by the name.

    Raises:
        SourceMissing: the file, or a member, is empty, or an archive holds no table.
        SourceUnreadable: it is no tape, is broken, or unfolds beyond the limits.
    """
    index = -1
    for index, (name, blocks) in enumerate(_tables(file, limits)):
        yield Member(index, name, _checked(name, blocks))
    if index < 0:
        raise SourceMissing(f"F-EMPTY: {file.name} holds no file.", "ask for the whole archive.")


def _tables(file: WatchedFile, limits: Limits) -> Iterator[tuple[str, Iterator[bytes]]]:
    head = file.read(HEAD_BYTES)
    form = compressed_form(head)
    meter = Meter(file.name, file.size_bytes, limits)
    if form == ZIP:
        with file.at_random() as raw:
            yield from read_archive(raw, file.name, meter, limits)
    elif form is not None:
        rest = _Rewound(head, file)
        yield file.name, inflate(rest.read, form, file.name, meter)
    else:
        yield file.name, chain((head,), _blocks(file))


class _Rewound:
    """A file whose first bytes were looked at and are given again."""

    def __init__(self, head: bytes, file: WatchedFile) -> None:
        self._head = head
        self._file = file

    def read(self, size: int) -> bytes:
        head, self._head = self._head, b""
        return head or self._file.read(size)


def _blocks(file: WatchedFile) -> Iterator[bytes]:
    while block := file.read(READ_BYTES):
        yield block


def _checked(name: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass a table's bytes on after a look at the first of them."""
    head = b""
    for block in blocks:
        head += block
        if len(head) >= HEAD_BYTES:
            break
    if not head:
        raise SourceMissing(f"F-EMPTY: {name} is empty.", "ask the sender for the whole file.")
    refuse_false_claims(name, head[:HEAD_BYTES])
    yield head
    yield from blocks
