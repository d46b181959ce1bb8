"""The laws of a load, asked of the tables themselves inside the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from loan_etl_tui.load.scratch import LOAN_SIDE, MONEY_COLUMNS, STATUS_SIDE
from loan_etl_tui.load.values import MergeCounts, MergeSpec, StageTotals
from loan_etl_tui.load.work import Work, candidates
from loan_etl_tui.model.errors import LawBroken
from loan_etl_tui.model.loan import LOAN, STATUS, Kind, field


def stage_totals(work: Work) -> StageTotals:
    """Count the staged rows and add up their money columns, exactly."""
    totals = [
        work.dialect.exact_sum(work.stage.c[column], Kind.MONEY)
        for column in MONEY_COLUMNS.values()
    ]
    row = work.run(select(func.count(), *totals).select_from(work.stage)).one()
    zero = Decimal(0)
    return StageTotals(
        row[0],
        {
            name: zero if total is None else total
            for name, total in zip(MONEY_COLUMNS, row[1:], strict=True)
        },
    )


def verify_merge(work: Work, spec: MergeSpec, counts: MergeCounts) -> None:
    """Prove that the tables hold what was staged.

    Raises:
        LawBroken: a row is missing, or amounts do not add up to those staged.
    """
    _verify_loans(work, spec, counts)
    if work.staged.is_dated:
        _verify_status(work, spec, counts)


def _verify_loans(work: Work, spec: MergeSpec, counts: MergeCounts) -> None:
    """Every staged loan is there, and the new ones carry the amounts they came with."""
    loan, offered = work.tables.loan, candidates(work, spec.static)
    money = _money(LOAN, spec.loan_columns)
    is_new = loan.c.created_run_id == spec.run_id
    sums = []
    for name in money:
        sums += [
            work.dialect.exact_sum(case((is_new, offered.c[LOAN_SIDE + name])), Kind.MONEY),
            work.dialect.exact_sum(case((is_new, loan.c[name])), Kind.MONEY),
        ]
    new = func.sum(case((is_new, 1), else_=0))
    found = select(func.count(), func.coalesce(new, 0), *sums).where(work.is_loan(loan, offered))
    row = work.run(found).one()
    there, inserted, totals = row[0], row[1], row[2:]
    expected = counts.loan_inserted + counts.loan_updated + counts.loan_unchanged
    _equal("loans of the delivery in `loan`", there, expected)
    _equal("loans created by the run", inserted, counts.loan_inserted)
    _equal_sums("loan", money, totals)


def _verify_status(work: Work, spec: MergeSpec, counts: MergeCounts) -> None:
    """Every staged key is there, and where its version stands so do its amounts."""
    status, stage = work.tables.status, work.stage
    money = _money(STATUS, spec.status_columns)
    stands = status.c.version == spec.version
    sums = []
    for name in money:
        sums += [
            work.dialect.exact_sum(case((stands, stage.c[STATUS_SIDE + name])), Kind.MONEY),
            work.dialect.exact_sum(case((stands, status.c[name])), Kind.MONEY),
        ]
    older = func.sum(case((status.c.version < spec.version, 1), else_=0))
    found = select(func.count(), func.coalesce(older, 0), *sums).where(
        work.is_status(status, stage)
    )
    row = work.run(found).one()
    there, outdated, totals = row[0], row[1], row[2:]
    parts = counts.status_inserted + counts.status_corrected + counts.status_unchanged
    _equal("rows of the delivery in `status`", there, work.staged.rows)
    _equal("rows by what became of them", parts + counts.superseded, work.staged.rows)
    _equal("rows of an older version than the delivery's", outdated, 0)
    _equal_sums("status", money, totals)


def _money(table: Any, mapped: Sequence[str]) -> list[str]:  # noqa: ANN401 - tuple of fields
    return [name for name in mapped if field(table, name).kind is Kind.MONEY]


def _equal(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise LawBroken(f"{what}: {found} found, {expected} expected; nothing is loaded.")


def _equal_sums(table: str, names: Sequence[str], totals: Sequence[Decimal | None]) -> None:
    for at, name in enumerate(names):
        staged, stored = totals[2 * at], totals[2 * at + 1]
        if staged != stored:
            raise LawBroken(
                f"{table}.{name} adds up to {stored} as stored and to {staged} as staged; "
                "nothing is loaded."
            )
