"""The canonical state: one hash over what `loan` and `status` say, the same on every database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

from loan_etl_tui.load.base import Target
from loan_etl_tui.load.columns import canonical_json
from loan_etl_tui.load.dialect import Purpose
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.loan import LOAN, LOAN_KEY, STATUS, STATUS_KEY, Field

# Lineage says how the state came about, not what it is.
_LINEAGE = frozenset(
    {"static_origin", "created_run_id", "updated_run_id", "run_id", "version", "loaded_at"}
)
_FETCH = 10_000


def canonical_hash(target: Target) -> str:
    """Hash the two tables' keys, facts, overall status and record dates.

    Amounts count at their column's scale, NULL is not the empty text, rows come in the bytewise
    order of their keys; runs, versions and stamps do not count. Equal content gives equal hashes
    whatever the database and whatever the order in which deliveries arrived.

    Returns:
        64 hexadecimal digits.

    Raises:
        TypeError: the target does not speak SQL.
    """
    if not isinstance(target, SqlTarget):
        raise TypeError(f"a {target.kind} target has no canonical hash")
    digest = hashlib.sha256()
    with target.transaction("reading the tables", Purpose.READ) as connection:
        for name, fields, key in (("loan", LOAN, LOAN_KEY), ("status", STATUS, STATUS_KEY)):
            for line in _lines(connection, target.tables.by_name[name], fields, key):
                digest.update(f"{name}{line}\n".encode())
    return digest.hexdigest()


def _lines(
    connection: Connection, table: Table, fields: tuple[Field, ...], key: tuple[str, ...]
) -> Iterator[str]:
    """Write each row as one line of canonical JSON, in key order."""
    columns = [table.c[field.name] for field in fields if field.name not in _LINEAGE]
    rows = select(*columns).order_by(*(table.c[name] for name in key))
    streamed = connection.execution_options(yield_per=_FETCH).execute(rows)
    for row in streamed:
        yield canonical_json([_plain(value) for value in row])


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column value
    return str(value) if isinstance(value, Decimal | date) else value
