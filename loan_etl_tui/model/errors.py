"""What can end a run: typed errors with a hint and an exit code.

A bad loan is an issue (a row, see `issues`); a bad world is one of these errors; a bad program is
a crash. Errors cross process borders, so each of them pickles with all it says.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The process exit codes a scheduler can rely on."""

    OK = 0
    REJECTS_OPEN = 3
    HELD = 4
    NEEDS_MAPPING = 5
    USAGE = 64
    UNREADABLE = 65
    NO_INPUT = 66
    UNAVAILABLE = 69
    INTERNAL = 70
    CANNOT_CREATE = 73
    IO_ERROR = 74
    TRY_AGAIN = 75
    REFUSED = 77
    CONFIG = 78
    COMMIT_UNKNOWN = 80
    HANGUP = 129
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def retryable(self) -> bool:
        """Whether repeating the same call later can help without a person."""
        return self in _RETRYABLE


_RETRYABLE = frozenset(
    {
        Exit.NO_INPUT,
        Exit.UNAVAILABLE,
        Exit.IO_ERROR,
        Exit.TRY_AGAIN,
        Exit.COMMIT_UNKNOWN,
        Exit.HANGUP,
        Exit.INTERRUPTED,
        Exit.TERMINATED,
    }
)

# Of several pipelines, deliveries or targets the worst counts: leftmost is worst.
SEVERITY_ORDER: tuple[Exit, ...] = (
    Exit.HANGUP,
    Exit.INTERRUPTED,
    Exit.TERMINATED,
    Exit.INTERNAL,
    Exit.COMMIT_UNKNOWN,
    Exit.HELD,
    Exit.NEEDS_MAPPING,
    Exit.CONFIG,
    Exit.USAGE,
    Exit.UNREADABLE,
    Exit.REFUSED,
    Exit.CANNOT_CREATE,
    Exit.IO_ERROR,
    Exit.UNAVAILABLE,
    Exit.TRY_AGAIN,
    Exit.NO_INPUT,
    Exit.REJECTS_OPEN,
    Exit.OK,
)


def worst(codes: list[Exit]) -> Exit:
    """Pick the code that stands for all of them; an empty list is OK."""
    return min(codes, key=SEVERITY_ORDER.index, default=Exit.OK)


class LoanEtlError(Exception):
    """An error a person or a scheduler can act on.

    Attributes:
        message: one line: where, what, what is allowed.
        hint: the way on, or "".
        exit_code: the process exit code this error ends with.
    """

    exit_code: Exit = Exit.INTERNAL

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class UsageError(LoanEtlError):
    """The call itself is wrong (64)."""

    exit_code = Exit.USAGE


class ConfigError(LoanEtlError):
    """A config, the environment or the schema version is wrong (78)."""

    exit_code = Exit.CONFIG


class SourceUnreadable(LoanEtlError):
    """The source is not what it claims to be, or cannot be decoded (65)."""

    exit_code = Exit.UNREADABLE


class SourceMissing(LoanEtlError):
    """The source is missing or empty (66)."""

    exit_code = Exit.NO_INPUT


class SourceChanged(LoanEtlError):
    """The file grew or changed while it was read (75)."""

    exit_code = Exit.TRY_AGAIN


class LayoutChanged(LoanEtlError):
    """A mapped column is missing or the width is wrong (5): the run is held.

    Attributes:
        missing: the mapped source columns the file lacks, as the config spells them.
        found: the header of the file.
    """

    exit_code = Exit.NEEDS_MAPPING

    def __init__(
        self,
        message: str,
        hint: str = "",
        missing: tuple[str, ...] = (),
        found: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint)
        self.args = (message, hint, missing, found)
        self.missing = missing
        self.found = found


class DatabaseUnavailable(LoanEtlError):
    """The database or a remote source does not answer (69)."""

    exit_code = Exit.UNAVAILABLE


class DatabaseBusy(LoanEtlError):
    """Another run holds the lock, or the database asks to try again (75)."""

    exit_code = Exit.TRY_AGAIN


class LoginRefused(LoanEtlError):
    """Login or permission refused (77)."""

    exit_code = Exit.REFUSED


class CannotCreate(LoanEtlError):
    """An output cannot be created (73)."""

    exit_code = Exit.CANNOT_CREATE


class DiskError(LoanEtlError):
    """The disk is full or failed (74)."""

    exit_code = Exit.IO_ERROR


class CommitUnknown(LoanEtlError):
    """The database did not answer the commit; a repeat resolves it (80)."""

    exit_code = Exit.COMMIT_UNKNOWN


class LawBroken(LoanEtlError):
    """A conservation law does not hold: rolled back, our defect (70)."""

    exit_code = Exit.INTERNAL


class Interrupted(LoanEtlError):
    """A signal or the user stopped the run; what was open was rolled back."""

    exit_code = Exit.INTERRUPTED

    def __init__(self, message: str, hint: str = "", signal_number: int = 2) -> None:
        super().__init__(message, hint)
        self.args = (message, hint, signal_number)
        self.signal_number = signal_number
        self.exit_code = Exit(128 + signal_number)
