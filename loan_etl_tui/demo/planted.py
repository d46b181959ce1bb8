"""Twelve bad rows for one HarborLend tape, each as a real tape gets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loan_etl_tui.demo.delimited import Cells, cells_of, plain_line
from loan_etl_tui.demo.harborlend import COLUMNS


@dataclass(frozen=True, slots=True)
class Planted:
    """One bad row.

    Attributes:
        code: the finding that rejects it.
        column: the cell that is wrong; "" where the record itself is.
        text: what stands there instead.
        story: how such a row comes about.
        fits: whether a row can carry it; the first free one that can, does.
    """

    code: str
    column: str
    text: str
    story: str
    fits: Callable[[Cells], bool]


def _is_running(row: Cells) -> bool:
    return row["State"] == "Performing"


def _is_new(row: Cells) -> bool:
    return row["State"] == "New"


def _is_repaid(row: Cells) -> bool:
    # Five digits before the comma, so that the balance planted there stays below the principal.
    return row["State"] == "Repaid" and len(row["Principal"]) == len("10.000,00")


PLANTED: tuple[Planted, ...] = (
    Planted("C-STATUS", "State", "Perfoming", "typing slip in a hand-kept state", _is_running),
    Planted("C-STATUS", "State", "Perfoming", "the same slip, copied down", _is_running),
    Planted("C-MONEY", "Principal", "12,500.00", "pasted from an English sheet", _is_running),
    Planted("C-CURR", "Principal", "£9.500,00", "a sterling loan in a euro book", _is_running),
    Planted("C-ORIG0", "Principal", "0,00", "booked before the money was paid out", _is_running),
    Planted("C-RATE", "Annual rate", "7,95 % p.a.", "a note inside the number", _is_running),
    Planted("C-DATE", "Contract date", "31.02.2023", "a day that never was", _is_running),
    Planted("C-ID", "Loan reference", "", "reference lost in a merge", _is_running),
    Planted("C-IDSCI", "Loan reference", "2.04E+04", "a spreadsheet ate the id", _is_running),
    Planted("V-PAIDOFF-2", "Open balance", "9.830,40", "repaid, with balance left", _is_repaid),
    Planted("F-RAGGED", "", ";", "one separator too many at the end", _is_running),
    Planted("V-ISSUE", "Contract date", "04.04.2024", "signed after the record date", _is_new),
)


def plant(rows: Sequence[Cells]) -> list[str]:
    """Write HarborLend rows as lines, twelve of them spoilt.

    Args:
        rows: a clean tape's rows.

    Returns:
        One line per row, in the same order; the spoilt ones lie spread over the tape.
    """
    spoilt: dict[int, Planted] = {}
    step = len(rows) // (len(PLANTED) + 1)
    for number, one in enumerate(PLANTED, start=1):
        after = range(number * step, len(rows))
        spoilt[next(i for i in after if i not in spoilt and one.fits(rows[i]))] = one
    return [_line(row, spoilt.get(number)) for number, row in enumerate(rows)]


def _line(row: Cells, planted: Planted | None) -> str:
    if planted is None:
        return plain_line(cells_of(row, COLUMNS), ";")
    if not planted.column:
        return plain_line(cells_of(row, COLUMNS), ";") + planted.text
    return plain_line(cells_of({**row, planted.column: planted.text}, COLUMNS), ";")
