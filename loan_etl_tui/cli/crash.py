"""A defect of the program: an incident id and a place in the code, never a value of the data."""

from __future__ import annotations

import secrets
import sys
import traceback
from pathlib import Path

from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.errors import Exit

_PACKAGE = Path(__file__).resolve().parent.parent


def report_crash(error: BaseException, *, debug: bool) -> Exit:
    """Tell that the program failed, so that the incident can be found again.

    Messages of exceptions may quote rows of a tape; without `debug` only the exception's type
    and places in the code are told.
    """
    incident = secrets.token_hex(4)
    frames = _frames(error)
    talk.critical(
        "internal error %s: %s at %s; what was open was rolled back.",
        incident,
        type(error).__name__,
        frames[-1] if frames else "an unknown place",
        extra={
            "hint": f"report it with the id {incident}; --debug shows the traceback.",
            "incident": incident,
            "frames": frames,
        },
    )
    if debug:
        sys.stderr.write("".join(traceback.format_exception(error)))
    return Exit.INTERNAL


def _frames(error: BaseException) -> list[str]:
    """List where the error passed, as `file:line function`, outermost first."""
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return str(path.relative_to(_PACKAGE.parent))
    return "/".join(path.parts[-2:])
