"""Row rules on interest and schedule: instalments, progress, interest, loan to value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import MONEY_SCALE, RATE_SCALE, Status
from loan_etl_tui.validate.finding import (
    Finding,
    Words,
    above,
    always,
    below,
    count,
    differs,
    money,
    rate,
    row_rule,
)
from loan_etl_tui.validate.schedule import instalments, is_annuity, scheduled_principal, to_units
from loan_etl_tui.validate.view import (
    INSTALMENT,
    INTEREST,
    ISSUED_ON,
    LTV,
    MONEY_UNIT,
    ORIGINAL,
    PAID,
    RATE,
    RECORDED_ON,
    SCORE,
    TERM,
    BoolArray,
    IntArray,
    RowView,
    ceil_units,
    floor_units,
)

_NOT_PAYING_YET = (Status.PENDING, Status.ISSUED, Status.CANCELLED)
_DAYS_OF_A_YEAR = 365
_SLACK_MONTHS = 2


def _terms(view: RowView) -> tuple[IntArray, IntArray, BoolArray]:
    """Give rate and term, made harmless where they are missing or impossible, and where not."""
    known = view.known(ORIGINAL, RATE, TERM) & is_annuity(view[RATE].value, view[TERM].value)
    return np.where(known, view[RATE].value, 0), np.where(known, view[TERM].value, 1), known


@row_rule("V-ANN", ORIGINAL, RATE, TERM, INSTALMENT)
def instalment_fits_the_terms(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """The instalment is that of an annuity, within 5 cents or 0.05 %."""
    yearly, term, known = _terms(view)
    right = instalments(view[ORIGINAL].value, yearly, term)
    allowed = np.maximum(MONEY_UNIT // 20, right // 2000)
    yield differs("monthly_payment", view[INSTALMENT], right, allowed, known)


@row_rule("V-SCHED", ORIGINAL, RATE, TERM, PAID, ISSUED_ON, RECORDED_ON)
def current_loans_keep_to_schedule(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A current loan has repaid what was due two months ago."""
    yearly, term, known = _terms(view)
    due_months = view.months_between(ISSUED_ON, RECORDED_ON) - _SLACK_MONTHS
    due = scheduled_principal(view[ORIGINAL].value, yearly, term, due_months)
    where = known & view.known(ISSUED_ON, RECORDED_ON) & view.is_status(Status.CURRENT)
    yield below("principal_paid", view[PAID], due - view.tol, where)


@row_rule("V-INT", ORIGINAL, RATE, INTEREST, ISSUED_ON, RECORDED_ON)
def interest_is_possible(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Interest is not above a tenth more than the whole balance would bear, and not nothing.

    The limit is computed in float64 and rounded to whole money units.
    """
    yearly = view[RATE].value
    known = view.known(ORIGINAL, RATE, ISSUED_ON, RECORDED_ON)
    days = view[RECORDED_ON].value - view[ISSUED_ON].value + view.prec
    years = np.maximum(days, 0) / _DAYS_OF_A_YEAR
    most = to_units(view[ORIGINAL].value * (yearly / 10**RATE_SCALE) * years * 1.10) + view.tol
    yield above("interest_paid", view[INTEREST], most, known)
    due = known & (view.months_between(ISSUED_ON, RECORDED_ON) >= 3) & (yearly > 0)
    none = due & ~view.is_status(*_NOT_PAYING_YET) & (view[INTEREST].value == 0)
    broken = none & view.known(INTEREST)
    yield Finding("interest_paid", broken, money(view[INTEREST].value), always("> 0"))


@row_rule("V-RATEZERO", RATE)
def loans_bear_interest(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A loan bears interest, unless the platform lends without."""
    yearly = view[RATE]
    free = yearly.known & (yearly.value == 0)
    yield Finding("interest_rate", free, rate(yearly.value), always("> 0"))


@row_rule("V-SECINT", LTV)
def loan_to_value_is_possible(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The loan-to-value ratio is possible; in prime books every loan has a score.

    A ratio read as a rate is a fraction (0.80), read as a number it is in percent (80).
    """
    ratio, said = view[LTV], rule.parameters
    scale, words = _ratio_unit(view)
    least, most = ceil_units(said["min"], scale), floor_units(said["max"], scale)
    broken = ratio.known & ((ratio.value < least) | (ratio.value > most))
    expected = always(f"{said['min']} to {said['max']} percent")
    yield Finding("extra.ltv", broken, words, expected)
    if said["require_score"]:
        yield Finding("credit_score", ~view[SCORE].known, always(""), always("a score"))


def _ratio_unit(view: RowView) -> tuple[int, Words]:
    """Say how many places one percent has in the ratio's column, and how to write it."""
    kind, value = view.column(LTV).type, view[LTV].value
    if not pa.types.is_decimal(kind):
        return 0, count(value)
    if kind.scale == RATE_SCALE:
        return RATE_SCALE - len("00"), rate(value)
    return MONEY_SCALE, money(value)


RULES = (
    instalment_fits_the_terms,
    current_loans_keep_to_schedule,
    interest_is_possible,
    loans_bear_interest,
    loan_to_value_is_possible,
)
