"""The view `loan_panel`: exposure, age and bucket of every status row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from loan_etl_tui.load.base import MappedColumns
from loan_etl_tui.load.dialect import Purpose
from loan_etl_tui.load.target import SqlTarget
from tests.fixtures.deliveries import (
    LOAN_COLUMNS,
    STATUS_COLUMNS,
    Delivery,
    load_into,
    simple_row,
)

DAY = date(2018, 12, 31)
MAPPED = MappedColumns(LOAN_COLUMNS, (), (*STATUS_COLUMNS, "dpd_max", "principal_charged_off"), ())


def panel(target: SqlTarget, **facts: Any) -> dict[str, Any]:
    load_into(target, Delivery("d1", 1, (simple_row("L1", DAY, **facts),), MAPPED))
    with target.transaction("testing", Purpose.READ) as connection:
        row = connection.execute(text("SELECT * FROM loan_panel")).one()
    return dict(row._mapping)


@pytest.mark.parametrize(
    ("low", "high", "bucket"),
    [
        (None, None, "unknown"),
        (0, 0, "current"),
        (0, 15, "1-29"),
        (1, 15, "1-29"),
        (16, 30, "1-29"),
        (31, 60, "30-59"),
        (61, 90, "60-89"),
        (91, 120, "90-119"),
        (31, 120, "30+ (wide)"),
        (61, None, "30+ (wide)"),
        (1, None, "unknown"),
        (119, 119, "90-119"),
        (120, 120, "120+"),
        (121, None, "120+"),
        (45, 45, "30-59"),
    ],
)
def test_the_bucket_goes_by_the_lower_bound(
    target: SqlTarget, low: int | None, high: int | None, bucket: str
) -> None:
    assert panel(target, loan_status="LATE", dpd_min=low, dpd_max=high)["dpd_bucket"] == bucket


@pytest.mark.parametrize(
    ("facts", "remaining", "outstanding"),
    [
        ({"principal_paid": Decimal("0.1")}, "999.9", "999.9"),
        ({"principal_paid": None}, None, None),
        ({"principal_paid": 100, "principal_charged_off": 400}, "900", "500"),
        ({"principal_paid": 1100}, "-100", "0"),
        ({"principal_paid": 100, "loan_status": "CHARGED_OFF"}, "900", "0"),
        ({"principal_paid": None, "loan_status": "PAID_OFF"}, None, "0"),
    ],
)
def test_exposure_is_what_is_neither_repaid_nor_written_off(
    target: SqlTarget, facts: dict[str, Any], remaining: str | None, outstanding: str | None
) -> None:
    row = panel(target, **facts)
    found = [row["principal_remaining"], row["principal_outstanding"]]
    expected = [None if text is None else Decimal(text) for text in (remaining, outstanding)]
    assert [None if value is None else Decimal(str(value)) for value in found] == expected


@pytest.mark.parametrize(
    ("issued", "months"),
    [(date(2018, 12, 1), 0), (date(2017, 12, 31), 12), (date(2015, 1, 31), 47)],
)
def test_age_is_counted_in_calendar_months(target: SqlTarget, issued: date, months: int) -> None:
    assert panel(target, issue_date=issued)["months_on_books"] == months


def test_closed_loans_have_a_bucket_of_their_own(target: SqlTarget) -> None:
    row = panel(target, loan_status="SETTLED", dpd_min=0, dpd_max=0)
    assert (row["dpd_bucket"], row["original_balance"]) == ("closed", 1_000)
    assert row["issue_date"] in {date(2015, 1, 31), "2015-01-31"}
