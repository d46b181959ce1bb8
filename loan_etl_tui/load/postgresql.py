"""PostgreSQL through psycopg2: COPY into a temporary stage, one lock per platform."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import psycopg2
import pyarrow as pa
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Table,
    Text,
    bindparam,
    cast,
    create_engine,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy import text as sql_text
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from loan_etl_tui.config.masking import mask_url, secret_query_keys
from loan_etl_tui.load.columns import canonical_json
from loan_etl_tui.load.copy_text import CopyText
from loan_etl_tui.load.dialect import Expression, Purpose
from loan_etl_tui.load.postgresql_errors import translate_error
from loan_etl_tui.load.postgresql_reference import reference_set_aside
from loan_etl_tui.load.tables import Tables, build_tables
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.load.values import Capabilities
from loan_etl_tui.model.errors import ConfigError, LoanEtlError
from loan_etl_tui.model.loan import Kind

CAPABILITIES = Capabilities(
    upsert="on_conflict",
    bulk="copy",
    decimal_digits=18,
    identifier_length=63,
    bind_limit=65_535,
    transactional_ddl=True,
    concurrent_writers=True,
)

# The server's own defaults notice a lost connection after two hours, or never.
_CONNECT: dict[str, object] = {
    "application_name": "loan-etl",
    "client_encoding": "UTF8",
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}

# Set inside each transaction: a connection pooler hands session settings to strangers.
_ALWAYS = {"timezone": "UTC", "datestyle": "ISO, YMD"}
_SETTINGS: dict[Purpose, dict[str, str]] = {
    Purpose.READ: {
        "statement_timeout": "60s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
        "transaction_read_only": "on",
    },
    Purpose.WRITE: {
        "statement_timeout": "60s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    },
    Purpose.LOAD: {
        # A load waits for its source between two batches, for as long as that takes.
        "idle_in_transaction_session_timeout": "0",
        "statement_timeout": "1h",
        "lock_timeout": "60s",
        "work_mem": "64MB",
        "jit": "off",
    },
}

_COPY_BYTES = 1 << 20

# What temporary tables are joined by; statistics of the other columns would cost and not help.
_KEYS = ("file", "record", "loan_id", "record_date")


class PostgresqlDialect:
    """PostgreSQL's way of saying things; see `dialect.Dialect`."""

    kind = "postgresql"
    caps = CAPABILITIES
    # SQLAlchemy gives this constructor no types.
    sql = pg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
    temp_schema = "pg_temp"
    present_moment = "CURRENT_TIMESTAMP"
    driver_errors = (psycopg2.Error,)

    def __init__(self, schema: str | None) -> None:
        self._schema = schema

    def translate(self, error: BaseException, connection: Any, doing: str) -> LoanEtlError:  # noqa: ANN401 - the driver's connection
        """Turn a driver's error into one of ours."""
        return translate_error(error, connection, doing)

    def interrupt(self, connection: Any) -> None:  # noqa: ANN401 - the driver's connection
        """Ask the server to stop the running statement or COPY."""
        connection.cancel()

    def start(self, connection: Connection, purpose: Purpose) -> None:
        """Open a transaction with its settings and a search path that nothing can be put into."""
        schema = literal(self._schema) if self._schema else func.current_schema()
        path = func.quote_ident(func.coalesce(schema, "public")).concat(", pg_temp")
        settings = {**_ALWAYS, **_SETTINGS[purpose]}
        connection.execute(
            select(
                func.set_config("search_path", path, True),
                *(func.set_config(name, value, True) for name, value in settings.items()),
            )
        )

    def try_lock(self, connection: Connection, tables: Tables, platform: str) -> bool:
        """Take the platform's advisory lock, which ends with the transaction."""
        schema = func.coalesce(func.current_schema(), self._schema, "")
        words = literal(f"loan-etl:{tables.prefix}:{platform}:").concat(schema)
        taken = select(func.pg_try_advisory_xact_lock(func.hashtextextended(words, 0)))
        return bool(connection.execute(taken).scalar())

    def columns_of(
        self, connection: Connection, tables: Tables, names: Sequence[str]
    ) -> dict[str, list[str]]:
        """List the columns of the tables of these names, whoever may read them."""
        query = sql_text(
            "SELECT c.relname, a.attname FROM pg_catalog.pg_attribute AS a "
            "JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid "
            "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = COALESCE(:schema, CURRENT_SCHEMA()) AND c.relname IN :names "
            "AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
            "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"
        ).bindparams(bindparam("names", expanding=True))
        found: dict[str, list[str]] = {}
        values = {"schema": self._schema, "names": list(names)}
        for table, column in connection.execute(query, values):
            found.setdefault(table, []).append(column)
        return found

    def make_room(self, connection: Connection, tables: Tables) -> None:
        """Create the target's schema, where it is named and missing."""
        if self._schema is None:
            return
        there = sql_text("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :name")
        if connection.execute(there, {"name": self._schema}).first() is None:
            connection.execute(CreateSchema(self._schema))

    def append(self, connection: Connection, stage: Table, batch: pa.Table) -> int:
        """COPY rows into the stage."""
        names = [column.name for column in stage.c if column.name in batch.column_names]
        columns = ", ".join(self.sql.identifier_preparer.quote(name) for name in names)
        table = self.sql.identifier_preparer.format_table(stage)
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            cursor.copy_expert(
                f"COPY {table} ({columns}) FROM STDIN", CopyText(batch.select(names)), _COPY_BYTES
            )
            return int(cursor.rowcount)

    def arrange(self, connection: Connection, stage: Table) -> None:
        """Tell the planner what the stage holds; it hashes and sorts as it sees fit."""
        self.analyze(connection, stage)

    def analyze(self, connection: Connection, table: Table) -> None:
        """Look at a temporary table's keys for the planner; nothing else does."""
        keys = ", ".join(name for name in _KEYS if name in table.c)
        full = self.sql.identifier_preparer.format_table(table)
        connection.execute(sql_text(f"ANALYZE {full} ({keys})"))

    def reference_set_aside(
        self, connection: Connection, tables: Tables, rows: int
    ) -> AbstractContextManager[None]:
        """Check the references of a large first load at once."""
        return reference_set_aside(connection, self.sql, tables, rows)

    def greatest(self, *values: Expression) -> Expression:
        """The largest of several values."""
        return func.greatest(*values)

    def least(self, *values: Expression) -> Expression:
        """The smallest of several values."""
        return func.least(*values)

    def exact_sum(self, column: Expression, kind: Kind) -> ColumnElement[Decimal]:
        """NUMERIC adds up exactly."""
        return func.sum(column)

    def text_of(self, column: Expression, kind: Kind) -> ColumnElement[str]:
        """A value as canonical text; NUMERIC shows its scale by itself."""
        if kind is Kind.DATE:
            return func.to_char(column, "YYYY-MM-DD")
        return cast(column, Text)

    def json_of(self, text: Expression) -> Expression:
        """Canonical JSON text as JSONB."""
        return cast(type_coerce(text, Text()), pg.JSONB)

    def extra_value(self, extra: Expression, key: str) -> Expression:
        """One value as JSONB."""
        return type_coerce(extra, pg.JSONB()).op("->", return_type=pg.JSONB())(literal(key, Text()))

    def merged_extra(
        self, stored: Expression, given: Expression, taken: Sequence[str], dropped: Sequence[str]
    ) -> Expression:
        """Stored extras with the taken keys replaced."""
        nothing = cast(literal("{}", Text()), pg.JSONB)
        kept = _without(func.coalesce(stored, nothing), taken)
        new: Expression = func.coalesce(given, nothing)
        if dropped:
            new = _without(new, dropped)
        return func.nullif(kept.op("||")(new), nothing)

    def rounded_amount(self, expression: str) -> str:
        """A computed amount: NUMERIC keeps its scale."""
        return expression

    def month_number(self, column: str) -> str:
        """Months since year 0 of a date."""
        return f"(EXTRACT(YEAR FROM {column}) * 12 + EXTRACT(MONTH FROM {column}))::integer"


def _without(extra: Expression, keys: Sequence[str]) -> Expression:
    names = cast(pg.array([literal(key, Text()) for key in keys]), pg.ARRAY(Text))
    return extra.op("-")(names)


def _parsed(url: str, name: str) -> URL:
    secret = secret_query_keys(url)
    if secret:
        raise ConfigError(
            f"target {name!r}: the URL carries {secret[0]!r} in its query, where it would be "
            "logged.",
            "write it as user:${env:PG_PASSWORD}@host, or use ~/.pgpass.",
        )
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(f"target {name!r}: the database URL cannot be read.") from None
    return parsed.set(drivername="postgresql+psycopg2")


class PostgresqlTarget(SqlTarget):
    """A PostgreSQL database, or one schema of it, as a target.

    Args:
        url: `postgresql://user:password@host:port/database?parameters of libpq`.
        name: the workspace's name for it.
        schema: schema of all tables; None takes the role's current one.
        table_prefix: put before every table name.
        create: "auto" or "never".
    """

    def __init__(
        self, url: str, *, name: str, schema: str | None, table_prefix: str, create: str
    ) -> None:
        parsed = _parsed(url, name)
        own = {key: value for key, value in _CONNECT.items() if key not in parsed.query}
        engine = create_engine(
            parsed,
            connect_args=own,
            poolclass=NullPool,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            json_serializer=canonical_json,
        )
        tables = build_tables(schema, table_prefix, CAPABILITIES.identifier_length)
        super().__init__(name, mask_url(url), engine, PostgresqlDialect(schema), tables, create)
