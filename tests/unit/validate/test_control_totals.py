"""A control total holds, fails, or cannot be proved."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from loan_etl_tui.config.models import ControlTotal
from loan_etl_tui.model.frames import MONEY
from loan_etl_tui.validate.control_totals import (
    Measured,
    declared_by_lines,
    measure,
    settle,
    tolerance_of,
)

FOOTER = {
    "measure": "sum_original_balance", "where": {"extra.policy_code": 1}, "from": "skipped",
    "skipped": "control_total", "key": 1, "value": 2, "tolerance": "0.005/row",
}  # fmt: skip
LINES = [
    ("preamble", ()),
    ("control_total", ("2", "900")),
    ("control_total", ("1", "1,000.00")),
]


def total(**changed: object) -> ControlTotal:
    return ControlTotal.model_validate(FOOTER | changed)


def rows() -> pa.Table:
    return pa.table(
        {
            "loan.original_balance": pa.array(
                [Decimal(400), Decimal(600), Decimal(50), None, Decimal(7)], MONEY
            ),
            "loan.extra.policy_code": pa.array([1, 1, 1, 1, 2]),
            "rejected": pa.array([False, False, True, True, False]),
        }
    )


def test_rows_under_the_total_are_added_up_by_what_became_of_them() -> None:
    assert measure(rows(), total()) == Measured(Decimal(1000), Decimal(50), 4, 1)


def test_cutting_the_rows_changes_nothing() -> None:
    parts = measure(rows().slice(0, 2), total()) + measure(rows().slice(2), total())
    assert parts == measure(rows(), total())


def test_the_line_whose_key_is_the_where_value_declares() -> None:
    assert declared_by_lines(total(), LINES) == Decimal("1000.00")
    assert declared_by_lines(total(), LINES[:2]) is None


def test_loaded_and_rejected_together_must_be_what_is_declared() -> None:
    seen = Measured(Decimal(950), Decimal(50), 10)
    assert settle(total(), seen, Decimal(1000)).severity == ""
    assert settle(total(), seen, Decimal("1000.05")).severity == ""
    failed = settle(total(), seen, Decimal("1000.06"))
    assert (failed.severity, failed.result.reconciled) == ("F", False)


def test_an_unreadable_amount_among_the_rejects_makes_it_unprovable() -> None:
    seen = Measured(Decimal(1000), Decimal(0), 10, unreadable=1)
    assert settle(total(), seen, Decimal(1000)).severity == "F"
    assert settle(total(unprovable="warn"), seen, Decimal(1000)).severity == "W"


def test_a_total_nobody_declares_holds_the_tape_unless_told_otherwise() -> None:
    assert settle(total(), Measured(), None).severity == "F"
    assert settle(total(if_missing="warn"), Measured(), None).severity == "W"


@pytest.mark.parametrize(("text", "allowed"), [("5", "5"), ("0.01%", "0.1"), ("0.005/row", "0.05")])
def test_a_tolerance_is_an_amount_a_share_or_an_amount_per_row(text: str, allowed: str) -> None:
    assert tolerance_of(text, Decimal(1000), 10) == Decimal(allowed)
