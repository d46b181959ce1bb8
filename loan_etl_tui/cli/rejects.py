"""`loan-etl rejects`: rows that a run kept out, to look at and fix elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.model.errors import CannotCreate, Exit

EXAMPLES = say.examples(
    "loan-etl rejects export prosper_2014 --to rejects.csv    # its last run with rejects",
    "loan-etl rejects export 01JC4Z3M --to rejects.jsonl      # a run id, or its beginning",
    "loan-etl rejects export prosper_2014 | head",
)

group = typer.Typer(help="The rows a run kept out: their original lines with codes.")


@group.callback()
def rejects() -> None:
    """Rows that a run kept out: their original lines, with the codes of what is wrong."""


@group.command("export", epilog=EXAMPLES)
def export(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="A run id, the beginning of one, or a pipeline for its last run with rejects.",
            show_default=False,
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Write here, in place of stdout; .jsonl gives the lossless form.",
        ),
    ] = None,
) -> Exit:
    """Copy the rejected rows of a run: the original lines with codes, fields and positions.

    The CSV form is safe to open in a spreadsheet. The rows are private data: a file is made
    for its owner alone.
    """
    from loan_etl_tui.cli.past import find
    from loan_etl_tui.config.workspace import open_workspace

    form = ".jsonl" if to is not None and to.suffix in {".jsonl", ".ndjson"} else ".csv"
    found = find(open_workspace(None).runs, run, f"rejects{form}")
    if to is None:
        _print(found)
    else:
        _copy(found, to)
    return Exit.OK


def _print(found: Path) -> None:
    sys.stdout.flush()
    with found.open("rb") as lines:
        shutil.copyfileobj(lines, sys.stdout.buffer)


def _copy(found: Path, to: Path) -> None:
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with found.open("rb") as lines, open(descriptor, "wb") as copy:  # noqa: PTH123 - from a descriptor
            shutil.copyfileobj(lines, copy)
    except OSError as problem:
        raise CannotCreate(
            f"--to {str(to)!r}: {problem.strerror}.",
            "name a file in a folder that exists and that you may write to.",
        ) from None
