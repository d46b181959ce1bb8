"""Keeps what a loan's row says of its status rows: overall status, first and last record date."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, case, func, or_, select, update

from loan_etl_tui.load.values import MergeSpec
from loan_etl_tui.load.work import Work, candidates


def follow_status(work: Work, spec: MergeSpec, *, superseded: bool) -> None:
    """Bring overall status and record dates up to date, for the loans of the stage alone.

    A load only adds record dates, so the stored range and the staged one give the new range, and
    a back-filled older date never moves the overall status.

    Args:
        work: the load, its status rows merged.
        spec: the run.
        superseded: whether a newer version stands for some of the staged rows.
    """
    # In key order, as the loans lie: rows all over a table are far slower to rewrite.
    unsorted = _seen(work, spec, superseded)
    seen = select(unsorted).order_by(unsorted.c.loan_id).subquery("seen")
    loan = work.tables.loan
    first = work.dialect.least(
        func.coalesce(loan.c.first_record_date, seen.c.first_date), seen.c.first_date
    )
    last = work.dialect.greatest(
        func.coalesce(loan.c.last_record_date, seen.c.last_date), seen.c.last_date
    )
    overall = case((last == seen.c.last_date, seen.c.latest_status), else_=loan.c.loan_status)
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
    work.run(update(loan).values(values).where(work.is_loan(loan, seen), moves))


def _seen(work: Work, spec: MergeSpec, superseded: bool) -> FromClause:
    """The staged range of each loan's record dates, and the status that stands at its end."""
    offered = candidates(work, spec.static)
    names = ("loan_id", "first_date", "last_date")
    columns = [offered.c[name] for name in names]
    if not superseded:
        return select(*columns, offered.c.latest_status).subquery("unsorted")
    status = work.tables.status
    standing = (
        select(status.c.loan_status)
        .where(work.is_loan(status, offered), status.c.record_date == offered.c.last_date)
        .scalar_subquery()
    )
    return select(*columns, standing.label("latest_status")).subquery("unsorted")
