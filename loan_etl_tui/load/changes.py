"""What a staged row would change in a stored one, and the `correction` rows that remember it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, literal, null, or_

from loan_etl_tui.load.columns import UtcStamp
from loan_etl_tui.load.dialect import Dialect, Expression
from loan_etl_tui.load.origin import EXTRA
from loan_etl_tui.load.values import MergeSpec
from loan_etl_tui.load.work import Work, insert_from
from loan_etl_tui.model.loan import LOAN, STATUS, Kind, field

TableName = Literal["loan", "status"]

_FIELDS = {"loan": LOAN, "status": STATUS}


@dataclass(frozen=True, slots=True)
class Change:
    """One column, or one key of `extra`, that gives way to another value.

    Attributes:
        name: the column, or `extra.KEY`.
        kind: what it holds; JSON for an extra.
        old: the value before.
        new: the value after.
    """

    name: str
    kind: Kind
    old: Expression
    new: Expression

    @property
    def happens(self) -> ColumnElement[bool]:
        """Whether the value really changes; NULL is a value like any other."""
        return self.old.is_distinct_from(self.new)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two rows to compare: where they stand and how their columns are prefixed."""

    old: FromClause
    new: FromClause
    old_prefix: str
    new_prefix: str

    def pair(self, name: str) -> tuple[Expression, Expression]:
        """The same column on both sides."""
        return self.old.c[self.old_prefix + name], self.new.c[self.new_prefix + name]


def changes(
    dialect: Dialect, table: TableName, columns: Sequence[str], extra: Sequence[str], sides: Sides
) -> list[Change]:
    """List what could change, column by column and extra by extra.

    Args:
        dialect: the database's way of saying things.
        table: whose columns they are.
        columns: the columns that are given.
        extra: the keys of `extra` that are given.
        sides: the rows before and after.
    """
    plain = [Change(name, field(_FIELDS[table], name).kind, *sides.pair(name)) for name in columns]
    if not extra:
        return plain
    old, new = sides.pair("extra")
    return plain + [
        Change(EXTRA + key, Kind.JSON, dialect.extra_value(old, key), dialect.extra_value(new, key))
        for key in extra
    ]


def any_of(found: Sequence[Change], sides: Sides) -> ColumnElement[bool]:
    """Whether any of the changes happens."""
    plain = [change.happens for change in found if not change.name.startswith(EXTRA)]
    inside = [change.happens for change in found if change.name.startswith(EXTRA)]
    if inside:
        old, new = sides.pair("extra")
        # Most rows carry the very same object: one comparison spares looking at each key.
        plain.append(and_(old.is_distinct_from(new), or_(*inside)))
    return or_(false(), *plain)


@dataclass(frozen=True, slots=True)
class Before:
    """What a correction row says of the value that goes: its run and version."""

    run_id: Expression
    version: Expression


def remember(
    work: Work, spec: MergeSpec, table: TableName, change: Change, before: Before, rows: Select[Any]
) -> None:
    """Write a correction row for each of the rows in which the change happens.

    Args:
        work: the load.
        spec: who changes it, why, in which run.
        table: the table that changes.
        change: the column that changes.
        before: where the old value came from.
        rows: the rows to look at, as a select; the staged row is in it.
    """
    text_of = work.dialect.text_of
    stage = work.stage.c
    values: dict[str, ColumnElement[Any]] = {
        "run_id": literal(spec.run_id),
        "previous_run_id": before.run_id,
        "previous_version": before.version,
        "platform_name": literal(spec.platform),
        "loan_id": stage.loan_id,
        "record_date": stage.record_date,
        "table_name": literal(table),
        "field": literal(change.name),
        "kind": literal(spec.kind),
        "code": literal("T-STATIC") if table == "loan" else null(),
        "old_value": text_of(change.old, change.kind),
        "new_value": text_of(change.new, change.kind),
        "who": literal(spec.who),
        "reason": literal(spec.reason) if spec.reason is not None else null(),
        "corrected_at": literal(spec.loaded_at, UtcStamp()),
    }
    work.run(insert_from(work.tables.correction, values, rows.where(change.happens)))
