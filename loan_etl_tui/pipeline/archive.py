"""Keeps the loaded tapes: `archive/<platform>/<sha256>-<name>`, compressed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import zstandard

from loan_etl_tui.model.errors import DiskError
from loan_etl_tui.source.base import Delivery

_COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".zip")


def archive_tape(delivery: Delivery, folder: Path, platform: str) -> Path:
    """Copy a delivery into the archive unless it is there already.

    A tape that is not compressed gets `.zst` at its end; the hash in the name is that of the
    delivery itself. The copy appears under its name only when it is whole.

    Raises:
        DiskError: the copy cannot be written (74).
    """
    name = f"{delivery.sha256}-{delivery.name}"
    squeeze = not delivery.name.lower().endswith(_COMPRESSED)
    kept = folder / platform / (name + (".zst" if squeeze else ""))
    if kept.exists():
        return kept
    part = kept.with_name(kept.name + ".part")
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with delivery.path.open("rb") as source, part.open("wb") as sink:
            if squeeze:
                zstandard.ZstdCompressor(level=3).copy_stream(source, sink)
            else:
                shutil.copyfileobj(source, sink, 1 << 20)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(kept)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise DiskError(
            f"{kept}: the tape cannot be archived ({problem.strerror}).",
            "free space, or set source.archive: none.",
        ) from None
    return kept
