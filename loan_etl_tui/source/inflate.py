"""Compressed streams unfolded piece by piece, counted against bombs."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

from loan_etl_tui.model.errors import SourceUnreadable
from loan_etl_tui.source.claims import BZIP2, GZIP, XZ, ZSTD
from loan_etl_tui.source.limits import KIB, MIB, Limits

IN_BYTES = 64 * KIB
OUT_BYTES = MIB

# A dictionary or window beyond this is asked for by bombs, not by tapes (xz -9 takes 65 MiB).
_MEMORY_BYTES = 256 * MIB
# A zstd block of 4 bytes can unfold to 128 KiB, and its reader has no limit of its own: feeding
# it this little at a time bounds what one call returns to 32 MiB.
_ZSTD_STEP = KIB


class Inflater(Protocol):
    """One compressed stream, fed piece by piece; `bz2` and `lzma` bring this form along."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without further input."""

    @property
    def unused_data(self) -> bytes:
        """What stands after the end of the stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Take in some bytes and give out at most about `max_length`."""


class _Gzip:
    """A gzip member behind the interface of `bz2` and `lzma`."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not self._waiting and not self.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._stream.decompress(self._waiting + data, max(max_length, 0))
        self._waiting = self._stream.unconsumed_tail
        return out


class _Zstd:
    """A zstd frame behind the interface of `bz2` and `lzma`."""

    def __init__(self) -> None:
        window = zstandard.ZstdDecompressor(max_window_size=_MEMORY_BYTES // 2)
        self._stream = window.decompressobj()
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def needs_input(self) -> bool:
        return not self._waiting and not self.eof

    @property
    def unused_data(self) -> bytes:
        return bytes(self._stream.unused_data) + self._waiting

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        left = memoryview(self._waiting + data)
        pieces: list[bytes] = []
        size = 0
        while left and not self.eof and (max_length < 0 or size < max_length):
            pieces.append(self._stream.decompress(left[:_ZSTD_STEP]))
            size += len(pieces[-1])
            left = left[_ZSTD_STEP:]
        self._waiting = bytes(left)
        return b"".join(pieces)


_FORMS: dict[str, Callable[[], Inflater]] = {
    GZIP: _Gzip,
    BZIP2: bz2.BZ2Decompressor,
    XZ: lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_BYTES),
    ZSTD: _Zstd,
}

# bz2 says OSError and EOFError for a stream it cannot read.
BROKEN = (zlib.error, lzma.LZMAError, zstandard.ZstdError, EOFError, OSError, ValueError)


class Meter:
    """Counts what a delivery unfolds to and stops a bomb."""

    def __init__(self, name: str, in_bytes: int, limits: Limits) -> None:
        self._name = name
        self._in_bytes = max(in_bytes, 1)
        self._limits = limits
        self.out_bytes = 0

    def count(self, size: int) -> None:
        """Add to the output.

        Raises:
            SourceUnreadable: the output passed the limit, or its ratio to the input did.
        """
        self.out_bytes += size
        limits = self._limits
        if self.out_bytes > limits.output_bytes:
            raise self._bomb(f"more than {limits.output_bytes:,} bytes")
        if self.out_bytes > max(limits.ratio_from_bytes, limits.ratio * self._in_bytes):
            raise self._bomb(f"more than {limits.ratio} times its size")

    def _bomb(self, how_much: str) -> SourceUnreadable:
        return SourceUnreadable(
            f"{self._name} unfolds to {how_much}: a decompression bomb is not read.",
            "if the tape is genuine, decompress it yourself.",
        )


def inflate(read: Callable[[int], bytes], form: str, name: str, meter: Meter) -> Iterator[bytes]:
    """Unfold a compressed file, one stream after another where several are joined.

    Args:
        read: gives the next bytes of the file, b"" at its end.
        form: gzip, bzip2, xz or zstd.
        name: the file as messages show it.
        meter: counts the output.

    Yields:
        Pieces of about a MiB at most (zstd: 32 MiB).

    Raises:
        SourceUnreadable: the stream is broken, ends early, or is a bomb.
    """
    data = read(IN_BYTES)
    while data:
        stream = _FORMS[form]()
        while not stream.eof:
            piece = _step(stream, data, form, name, meter)
            if piece:
                meter.count(len(piece))
                yield piece
            data = read(IN_BYTES) if stream.needs_input else b""
            if stream.needs_input and not data:
                raise _unreadable(form, name, meter, "the stream ends early")
        data = _next_stream(stream.unused_data, read)


def _step(stream: Inflater, data: bytes, form: str, name: str, meter: Meter) -> bytes:
    try:
        return stream.decompress(data, OUT_BYTES)
    except BROKEN as problem:
        raise _unreadable(form, name, meter, str(problem)) from problem


def _next_stream(unused: bytes, read: Callable[[int], bytes]) -> bytes:
    """Find the start of a joined stream; zeros between and after streams are padding."""
    data = unused.lstrip(b"\0")
    while not data:
        block = read(IN_BYTES)
        if not block:
            return b""
        data = block.lstrip(b"\0")
    return data


def _unreadable(form: str, name: str, meter: Meter, problem: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{name}: the {form} stream cannot be read beyond {meter.out_bytes:,} bytes: {problem}.",
        "the file is cut or damaged: fetch it again.",
    )
