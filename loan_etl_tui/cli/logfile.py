"""`--log-file`: everything told on stderr, kept as JSON lines in files that rotate."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from loan_etl_tui.cli.talk import PROGRAM, keep
from loan_etl_tui.model.errors import CannotCreate

FILE_BYTES = 10_000_000
FILES = 10


def open_log(path: Path | None) -> None:
    """Keep messages in this file from now on; None keeps none.

    Raises:
        CannotCreate: the file cannot be made or written.
    """
    if path is None:
        return
    try:
        handler = _Rotating(path, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="ascii")
    except OSError as problem:
        raise CannotCreate(
            f"--log-file {str(path)!r}: {problem.strerror}.",
            "name a file in a folder that exists and that you may write to.",
        ) from None
    handler.setFormatter(_JsonLine())
    keep(handler)


class _Rotating(RotatingFileHandler):
    """A log that stops, with one warning, when its disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        logging.getLogger().removeHandler(self)
        problem = sys.exc_info()[1]
        # What is still buffered cannot be written either.
        with contextlib.suppress(OSError):
            self.close()
        sys.stderr.write(f"{PROGRAM}: warning: --log-file stops here: {problem}\n")


class _JsonLine(logging.Formatter):
    """One JSON object a line, in ASCII: no control character of a tape can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        entry = {
            "time": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        for name in ("hint", "incident", "frames"):
            if getattr(record, name, None):
                entry[name] = getattr(record, name)
        return json.dumps(entry)
