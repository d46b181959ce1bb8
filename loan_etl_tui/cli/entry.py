"""Where the process starts and ends: every outcome becomes an exit code of `model.errors`."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import typer

from loan_etl_tui.cli import streams
from loan_etl_tui.cli.talk import PROGRAM, open_talk, talk, tell
from loan_etl_tui.model.errors import Exit, LoanEtlError

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG}


def main() -> int:
    """Run the command line.

    Returns:
        The exit code; 1 and 2 are never used on purpose.
    """
    os.umask(0o077)  # tapes, rejects and logs hold private data
    streams.guard()
    open_talk()
    # Taken out before the options are read: a crash while reading them counts, too.
    arguments = [one for one in sys.argv[1:] if one != "--debug"]
    code = _guarded(arguments, debug=len(arguments) < len(sys.argv) - 1)
    return int(_flushed(code))


def _guarded(arguments: Sequence[str], *, debug: bool) -> Exit:
    try:
        return _run(arguments)
    except LoanEtlError as error:
        tell(error)
        return error.exit_code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except OSError as error:
        if error.errno in _DISK:
            return _disk(error)
        return _crashed(error, debug=debug)
    except Exception as error:  # noqa: BLE001 - the process ends here; nothing is carried on
        return _crashed(error, debug=debug)


def _run(arguments: Sequence[str]) -> Exit:
    from loan_etl_tui.cli.app import build

    try:
        code = build().main(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as misuse:
        return _misuse(misuse)
    except typer.Abort:
        return Exit.INTERRUPTED
    # typer itself ends with 1 where its completion does not know the shell.
    return Exit.USAGE if code in {1, 2} else Exit(code or 0)


def _misuse(misuse: typer.TyperException) -> Exit:
    context = getattr(misuse, "ctx", None)
    call = context.command_path if context is not None else PROGRAM
    talk.error("%s", misuse.format_message(), extra={"hint": f"{call} --help"})
    return Exit.USAGE


def _disk(error: OSError) -> Exit:
    where = f"{error.filename}: " if error.filename else ""
    talk.error("%s%s.", where, error.strerror, extra={"hint": "make room, then run it again."})
    return Exit.IO_ERROR


def _crashed(error: Exception, *, debug: bool) -> Exit:
    from loan_etl_tui.cli.crash import report_crash

    return report_crash(error, debug=debug)


def _flushed(code: Exit) -> Exit:
    try:
        sys.stdout.flush()
    except OSError as error:
        streams.silence(1)
        talk.error("stdout: %s.", error.strerror)
        return Exit.IO_ERROR if code is Exit.OK else code
    return code
