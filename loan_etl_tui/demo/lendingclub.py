"""Tapes in the layout of LendingClub's LoanStats, filled with synthetic loans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loan_etl_tui.demo.book import Loan, Profile, cents, instalment
from loan_etl_tui.demo.delimited import Cells, cells_of, quoted_line
from loan_etl_tui.demo.dice import Dice
from loan_etl_tui.demo.lendingclub_columns import COLUMNS_151
from loan_etl_tui.demo.life import Phase, State, in_book, state_at

PREAMBLE = "Notes offered by Prospectus (https://www.lendingclub.com/info/prospectus.action)"
SECTION = "Loans that do not meet the credit policy"
EXCEPTION = "Does not meet the credit policy. Status:"

PROFILE = Profile(
    name="lendingclub",
    loans=420,
    first_issue=date(2021, 7, 1),
    last_issue=date(2024, 3, 25),
    first_number=214_003_117,
    amounts=(1_000, 40_000, 25),
    terms=(36, 36, 36, 60),
    base_rate=Decimal("0.0532"),
    rate_step=Decimal("0.0071"),
    grades=35,
)

_STATES = ("CA", "CA", "TX", "NY", "FL", "IL", "NJ", "GA", "OH", "PA", "VA", "WA", "CO", "DC", "PR")
_HOMES = ("RENT", "RENT", "MORTGAGE", "MORTGAGE", "OWN", "ANY", "NONE")
_YEARS = ("10+ years", "10+ years", "< 1 year", "1 year", "2 years", "5 years", "8 years", "n/a")
_JOBS = ("Teacher", "Nurse", 'Chef "on call"', "Driver, long haul", "Engineer", "", "")
_CHECKED = ("Verified", "Source Verified", "Not Verified")
_PURPOSES = (
    ("debt_consolidation", "Debt consolidation"),
    ("debt_consolidation", "One payment"),
    ("credit_card", "Credit card refinancing"),
    ("home_improvement", "New\N{NO-BREAK SPACE}roof"),
    ("major_purchase", "Piano"),
    ("medical", "Dentist"),
    ("small_business", "Bakery"),
    ("renewable_energy", "Solar"),
    ("other", ""),
)
_STORIES = (
    "",
    "",
    "",
    "  Borrower added on 03/02/24 > Two cards into one.<br>",
    'The bank says "no";\nI say: yes, and on time.',
    "Roof, gutter\nand\N{NO-BREAK SPACE}paint, before winter.\n\nThank you",
)


@dataclass(frozen=True, slots=True)
class Borrower:
    """What LendingClub knows of a borrower and application at issue, as it is written."""

    requested: Decimal
    state: str
    zip3: str
    home: str
    years_employed: str
    job: str
    income: int
    income_checked: str
    purpose: str
    title: str
    story: str
    dti: str
    score: int
    credit_since: str
    joint: bool
    policy_code: int
    exception: bool
    fraction: Decimal


def borrower_of(loan: Loan) -> Borrower:
    """Draw the borrower of a loan; the same loan always has the same one."""
    dice = Dice("lendingclub borrower", loan.number)
    purpose, title = dice.pick(_PURPOSES)
    return Borrower(
        requested=loan.amount + (dice.whole(1, 80) * 25 if dice.chance(0.1) else 0),
        state=dice.pick(_STATES),
        zip3=f"{dice.whole(5, 994):03d}",
        home=dice.pick(_HOMES),
        years_employed=dice.pick(_YEARS),
        job=dice.pick(_JOBS),
        income=dice.whole(22, 160) * 1_000,
        income_checked=dice.pick(_CHECKED),
        purpose=purpose,
        title=title,
        story=dice.pick(_STORIES),
        # 999 is LendingClub's word for "no income to compare with".
        dti="999" if dice.chance(0.02) else f"{dice.whole(100, 3_950) / 100:.2f}",
        score=660 + 5 * dice.whole(0, 36),
        credit_since=_month(date(dice.whole(1975, 2015), dice.whole(1, 12), 1)),
        joint=dice.chance(0.08),
        policy_code=2 if dice.chance(0.05) else 1,
        exception=dice.chance(0.06),
        # LendingClub computes some amounts in binary fractions and prints what comes out.
        fraction=Decimal(dice.whole(1, 49_999_999)).scaleb(-10),
    )


def word_of(loan: Loan, borrower: Borrower, state: State, day: date) -> str:
    """Name the loan's status as LendingClub would."""
    word = _word(loan, state, day)
    return EXCEPTION + word if borrower.exception else word


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LATE_WORDS = (
    (0, "Current"),
    (15, "In Grace Period"),
    (30, "Late (16-30 days)"),
    (120, "Late (31-120 days)"),
)


def _word(loan: Loan, state: State, day: date) -> str:
    if state.phase is Phase.REPAID:
        return "Fully Paid"
    if state.phase is Phase.LOST:
        return "Charged Off"
    if state.phase is Phase.NEW and (day - loan.issued_on).days <= 15:
        return "Issued"
    words = (word for most, word in _LATE_WORDS if state.days_late <= most)
    return next(words, "Default")


def fees_of(borrower: Borrower, state: State) -> Decimal:
    """Late fees received, with LendingClub's stray fraction of a cent."""
    return state.fees_paid - borrower.fraction if state.fees_paid else Decimal(0)


def recoveries_of(borrower: Borrower, state: State) -> Decimal:
    """Recoveries received, with LendingClub's stray fraction of a cent."""
    return state.recovered + borrower.fraction if state.recovered else Decimal(0)


def row_of(loan: Loan, day: date) -> dict[str, str]:
    """Write one loan as it stands on a day; columns that are not named stay blank."""
    borrower, state = borrower_of(loan), state_at(loan, day)
    return _origination(loan, borrower) | _performance(loan, borrower, state, day)


def _origination(loan: Loan, borrower: Borrower) -> dict[str, str]:
    grade = f"{'ABCDEFG'[loan.grade // 5]}{loan.grade % 5 + 1}"
    return {
        "id": str(loan.number),
        "loan_amnt": f"{borrower.requested:f}",
        "funded_amnt": f"{loan.amount:f}",
        "funded_amnt_inv": _loose(loan.amount),
        "term": f" {loan.term_months} months",
        "int_rate": f"{loan.rate * 100:6.2f}%",
        "installment": _loose(instalment(loan)),
        "grade": grade[0],
        "sub_grade": grade,
        "emp_title": borrower.job,
        "emp_length": borrower.years_employed,
        "home_ownership": borrower.home,
        "annual_inc": _loose(Decimal(borrower.income)),
        "verification_status": borrower.income_checked,
        "issue_d": _month(loan.issued_on),
        "pymnt_plan": "n",
        "url": f"https://lendingclub.example/loan?id={loan.number}",
        "desc": borrower.story,
        "purpose": borrower.purpose,
        "title": borrower.title,
        "zip_code": f"{borrower.zip3}xx",
        "addr_state": borrower.state,
        "dti": borrower.dti,
        "delinq_2yrs": "0",
        "earliest_cr_line": borrower.credit_since,
        "fico_range_low": str(borrower.score),
        "fico_range_high": str(borrower.score + 4),
        "initial_list_status": "w",
        "policy_code": str(borrower.policy_code),
        "application_type": "Joint App" if borrower.joint else "Individual",
        "hardship_flag": "N",
        "disbursement_method": "Cash",
        "debt_settlement_flag": "N",
    }


def _performance(loan: Loan, borrower: Borrower, state: State, day: date) -> dict[str, str]:
    fees, recoveries = fees_of(borrower, state), recoveries_of(borrower, state)
    total = state.principal_paid + state.interest_paid + fees + recoveries
    outstanding = loan.amount - state.principal_paid - state.charged_off
    return {
        "loan_status": word_of(loan, borrower, state, day),
        "out_prncp": _loose(outstanding),
        "out_prncp_inv": _loose(outstanding),
        "total_pymnt": _loose(total),
        "total_pymnt_inv": _loose(cents(total)),
        "total_rec_prncp": _loose(state.principal_paid),
        "total_rec_int": _loose(state.interest_paid),
        "total_rec_late_fee": _loose(fees),
        "recoveries": _loose(recoveries),
        "collection_recovery_fee": _loose(cents(recoveries * Decimal("0.18"))),
        "last_pymnt_d": _month(state.last_paid_on),
        "last_pymnt_amnt": _loose(instalment(loan)) if state.last_paid_on else "0.0",
        "next_pymnt_d": _month(state.next_due_on),
        "last_credit_pull_d": _month(day),
        "collections_12_mths_ex_med": "0",
        "acc_now_delinq": "0",
    }


def _month(day: date | None) -> str:
    # `calendar` and strftime follow the machine's language; LendingClub writes English.
    return "" if day is None else f"{_MONTHS[day.month - 1]}-{day.year}"


def _loose(amount: Decimal) -> str:
    """Write an amount as a binary float would print: 5000.0, 456.46, 14.9988743211."""
    text = f"{amount:f}".rstrip("0") if "." in f"{amount:f}" else f"{amount:f}."
    return text + "0" if text.endswith(".") else text


def rows_at(book: Sequence[Loan], day: date) -> list[dict[str, str]]:
    """Write every loan that exists on a day, the newest first."""
    return [row_of(loan, day) for loan in reversed(in_book(tuple(book), day))]


def tape(rows: Sequence[Cells], columns: Sequence[str] = COLUMNS_151) -> bytes:
    """Put rows into a whole file: title line, header, section line and control totals.

    Args:
        rows: cells by column name; loans outside the credit policy go below the section line.
        columns: the header of this release.

    Returns:
        The file's bytes: UTF-8, LF, every cell quoted.
    """
    outside = [row for row in rows if row["loan_status"].startswith(EXCEPTION)]
    inside = [row for row in rows if not row["loan_status"].startswith(EXCEPTION)]
    lines = [PREAMBLE, quoted_line(columns)]
    lines += [quoted_line(cells_of(row, columns)) for row in inside]
    lines += ["", SECTION]
    lines += [quoted_line(cells_of(row, columns)) for row in outside]
    lines += ["", *(_footer(rows, code) for code in (1, 2))]
    return ("\n".join(lines) + "\n").encode()


def _footer(rows: Sequence[Cells], code: int) -> str:
    lent = (row["funded_amnt"] for row in rows if Decimal(row["policy_code"]) == code)
    total = sum(int(amount) for amount in lent)
    return f"Total amount funded in policy code {code}: {total}"
