"""From the declared encoding to UTF-8: strict, with the place of the first wrong byte.

An encoding that writes ASCII as ASCII, one byte a character or UTF-8, keeps its byte positions:
`offset` and `length` of a raw row are those of the (decompressed) file. Any other one, such as
utf-16, is transcoded first, and positions are those of the UTF-8 text that comes out.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain

import numpy as np
import numpy.typing as npt

from loan_etl_tui.model.errors import ConfigError, SourceUnreadable
from loan_etl_tui.source.limits import SHOWN_BYTES

BOM = b"\xef\xbb\xbf"
_BOM_16 = (b"\xff\xfe", b"\xfe\xff")
# Codecs of Python that are no text encodings of files, or do not give clean text.
_REFUSED = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7"}


class Width(Enum):
    """How positions in the UTF-8 text relate to positions in the file."""

    SAME = "the text is the file's own bytes"
    SINGLE = "every character is one byte of the file"
    TRANSCODED = "positions are those of the text"


@dataclass(frozen=True, slots=True)
class Encoding:
    """A declared encoding.

    Attributes:
        name: as the config spells it.
        codec: Python's name for it.
        width: how positions relate.
    """

    name: str
    codec: str
    width: Width


def find_encoding(name: str) -> Encoding:
    """Look up an encoding by the name a config gives it.

    Raises:
        ConfigError: there is no such text encoding.
    """
    try:
        found = codecs.lookup(name)
        "a".encode(name)
    except (LookupError, UnicodeError, ValueError):
        found = None
    if found is None or found.name in _REFUSED:
        raise ConfigError(
            f"source.encoding is {name[:80]!r}; there is no such text encoding.",
            "common ones are utf-8, cp1252, latin-1 and utf-16.",
        )
    codec = "utf-8" if found.name == "utf-8-sig" else found.name
    if codec == "utf-8":
        return Encoding(name, codec, Width.SAME)
    return Encoding(name, codec, Width.SINGLE if _is_single_byte(codec) else Width.TRANSCODED)


def _is_single_byte(codec: str) -> bool:
    """Whether every byte is one character (or an error) and ASCII stands for itself."""
    for number in range(256):
        decoder = codecs.getincrementaldecoder(codec)("strict")
        try:
            text = decoder.decode(bytes([number]))
        except UnicodeDecodeError:
            text = "?" if number > 127 else ""
        if len(text) != 1 or (number < 128 and ord(text) != number):
            return False
    return True


def raw_starts(chunk: bytes, starts: npt.NDArray[np.int64], width: Width) -> npt.NDArray[np.int64]:
    """Turn positions in a UTF-8 chunk into positions in the file, both from the chunk's start."""
    if width is not Width.SINGLE or chunk.isascii():
        return starts
    # Continuation bytes are 10xxxxxx; each other byte begins a character, so a byte of the file.
    begins = (np.frombuffer(chunk, np.uint8) & 0xC0) != 0x80
    counted = np.concatenate(([0], np.cumsum(begins, dtype=np.int64)))
    return np.asarray(counted[starts], dtype=np.int64)


def raw_size(piece: bytes, width: Width) -> int:
    """Count the bytes of the file that a piece of UTF-8 stands for."""
    if width is not Width.SINGLE or piece.isascii():
        return len(piece)
    return int(np.count_nonzero((np.frombuffer(piece, np.uint8) & 0xC0) != 0x80))


def to_utf8(blocks: Iterator[bytes], encoding: Encoding, name: str) -> Iterator[bytes]:
    """Decode a table strictly and pass it on as UTF-8.

    Args:
        blocks: the decompressed bytes.
        encoding: the declared one.
        name: the table as messages show it.

    Raises:
        SourceUnreadable: a byte does not fit the encoding; names its offset and line.
    """
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    plain = encoding.width is not Width.TRANSCODED
    lines = _LineCounter()
    taken = 0
    for block in chain(blocks, (b"",)):
        if not taken:
            _refuse_wrong_mark(block, encoding, name)
        state = decoder.getstate()
        if plain and block and not state[0] and block.isascii():
            lines.count(block)
            taken += len(block)
            yield block
            continue
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as problem:
            good = bytes(problem.object[: problem.start])
            decoder.setstate((b"", state[1]))
            lines.count(decoder.decode(good).encode())
            offset = taken - len(state[0]) + problem.start
            raise _undecodable(problem, encoding, name, offset, lines.line) from None
        taken += len(block)
        out = block if encoding.width is Width.SAME else text.encode()
        lines.count(out)
        yield out


def _undecodable(
    problem: UnicodeDecodeError, encoding: Encoding, name: str, offset: int, line: int
) -> SourceUnreadable:
    wrong = problem.object[problem.start : problem.start + 1].hex()
    other = "utf-8" if encoding.width is Width.SINGLE else "cp1252"
    return SourceUnreadable(
        f"F-ENCODING: {name}: byte 0x{wrong} at offset {offset:,}, line {line:,}, "
        f"is not {encoding.name}: {problem.reason}.",
        f"set source.encoding to what the platform writes, perhaps {other}.",
    )


def _refuse_wrong_mark(head: bytes, encoding: Encoding, name: str) -> None:
    """Believe a byte order mark more than a config that says otherwise."""
    told = None
    if head.startswith(BOM) and encoding.width is not Width.SAME:
        told = "utf-8"
    elif head.startswith(_BOM_16) and not encoding.codec.startswith(("utf-16", "utf-32")):
        told = "utf-16"
    if told is not None:
        raise SourceUnreadable(
            f"F-ENCODING: {name}: byte 0x{head[:1].hex()} at offset 0, line 1, begins a {told} "
            f"byte order mark, but source.encoding is {encoding.name}.",
            f"set source.encoding to {told}.",
        )


class _LineCounter:
    """Counts physical lines: LF, CRLF and a lone CR end one."""

    def __init__(self) -> None:
        self.line = 1
        self._after_cr = False

    def count(self, block: bytes) -> None:
        if not block:
            return
        ends = block.count(b"\n")
        if b"\r" in block:
            ends += block.count(b"\r") - block.count(b"\r\n")
        if self._after_cr and block[0] == 0x0A:
            ends -= 1
        self._after_cr = block[-1] == 0x0D
        self.line += ends


def shown(data: bytes) -> str:
    """Decode UTF-8 text for showing, cut at 64 KiB."""
    return data[:SHOWN_BYTES].decode("utf-8", "ignore")
