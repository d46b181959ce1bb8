"""What the command tells people: notes, warnings and errors, on stderr and in the log file.

The messages travel through `logging`, so that what an engine part or a plug-in logs looks the
same and lands in the same places. Secrets are masked on the way out, control characters shown.
"""

from __future__ import annotations

import logging
import sys
import time
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from loan_etl_tui.cli.safe import safe_text
from loan_etl_tui.model.errors import LoanEtlError

if TYPE_CHECKING:
    from loan_etl_tui.config.masking import Redactor, Secret

PROGRAM: Final = "loan-etl"
talk: Final = logging.getLogger("loan_etl_tui")

_WORDS = {logging.WARNING: "warning: ", logging.ERROR: "error: ", logging.CRITICAL: "error: "}


class _ToStderr(logging.Handler):
    """One line a message, the hint on a second one; lines of a log carry the time."""

    def emit(self, record: logging.LogRecord) -> None:
        # Looked up each time: a progress bar puts its own stream there while it runs.
        sys.stderr.write(_line(record, dated=not sys.stderr.isatty()) + "\n")
        sys.stderr.flush()


def open_talk() -> None:
    """Send messages to stderr; called once, at the start."""
    logging.getLogger().handlers.clear()
    keep(_ToStderr())
    talk.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def keep(handler: logging.Handler) -> None:
    """Send messages to one more place, with secrets struck out there as well."""
    handler.addFilter(_without_secrets)
    logging.getLogger().addHandler(handler)


def tell(error: LoanEtlError) -> None:
    """Say what is wrong and how to go on."""
    for message, hint in complaints(error):
        talk.error(message, extra={"hint": hint})


def complaints(error: LoanEtlError) -> list[tuple[str, str]]:
    """Every message of an error with its hint: a config tells all its problems at once."""
    problems = getattr(error, "problems", ())
    return [(str(one), one.hint) for one in problems] or [(error.message, error.hint)]


def hide(url: Secret) -> None:
    """Strike the password of this database URL out of every message from now on."""
    from loan_etl_tui.config.masking import Secret, password_of

    password = password_of(url.reveal())
    if password is not None:
        _redactor().learn(Secret(unquote(password)))


@cache
def _redactor() -> Redactor:
    from loan_etl_tui.config.masking import Redactor

    return Redactor()


def _without_secrets(record: logging.LogRecord) -> bool:
    record.hint = _redactor().redact(getattr(record, "hint", ""))
    return bool(_redactor().filter(record))


def _line(record: logging.LogRecord, *, dated: bool) -> str:
    word = _WORDS.get(record.levelno)
    message = safe_text(record.getMessage())
    if word is not None:
        line = f"{PROGRAM}: {word}{message}"
    elif dated:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = f"{stamp} {message}"
    else:
        line = message
    hint = getattr(record, "hint", "")
    return f"{line}\n  hint: {safe_text(hint)}" if hint else line
