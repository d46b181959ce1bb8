"""The SQL that creates the tables and the view, one statement at a time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table
from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment, SetTableComment

from loan_etl_tui.load.dialect import Dialect
from loan_etl_tui.load.operational import SCHEMA_VERSION_NUMBER
from loan_etl_tui.load.tables import Tables
from loan_etl_tui.load.view import view_statement


def create_statements(dialect: Dialect, tables: Tables) -> list[str]:
    """List the statements that make an empty database ours, without a `;` at their end."""
    made = [text for table in tables.by_name.values() for text in _table(dialect, table)]
    return [*made, view_statement(dialect, lambda name: full_name(dialect, tables, name))]


def script(dialect: Dialect, tables: Tables) -> str:
    """Write all of it as one script for a role that may create tables, ready for psql or sqlite3.

    Args:
        dialect: the database's way of saying things.
        tables: the target's tables, for schema and prefix.
    """
    version = (
        f"INSERT INTO {full_name(dialect, tables, 'schema_version')} "
        "(version, app_version, applied_at)\n"
        f"VALUES ({SCHEMA_VERSION_NUMBER}, 'by hand', {dialect.present_moment})"
    )
    made = create_statements(dialect, tables)
    if tables.schema is not None:
        quoted = dialect.sql.identifier_preparer.quote_identifier(tables.schema)
        made = [f"CREATE SCHEMA IF NOT EXISTS {quoted}", *made]
    statements = ["BEGIN", *made, version, "COMMIT"]
    return "\n".join(f"{text};\n" for text in statements)


def full_name(dialect: Dialect, tables: Tables, name: str) -> str:
    """Quote a table's or view's full name where it needs quotes.

    Args:
        dialect: the database's way of saying things.
        tables: the target's tables, for schema and prefix.
        name: the name without the prefix.
    """
    preparer = dialect.sql.identifier_preparer
    if name in tables.by_name:
        return preparer.format_table(tables.by_name[name])
    quoted = preparer.quote_identifier if tables.prefix else preparer.quote
    own = quoted(tables.prefix + name)
    if tables.schema is None:
        return own
    return f"{preparer.quote_identifier(tables.schema)}.{own}"


def _table(dialect: Dialect, table: Table) -> Iterator[str]:
    yield _compiled(dialect, CreateTable(table))
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        yield _compiled(dialect, CreateIndex(index))
    if dialect.sql.supports_comments:
        yield _compiled(dialect, SetTableComment(table))
        for column in table.c:
            yield _compiled(dialect, SetColumnComment(column))


def _compiled(
    dialect: Dialect, element: CreateTable | CreateIndex | SetTableComment | SetColumnComment
) -> str:
    text = str(element.compile(dialect=dialect.sql)).strip()
    lines = (line.rstrip().replace("\t", "  ") for line in text.splitlines())
    return "\n".join(line for line in lines if line).replace(")\n STRICT", ") STRICT")
