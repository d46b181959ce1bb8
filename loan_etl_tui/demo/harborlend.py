"""HarborLend, an invented European platform: semicolons, decimal commas, balances, a count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from loan_etl_tui.demo.book import Loan, Profile, instalment, plus_months
from loan_etl_tui.demo.delimited import Cells, cells_of, plain_line
from loan_etl_tui.demo.dice import Dice
from loan_etl_tui.demo.life import Phase, State, in_book, state_at

PROFILE = Profile(
    name="harborlend",
    loans=340,
    first_issue=date(2021, 4, 1),
    last_issue=date(2024, 3, 27),
    first_number=20_117,
    amounts=(2_500, 48_000, 50),
    terms=(24, 36, 48, 60),
    base_rate=Decimal("0.0495"),
    rate_step=Decimal("0.0210"),
    grades=5,
)

COLUMNS = (
    "Loan reference",
    "Borrower",
    "Contract date",
    "Final maturity",
    "Principal",
    "Annual rate",
    "Risk class",
    "Duration (months)",
    "Monthly instalment",
    "Country",
    "Loan purpose",
    "Open balance",
    "Interest received",
    "Fees received",
    "Recovered after write-off",
    "Days in arrears",
    "Last receipt",
    "Next due",
    "State",
)

CONFIG = r"""# yaml-language-server: $schema=../schema/pipeline.schema.json
version: 1
platform: harborlend
title: HarborLend loan book (invented, for the demo)
enabled: true

source:
  connector: csv
  path: inbox/HarborLend_loanbook_*.csv
  archive: copy
  encoding: utf-8
  delimiter: ";"
  header_contains: [Loan reference, Open balance, State]
  skip_rows:
    - {column: Loan reference, matches: '^Number of loans: (\d+)$', name: loan_count}

transform:
  shape: snapshot
  coverage: full
  currency: EUR
  time_zone: Europe/Amsterdam
  record_date: {from: file_name, pattern: '_(\d{8})\.csv', formats: [YYYYMMDD]}
  private: [Borrower]

  loan:
    loan_id:          {from: Loan reference, via: id, pattern: '^HL-\d{7}$'}
    issue_date:       {from: Contract date, via: date, formats: [DD.MM.YYYY]}
    original_balance: {from: Principal, via: money, decimal: comma}
    interest_rate:    {from: Annual rate, via: rate, unit: percent, decimal: comma}
    platform_rating:  {from: Risk class, via: grade, cut_parenthesis: true}
    term_months:      {from: Duration (months), via: term, unit: months}
    maturity_date:    {from: Final maturity, via: date, formats: [DD.MM.YYYY]}
    monthly_payment:  {from: Monthly instalment, via: money, decimal: comma}
    country:          {from: Country, via: code, map: {Netherlands: NL, Ireland: IE, Germany: DE}}
    purpose:          {from: Loan purpose, via: slug, max: 64}

  status:
    # The book shows what is still owed; what was paid follows from it.
    principal_paid:   {from: Open balance, via: money, decimal: comma, as: balance}
    interest_paid:    {from: Interest received, via: money, decimal: comma}
    fees_paid:        {from: Fees received, via: money, decimal: comma}
    recoveries:       {from: Recovered after write-off, via: money, decimal: comma}
    # The balance of a written-off loan is not set to zero: it is what was lost.
    principal_charged_off:
      from: Open balance
      via: money
      decimal: comma
      when_status: [CHARGED_OFF]
    dpd:              {from: Days in arrears, via: int}
    last_payment_date: {from: Last receipt, via: date, formats: [DD.MM.YYYY]}
    next_payment_date: {from: Next due, via: date, formats: [DD.MM.YYYY]}

  loan_status:
    from: State
    unknown: reject
    words:
      New:           {status: ISSUED, dpd: [0, 0]}
      Performing:    {status: CURRENT, dpd: [0, 0]}
      Reminder sent: {status: GRACE, dpd: [1, 15]}
      In arrears:    {status: LATE, dpd: [16, 120]}
      Collections:   {status: DEFAULT, dpd: [121, null]}
      Written off:   CHARGED_OFF
      Repaid:        {status: PAID_OFF, dpd: [0, 0]}

validate:
  max_rejected: 1%
  control_totals:
    - {measure: rows, from: skipped, skipped: loan_count, value: 1}
  rules:
    C-TERMSET: {allowed: [24, 36, 48, 60]}
    C-RATEBAND: {min: 0.03, max: 0.15}
"""

_FIRST_NAMES = ("Anouk", "Bram", "Ciara", "Daan", "Eoin", "Femke", "Greta", "Jonas", "Niamh")
_LAST_NAMES = ("de Wit", "Byrne", "Kowalski", "van Dam", "O'Shea", "Fuchs", "Meyer; Sohn", "Jansen")
_COUNTRIES = ("Netherlands", "Netherlands", "Ireland", "Germany")
_PURPOSES = ("Home improvement", "Car", "Debt consolidation", "Heat pump", "Studies & courses")
_RISKS = ("A (very low)", "B (low)", "C (medium)", "D (raised)", "E (high)")
_LATE_WORDS = ((0, "Performing"), (15, "Reminder sent"), (120, "In arrears"))


def row_of(loan: Loan, day: date) -> dict[str, str]:
    """Write one loan as it stands on a day."""
    dice, state = Dice("harborlend borrower", loan.number), state_at(loan, day)
    return {
        "Loan reference": f"HL-{loan.number:07d}",
        "Borrower": f"{dice.pick(_FIRST_NAMES)} {dice.pick(_LAST_NAMES)}",
        "Contract date": european_date(loan.issued_on),
        "Final maturity": european_date(plus_months(loan.issued_on, loan.term_months)),
        "Principal": european(loan.amount),
        "Annual rate": f"{european(loan.rate * 100)} %",
        "Risk class": _RISKS[loan.grade],
        "Duration (months)": str(loan.term_months),
        "Monthly instalment": european(instalment(loan)),
        "Country": dice.pick(_COUNTRIES),
        "Loan purpose": dice.pick(_PURPOSES),
        "Open balance": european(loan.amount - state.principal_paid),
        "Interest received": european(state.interest_paid),
        "Fees received": european(state.fees_paid),
        "Recovered after write-off": european(state.recovered),
        "Days in arrears": str(state.days_late),
        "Last receipt": european_date(state.last_paid_on),
        "Next due": european_date(state.next_due_on),
        "State": word_of(state),
    }


def word_of(state: State) -> str:
    """Name the loan's status as HarborLend would."""
    named = {Phase.REPAID: "Repaid", Phase.LOST: "Written off", Phase.NEW: "New"}
    if state.phase in named:
        return named[state.phase]
    words = (word for most, word in _LATE_WORDS if state.days_late <= most)
    return next(words, "Collections")


def european(amount: Decimal) -> str:
    """Write an amount with decimal comma and grouping points: 12.500,00."""
    return f"{amount:,.2f}".translate(_SWAPPED)


_SWAPPED = str.maketrans({",": ".", ".": ","})


def european_date(day: date | None) -> str:
    """Write a day as 31.03.2024; no day is a blank."""
    return "" if day is None else f"{day:%d.%m.%Y}"


def rows_at(book: Sequence[Loan], day: date) -> list[dict[str, str]]:
    """Write every loan that exists on a day, the oldest first."""
    return [row_of(loan, day) for loan in in_book(tuple(book), day)]


def tape(rows: Sequence[Cells]) -> bytes:
    """Put rows into a whole file: UTF-8, CRLF, semicolons, the number of loans below."""
    lines = [plain_line(cells_of(row, COLUMNS), ";") for row in rows]
    return tape_of_lines(lines)


def tape_of_lines(lines: Sequence[str]) -> bytes:
    """Put finished lines between the header and the count."""
    whole = [plain_line(COLUMNS, ";"), *lines, f"Number of loans: {len(lines)}"]
    return ("\r\n".join(whole) + "\r\n").encode()
