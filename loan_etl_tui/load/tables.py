"""The tables, made from the one list of fields, for a schema and a prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy.sql import quoted_name

from loan_etl_tui.load.columns import sql_type
from loan_etl_tui.load.operational import (
    CORRECTION,
    DELIVERY,
    LOAD_RUN,
    NUMBERED,
    REJECTED_ROW,
    RULE_HIT,
    SCHEMA_VERSION,
)
from loan_etl_tui.model.errors import ConfigError
from loan_etl_tui.model.loan import LOAN, LOAN_KEY, STATUS, Field

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "schema_version": SCHEMA_VERSION,
    "load_run": LOAD_RUN,
    "delivery": DELIVERY,
    "loan": LOAN,
    "status": STATUS,
    "correction": CORRECTION,
    "rejected_row": REJECTED_ROW,
    "rule_hit": RULE_HIT,
}
"""Every table's fields, parents before children."""

MEANING: Mapping[str, str] = {
    "schema_version": "which version of these tables the database holds",
    "load_run": "every run: what it read, what became of it",
    "delivery": "every file or response ever seen, and what it was last loaded with",
    "loan": "one row per loan: facts fixed at origination, and the overall status",
    "status": "one row per loan and record date: what was measured on that day",
    "correction": "the value before and after every change of a stored value",
    "rejected_row": "rows that were not loaded, at most 10,000 a run",
    "rule_hit": "warnings about rows that were loaded, at most 1,000 of a code and run",
}

VIEW = "loan_panel"

# Lineage that the loader proves once per run, before it commits. A constraint would look up the
# same parent row for every row: 3 s more for each of the columns and million rows (PostgreSQL).
LINEAGE: tuple[tuple[str, str], ...] = (
    ("loan", "created_run_id"),
    ("loan", "updated_run_id"),
    ("status", "run_id"),
    ("status", "created_run_id"),
)

# Checked at commit, so that a run's own row may be written after the rows that name it.
_RUN_KEYS: tuple[tuple[str, str], ...] = (
    ("delivery", "last_run_id"),
    ("correction", "run_id"),
    ("rejected_row", "run_id"),
    ("rule_hit", "run_id"),
)

_READ_BY_RUN = frozenset({"correction", "rejected_row", "rule_hit"})

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_LONGEST = max(len(name) for name in FIELDS) + len("_loan_fkey")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one target.

    Attributes:
        schema: the schema they live in, or None for the database's own.
        prefix: what stands before each name.
        by_name: each table by its name without the prefix.
    """

    schema: str | None
    prefix: str
    by_name: Mapping[str, Table]

    @property
    def loan(self) -> Table:
        """One row per loan."""
        return self.by_name["loan"]

    @property
    def status(self) -> Table:
        """One row per loan and record date."""
        return self.by_name["status"]

    @property
    def correction(self) -> Table:
        """Values before and after a change."""
        return self.by_name["correction"]

    @property
    def run(self) -> Table:
        """Every run."""
        return self.by_name["load_run"]

    @property
    def delivery(self) -> Table:
        """Every delivery."""
        return self.by_name["delivery"]


def build_tables(schema: str | None, prefix: str, longest: int) -> Tables:
    """Make the tables of a target.

    Args:
        schema: schema of all tables, or None.
        prefix: put before every name; may be empty.
        longest: the longest identifier the database keeps.

    Raises:
        ConfigError: a name holds characters that are not allowed, or gets too long.
    """
    if schema is not None:
        _check_name("schema", schema)
    if prefix:
        _check_name("table_prefix", prefix)
    if len(prefix) + _LONGEST > longest:
        raise ConfigError(
            f"table_prefix {prefix!r} is too long; {longest - _LONGEST} characters are allowed."
        )
    quoted = None if schema is None else quoted_name(schema, quote=True)
    metadata = MetaData(schema=quoted)
    tables = {name: _table(metadata, prefix, name) for name in FIELDS}
    return Tables(schema, prefix, tables)


def _check_name(key: str, value: str) -> None:
    if _NAME.fullmatch(value) is None:
        raise ConfigError(
            f"{key} is {value[:80]!r}; allowed are letters, digits and _, not a digit first, "
            "at most 63 characters."
        )


def _table(metadata: MetaData, prefix: str, name: str) -> Table:
    fields = FIELDS[name]
    key = [field.name for field in fields if field.role == "key"]
    full = prefix + name
    table = Table(
        quoted_name(full, quote=True) if prefix else full,
        metadata,
        *(_column(field) for field in fields),
        PrimaryKeyConstraint(*key, name=f"{full}_pkey"),
        comment=MEANING[name],
        sqlite_strict=True,
    )
    if name == "status":
        key_pairs = {column: column for column in LOAN_KEY}
        _refer(table, key_pairs, prefix + "loan", f"{full}_loan_fkey", False)
    for child, column in _RUN_KEYS:
        if child == name:
            _refer(table, {column: "run_id"}, prefix + "load_run", f"{full}_run_fkey", True)
    if name in _READ_BY_RUN:
        Index(f"{full}_run_idx", table.c.run_id)
    return table


def _column(field: Field) -> Column[object]:
    numbered = field.name in NUMBERED
    return Column(
        field.name,
        sql_type(field),
        *([Identity()] if numbered else []),
        nullable=field.nullable,
        autoincrement=numbered,
        comment=field.meaning,
    )


def _refer(
    table: Table, columns: Mapping[str, str], parent: str, name: str, deferred: bool
) -> None:
    there = f"{table.schema}.{parent}" if table.schema else parent
    table.append_constraint(
        ForeignKeyConstraint(
            list(columns),
            [f"{there}.{column}" for column in columns.values()],
            name=name,
            deferrable=True if deferred else None,
            initially="DEFERRED" if deferred else None,
        )
    )
