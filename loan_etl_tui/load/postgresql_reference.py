"""The foreign key of `status`, set aside while a large first load fills the empty table.

Looking up the loan of each row takes twice as long as inserting the row (measured on PostgreSQL
18: 12 s instead of 4 s for a million rows); checking them all at the end takes one join.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Dialect, Table, literal, select, text
from sqlalchemy.exc import OperationalError

from loan_etl_tui.load.tables import Tables

# Rows from which it is worth the lock: nobody can read the still empty tables meanwhile.
WORTH_IT = 100_000

_KEY = "(platform_name, loan_id)"
_LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def reference_set_aside(
    connection: Connection, dialect: Dialect, tables: Tables, rows: int
) -> Iterator[None]:
    """Drop the foreign key of an empty `status` and add it again, in the same transaction.

    Args:
        connection: the loading connection.
        dialect: SQLAlchemy's dialect, for quoting.
        tables: the target's tables.
        rows: how many status rows are going to be inserted.
    """
    if rows < WORTH_IT or not _is_empty(connection, tables.status):
        yield
        return
    quoted = dialect.identifier_preparer
    status, loan = quoted.format_table(tables.status), quoted.format_table(tables.loan)
    if not _is_ours(connection, status, loan) or not _is_locked(connection, status, loan):
        yield
        return
    name = quoted.quote(f"{tables.status.name}_loan_fkey")
    connection.execute(text(f"ALTER TABLE {status} DROP CONSTRAINT {name}"))
    yield
    key = f"FOREIGN KEY {_KEY} REFERENCES {loan} {_KEY}"
    connection.execute(text(f"ALTER TABLE {status} ADD CONSTRAINT {name} {key}"))


def _is_empty(connection: Connection, table: Table) -> bool:
    return connection.execute(select(literal(1)).select_from(table).limit(1)).first() is None


def _is_ours(connection: Connection, status: str, loan: str) -> bool:
    """Whether this role owns the tables; others may not alter them."""
    owned = text(
        "SELECT BOOL_AND(pg_has_role(c.relowner, 'USAGE')) FROM pg_catalog.pg_class AS c "
        "WHERE c.oid IN (CAST(:status AS regclass), CAST(:loan AS regclass))"
    )
    return bool(connection.execute(owned, {"status": status, "loan": loan}).scalar())


def _is_locked(connection: Connection, status: str, loan: str) -> bool:
    """Lock both tables at once, or leave it where somebody is reading or writing them."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"LOCK TABLE {status}, {loan} IN ACCESS EXCLUSIVE MODE NOWAIT"))
    except OperationalError as error:
        if getattr(error.orig, "pgcode", None) == _LOCK_NOT_AVAILABLE:
            return False
        raise
    return True
