"""Row rules on dates: issue, maturity, default, closing and payments in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import Status
from loan_etl_tui.validate.finding import Finding, always, day, row_rule, source_of, text
from loan_etl_tui.validate.view import (
    ISSUED_ON,
    LAST_PAID_ON,
    MATURES_ON,
    NEXT_DUE_ON,
    RECORDED_ON,
    STATUS,
    TERM,
    BoolArray,
    IntArray,
    RowView,
)

DEFAULTED_ON = "check.default_date"
CLOSED_ON = "check.closed_date"

_EPOCH = date(1970, 1, 1)
_MATURITY_SLACK_DAYS = 180
_TERM_SLACK_MONTHS = 2


@row_rule("V-ISSUE", ISSUED_ON, RECORDED_ON)
def issued_before_recorded(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A loan is issued before the date its row describes."""
    yield _late(view, "issue_date", ISSUED_ON, RECORDED_ON)


@row_rule("V-ISSUE-LO", ISSUED_ON)
def not_older_than_its_platform(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """A loan is not older than its platform's first."""
    issued = view[ISSUED_ON]
    first = np.full(len(view), (rule.parameters["min"] - _EPOCH).days)
    broken = issued.known & (issued.value < first)
    yield Finding("issue_date", broken, day(issued.value), day(first, ">= "))


@row_rule("V-MAT-1", ISSUED_ON, MATURES_ON, TERM)
def maturity_fits_the_term(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """The months from issue to maturity are the term, give or take two."""
    months, term = view.months_between(ISSUED_ON, MATURES_ON), view[TERM].value
    broken = view.known(ISSUED_ON, MATURES_ON, TERM)
    broken &= np.abs(months - term) > _TERM_SLACK_MONTHS

    def expected(which: IntArray) -> list[str]:
        return [f"{one} months after issue +- {_TERM_SLACK_MONTHS}" for one in term[which]]

    yield Finding("maturity_date", broken, day(view[MATURES_ON].value), expected)


@row_rule("V-MAT-2", ISSUED_ON, MATURES_ON)
def matures_after_issue(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A loan matures after it is issued."""
    yield _not_after(view, "maturity_date", MATURES_ON, ISSUED_ON, True)


@row_rule("V-MAT-3", MATURES_ON, RECORDED_ON)
def long_matured_loans_are_closed(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A loan long past its maturity is closed, or was restructured."""
    limit = view[MATURES_ON].value + _MATURITY_SLACK_DAYS
    over = view.known(MATURES_ON, RECORDED_ON) & (view[RECORDED_ON].value > limit)
    broken = over & view.has_status & ~view.is_terminal & ~view.is_status(Status.RESTRUCTURED)
    expected = always(f"closed {_MATURITY_SLACK_DAYS} days after maturity")
    yield Finding("loan_status", broken, text(view.column(STATUS)), expected)


@row_rule("V-DEFDATE", DEFAULTED_ON)
def default_within_the_life(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """A default lies between the issue of the loan and the date its row describes."""
    field = source_of(rule, "from")
    yield _early(view, field, DEFAULTED_ON, ISSUED_ON)
    yield _late(view, field, DEFAULTED_ON, RECORDED_ON)


@row_rule("V-CLOSED", CLOSED_ON)
def closed_loans_have_a_date(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """Closed loans, and only they, have a closing date.

    DEFAULT is left out: it is not the end of a loan here, yet platforms close the books on it.
    """
    closed = view[CLOSED_ON]
    open_status = view.has_status & ~view.is_terminal & ~view.is_status(Status.DEFAULT)
    field, words = source_of(rule, "from"), text(view.column(STATUS))

    def dated(which: IntArray) -> list[str]:
        return [f"a date: the loan is {one}" for one in words(which)]

    def undated(which: IntArray) -> list[str]:
        return [f"no date: the loan is {one}" for one in words(which)]

    yield Finding(field, view.is_terminal & ~closed.known, always(""), dated)
    yield Finding(field, open_status & closed.known, day(closed.value), undated)


@row_rule("V-PAYDATE")
def payment_dates_are_in_order(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Payments lie between issue and record date, the next one after the last one.

    Needs no column by itself: of the dates a tape maps, those there are are compared.
    """
    yield _early(view, "last_payment_date", LAST_PAID_ON, ISSUED_ON)
    yield _late(view, "last_payment_date", LAST_PAID_ON, RECORDED_ON)
    due = view[NEXT_DUE_ON]
    ended = due.known & view.is_terminal
    yield Finding("next_payment_date", ended, day(due.value), always("none: the loan is closed"))
    yield _not_after(view, "next_payment_date", NEXT_DUE_ON, LAST_PAID_ON, ~view.is_terminal)


def _late(view: RowView, field: str, one: str, limit: str) -> Finding:
    """Report dates after another one, by more than the tape's precision."""
    most = view[limit].value + view.prec
    broken = view.known(one, limit) & (view[one].value > most)
    return Finding(field, broken, day(view[one].value), day(most, "<= "))


def _early(view: RowView, field: str, one: str, limit: str) -> Finding:
    """Report dates before another one."""
    broken = view.known(one, limit) & (view[one].value < view[limit].value)
    return Finding(field, broken, day(view[one].value), day(view[limit].value, ">= "))


def _not_after(view: RowView, field: str, one: str, limit: str, where: BoolArray | bool) -> Finding:
    """Report dates that do not follow another one.

    Where the tape gives months, two dates in the same month cannot be told apart and pass.
    """
    gap = 0 if view.prec else 1
    least = view[limit].value + gap
    broken = view.known(one, limit) & where & (view[one].value < least)
    return Finding(field, broken, day(view[one].value), day(least, ">= "))


RULES = (
    issued_before_recorded,
    not_older_than_its_platform,
    maturity_fits_the_term,
    matures_after_issue,
    long_matured_loans_are_closed,
    default_within_the_life,
    closed_loans_have_a_date,
    payment_dates_are_in_order,
)
