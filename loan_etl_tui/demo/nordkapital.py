"""NordKapital, an invented Swedish platform that no config knows: the tape to onboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from loan_etl_tui.demo.book import Loan, Profile, instalment
from loan_etl_tui.demo.delimited import cells_of, plain_line
from loan_etl_tui.demo.dice import Dice
from loan_etl_tui.demo.life import Phase, State, in_book, state_at

PROFILE = Profile(
    name="nordkapital",
    loans=260,
    first_issue=date(2021, 10, 1),
    last_issue=date(2024, 3, 22),
    first_number=700_412,
    amounts=(20_000, 400_000, 1_000),
    terms=(36, 60, 84),
    base_rate=Decimal("0.0590"),
    rate_step=Decimal("0.0185"),
    grades=6,
)

COLUMNS = (
    "Lånenummer",
    "Utbetalningsdatum",
    "Lånebelopp",
    "Räntesats (%)",
    "Löptid (mån)",
    "Månadsbetalning",
    "Riskklass",
    "Län",
    "Ändamål",
    "Status",
    "Amorterat kapital",
    "Betald ränta",
    "Avskrivet belopp",
    "Återvunnet",
    "Dagar i dröjsmål",
    "Senaste betalning",
    "Nästa förfallodag",
    "Rapportdatum",
)

_COUNTIES = ("Stockholm", "Skåne", "Västra Götaland", "Uppsala", "Östergötland")
_PURPOSES = ("Samla lån", "Renovering", "Bil", "Övrigt")


def row_of(loan: Loan, day: date) -> dict[str, str]:
    """Write one loan as it stands on a day, in Swedish."""
    dice, state = Dice("nordkapital borrower", loan.number), state_at(loan, day)
    return {
        "Lånenummer": f"NK{loan.number}",
        "Utbetalningsdatum": loan.issued_on.isoformat(),
        "Lånebelopp": _swedish(loan.amount),
        "Räntesats (%)": _swedish(loan.rate * 100),
        "Löptid (mån)": str(loan.term_months),
        "Månadsbetalning": _swedish(instalment(loan)),
        "Riskklass": f"R{loan.grade + 1}",
        "Län": dice.pick(_COUNTIES),
        "Ändamål": dice.pick(_PURPOSES),
        "Status": _word_of(state),
        "Amorterat kapital": _swedish(state.principal_paid),
        "Betald ränta": _swedish(state.interest_paid),
        "Avskrivet belopp": _swedish(state.charged_off),
        "Återvunnet": _swedish(state.recovered),
        "Dagar i dröjsmål": str(state.days_late),
        "Senaste betalning": state.last_paid_on.isoformat() if state.last_paid_on else "",
        "Nästa förfallodag": state.next_due_on.isoformat() if state.next_due_on else "",
        "Rapportdatum": day.isoformat(),
    }


def _word_of(state: State) -> str:
    if state.phase is Phase.REPAID:
        return "Slutbetald"
    if state.phase is Phase.LOST:
        return "Avskriven"
    return "Försenad" if state.days_late else "Löpande"


def _swedish(amount: Decimal) -> str:
    """Write an amount with decimal comma and no-break spaces between thousands."""
    return f"{amount:,.2f}".translate(_SWAPPED)


_SWAPPED = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


def tape(book: Sequence[Loan], day: date) -> bytes:
    """Write a whole file: UTF-8, LF, pipes."""
    loans = in_book(tuple(book), day)
    lines = [plain_line(COLUMNS, "|")]
    lines += [plain_line(cells_of(row_of(loan, day), COLUMNS), "|") for loan in loans]
    return ("\n".join(lines) + "\n").encode()
