"""Synthetic loans at origination: seeded, priced by grade, repaid as annuities.

Nothing here is taken from a real loan. A book is drawn once; what becomes of each loan is decided
with it (`Fate`) and can be asked for any day (`life`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from loan_etl_tui.demo.dice import Dice

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Fate:
    """What a borrower will do, by number of the instalment; 0 means never.

    Attributes:
        stops_at: the first instalment that is never paid.
        prepays_at: the instalment with which everything is paid.
        slips_at: an instalment that is paid `slip_days` late.
        slip_days: how late it is paid, days.
        recovered: share of the written-off principal that is recovered in the end.
    """

    stops_at: int = 0
    prepays_at: int = 0
    slips_at: int = 0
    slip_days: int = 0
    recovered: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Loan:
    """One synthetic loan.

    Attributes:
        number: the platform's own id.
        issued_on: day the money was paid out.
        amount: principal lent, loan currency.
        rate: nominal rate, fraction per year.
        term_months: number of monthly instalments.
        grade: 0 for the best of the profile's grades.
        fate: what will become of it.
    """

    number: int
    issued_on: date
    amount: Decimal
    rate: Decimal
    term_months: int
    grade: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class Profile:
    """How a platform lends.

    Attributes:
        name: name of the book's draws.
        loans: how many loans are drawn.
        first_issue, last_issue: the days between which loans are issued, both included.
        first_number: id of the oldest loan.
        amounts: smallest amount, largest amount and step, loan currency.
        terms: the terms on offer, months.
        base_rate, rate_step: rate of the best grade and what each next one adds.
        grades: how many grades there are.
    """

    name: str
    loans: int
    first_issue: date
    last_issue: date
    first_number: int
    amounts: tuple[int, int, int]
    terms: tuple[int, ...]
    base_rate: Decimal
    rate_step: Decimal
    grades: int


def draw_book(profile: Profile, seed: int) -> tuple[Loan, ...]:
    """Draw a platform's loans, oldest first.

    Args:
        profile: how the platform lends.
        seed: another seed, another book.

    Returns:
        `profile.loans` loans with rising ids; the same for the same arguments, always.
    """
    days = (profile.last_issue - profile.first_issue).days
    dice = Dice(seed, profile.name, "issue")
    issues = sorted(
        _early_in_month(profile.first_issue + timedelta(days=dice.whole(0, days)))
        for _ in range(profile.loans)
    )
    numbers = Dice(seed, profile.name, "number")
    number, loans = profile.first_number, []
    for issued_on in issues:
        loans.append(_draw_loan(profile, seed, number, issued_on))
        number += numbers.whole(3, 61)
    return tuple(loans)


def _early_in_month(day: date) -> date:
    """Keep due days inside every month: the 29th to 31st become the 28th."""
    return day.replace(day=min(day.day, 28))


def _draw_loan(profile: Profile, seed: int, number: int, issued_on: date) -> Loan:
    dice = Dice(seed, profile.name, number)
    low, high, step = profile.amounts
    # The lower of two draws: small loans are commoner than large ones, as in a real book.
    steps = min(dice.whole(0, (high - low) // step), dice.whole(0, (high - low) // step))
    term = dice.pick(profile.terms)
    grade = min(dice.whole(0, profile.grades - 1), dice.whole(0, profile.grades - 1))
    return Loan(
        number=number,
        issued_on=issued_on,
        amount=Decimal(low + steps * step),
        rate=profile.base_rate + profile.rate_step * grade,
        term_months=term,
        grade=grade,
        fate=_draw_fate(dice, term, grade / profile.grades),
    )


def _draw_fate(dice: Dice, term: int, risk: float) -> Fate:
    """Decide what becomes of a loan; riskier grades stop paying more often.

    Nobody stops before the fourth instalment, so that each loan has earned some interest.
    """
    recovered = Decimal(dice.whole(0, 30)) / 100
    if dice.chance(0.06 + 0.22 * risk):
        return Fate(stops_at=dice.whole(4, term), recovered=recovered)
    slips_at, slip_days = 0, 0
    if dice.chance(0.35):
        # Shorter than a month, so that at most one instalment is open at a time.
        slips_at, slip_days = dice.whole(6, term - 1), dice.whole(2, 26)
    prepays_at = dice.whole(4, term) if dice.chance(0.45) else 0
    return Fate(prepays_at=prepays_at, slips_at=slips_at, slip_days=slip_days)


def instalment(loan: Loan) -> Decimal:
    """Compute the level monthly payment of an annuity loan, to the cent."""
    monthly = loan.rate / 12
    if not monthly:
        return cents(loan.amount / loan.term_months)
    return cents(loan.amount * monthly / (1 - (1 + monthly) ** -loan.term_months))


def cents(amount: Decimal) -> Decimal:
    """Round an amount to the cent, half to even."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def plus_months(day: date, months: int) -> date:
    """Move a day by whole months; the day of month must exist in every month (1 to 28)."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, day.day)
