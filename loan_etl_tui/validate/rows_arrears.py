"""Row rules on arrears: days past due against status and age."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import Status
from loan_etl_tui.validate.finding import Finding, always, count, row_rule
from loan_etl_tui.validate.view import (
    DPD_MAX,
    DPD_MIN,
    ISSUED_ON,
    RECORDED_ON,
    BoolArray,
    IntArray,
    RowView,
)

WORD_MIN = "check.word_dpd_min"
WORD_MAX = "check.word_dpd_max"


def _longest(view: RowView) -> tuple[IntArray, BoolArray]:
    """Give the most days past due that a row states, and where it states any."""
    low, high = view[DPD_MIN], view[DPD_MAX]
    either = np.where(high.known, high.value, low.value)
    both = low.known & high.known
    return np.where(both, np.maximum(low.value, high.value), either), low.known | high.known


@row_rule("V-PAIDOFF-3", DPD_MIN)
def paid_off_loans_are_not_late(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A paid-off loan has no days past due."""
    days, known = _longest(view)
    broken = known & view.is_status(Status.PAID_OFF) & (days != 0)
    yield Finding("dpd_max", broken, count(days), always("0 days past due: the loan is paid off"))


@row_rule("V-CO-3", DPD_MIN)
def charged_off_loans_were_late(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A charged-off loan is 30 days past due at least."""
    low = view[DPD_MIN]
    broken = low.known & view.is_status(Status.CHARGED_OFF) & (low.value < 30)
    yield Finding("dpd_min", broken, count(low.value), always(">= 30 days past due"))


@row_rule("V-LATE", DPD_MIN)
def late_means_past_due(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A late loan is past due, a current one is not."""
    low = view[DPD_MIN]
    late = low.known & view.is_status(Status.LATE) & (low.value < 1)
    yield Finding("dpd_min", late, count(low.value), always(">= 1 day past due: the loan is LATE"))
    days, known = _longest(view)
    current = known & view.is_status(Status.CURRENT) & (days != 0)
    yield Finding("dpd_max", current, count(days), always("0 days past due: the loan is CURRENT"))


@row_rule("V-BUCKET", DPD_MIN, WORD_MIN)
def days_lie_in_their_bucket(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """The days past due lie inside the bucket that the status word names."""
    low, first, last = view[DPD_MIN], view[WORD_MIN], view[WORD_MAX]
    longest, _ = _longest(view)
    too_long = last.known & (longest > last.value)
    broken = low.known & first.known & ((low.value < first.value) | too_long)
    days = np.where(too_long, longest, low.value)

    def bucket(which: IntArray) -> list[str]:
        ends = zip(first.value[which], last.value[which], last.known[which], strict=True)
        return [
            f"{start} to {end} days" if closed else f">= {start} days"
            for start, end, closed in ends
        ]

    yield Finding("dpd_min", broken, count(days), bucket)


@row_rule("V-AGE-LATE", DPD_MIN, ISSUED_ON, RECORDED_ON)
def lateness_fits_the_age(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A loan is not late for longer than it lives."""
    low = view[DPD_MIN]
    age = view[RECORDED_ON].value - view[ISSUED_ON].value + view.prec
    broken = view.known(DPD_MIN, ISSUED_ON, RECORDED_ON) & (low.value > age)
    yield Finding("dpd_min", broken, count(low.value), count(age, "<= "))


RULES = (
    paid_off_loans_are_not_late,
    charged_off_loans_were_late,
    late_means_past_due,
    days_lie_in_their_bucket,
    lateness_fits_the_age,
)
