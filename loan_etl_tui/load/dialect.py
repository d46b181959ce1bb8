"""What differs between databases, as SQL expressions and a few statements; all else is shared."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy import Dialect as SqlDialect

from loan_etl_tui.load.tables import Tables
from loan_etl_tui.load.values import Capabilities
from loan_etl_tui.load.view import ViewWords
from loan_etl_tui.model.errors import LoanEtlError
from loan_etl_tui.model.loan import Kind

Expression = ColumnElement[Any]


class Purpose(StrEnum):
    """What a transaction is for."""

    READ = "read"
    WRITE = "write"  # a few rows, without a platform's lock
    LOAD = "load"  # the platform's lock comes next; statements may take long


class Dialect(ViewWords, Protocol):
    """One database's way of saying things."""

    @property
    def kind(self) -> str:
        """The connector's name."""
        ...

    @property
    def caps(self) -> Capabilities:
        """What the database can do."""
        ...

    @property
    def sql(self) -> SqlDialect:
        """SQLAlchemy's dialect, for writing statements down."""
        ...

    @property
    def temp_schema(self) -> str:
        """The schema of temporary tables."""
        ...

    @property
    def present_moment(self) -> str:
        """An expression for now, in a script."""
        ...

    @property
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """What its driver raises."""
        ...

    def translate(self, error: BaseException, connection: Any, doing: str) -> LoanEtlError:  # noqa: ANN401 - any driver's connection
        """Turn a driver's error into one of ours, without any value of a row.

        Args:
            error: what the driver raised.
            connection: the driver's connection, or None where there was none yet.
            doing: what was going on, for the message.
        """
        ...

    def interrupt(self, connection: Any) -> None:  # noqa: ANN401 - the driver's connection
        """Stop the statement that runs on a driver's connection, from another thread."""
        ...

    def start(self, connection: Connection, purpose: Purpose) -> None:
        """Open a transaction with this program's settings."""
        ...

    def try_lock(self, connection: Connection, tables: Tables, platform: str) -> bool:
        """Take a platform's lock until the transaction ends, or say that another run holds it.

        Args:
            connection: started with `Purpose.LOAD`.
            tables: the target's tables: locks of different schemas do not meet.
            platform: the platform, or "" for the tables themselves.
        """
        ...

    def columns_of(
        self, connection: Connection, tables: Tables, names: Sequence[str]
    ) -> dict[str, list[str]]:
        """List the columns of the tables that have these full names; absent ones have none."""
        ...

    def make_room(self, connection: Connection, tables: Tables) -> None:
        """Create the schema the tables go into, where there is none of that name."""
        ...

    def append(self, connection: Connection, stage: Table, batch: pa.Table) -> int:
        """Add rows to the stage and say how many arrived.

        Args:
            connection: the loading connection.
            stage: the staging table.
            batch: (n,) columns named as those of the stage.
        """
        ...

    def arrange(self, connection: Connection, stage: Table) -> None:
        """Get the filled stage ready to be joined."""
        ...

    def analyze(self, connection: Connection, table: Table) -> None:
        """Let the planner know a small temporary table that was just filled."""
        ...

    def reference_set_aside(
        self, connection: Connection, tables: Tables, rows: int
    ) -> AbstractContextManager[None]:
        """Insert a large first load's status rows without looking up the loan of each of them.

        The foreign key is checked for all rows at once at the end. Does nothing where the role
        may not do that, where `status` holds rows already, or where it would not pay.

        Args:
            connection: the loading connection.
            tables: the target's tables.
            rows: how many status rows are going to be inserted.
        """
        ...

    def greatest(self, *values: Expression) -> Expression:
        """The largest of several values, none of them NULL."""
        ...

    def least(self, *values: Expression) -> Expression:
        """The smallest of several values, none of them NULL."""
        ...

    def exact_sum(self, column: Expression, kind: Kind) -> ColumnElement[Decimal]:
        """The exact total of an amount; NULL over no rows."""
        ...

    def text_of(self, column: Expression, kind: Kind) -> ColumnElement[str]:
        """A value as canonical text: amounts at their scale, dates in ISO form."""
        ...

    def json_of(self, text: Expression) -> Expression:
        """Canonical JSON text as a value of the JSON column type."""
        ...

    def extra_value(self, extra: Expression, key: str) -> Expression:
        """One value of an extra column, comparable; NULL where the key is absent."""
        ...

    def merged_extra(
        self, stored: Expression, given: Expression, taken: Sequence[str], dropped: Sequence[str]
    ) -> Expression:
        """Stored extras with the taken keys replaced by the given ones; NULL when none is left.

        Args:
            stored: what is there.
            given: what a delivery says.
            taken: keys whose given value counts, absent meaning NULL.
            dropped: given keys whose stored value stays.
        """
        ...
