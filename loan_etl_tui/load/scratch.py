"""The temporary tables of a load: the stage, and what single steps of the merge note down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, PrimaryKeyConstraint, Table, Text

from loan_etl_tui.load.columns import sql_type
from loan_etl_tui.model.loan import LOAN, LOAN_FACTS, STATUS, STATUS_FACTS, Field, Kind, field

LOAN_SIDE = "l_"
STATUS_SIDE = "s_"

STAGED_LOAN: tuple[Field, ...] = (field(LOAN, "loan_status"), *LOAN_FACTS)
"""The loan's columns in the stage; its overall status counts for origination only."""

MONEY_COLUMNS: dict[str, str] = {
    **{f"loan.{f.name}": LOAN_SIDE + f.name for f in LOAN_FACTS if f.kind is Kind.MONEY},
    **{f"status.{f.name}": STATUS_SIDE + f.name for f in STATUS_FACTS if f.kind is Kind.MONEY},
}
"""Every amount's column in the stage, by its canonical name."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """The temporary tables, all on the loading connection, gone with its transaction.

    Attributes:
        stage: one row per accepted record, the facts of both tables side by side.
        twin: records that share their key with another.
        decision: what to do with the loans of one origin and one staged record date.
        taking: the columns a decision takes, and the versions they had.
        moved: loans whose facts or origins change.
        pair: status rows that meet a stored one and need more than a look.
    """

    stage: Table
    twin: Table
    decision: Table
    taking: Table
    moved: Table
    pair: Table

    @property
    def all(self) -> tuple[Table, ...]:
        """Every one of them."""
        return (self.stage, self.twin, self.decision, self.taking, self.moved, self.pair)


def build_scratch(schema: str) -> Scratch:
    """Describe the temporary tables.

    Args:
        schema: the database's schema of temporary tables.
    """
    facts = [_like(one, LOAN_SIDE + one.name) for one in STAGED_LOAN]
    facts += [_like(one, STATUS_SIDE + one.name) for one in STATUS_FACTS]
    origin = field(LOAN, "static_origin")
    run_id, version = field(STATUS, "run_id"), field(STATUS, "version")
    return Scratch(
        stage=_table(schema, "stage", [*_row(), *_numbers("line"), *facts]),
        twin=_table(
            schema,
            "twin",
            [*_row(), *_numbers("line", "kept", "rank", "conflict")],
            key=("file", "record"),
        ),
        decision=_table(
            schema,
            "decision",
            [
                *_numbers("decision_no", "take_no"),
                _like(origin, "old_origin"),
                _like(field(STATUS, "record_date")),
                _like(origin, "new_origin"),
            ],
        ),
        taking=_table(
            schema,
            "taking",
            [*_numbers("decision_no"), _word("field"), _like(version, "previous_version")],
        ),
        moved=_table(
            schema,
            "moved",
            [
                *_row(),
                *_numbers("decision_no", "take_no", "differs"),
                _like(origin, "new_origin"),
                _like(run_id, "previous_run_id"),
            ],
        ),
        pair=_table(
            schema,
            "pair",
            [
                *_row(),
                _like(run_id, "previous_run_id"),
                _like(version, "previous_version"),
                _word("verdict"),
            ],
        ),
    )


def _table(schema: str, name: str, columns: list[Column[Any]], key: tuple[str, ...] = ()) -> Table:
    return Table(
        f"loan_etl_{name}",
        MetaData(),
        *columns,
        *([PrimaryKeyConstraint(*key)] if key else []),
        schema=schema,
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


def _row() -> list[Column[Any]]:
    """A record of the delivery and the key it has."""
    keys = (field(STATUS, "loan_id"), field(STATUS, "record_date"))
    return [*_numbers("file", "record"), *(_like(one) for one in keys)]


def _like(one: Field, name: str = "") -> Column[Any]:
    return Column(name or one.name, sql_type(one))


def _numbers(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, BigInteger()) for name in names)


def _word(name: str) -> Column[Any]:
    return Column(name, Text())
