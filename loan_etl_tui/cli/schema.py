"""`loan-etl schema`: the tables' SQL, and the tables themselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.model.errors import CannotCreate, Exit, UsageError

if TYPE_CHECKING:
    from loan_etl_tui.load.base import Target

EXAMPLES = say.examples(
    "loan-etl schema                            # SQL for the workspace's database",
    "loan-etl schema --dialect postgresql",
    "loan-etl schema --apply --target prod      # make the tables there",
)


def schema(
    dialect: Annotated[
        str | None,
        typer.Option("--dialect", metavar="D", help="SQL for this kind of database."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Make the tables where they are missing.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="DIR", help="Write SQL, diagram and data dictionary as files."
        ),
    ] = None,
    target: say.Target = None,
    database: say.Database = None,
) -> Exit:
    """Print the SQL that makes the tables, or make them.

    A run makes missing tables by itself, unless the target says `create: never`: then this SQL
    is for somebody who may. Tables of another version are refused with 78; no run migrates them.
    """
    if sum([dialect is not None, apply, write is not None]) > 1:
        raise UsageError("--dialect, --apply and --write exclude each other.", "say one of them.")
    if write is not None:
        return _write(write)
    if dialect is not None:
        sys.stdout.write(_sql_of(dialect))
        return Exit.OK
    made_or_printed = _make if apply else _print
    opened = _open(target, database)
    try:
        made_or_printed(opened)
    finally:
        opened.close()
    return Exit.OK


def _print(target: Target) -> None:
    sys.stdout.write(target.ddl())


def _make(target: Target) -> None:
    from loan_etl_tui.load.base import TablesState

    before = target.state()
    target.prepare()
    done = "are current" if before is TablesState.CURRENT else "are made"
    sys.stdout.write(f"{target.name} ({target.display_url}): the tables {done}.\n")


def _open(name: str | None, database: str | None) -> Target:
    from loan_etl_tui.config.workspace import open_workspace
    from loan_etl_tui.load.base import open_target

    if name is not None and database is not None:
        raise UsageError("--target and --database exclude each other.", "say one of them.")
    [resolved] = open_workspace(None).target(None, name=name, database=database)
    return open_target(
        resolved.url.reveal(),
        name=resolved.name,
        schema=resolved.schema,
        table_prefix=resolved.table_prefix,
        # Who says --apply means it; whether the role may is the database's to say.
        create="auto",
    )


def _sql_of(dialect: str) -> str:
    from loan_etl_tui.config.nearest import did_you_mean, listed
    from loan_etl_tui.load.documents import documents

    scripts = {
        name.removesuffix(".sql"): text
        for name, text in documents().items()
        if name.endswith(".sql")
    }
    if dialect not in scripts:
        raise UsageError(
            f"--dialect {dialect[:80]!r} is not known; choose {listed(scripts)}.",
            did_you_mean(dialect, scripts),
        )
    return scripts[dialect]


def files() -> dict[str, str]:
    """Make every file of `schema/`: SQL, diagram, data dictionary, schema of configs, by name."""
    from loan_etl_tui.cli.config_schema import as_text
    from loan_etl_tui.load.documents import documents

    return documents() | {"pipeline.schema.json": as_text()}


def _write(folder: Path) -> Exit:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files().items():
            (folder / name).write_text(text, encoding="utf-8")
            sys.stdout.write(f"{folder / name}\n")
    except OSError as problem:
        raise CannotCreate(
            f"--write {str(folder)!r}: {problem.strerror}.", "name a folder you may write to."
        ) from None
    return Exit.OK
