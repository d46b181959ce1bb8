"""Looks what a database holds of our tables, and says what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from loan_etl_tui.load.dialect import Dialect
from loan_etl_tui.load.operational import SCHEMA_VERSION_NUMBER
from loan_etl_tui.load.tables import FIELDS, Tables
from loan_etl_tui.load.values import TablesState


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Attributes:
        state: whether the tables can be used.
        complaint: what is wrong, in one sentence; "" where nothing is.
        hint: the way on.
    """

    state: TablesState
    complaint: str = ""
    hint: str = ""


def survey(connection: Connection, dialect: Dialect, tables: Tables) -> Survey:
    """Compare the tables of a database with ours, column by column."""
    full = {name: tables.prefix + name for name in FIELDS}
    columns = dialect.columns_of(connection, tables, list(full.values()))
    found = {name: columns.get(full[name], []) for name in FIELDS}
    wrong = _differences(tables, found)
    if not found["schema_version"]:
        return _without_version(tables, found, wrong)
    version_table = tables.by_name["schema_version"]
    version = connection.execute(select(func.max(version_table.c.version))).scalar()
    if version != SCHEMA_VERSION_NUMBER:
        newer = version is not None and version > SCHEMA_VERSION_NUMBER
        return Survey(
            TablesState.OUTDATED,
            f"the tables are of schema version {version}, this program knows "
            f"{SCHEMA_VERSION_NUMBER}.",
            "use a newer program." if newer else "migrate the tables with their owner's role.",
        )
    if any(_missing(found, name) for name in FIELDS):
        return Survey(
            TablesState.OUTDATED,
            "the tables are not as this version made them: " + "; ".join(wrong) + ".",
            "see `loan-etl schema` for the columns they should have.",
        )
    return Survey(TablesState.CURRENT)


def _without_version(tables: Tables, found: dict[str, list[str]], wrong: list[str]) -> Survey:
    taken = [name for name in FIELDS if found[name]]
    if not taken:
        return Survey(TablesState.MISSING)
    names = ", ".join(tables.prefix + name for name in taken)
    return Survey(
        TablesState.FOREIGN,
        f"the database has tables of these names that this program did not make: {names} "
        f"({'; '.join(wrong)}).",
        "choose another schema or table_prefix for this target.",
    )


def _missing(found: dict[str, list[str]], name: str) -> list[str]:
    return [field.name for field in FIELDS[name] if field.name not in found[name]]


def _differences(tables: Tables, found: dict[str, list[str]]) -> list[str]:
    """Say, per table, which columns are missing and which are not ours."""
    said = []
    for name, fields in FIELDS.items():
        ours = {field.name for field in fields}
        missing = _missing(found, name)
        added = [column for column in found[name] if column not in ours]
        if not found[name]:
            said.append(f"{tables.prefix}{name} is missing")
        elif missing or added:
            signs = [f"-{column}" for column in missing] + [f"+{column}" for column in added]
            said.append(f"{tables.prefix}{name}: {' '.join(signs)}")
    return said
