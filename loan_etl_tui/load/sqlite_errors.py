"""What SQLite complains of, in our words: its error code decides, never its text."""

from __future__ import annotations

import sqlite3

from loan_etl_tui.model.errors import (
    CannotCreate,
    ConfigError,
    DatabaseBusy,
    DiskError,
    Interrupted,
    LawBroken,
    LoanEtlError,
    LoginRefused,
)

_DEFECT = "this is a defect of the program: please report it."
_PRIMARY = 0xFF  # an extended code holds the primary one in its lowest byte

_SAID: dict[int, tuple[type[LoanEtlError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        DatabaseBusy,
        "another process is writing to the database",
        "try again when it is done.",
    ),
    sqlite3.SQLITE_LOCKED: (
        DatabaseBusy,
        "another connection holds the table",
        "try again when it is done.",
    ),
    sqlite3.SQLITE_FULL: (DiskError, "the disk is full", "free space and run again."),
    sqlite3.SQLITE_IOERR: (DiskError, "the disk failed or is full", "look at the disk."),
    sqlite3.SQLITE_CORRUPT: (DiskError, "the file is damaged", "restore it from a backup."),
    sqlite3.SQLITE_NOTADB: (
        ConfigError,
        "the file is not a SQLite database, or is encrypted",
        "name another file.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        CannotCreate,
        "the file cannot be opened or created",
        "does its folder exist, and may this account write there?",
    ),
    sqlite3.SQLITE_READONLY: (
        LoginRefused,
        "the file may not be written",
        "look at the permissions of the file and its folder.",
    ),
    sqlite3.SQLITE_PERM: (LoginRefused, "access is refused", "look at the file's permissions."),
    sqlite3.SQLITE_AUTH: (LoginRefused, "access is refused", "look at the file's permissions."),
    sqlite3.SQLITE_INTERRUPT: (Interrupted, "stopped", ""),
    sqlite3.SQLITE_CONSTRAINT: (
        LawBroken,
        "a row that passed every check breaks a constraint of the tables",
        _DEFECT,
    ),
    sqlite3.SQLITE_MISMATCH: (
        LawBroken,
        "a value that passed every check does not fit its column",
        _DEFECT,
    ),
}


def error_code(error: BaseException | None) -> int:
    """The primary result code of a driver's error; 1 where it has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return sqlite3.SQLITE_ERROR if code is None else int(code) & _PRIMARY


def _unknown(error: BaseException) -> tuple[type[LoanEtlError], str, str]:
    # The general code says nothing; of its texts this one names our own tables and columns only.
    if str(error).startswith("no such "):
        return ConfigError, "a table or column is missing", "is this the right database?"
    return LoanEtlError, "the database refused a statement", _DEFECT


def translate_error(error: BaseException, doing: str) -> LoanEtlError:
    """Choose our error for a driver's error; no value of a row is in it.

    Args:
        error: what sqlite3 raised.
        doing: what was going on.
    """
    kind, said, hint = _SAID.get(error_code(error), _unknown(error))
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return kind(f"{doing}: {said} ({name}).", hint)
