"""Tapes in the layout of Prosper's 2014 export, filled with synthetic loans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from loan_etl_tui.demo.book import Loan, Profile, instalment
from loan_etl_tui.demo.delimited import Cells, cells_of, quoted_line
from loan_etl_tui.demo.dice import Dice
from loan_etl_tui.demo.life import Phase, State, in_book, state_at
from loan_etl_tui.demo.prosper_columns import COLUMNS

PROFILE = Profile(
    name="prosper",
    loans=310,
    first_issue=date(2021, 9, 1),
    last_issue=date(2024, 3, 26),
    first_number=1_204_511,
    amounts=(2_000, 35_000, 100),
    terms=(12, 36, 36, 36, 60),
    base_rate=Decimal("0.0629"),
    rate_step=Decimal("0.0417"),
    grades=7,
)

RATINGS = ("AA", "A", "B", "C", "D", "E", "HR")
_STATES = ("CA", "TX", "FL", "NY", "IL", "GA", "OH", "NJ", "VA", "WA", "")
_JOBS = ("Teacher", "Nurse", "Executive", "Sales, retail", 'Clerk "nights"', "Other")
_INCOMES = ("$25,000-49,999", "$50,000-74,999", "$75,000-99,999", "$100,000+", "Not displayed")
_LATE_WORDS = (
    (0, "Current"),
    (15, "Past Due (1-15 days)"),
    (30, "Past Due (16-30 days)"),
    (60, "Past Due (31-60 days)"),
    (90, "Past Due (61-90 days)"),
    (120, "Past Due (91-120 days)"),
)


@dataclass(frozen=True, slots=True)
class Borrower:
    """What Prosper knows of a borrower and listing, as it is written.

    `old_grade` loans carry their letter in CreditGrade, as all of them did before July 2009.
    """

    listing: int
    loan_key: str
    listed_at: str
    old_grade: bool
    prosper_score: int
    category: int
    state: str
    job: str
    score: int
    dti: str
    funded: str
    defaults: bool


def borrower_of(loan: Loan) -> Borrower:
    """Draw the borrower of a loan; the same loan always has the same one."""
    dice = Dice("prosper borrower", loan.number)
    moment = datetime.combine(loan.issued_on, time(8)) - timedelta(
        days=dice.whole(2, 9), seconds=dice.whole(0, 40_000)
    )
    return Borrower(
        listing=loan.number * 3 + dice.whole(0, 2),
        loan_key=f"{dice.whole(0, 16**11 - 1):011X}{loan.number:012d}",
        # Nine digits of a second, as the export has them; no clock is that exact.
        listed_at=f"{moment:%Y-%m-%d %H:%M:%S}.{dice.whole(0, 999):03d}000000",
        old_grade=dice.chance(0.12),
        prosper_score=dice.whole(2, 10),
        category=dice.whole(0, 20),
        state=dice.pick(_STATES),
        job=dice.pick(_JOBS),
        score=600 + 20 * dice.whole(0, 12),
        dti="" if dice.chance(0.06) else _six(Decimal(dice.whole(2, 62)) / 100),
        funded="1.000000" if dice.chance(0.93) else _six(Decimal(dice.whole(700, 999)) / 1000),
        defaults=dice.chance(0.3),
    )


def word_of(borrower: Borrower, state: State) -> str:
    """Name the loan's status as Prosper would."""
    if state.phase is Phase.REPAID:
        return "Completed"
    if state.phase is Phase.LOST:
        return "Defaulted" if borrower.defaults else "Chargedoff"
    words = (word for most, word in _LATE_WORDS if state.days_late <= most)
    return next(words, "Past Due (>120 days)")


def row_of(loan: Loan, day: date) -> dict[str, str]:
    """Write one loan as it stands on a day; columns that are not named stay blank."""
    borrower, state = borrower_of(loan), state_at(loan, day)
    return _origination(loan, borrower) | _performance(loan, borrower, state, day)


def _origination(loan: Loan, borrower: Borrower) -> dict[str, str]:
    dice = Dice("prosper application", loan.number)
    rating = RATINGS[loan.grade]
    quarter = (loan.issued_on.month - 1) // 3 + 1
    return {
        "ListingKey": f"{dice.whole(0, 16**11 - 1):011X}{borrower.listing:012d}",
        "ListingNumber": str(borrower.listing),
        "ListingCreationDate": borrower.listed_at,
        "CreditGrade": rating if borrower.old_grade else "",
        "Term": str(loan.term_months),
        "BorrowerAPR": _six(loan.rate + Decimal("0.0305")),
        "BorrowerRate": _six(loan.rate),
        "LenderYield": _six(loan.rate - Decimal("0.01")),
        "ProsperRating (numeric)": "" if borrower.old_grade else str(7 - loan.grade),
        "ProsperRating (Alpha)": "" if borrower.old_grade else rating,
        "ProsperScore": _six(Decimal(borrower.prosper_score)),
        "ListingCategory (numeric)": str(borrower.category),
        "BorrowerState": borrower.state,
        "Occupation": borrower.job,
        "EmploymentStatus": "Employed",
        "EmploymentStatusDuration": str(dice.whole(1, 300)),
        "IsBorrowerHomeowner": dice.pick(("True", "False")),
        "CurrentlyInGroup": "False",
        "DateCreditPulled": borrower.listed_at[:19],
        "CreditScoreRangeLower": str(borrower.score),
        "CreditScoreRangeUpper": str(borrower.score + 19),
        "FirstRecordedCreditLine": f"{dice.whole(1978, 2014)}-{dice.whole(1, 12):02d}-07 00:00:00",
        "DebtToIncomeRatio": borrower.dti,
        "IncomeRange": dice.pick(_INCOMES),
        "IncomeVerifiable": "True",
        "StatedMonthlyIncome": _six(Decimal(dice.whole(1_800, 14_000)) + Decimal(1) / 3),
        "LoanKey": borrower.loan_key,
        "LoanNumber": str(loan.number),
        "LoanOriginalAmount": f"{loan.amount:f}",
        "LoanOriginationDate": f"{loan.issued_on} 00:00:00",
        "LoanOriginationQuarter": f"Q{quarter} {loan.issued_on.year}",
        "MemberKey": f"{dice.whole(0, 16**11 - 1):011X}{loan.number:012d}",
        "MonthlyLoanPayment": _six(instalment(loan)),
        "PercentFunded": borrower.funded,
        "Recommendations": "0",
        "InvestmentFromFriendsCount": "0",
        "InvestmentFromFriendsAmount": _six(Decimal(0)),
        "Investors": str(dice.whole(1, 400)),
    }


def _performance(loan: Loan, borrower: Borrower, state: State, day: date) -> dict[str, str]:
    interest_and_fees = state.interest_paid + state.fees_paid
    age = (day.year - loan.issued_on.year) * 12 + day.month - loan.issued_on.month
    return {
        "LoanStatus": word_of(borrower, state),
        "ClosedDate": f"{state.closed_on} 00:00:00" if state.closed_on else "",
        "LoanCurrentDaysDelinquent": str(state.days_late),
        "LoanMonthsSinceOrigination": str(age),
        "LP_CustomerPayments": _six(state.principal_paid + interest_and_fees),
        "LP_CustomerPrincipalPayments": _six(state.principal_paid),
        "LP_InterestandFees": _six(interest_and_fees),
        "LP_ServiceFees": _six(-(state.principal_paid / 100)),
        "LP_CollectionFees": _six(Decimal(0)),
        "LP_GrossPrincipalLoss": _six(state.charged_off),
        "LP_NetPrincipalLoss": _six(state.charged_off - state.recovered),
        "LP_NonPrincipalRecoverypayments": _six(Decimal(0)),
    }


def _six(amount: Decimal) -> str:
    """Write a number with six decimals and no zero before the point: .165160, -133.180000."""
    sign, text = ("-", f"{-amount:.6f}") if amount < 0 else ("", f"{amount:.6f}")
    return sign + text.removeprefix("0")


def rows_at(book: Sequence[Loan], day: date) -> list[dict[str, str]]:
    """Write every loan that exists on a day, in no order of time, as the export has them."""
    rows = [row_of(loan, day) for loan in in_book(tuple(book), day)]
    return sorted(rows, key=lambda row: row["ListingKey"])


def twin_of(row: Cells) -> dict[str, str]:
    """Copy a row the way the export does by mistake: only ProsperScore differs."""
    score = "1.000000" if row["ProsperScore"] != "1.000000" else "2.000000"
    return {**row, "ProsperScore": score}


def tape(rows: Sequence[Cells]) -> bytes:
    """Put rows into a whole file: UTF-8, CRLF, every cell quoted, 81 columns."""
    lines = [quoted_line(COLUMNS), *(quoted_line(cells_of(row, COLUMNS)) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode()
