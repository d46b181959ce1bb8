"""What every step of a load works with: the connection, the tables, and what is staged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    FromClause,
    Insert,
    Select,
    Table,
    and_,
    func,
    insert,
    literal,
    select,
)

from loan_etl_tui.load.dialect import Dialect
from loan_etl_tui.load.origin import Static
from loan_etl_tui.load.scratch import LOAN_SIDE, STATUS_SIDE, Scratch
from loan_etl_tui.load.tables import Tables


@dataclass(frozen=True, slots=True)
class Staged:
    """What has been staged so far, known without asking the database.

    Attributes:
        rows: staged rows, removed duplicates not counted.
        first_date, last_date: range of the record dates; None for origination.
        currencies: every currency seen.
        compared: whether X-DUP has looked at all of them.
    """

    rows: int = 0
    first_date: date | None = None
    last_date: date | None = None
    currencies: frozenset[str] = frozenset()
    compared: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether the rows carry record dates (all shapes but origination)."""
        return self.first_date is not None

    @property
    def one_row_per_loan(self) -> bool:
        """Whether no loan can stand twice: one record date (or none) and no duplicates."""
        return self.compared and self.first_date == self.last_date

    def compared_with(self, rows: int) -> Staged:
        """The same stage once duplicates are out of it and `rows` are left."""
        return replace(self, rows=rows, compared=True)

    def plus(self, batch: pa.Table) -> Staged:
        """Count one more batch, in the staging table's columns."""
        dates = [day for day in (self.first_date, self.last_date) if day is not None]
        if "record_date" in batch.column_names:
            span = pc.min_max(batch.column("record_date")).as_py()
            dates += [span["min"], span["max"]]
        currencies = self.currencies
        if LOAN_SIDE + "currency" in batch.column_names:
            currencies |= set(pc.unique(batch.column(LOAN_SIDE + "currency")).to_pylist())
        return Staged(
            self.rows + batch.num_rows,
            min(dates, default=None),
            max(dates, default=None),
            currencies,
        )


@dataclass(frozen=True, slots=True)
class Work:
    """One delivery on its way into one database.

    Attributes:
        connection: the loading connection, inside its transaction.
        dialect: the database's way of saying things.
        tables: the target's tables.
        scratch: the staging table and those of single steps.
        platform: value of `platform_name`.
        staged: what the stage holds.
    """

    connection: Connection
    dialect: Dialect
    tables: Tables
    scratch: Scratch
    platform: str
    staged: Staged

    @property
    def stage(self) -> Table:
        """The staging table."""
        return self.scratch.stage

    def run(self, statement: Executable) -> CursorResult[*tuple[Any, ...]]:
        """Execute one statement of the step."""
        return self.connection.execute(statement)

    def write(self, statement: Executable) -> int:
        """Execute a statement that writes and say how many rows it wrote."""
        return self.run(statement).rowcount

    def is_loan(self, left: FromClause, right: FromClause) -> ColumnElement[bool]:
        """Join condition: the loan that a stage or scratch row names.

        Args:
            left: `loan` or `status`.
            right: a stage or scratch table, all of one platform.
        """
        return and_(left.c.platform_name == self.platform, left.c.loan_id == right.c.loan_id)

    def is_status(self, left: FromClause, right: FromClause) -> ColumnElement[bool]:
        """Join condition: the status row that a stage or scratch row names."""
        return and_(self.is_loan(left, right), left.c.record_date == right.c.record_date)

    def holds_any(self, table: Table) -> bool:
        """Whether a table holds any row of the platform."""
        found = select(literal(1)).where(table.c.platform_name == self.platform).limit(1)
        return self.run(found).first() is not None


def is_record(left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """Join condition: the same record of the delivery."""
    return and_(left.c.file == right.c.file, left.c.record == right.c.record)


def insert_from(
    table: Table, values: Mapping[str, ColumnElement[Any]], rows: Select[Any]
) -> Insert:
    """Write `INSERT … SELECT` with each column beside its value.

    Args:
        table: where to.
        values: value by column name.
        rows: which rows, as a select of anything.
    """
    chosen = rows.with_only_columns(*values.values(), maintain_column_froms=True)
    return insert(table).from_select(list(values), chosen, include_defaults=False)


def candidates(work: Work, static: Static) -> FromClause:
    """Choose, per loan of the stage, the row whose facts the delivery offers.

    Beside the staging columns it has `first_date`, `last_date` and `latest_status`: the range of
    the loan's record dates in the delivery and the status at the last of them.
    """
    stage = work.stage
    day, status = stage.c.record_date, stage.c[STATUS_SIDE + "loan_status"]
    if work.staged.one_row_per_loan:
        whole = select(
            *stage.c,
            day.label("first_date"),
            day.label("last_date"),
            status.label("latest_status"),
        )
        return whole.subquery("c")
    loan = stage.c.loan_id
    preferred = day.asc() if static == "first" else day.desc()
    ranked = select(
        *stage.c,
        func.min(day).over(partition_by=loan).label("first_date"),
        func.max(day).over(partition_by=loan).label("last_date"),
        func.first_value(status)
        .over(partition_by=loan, order_by=day.desc())
        .label("latest_status"),
        func.row_number().over(partition_by=loan, order_by=preferred).label("rank"),
    ).subquery("ranked")
    return select(ranked).where(ranked.c.rank == 1).subquery("c")
