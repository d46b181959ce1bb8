"""Row rules on principal: what was lent, repaid, and is left."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import MONEY_SCALE, Status
from loan_etl_tui.validate.finding import Finding, above, below, differs, row_rule, source_of
from loan_etl_tui.validate.view import ORIGINAL, PAID, WRITTEN_OFF, RowView, floor_units

BALANCE = "check.balance"
TOTAL = "check.total"
PART = "check.part_{}"

# One cent, in money units.
CENT = 100


@row_rule("V-PRIN-1", ORIGINAL, PAID)
def repaid_within_tolerance(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Not more principal is repaid than was lent, but for small differences."""
    limit = view[ORIGINAL].value + view.tol
    yield above("principal_paid", view[PAID], limit, view.known(ORIGINAL))


@row_rule("V-PRIN-2", ORIGINAL, PAID)
def repaid_within_band(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Principal repaid is not far above what was lent."""
    limit = view[ORIGINAL].value + view.band
    yield above("principal_paid", view[PAID], limit, view.known(ORIGINAL))


@row_rule("V-COVER", ORIGINAL, PAID, WRITTEN_OFF)
def paid_and_written_off_fit(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Paid and written-off principal together are not more than was lent.

    A write-off that is not reported is not 0: V-PRIN-1 alone speaks of such rows.
    """
    limit = view[ORIGINAL].value + view.tol - view[WRITTEN_OFF].value
    yield above("principal_paid", view[PAID], limit, view.known(ORIGINAL, WRITTEN_OFF))


@row_rule("V-PAIDOFF-1", ORIGINAL, PAID)
def paid_off_within_tolerance(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A paid-off loan is repaid, but for small differences."""
    least = view[ORIGINAL].value - view.tol
    where = view.known(ORIGINAL) & view.is_status(Status.PAID_OFF)
    yield below("principal_paid", view[PAID], least, where)


@row_rule("V-PAIDOFF-2", ORIGINAL, PAID)
def paid_off_within_band(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A paid-off loan is repaid but for a small part."""
    least = view[ORIGINAL].value - view.band
    where = view.known(ORIGINAL) & view.is_status(Status.PAID_OFF)
    yield below("principal_paid", view[PAID], least, where)


@row_rule("V-OPEN0", ORIGINAL, PAID)
def open_loans_owe_something(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """An open loan has more than a cent left to pay."""
    most = view[ORIGINAL].value - CENT - 1
    where = view.known(ORIGINAL) & view.is_status(Status.CURRENT, Status.GRACE, Status.LATE)
    yield above("principal_paid", view[PAID], most, where)


@row_rule("V-ZEROPAY", PAID)
def paid_off_loans_have_payments(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A paid-off loan has payments."""
    nothing_paid = view.is_status(Status.PAID_OFF) & (view[PAID].value == 0)
    yield below("principal_paid", view[PAID], 1, nothing_paid)


@row_rule("V-CANC", PAID)
def cancelled_loans_have_none(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A cancelled loan has no payments."""
    nothing = np.zeros(len(view), np.int64)
    yield differs("principal_paid", view[PAID], nothing, 0, view.is_status(Status.CANCELLED))


@row_rule("V-IDENT", TOTAL)
def total_is_its_parts(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The tape's own total is the sum of its parts; a row with a missing part proves nothing."""
    parts = [PART.format(number) for number in range(1, len(rule.parameters["parts"]) + 1)]
    right = np.sum([view[part].value for part in parts], axis=0)
    allowed = floor_units(rule.parameters["tolerance"], MONEY_SCALE)
    yield differs(source_of(rule, "total"), view[TOTAL], right, allowed, view.known(*parts))


@row_rule("X-BAL", BALANCE, ORIGINAL, PAID)
def balance_is_what_is_left(view: RowView, rule: ActiveRule) -> Iterator[Finding]:
    """The reported balance is original balance - principal paid - charged off.

    A write-off that is not reported counts as none, except on a charged-off loan: there it is
    not known, and the platform's balance is 0 or not as its accountants like.
    """
    left = view[ORIGINAL].value - view[PAID].value - view[WRITTEN_OFF].value
    unknown_loss = view.is_status(Status.CHARGED_OFF) & ~view.known(WRITTEN_OFF)
    excepted = view.is_status(*rule.parameters["unless_status"]) | unknown_loss
    tolerance = floor_units(rule.parameters["tolerance"], MONEY_SCALE)
    where = view.known(ORIGINAL, PAID) & ~excepted
    field = source_of(rule, "from")
    yield differs(field, view[BALANCE], left, max(tolerance, view.rounding), where)


RULES = (
    repaid_within_tolerance,
    repaid_within_band,
    paid_and_written_off_fit,
    paid_off_within_tolerance,
    paid_off_within_band,
    open_loans_owe_something,
    paid_off_loans_have_payments,
    cancelled_loans_have_none,
    total_is_its_parts,
    balance_is_what_is_left,
)
