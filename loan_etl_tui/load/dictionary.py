"""The data dictionary: every table and column, what it holds and what it means, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from loan_etl_tui.load.columns import sql_type
from loan_etl_tui.load.tables import FIELDS, LINEAGE, MEANING, VIEW
from loan_etl_tui.load.view import BORROWED, COMPUTED
from loan_etl_tui.model.loan import CLOSED, STATUS_MEANING, Field

# SQLAlchemy's dialect classes carry no types for their constructor.
_SERVER: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
_EMBEDDED: Dialect = sqlite.dialect()

_HEAD = """\
# Data dictionary

Generated from `loan_etl_tui/model/loan.py` and `loan_etl_tui/load/operational.py`.
Amounts are in the loan's currency, rates are fractions per year, stamps are UTC. Key columns
compare byte by byte on every database. NULL means not published; it is never zero.
"""


def data_dictionary() -> str:
    """Write the data dictionary."""
    parts = [_HEAD]
    parts += ["\n".join(_table(name, fields)) for name, fields in FIELDS.items()]
    parts += ["\n".join(_view()), "\n".join(_statuses())]
    return "\n".join(parts)


def _table(name: str, fields: tuple[Field, ...]) -> Iterator[str]:
    yield f"## `{name}`\n\n{MEANING[name].capitalize()}.\n"
    yield "| column | key | PostgreSQL | SQLite | NULL | meaning |\n|---|---|---|---|---|---|"
    for field in fields:
        shown = [_type(field, _SERVER), _type(field, _EMBEDDED)]
        cells = [f"`{field.name}`", _key(name, field), *shown, "yes" if field.nullable else "no"]
        yield f"| {' | '.join([*cells, field.meaning])} |"
    yield ""


def _type(field: Field, dialect: Dialect) -> str:
    return str(sql_type(field).compile(dialect=dialect)).replace(' COLLATE "BINARY"', "")


def _key(table: str, field: Field) -> str:
    if field.role == "key":
        return "key"
    return "→ load_run" if (table, field.name) in LINEAGE else ""


def _view() -> Iterator[str]:
    yield f"## `{VIEW}` (view)\n"
    borrowed = ", ".join(f"`{name}`" for name in BORROWED)
    yield f"Every column of `status`, {borrowed} of its loan, and:\n"
    yield "| column | meaning |\n|---|---|"
    for name, meaning in COMPUTED.items():
        yield f"| `{name}` | {meaning} |"
    yield ""


def _statuses() -> Iterator[str]:
    yield "## Loan statuses\n\n| status | closed | meaning |\n|---|---|---|"
    for status, meaning in STATUS_MEANING.items():
        yield f"| `{status}` | {'yes' if status in CLOSED else ''} | {meaning} |"
    yield ""
