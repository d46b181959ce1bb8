"""Row rules on losses: charge-offs and what is recovered of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import Status
from loan_etl_tui.validate.finding import Finding, above, differs, row_rule
from loan_etl_tui.validate.view import ORIGINAL, PAID, RECOVERED, WRITTEN_OFF, RowView

# Statuses in which money can be recovered; UNKNOWN contradicts nothing.
_AFTER_LOSS = (
    Status.CHARGED_OFF,
    Status.DEFAULT,
    Status.LIQUIDATED,
    Status.SETTLED,
    Status.SOLD,
)


@row_rule("V-CO-1", ORIGINAL, PAID)
def charged_off_loans_owe_something(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A charged-off loan is not fully repaid."""
    where = view.known(ORIGINAL) & view.is_status(Status.CHARGED_OFF)
    yield above("principal_paid", view[PAID], view[ORIGINAL].value - 1, where)


@row_rule("V-CO-2", ORIGINAL, PAID, WRITTEN_OFF)
def charge_off_takes_the_rest(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A charge-off accounts for all the principal that was not repaid."""
    rest = view[ORIGINAL].value - view[PAID].value
    where = view.known(ORIGINAL, PAID) & view.is_status(Status.CHARGED_OFF)
    yield differs("principal_charged_off", view[WRITTEN_OFF], rest, view.tol, where)


@row_rule("V-CO-4", RECOVERED, WRITTEN_OFF)
def recoveries_fit_the_loss(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Recoveries are not more than the written-off principal and a quarter for its interest."""
    limit = view[WRITTEN_OFF].value * 5 // 4
    yield above("recoveries", view[RECOVERED], limit, view.known(WRITTEN_OFF))


@row_rule("V-NOLOSS", WRITTEN_OFF)
def good_loans_have_no_loss(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """A current or paid-off loan has no charge-off."""
    good = view.is_status(Status.CURRENT, Status.PAID_OFF)
    nothing = np.zeros(len(view), np.int64)
    yield differs("principal_charged_off", view[WRITTEN_OFF], nothing, 0, good)


@row_rule("V-RECOV", RECOVERED)
def recoveries_follow_a_loss(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Money is recovered only of loans that were lost."""
    where = view.has_status & ~view.is_status(*_AFTER_LOSS)
    yield above("recoveries", view[RECOVERED], 0, where)


RULES = (
    charged_off_loans_owe_something,
    charge_off_takes_the_rest,
    recoveries_fit_the_loss,
    good_loans_have_no_loss,
    recoveries_follow_a_loss,
)
