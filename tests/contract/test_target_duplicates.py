"""X-DUP and X-CURR: the same key twice in one delivery, a loan in two currencies."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loan_etl_tui.load.base import Duplicates, MappedColumns, StageTotals
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.model.rule import ActiveRule
from tests.fixtures.deliveries import (
    LOAN_COLUMNS,
    PLATFORM,
    STATUS_COLUMNS,
    Delivery,
    Row,
    load_into,
    simple_delivery,
    simple_row,
    stage,
)

DAY, LATER = date(2018, 12, 31), date(2019, 1, 31)


def settle(
    target: SqlTarget, delivery: Delivery, rules: dict[str, ActiveRule] | None = None
) -> tuple[Duplicates, StageTotals]:
    with target.begin(PLATFORM, 0) as load:
        stage(load, delivery, cuts=[1])
        found = load.duplicates(delivery.mapped, rules)
        return found, load.stage_totals()


def codes(found: Duplicates) -> list[tuple[int, str]]:
    rows = found.issues.to_pylist()
    return [(row["record"], row["code"]) for row in rows]


def test_equal_rows_are_kept_once_and_the_later_ones_reported(target: SqlTarget) -> None:
    rows = [simple_row(one, DAY) for one in ("L1", "L2", "L1", "L1")]
    found, left = settle(target, simple_delivery(rows))
    assert codes(found) == [(3, "X-DUP-EQ"), (4, "X-DUP-EQ")]
    assert (found.merged, found.rejected) == (2, ())
    assert found.issues.column("expected").to_pylist() == ["one row; see record 1"] * 2
    assert found.merged_sums["loan.original_balance"] == Decimal(2_000)
    assert found.rejected_sums == {}
    assert left.rows == 2


def test_all_rows_of_a_key_are_rejected_when_any_differs(target: SqlTarget) -> None:
    rows = [simple_row("L1", DAY), simple_row("L2", DAY, principal_paid=1), simple_row("L1", DAY)]
    rows += [simple_row("L2", DAY, principal_paid=2), simple_row("L2", DAY, principal_paid=1)]
    found, left = settle(target, simple_delivery(rows))
    assert codes(found) == [(2, "X-DUP-NE"), (3, "X-DUP-EQ"), (4, "X-DUP-NE"), (5, "X-DUP-NE")]
    assert found.rejected == ((0, 2), (0, 4), (0, 5))
    assert found.merged == 1
    assert found.rejected_sums["status.principal_paid"] == Decimal(4)
    assert found.merged_sums["status.principal_paid"] == Decimal(10)
    assert found.removed["status.principal_paid"] == Decimal(14)
    assert (left.rows, left.sums["status.principal_paid"]) == (1, Decimal(10))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"purpose": None}, {"purpose": ""}),
        ({"principal_paid": None}, {"principal_paid": 0}),
        ({"principal_paid": Decimal("1.0000")}, {"principal_paid": Decimal("1.0001")}),
        ({"status_extra": {"a": "1"}}, {"status_extra": {"a": 1}}),
        ({"status_extra": {"a": 1}}, {"status_extra": {}}),
        ({"loan_extra": {"b": False}}, {"loan_extra": {}}),
        ({"loan_status": "CURRENT"}, {"loan_status": "LATE"}),
    ],
)
def test_any_mapped_difference_counts(
    target: SqlTarget, first: dict[str, Any], second: dict[str, Any]
) -> None:
    found, _ = settle(
        target, simple_delivery([simple_row("L1", DAY, **first), simple_row("L1", DAY, **second)])
    )
    assert Counter(code for _, code in codes(found)) == {"X-DUP-NE": 2}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"purpose": None}, {"purpose": None}),
        ({"status_extra": {"a": 1, "b": "x"}}, {"status_extra": {"b": "x", "a": 1}}),
        ({"loan_extra": {"a": None}}, {"loan_extra": {}}),
    ],
)
def test_rows_that_say_the_same_are_equal(
    target: SqlTarget, first: dict[str, Any], second: dict[str, Any]
) -> None:
    found, _ = settle(
        target, simple_delivery([simple_row("L1", DAY, **first), simple_row("L1", DAY, **second)])
    )
    assert codes(found) == [(2, "X-DUP-EQ")]


def test_a_column_that_nobody_mapped_does_not_make_a_difference(target: SqlTarget) -> None:
    rows = [simple_row("L1", DAY, recoveries=1), simple_row("L1", DAY, recoveries=2)]
    assert codes(settle(target, simple_delivery(rows))[0]) == [(2, "X-DUP-EQ")]


def test_two_record_dates_of_a_loan_are_two_keys(target: SqlTarget) -> None:
    rows = [simple_row("L1", DAY), simple_row("L1", LATER, principal_paid=20)]
    assert codes(settle(target, simple_delivery(rows))[0]) == []


def test_an_origination_row_has_the_loan_as_its_key(target: SqlTarget) -> None:
    rows = (simple_row("L1", None), simple_row("L2", None), simple_row("L1", None))
    rows += (simple_row("L2", None, purpose="car"),)
    mapped = MappedColumns(LOAN_COLUMNS)
    found, left = settle(target, Delivery("o", 1, rows, mapped, shape="origination"))
    assert codes(found) == [(2, "X-DUP-NE"), (3, "X-DUP-EQ"), (4, "X-DUP-NE")]
    assert left.rows == 1


def test_a_delivery_of_duplicates_alone_leaves_one_row_each(target: SqlTarget) -> None:
    rows = [simple_row(f"L{at % 50}", DAY) for at in range(1_000)]
    found, left = settle(target, simple_delivery(rows))
    assert (found.merged, left.rows) == (950, 50)


def test_a_rule_that_is_off_still_merges_but_says_nothing(target: SqlTarget) -> None:
    rules = {"X-DUP-NE": ActiveRule("X-DUP-NE", "R")}
    found, _ = settle(target, simple_delivery([simple_row("L1", DAY)] * 2), rules)
    assert (found.merged, found.issues.num_rows) == (1, 0)


def test_findings_carry_the_severity_in_force(target: SqlTarget) -> None:
    rules = {"X-DUP-EQ": ActiveRule("X-DUP-EQ", "F")}
    found, _ = settle(target, simple_delivery([simple_row("L1", DAY)] * 2), rules)
    assert found.issues.column("severity").to_pylist() == ["F"]
    found, _ = settle(target, simple_delivery([simple_row("L1", DAY)] * 2))
    assert found.issues.column("severity").to_pylist() == [CATALOGUE["X-DUP-EQ"].severity]


def currencies(target: SqlTarget, *rows: Row) -> list[tuple[int, str, str]]:
    delivery = simple_delivery(rows, version=2)
    with target.begin(PLATFORM, 0) as load:
        stage(load, delivery)
        load.duplicates(MappedColumns(LOAN_COLUMNS, (), STATUS_COLUMNS))
        found = load.currencies().to_pylist()
    return [(row["record"], row["value"], row["expected"]) for row in found]


def test_a_loan_in_two_currencies_is_reported_once_per_odd_row(target: SqlTarget) -> None:
    rows = [simple_row("L1", DAY), simple_row("L1", LATER, currency="PLN")]
    rows.append(simple_row("L2", DAY, currency="PLN"))
    assert currencies(target, *rows) == [(2, "PLN", "EUR")]


def test_the_stored_currency_of_a_loan_is_the_right_one(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", DAY, currency="PLN")]))
    rows = [simple_row("L1", LATER), simple_row("L2", LATER)]
    assert currencies(target, *rows) == [(1, "EUR", "PLN")]


def test_one_currency_everywhere_is_no_finding(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", DAY)]))
    assert currencies(target, simple_row("L1", LATER), simple_row("L2", LATER)) == []


def test_the_currency_rule_can_be_off(target: SqlTarget) -> None:
    rows = [simple_row("L1", DAY), simple_row("L1", LATER, currency="PLN")]
    with target.begin(PLATFORM, 0) as load:
        stage(load, simple_delivery(rows))
        assert load.currencies({}).num_rows == 0
