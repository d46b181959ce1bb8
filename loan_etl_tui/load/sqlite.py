"""The embedded database: one file, one writer, STRICT tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Float,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    cast,
    create_engine,
    func,
    insert,
    literal,
    type_coerce,
)
from sqlalchemy import text as sql_text
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from loan_etl_tui.config.masking import mask_url
from loan_etl_tui.load.columns import SCALES, CanonicalJson, canonical_json
from loan_etl_tui.load.dialect import Expression, Purpose
from loan_etl_tui.load.sqlite_errors import error_code, translate_error
from loan_etl_tui.load.sqlite_file import (
    BUSY_TIMEOUT_MS,
    create_private,
    file_of,
    open_file,
    suits_wal,
)
from loan_etl_tui.load.sqlite_rows import bind_rows
from loan_etl_tui.load.tables import Tables, build_tables
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.load.values import Capabilities
from loan_etl_tui.model.errors import ConfigError, LoanEtlError
from loan_etl_tui.model.loan import Kind

CAPABILITIES = Capabilities(
    upsert="on_conflict",
    bulk="executemany",
    decimal_digits=15,
    identifier_length=1_000,
    bind_limit=32_766,
    transactional_ddl=True,
    concurrent_writers=False,
)

# A total is added up in two parts, so that it stays far from the largest 64-bit number.
_SPLIT = 1_000_000


class _SplitTotal(TypeDecorator[Decimal]):
    """A total that arrives as `millions:rest` of its smallest unit."""

    impl = Text
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Put the two parts together, exactly."""
        if value is None:
            return None
        high, low = value.split(":")
        return Decimal(int(high) * _SPLIT + int(low)).scaleb(-self.scale)


class SqliteDialect:
    """SQLite's way of saying things; see `dialect.Dialect`."""

    kind = "sqlite"
    caps = CAPABILITIES
    sql = sqlite_dialect.dialect()
    temp_schema = "temp"
    present_moment = "STRFTIME('%Y-%m-%dT%H:%M:%f000Z', 'now')"
    driver_errors = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        self._path = path

    def translate(self, error: BaseException, connection: Any, doing: str) -> LoanEtlError:  # noqa: ANN401 - the driver's connection
        """Turn a driver's error into one of ours."""
        return translate_error(error, doing)

    def interrupt(self, connection: Any) -> None:  # noqa: ANN401 - the driver's connection
        """Stop the running statement."""
        connection.interrupt()

    def start(self, connection: Connection, purpose: Purpose) -> None:
        """Open a transaction; that of a load begins with its lock."""
        if purpose is Purpose.READ:
            connection.execute(sql_text("BEGIN"))
            return
        journal = "WAL" if suits_wal(self._path) else "DELETE"
        connection.execute(sql_text(f"PRAGMA journal_mode = {journal}"))
        if purpose is Purpose.WRITE:
            connection.execute(sql_text("BEGIN IMMEDIATE"))

    def try_lock(self, connection: Connection, tables: Tables, platform: str) -> bool:
        """Begin the write transaction: a SQLite file has one writer, whatever the platform."""
        connection.execute(sql_text("PRAGMA busy_timeout = 0"))
        try:
            connection.execute(sql_text("BEGIN IMMEDIATE"))
        except OperationalError as error:
            if error_code(error.orig) == sqlite3.SQLITE_BUSY:
                return False
            raise
        connection.execute(sql_text(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"))
        return True

    def columns_of(
        self, connection: Connection, tables: Tables, names: Sequence[str]
    ) -> dict[str, list[str]]:
        """List the columns of the tables of these names."""
        found: dict[str, list[str]] = {}
        query = sql_text(
            "SELECT t.name, c.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c "
            "WHERE t.name IN :names ORDER BY t.name, c.cid"
        ).bindparams(bindparam("names", expanding=True))
        for table, column in connection.execute(query, {"names": list(names)}):
            found.setdefault(table, []).append(column)
        return found

    def make_room(self, connection: Connection, tables: Tables) -> None:
        """Do nothing: a SQLite file has no schemas."""

    def append(self, connection: Connection, stage: Table, batch: pa.Table) -> int:
        """Add rows to the stage, one prepared statement for all."""
        names = [column.name for column in stage.c if column.name in batch.column_names]
        statement = str(insert(stage).compile(dialect=self.sql, column_keys=names))
        driver: Any = connection.connection.driver_connection
        return int(driver.executemany(statement, bind_rows(batch.select(names))).rowcount)

    def arrange(self, connection: Connection, stage: Table) -> None:
        """Put the stage into key order.

        Joins go from the stage to the tables' primary keys, row by row: in file order they would
        jump all over tables that are larger than the cache (four times slower at a million rows).
        """
        kept, made = (f"{self.temp_schema}.{name}" for name in (stage.name, "loan_etl_sorted"))
        key = "loan_id, record_date, file, record"
        for statement in (
            f"CREATE TEMPORARY TABLE {made} AS SELECT * FROM {kept} ORDER BY {key}",  # noqa: S608 - our names
            f"DROP TABLE {kept}",
            f"ALTER TABLE {made} RENAME TO {stage.name}",
        ):
            connection.execute(sql_text(statement))

    def analyze(self, connection: Connection, table: Table) -> None:
        """Do nothing: a small table needs no statistics to be joined from."""

    def reference_set_aside(
        self, connection: Connection, tables: Tables, rows: int
    ) -> AbstractContextManager[None]:
        """Do nothing: here the look-up costs little, and a constraint cannot be dropped."""
        return nullcontext()

    def greatest(self, *values: Expression) -> Expression:
        """The largest of several values."""
        return func.max(*values)

    def least(self, *values: Expression) -> Expression:
        """The smallest of several values."""
        return func.min(*values)

    def exact_sum(self, column: Expression, kind: Kind) -> ColumnElement[Decimal]:
        """Add up in whole ten-thousandths: each is exact, and so is their sum."""
        scale = SCALES[kind]
        units = cast(func.round(type_coerce(column, Float()) * 10.0**scale), Integer)
        high, low = (func.sum(units.op(sign)(literal(_SPLIT))) for sign in ("/", "%"))
        return type_coerce(cast(high, Text).concat(":").concat(cast(low, Text)), _SplitTotal(scale))

    def text_of(self, column: Expression, kind: Kind) -> ColumnElement[str]:
        """A value as canonical text."""
        plain = type_coerce(column, Text())
        if kind in SCALES:
            shown = func.printf(f"%.{SCALES[kind]}f", plain)
            return case((column.is_not(None), shown))
        if kind in {Kind.SMALLINT, Kind.BIGINT}:
            return cast(column, Text)
        return plain

    def json_of(self, text: Expression) -> Expression:
        """JSON is kept as its canonical text."""
        return type_coerce(type_coerce(text, Text()), CanonicalJson())

    def extra_value(self, extra: Expression, key: str) -> Expression:
        """One value as JSON text."""
        return type_coerce(extra, Text()).op("->", return_type=Text())(f'$."{key}"')

    def merged_extra(
        self, stored: Expression, given: Expression, taken: Sequence[str], dropped: Sequence[str]
    ) -> Expression:
        """Stored extras with the taken keys replaced."""
        return func.loan_etl_merged_json(
            type_coerce(stored, Text()), type_coerce(given, Text()), canonical_json(list(taken))
        )

    def rounded_amount(self, expression: str) -> str:
        """A computed amount: doubles are cut to four decimals again."""
        return f"ROUND({expression}, 4)"

    def month_number(self, column: str) -> str:
        """Months since year 0 of a date."""
        return (
            f"(CAST(STRFTIME('%Y', {column}) AS INTEGER) * 12 "
            f"+ CAST(STRFTIME('%m', {column}) AS INTEGER))"
        )


class SqliteTarget(SqlTarget):
    """A SQLite file as a target.

    Args:
        url: `sqlite:///PATH`, or a bare path.
        name: the workspace's name for it.
        schema: must be None.
        table_prefix: put before every table name.
        create: "auto" or "never".
    """

    def __init__(
        self, url: str, *, name: str, schema: str | None, table_prefix: str, create: str
    ) -> None:
        if schema is not None:
            raise ConfigError(
                f"target {name!r}: SQLite has no schemas; schema {schema[:80]!r} cannot be used.",
                "use table_prefix to keep tables apart.",
            )
        self._path = file_of(url)
        engine = create_engine(
            "sqlite://",
            creator=lambda: open_file(self._path),
            poolclass=NullPool,
            hide_parameters=True,
        )
        tables = build_tables(None, table_prefix, CAPABILITIES.identifier_length)
        dialect = SqliteDialect(self._path)
        super().__init__(name, mask_url(url), engine, dialect, tables, create)

    def exists(self) -> bool:
        """Whether the file is there; looking never creates it."""
        return self._path.exists()

    def prepare(self) -> None:
        """Create the file and the tables on first use."""
        if not self.exists() and self._create == "auto":
            create_private(self._path)
        super().prepare()
