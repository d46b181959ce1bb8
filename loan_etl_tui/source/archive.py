"""Tables inside a zip archive: streamed one by one, never extracted to a path."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from loan_etl_tui.model.errors import SourceUnreadable
from loan_etl_tui.source.inflate import OUT_BYTES, Meter
from loan_etl_tui.source.limits import Limits

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_ENCRYPTED = 0x1

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    OverflowError,
)


def read_archive(
    file: BinaryIO, name: str, meter: Meter, limits: Limits
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Walk through the tables of a zip archive, sorted by name.

    Folders, hidden files and macOS resource forks are passed over.

    Args:
        file: the archive.
        name: the archive as messages show it.
        meter: counts what all members together unfold to.
        limits: how many members there may be.

    Yields:
        Name as messages show it, and the member's bytes; to be used up before the next one.

    Raises:
        SourceUnreadable: the archive is broken, encrypted, a workbook, holds two members of one
            name or too many of them.
    """
    with _readable(name), zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        _refuse_workbooks(name, infos)
        tables = [info for info in infos if _is_table(info)]
        _refuse_oddities(name, tables, limits)
        for info in sorted(tables, key=lambda info: info.filename):
            shown = f"{name} ({info.filename[:80]!r})"
            yield shown, _unfold(archive, info, shown, meter)


def _unfold(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, meter: Meter
) -> Iterator[bytes]:
    with _readable(name), archive.open(info) as member:
        while piece := member.read(OUT_BYTES):
            meter.count(len(piece))
            yield piece


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as problem:
        raise SourceUnreadable(
            f"{name}: the zip archive cannot be read: {str(problem)[:120]}.",
            "the file is cut or damaged: fetch it again.",
        ) from problem


def _is_table(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not info.is_dir() and not hidden and parts[0] != "__MACOSX"


def _refuse_workbooks(name: str, infos: list[zipfile.ZipInfo]) -> None:
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise SourceUnreadable(
            f"{name} is an Excel workbook or another office document, not a delimited text.",
            "export the table as CSV.",
        )


def _refuse_oddities(name: str, tables: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(tables) > limits.members:
        raise SourceUnreadable(
            f"{name} holds {len(tables):,} files; at most {limits.members:,} are read.",
            "deliver the tapes in smaller archives.",
        )
    seen: set[str] = set()
    for info in tables:
        shown = repr(info.filename[:80])
        if info.filename in seen:
            raise SourceUnreadable(
                f"{name} holds {shown} twice; which one counts cannot be known.",
                "ask the sender for an archive with one of them.",
            )
        if info.flag_bits & _ENCRYPTED:
            raise SourceUnreadable(f"{name}: {shown} is encrypted.", "decrypt it first.")
        if info.compress_type not in _METHODS:
            raise SourceUnreadable(
                f"{name}: {shown} is packed by method {info.compress_type}; "
                "stored, deflated and bzip2 are read.",
                "pack it again with an ordinary zip.",
            )
        seen.add(info.filename)
