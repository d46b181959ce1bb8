"""`loan-etl init`: make a workspace."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.errors import CannotCreate, Exit

EXAMPLES = say.examples("loan-etl init", "loan-etl init ~/loans")

FOLDERS = ("configs", "inbox", "runs", "fixes", "archive", "schema")
SETTINGS = """\
# The workspace of loan-etl: this folder. Tapes lie in inbox/, pipelines in configs/.
version: 1

# Databases by name, for `load.targets` in a config or `--target NAME`. Secrets stay outside:
# ${env:NAME}, ${file:/path} or ${keyring:service/user}. Without any, tables go to loans.db here.
# targets:
#   prod: {url: '${env:PG_URL}', schema: analytics, production: true, create: never}
# default_target: prod
"""


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder; made when missing.", show_default="."),
    ] = Path(),
) -> Exit:
    """Make a workspace with the built-in platform configs, all of them switched off.

    Nothing that exists is overwritten: repeated after an upgrade, it adds what is new. Prints
    the files it made.
    """
    try:
        made = list(_make(folder))
    except OSError as problem:
        raise CannotCreate(
            f"{str(folder)!r} cannot be made a workspace: {problem.strerror or problem}.",
            "name a folder you may write to.",
        ) from None
    for path in made:
        sys.stdout.write(f"{path}\n")
    talk.info(
        "next: put a tape into %s, edit its config in %s, then: loan-etl check NAME",
        folder / "inbox",
        folder / "configs",
    )
    return Exit.OK


def _make(folder: Path) -> list[Path]:
    from loan_etl_tui.cli.config_schema import as_text
    from loan_etl_tui.config.shipped import shipped

    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    made = _written(folder / "loan-etl.yaml", SETTINGS)
    for config in sorted(shipped("configs").glob("*.yaml")):
        copy = folder / "configs" / config.name
        if not copy.exists():
            shutil.copyfile(config, copy)
            made.append(copy)
    # Generated, and what an editor checks configs by: always that of this version.
    schema = folder / "schema" / "pipeline.schema.json"
    if not schema.exists() or schema.read_text(encoding="utf-8") != as_text():
        schema.write_text(as_text(), encoding="utf-8")
        made.append(schema)
    return made


def _written(path: Path, text: str) -> list[Path]:
    if path.exists():
        return []
    path.write_text(text, encoding="utf-8")
    return [path]
