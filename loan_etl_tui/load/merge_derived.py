"""Keeps what a loan's row says of its status rows: overall status, first and last record date."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, or_, select, update

from loan_etl_tui.load.values import MergeSpec
from loan_etl_tui.load.work import Work


def follow_status(work: Work, spec: MergeSpec) -> None:
    """Bring overall status and record dates up to date, for the loans of the stage alone.

    A load only adds record dates, so the stored range and the staged one give the new range; the
    status is read from `status` itself, where a newer version may stand than the staged one. A
    back-filled older date never moves the overall status.
    """
    loan, status = work.tables.loan, work.tables.status
    seen = _staged_ranges(work).subquery("seen")
    first = work.dialect.least(
        func.coalesce(loan.c.first_record_date, seen.c.first_date), seen.c.first_date
    )
    last = work.dialect.greatest(
        func.coalesce(loan.c.last_record_date, seen.c.last_date), seen.c.last_date
    )
    overall = case((last == seen.c.last_date, status.c.loan_status), else_=loan.c.loan_status)
    values: dict[str, Any] = {
        "first_record_date": first,
        "last_record_date": last,
        "loan_status": overall,
        "updated_run_id": spec.run_id,
    }
    moves = or_(
        loan.c.first_record_date.is_distinct_from(first),
        loan.c.last_record_date.is_distinct_from(last),
        loan.c.loan_status != overall,
    )
    work.run(
        update(loan)
        .values(values)
        .where(
            work.is_loan(loan, seen),
            work.is_loan(status, seen),
            status.c.record_date == seen.c.last_date,
            moves,
        )
    )


def _staged_ranges(work: Work) -> Any:  # noqa: ANN401 - a select
    stage = work.stage.c
    day = stage.record_date
    if work.staged.one_row_per_loan:
        return select(stage.loan_id, day.label("first_date"), day.label("last_date"))
    return select(
        stage.loan_id, func.min(day).label("first_date"), func.max(day).label("last_date")
    ).group_by(stage.loan_id)
