"""What has become of a synthetic loan by a given day: payments, arrears, losses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from loan_etl_tui.demo.book import Loan, cents, instalment, plus_months

LOST_AFTER_DAYS = 150
LATE_FEE = Decimal(15)
_FEE_FREE_DAYS = 15
# Half of what will be recovered comes two months after the loss, the rest four months after it.
_RECOVERY_DAYS = (60, 120)


class Phase(Enum):
    """Where a loan stands in its life."""

    NEW = "nothing due yet"
    OPEN = "repaying, or in arrears"
    REPAID = "all principal paid"
    LOST = "written off"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment received: due day, day paid and what it was for."""

    due_on: date
    paid_on: date
    principal: Decimal
    interest: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class State:
    """A loan on one day; amounts are cumulative, in loan currency.

    Attributes:
        phase: where the loan stands.
        principal_paid, interest_paid, fees_paid: received since issue.
        charged_off: principal written off; 0 unless lost.
        recovered: received after the loss.
        days_late: days past due; goes on counting after a loss.
        last_paid_on: day of the last payment, or None.
        next_due_on: due day of the oldest open instalment; None when repaid or lost.
        closed_on: day of the last payment of a repaid loan, or of the loss.
    """

    phase: Phase
    principal_paid: Decimal
    interest_paid: Decimal
    fees_paid: Decimal
    charged_off: Decimal
    recovered: Decimal
    days_late: int
    last_paid_on: date | None
    next_due_on: date | None
    closed_on: date | None


def payments(loan: Loan) -> Iterator[Payment]:
    """Go through every payment the borrower will ever make, in order."""
    balance, level, fate = loan.amount, instalment(loan), loan.fate
    for number in range(1, loan.term_months + 1):
        if number == fate.stops_at or not balance:
            return
        interest = cents(balance * loan.rate / 12)
        everything = number in (fate.prepays_at, loan.term_months)
        principal = balance if everything else min(level - interest, balance)
        due_on = plus_months(loan.issued_on, number)
        late_days = fate.slip_days if number == fate.slips_at else 0
        fee = LATE_FEE if late_days > _FEE_FREE_DAYS else Decimal(0)
        yield Payment(due_on, due_on + timedelta(days=late_days), principal, interest, fee)
        balance -= principal


def state_at(loan: Loan, day: date) -> State:
    """Say how a loan stands at the end of a day.

    Args:
        loan: a loan issued on or before `day`.
        day: the day asked for.
    """
    received = [payment for payment in payments(loan) if payment.paid_on <= day]
    principal = sum((payment.principal for payment in received), Decimal(0))
    last_paid_on = received[-1].paid_on if received else None
    next_due_on: date | None = plus_months(loan.issued_on, len(received) + 1)
    days_late = max((day - next_due_on).days, 0) if next_due_on else 0
    charged_off = recovered = Decimal(0)
    closed_on = None
    phase = Phase.OPEN if received or days_late else Phase.NEW
    if principal == loan.amount:
        phase, next_due_on, days_late, closed_on = Phase.REPAID, None, 0, last_paid_on
    elif days_late > LOST_AFTER_DAYS:
        closed_on = day - timedelta(days=days_late - LOST_AFTER_DAYS - 1)
        phase, next_due_on, charged_off = Phase.LOST, None, loan.amount - principal
        recovered = _recovered(charged_off * loan.fate.recovered, (day - closed_on).days)
    return State(
        phase=phase,
        principal_paid=principal,
        interest_paid=sum((payment.interest for payment in received), Decimal(0)),
        fees_paid=sum((payment.fee for payment in received), Decimal(0)),
        charged_off=charged_off,
        recovered=recovered,
        days_late=days_late,
        last_paid_on=last_paid_on,
        next_due_on=next_due_on,
        closed_on=closed_on,
    )


def _recovered(in_the_end: Decimal, days: int) -> Decimal:
    steps = sum(days >= wait for wait in _RECOVERY_DAYS)
    return cents(in_the_end * steps / len(_RECOVERY_DAYS))


def in_book(book: tuple[Loan, ...], day: date) -> tuple[Loan, ...]:
    """Take the loans that exist on a day."""
    return tuple(loan for loan in book if loan.issued_on <= day)
