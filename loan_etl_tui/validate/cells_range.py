"""Cell rules on ranges and lists: what an amount, rate, term, score or code can be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import MONEY_SCALE, RATE_SCALE, Status
from loan_etl_tui.validate.countries import COUNTRIES
from loan_etl_tui.validate.finding import (
    Finding,
    above,
    always,
    below,
    count,
    money,
    rate,
    row_rule,
    text,
)
from loan_etl_tui.validate.view import (
    DPD_MAX,
    DPD_MIN,
    ORIGINAL,
    RATE,
    SCORE,
    TERM,
    BoolArray,
    RowView,
    ceil_units,
    floor_units,
)

DTI = "loan.dti"
COUNTRY = "loan.country"
GRADE = "loan.platform_rating"

_NOT_NEGATIVE = (
    "principal_paid",
    "interest_paid",
    "fees_paid",
    "recoveries",
    "principal_charged_off",
)


@row_rule("C-ORIG0", ORIGINAL)
def something_was_lent(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """The original balance is more than 0, except of loans that were cancelled."""
    lent = view[ORIGINAL]
    broken = lent.known & (lent.value <= 0) & ~view.is_status(Status.CANCELLED)
    yield Finding("original_balance", broken, money(lent.value), always("> 0"))


@row_rule("C-ORIGMAX", ORIGINAL)
def not_more_than_the_platform_lends(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The original balance is not above the platform's largest loan."""
    most = floor_units(rule.parameters["max"], MONEY_SCALE)
    yield above("original_balance", view[ORIGINAL], most)


@row_rule("C-RATE", RATE)
def rates_are_possible(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The interest rate is not negative and not absurd."""
    yield _rate_outside(view, "interest_rate", RATE, Decimal(0), rule.parameters["max"])


@row_rule("C-RATEBAND", RATE)
def rates_are_the_platforms(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The interest rate is one the platform charges."""
    said = rule.parameters
    yield _rate_outside(view, "interest_rate", RATE, said["min"], said["max"])


@row_rule("C-TERM", TERM)
def terms_are_possible(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The term is a possible number of months."""
    yield _outside(view, "term_months", TERM, rule)


@row_rule("C-TERMSET", TERM)
def terms_are_the_platforms(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The term is one the platform offers."""
    term, allowed = view[TERM], rule.parameters["allowed"]
    broken = term.known & ~np.isin(term.value, allowed)
    expected = always(f"one of {', '.join(map(str, allowed))}")
    yield Finding("term_months", broken, count(term.value), expected)


@row_rule("C-SCORE", SCORE)
def scores_are_on_their_scale(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The credit score is on its scale."""
    yield _outside(view, "credit_score", SCORE, rule)


@row_rule("C-DTI", DTI)
def debt_ratios_are_possible(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The debt-to-income ratio is possible."""
    said = rule.parameters
    yield _rate_outside(view, "dti", DTI, said["min"], said["max"])


@row_rule("C-NEG")
def amounts_are_not_negative(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """What was received or written off is not negative, but for half the platform's rounding."""
    for name in _NOT_NEGATIVE:
        yield below(name, view[f"status.{name}"], -(view.rounding // 2))


@row_rule("C-DPD", DPD_MIN)
def days_past_due_are_possible(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """Days past due are possible; a tape that gives days, not buckets, is told once."""
    yield _outside(view, "dpd_min", DPD_MIN, rule)
    same = view.known(DPD_MIN) & (view[DPD_MIN].value == view[DPD_MAX].value)
    yield _outside(view, "dpd_max", DPD_MAX, rule, ~same)


@row_rule("C-COUNTRY", COUNTRY)
def countries_are_iso_codes(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """The country is an ISO 3166-1 code of two letters."""
    yield _not_listed(view, "country", COUNTRY, tuple(COUNTRIES), "an ISO 3166-1 code, such as US")


@row_rule("C-RATING", GRADE)
def grades_are_the_platforms(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The grade is one the platform gives."""
    allowed = rule.parameters["allowed"]
    yield _not_listed(view, "platform_rating", GRADE, allowed, f"one of {', '.join(allowed)}")


def _outside(
    view: RowView, name: str, column: str, rule: ActiveRule, where: BoolArray | bool = True
) -> Finding:
    """Report whole numbers below `min` or above `max`."""
    numbers, least, most = view[column], rule.parameters["min"], rule.parameters["max"]
    broken = numbers.known & where & ((numbers.value < least) | (numbers.value > most))
    return Finding(name, broken, count(numbers.value), always(f"{least} to {most}"))


def _rate_outside(view: RowView, name: str, column: str, least: Decimal, most: Decimal) -> Finding:
    """Report rates below or above what they can be, both fractions."""
    rates = view[column]
    too_low = rates.value < ceil_units(least, RATE_SCALE)
    too_high = rates.value > floor_units(most, RATE_SCALE)
    broken = rates.known & (too_low | too_high)
    return Finding(name, broken, rate(rates.value), always(f"{least} to {most}"))


def _not_listed(
    view: RowView, name: str, column: str, allowed: tuple[str, ...], expected: str
) -> Finding:
    """Report words that are not in a list; a missing one is no breach."""
    words = view.column(column)
    listed = pc.is_in(words, value_set=pa.array(allowed, words.type), skip_nulls=True)
    broken = pc.and_(pc.is_valid(words), pc.invert(listed)).to_numpy(zero_copy_only=False)
    return Finding(name, broken, text(words), always(expected))


RULES = (
    something_was_lent,
    not_more_than_the_platform_lends,
    rates_are_possible,
    rates_are_the_platforms,
    terms_are_possible,
    terms_are_the_platforms,
    scores_are_on_their_scale,
    debt_ratios_are_possible,
    amounts_are_not_negative,
    days_past_due_are_possible,
    countries_are_iso_codes,
    grades_are_the_platforms,
)
