"""The file of an embedded database: where it is, who may read it, how it is opened."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from loan_etl_tui.load.sqlite_rows import merged_json
from loan_etl_tui.model.errors import CannotCreate, ConfigError

BUSY_TIMEOUT_MS = 5_000
_CACHE_KIB = 65_536

# File systems on which processes of two machines can meet: WAL needs shared memory.
_NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs"}
    | {"nfs", "nfs4", "ocfs2", "pvfs2", "smb3", "smbfs", "gfs2"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
)
_MOUNTS = Path("/proc/self/mounts")


def file_of(url: str) -> Path:
    """Find the file a URL or bare path names.

    Raises:
        ConfigError: it names no file, or carries parameters.
    """
    if "://" not in url:
        return Path(url)
    parsed = make_url(url)
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigError(f"{url[:80]!r} names no file.", "write sqlite:///loans.db, or a path.")
    if parsed.query:
        raise ConfigError(
            f"{url[:80]!r} carries parameters; a SQLite database takes none.",
            "write sqlite:///loans.db, or a path.",
        )
    return Path(parsed.database)


def create_private(path: Path) -> None:
    """Create an empty file that only its owner can read; an existing one stays as it is.

    Raises:
        CannotCreate: its folder is missing or may not be written.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as problem:
        raise CannotCreate(
            f"{path}: the database cannot be created ({problem.strerror}).",
            "does its folder exist, and may this account write there?",
        ) from None


def suits_wal(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether a write-ahead log is safe where the file lies: not on a network file system.

    Args:
        path: the database file.
        mounts: the kernel's list of mounts; where there is none the disk is taken as local.
    """
    if not mounts.exists():
        return True
    folder = path.resolve().parent
    best, kind = Path("/"), ""
    for line in mounts.read_text(errors="replace").splitlines():
        _, point, found, *_ = line.split(" ")
        place = Path(point.encode().decode("unicode_escape"))
        if folder.is_relative_to(place) and len(place.parts) >= len(best.parts):
            best, kind = place, found
    return kind not in _NETWORK


def open_file(path: Path) -> sqlite3.Connection:
    """Open an existing database file; transactions are ours to begin.

    The driver would begin them by itself, and leave DDL outside.
    """
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.create_function("loan_etl_merged_json", 3, merged_json, deterministic=True)
    return connection
