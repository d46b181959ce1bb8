"""A delivery's fingerprint, and the watch that it stays the same file while it is read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from loan_etl_tui.model.errors import (
    DiskError,
    LoanEtlError,
    LoginRefused,
    SourceChanged,
    SourceMissing,
    SourceUnreadable,
)
from loan_etl_tui.source.base import Delivery
from loan_etl_tui.source.limits import MIB

READ_BYTES = MIB


def take_fingerprint(path: Path) -> Delivery:
    """Hash a file's bytes and note its identity on disk.

    Raises:
        SourceMissing: there is no such file.
        LoginRefused: it may not be read.
        SourceChanged: it changed while it was hashed.
    """
    path = path.absolute()
    with _opened(path) as file:
        before = os.fstat(file.fileno())
        digest = hashlib.sha256()
        with _disk(path):
            while block := file.read(READ_BYTES):
                digest.update(block)
        after = os.fstat(file.fileno())
        if _identity(before) != _identity(after):
            raise _changed(path, "while it was hashed")
        size, mtime, inode, device = _identity(after)
    return Delivery(path, path.name, size, digest.hexdigest(), mtime, inode, device)


class WatchedFile:
    """A delivery's bytes; what is read is hashed again and compared at the end."""

    def __init__(self, file: BinaryIO, delivery: Delivery) -> None:
        self._file = file
        self._delivery = delivery
        self._digest = hashlib.sha256()

    @property
    def name(self) -> str:
        """Path as messages show it."""
        return str(self._delivery.path)

    @property
    def size_bytes(self) -> int:
        """Size on disk when it was fingerprinted."""
        return self._delivery.size_bytes

    def read(self, size: int) -> bytes:
        """Read and hash the next bytes; b"" at the end."""
        with _disk(self._delivery.path):
            block = self._file.read(size)
        self._digest.update(block)
        return block

    @contextmanager
    def at_random(self) -> Iterator[BinaryIO]:
        """Lend the file to a reader that seeks; afterwards all of it is hashed from the start."""
        yield self._file
        self._file.seek(0)
        self._digest = hashlib.sha256()

    def compare(self) -> None:
        """Raise SourceChanged unless the file is still the one that was fingerprinted."""
        told = self._delivery
        fingerprint = (told.size_bytes, told.mtime_ns, told.inode, told.device)
        try:
            now = told.path.stat()
        except OSError:
            raise _changed(told.path, "it is gone") from None
        for state in (os.fstat(self._file.fileno()), now):
            if _identity(state) != fingerprint:
                raise _changed(told.path, "since it was fingerprinted")

    def verify(self) -> None:
        """Read what is left and raise SourceChanged unless size, time, place and hash agree."""
        while self.read(READ_BYTES):
            pass
        self.compare()
        if self._digest.hexdigest() != self._delivery.sha256:
            raise _changed(self._delivery.path, "its bytes are others than those fingerprinted")


@contextmanager
def watched(delivery: Delivery) -> Iterator[WatchedFile]:
    """Open a delivery and watch it.

    A complaint about a file that changed meanwhile becomes SourceChanged: it is the change that
    explains the rest, and the next try may well succeed.
    """
    with _opened(delivery.path) as file:
        watch = WatchedFile(file, delivery)
        watch.compare()
        try:
            yield watch
        except LoanEtlError:
            watch.compare()
            raise


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb", buffering=0)
    except FileNotFoundError:
        raise SourceMissing(f"{path} does not exist.", "put the tape there.") from None
    except PermissionError:
        raise LoginRefused(f"{path} may not be read.", "ask for read access.") from None
    except IsADirectoryError:
        raise SourceUnreadable(f"{path} is a folder.", "name one of its files.") from None
    except OSError as problem:
        raise DiskError(f"{path} cannot be opened: {problem.strerror}.") from problem
    with file:
        yield file


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise DiskError(f"{path} cannot be read: {problem.strerror}.") from problem


def _identity(state: os.stat_result) -> tuple[int, int, int, int]:
    return state.st_size, state.st_mtime_ns, state.st_ino, state.st_dev


def _changed(path: Path, when: str) -> SourceChanged:
    return SourceChanged(
        f"{path} changed {when}.", "it may still be on its way here; try again when it is whole."
    )
