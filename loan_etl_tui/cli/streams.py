"""stdout carries the answer, stderr the talk: what happens when one of them does not work.

A reader that went away (`loan-etl list | head -1`) is no error. A full disk under stdout is one.
Talk that cannot be delivered never changes a verdict.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Answer(io.FileIO):
    """Standard output that goes on quietly once nobody reads it any more."""

    def write(self, chunk: ReadableBuffer, /) -> int:
        try:
            return super().write(chunk)
        except BrokenPipeError:
            silence(self.fileno())
            return memoryview(chunk).nbytes


class _Talk(io.FileIO):
    """Standard error that never fails."""

    def write(self, chunk: ReadableBuffer, /) -> int:
        try:
            return super().write(chunk)
        except OSError:
            silence(self.fileno())
            return memoryview(chunk).nbytes


def guard() -> None:
    """Put streams with these manners in the place of `sys.stdout` and `sys.stderr`."""
    _occupy_closed()
    sys.stdout = _text(_Answer(1, "w", closefd=False))
    sys.stderr = _text(_Talk(2, "w", closefd=False))


def silence(descriptor: int) -> None:
    """Send everything that is still written to this descriptor nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _occupy_closed() -> None:
    # A closed descriptor 0, 1 or 2 would be given to the next file that is opened, which could be
    # the database; a stray message would then be written into it.
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError as problem:
            if problem.errno != errno.EBADF:
                raise
            os.open(os.devnull, os.O_RDWR)


def _text(raw: io.FileIO) -> TextIO:
    interactive = raw.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding="utf-8" if sys.flags.utf8_mode else None,
        errors="backslashreplace",
        line_buffering=interactive or raw.fileno() == 2,
    )
