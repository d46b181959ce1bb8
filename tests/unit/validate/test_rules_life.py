from __future__ import annotations

from datetime import date

import pytest

from tests.fixtures.sound_loan import Case, codes, findings

STATUS = "status.loan_status"
LOW, HIGH = "status.dpd_min", "status.dpd_max"
ISSUED, RECORDED, MATURES = "loan.issue_date", "record_date", "loan.maturity_date"
LAST, NEXT = "status.last_payment_date", "status.next_payment_date"

MONTHLY = {"date_precision": "month"}
FROM = {"from": "a column"}

ARREARS = [
    Case("V-PAIDOFF-3", {STATUS: "PAID_OFF"}, {LOW: 0, HIGH: 0}, {LOW: 1, HIGH: 1}),
    Case("V-PAIDOFF-3", {STATUS: "PAID_OFF"}, {LOW: None, HIGH: None}, {LOW: 1, HIGH: None}),
    Case("V-CO-3", {STATUS: "CHARGED_OFF", HIGH: None}, {LOW: 30}, {LOW: 29}),
    Case("V-CO-3", {STATUS: "CHARGED_OFF", HIGH: None}, {LOW: None}, {LOW: 0}),
    Case("V-LATE", {STATUS: "LATE"}, {LOW: 1, HIGH: 30}, {LOW: 0, HIGH: 30}),
    Case("V-LATE", {}, {LOW: 0, HIGH: 0}, {LOW: 0, HIGH: 1}),
    Case("V-LATE", {}, {LOW: None, HIGH: None}, {LOW: 45, HIGH: None}),
    Case(
        "V-BUCKET",
        {"check.word_dpd_min": 16, "check.word_dpd_max": 30},
        {LOW: 16, HIGH: 30},
        {LOW: 15, HIGH: 30},
    ),
    Case(
        "V-BUCKET",
        {"check.word_dpd_min": 16, "check.word_dpd_max": 30},
        {LOW: 30, HIGH: 30},
        {LOW: 31, HIGH: 31},
    ),
    Case(
        "V-BUCKET",
        {"check.word_dpd_min": 121, "check.word_dpd_max": None},
        {LOW: 9000, HIGH: 9000},
        {LOW: 120, HIGH: 120},
    ),
    Case(
        "V-AGE-LATE", {ISSUED: date(2016, 1, 1), RECORDED: date(2016, 1, 31)}, {LOW: 30}, {LOW: 31}
    ),
    Case(
        "V-AGE-LATE",
        {ISSUED: date(2016, 1, 1), RECORDED: date(2016, 1, 31)},
        {LOW: 61},
        {LOW: 62},
        {},
        MONTHLY,
    ),
]

DATES = [
    Case(
        "V-ISSUE",
        {RECORDED: date(2016, 1, 31)},
        {ISSUED: date(2016, 1, 31)},
        {ISSUED: date(2016, 2, 1)},
    ),
    Case(
        "V-ISSUE",
        {RECORDED: date(2016, 1, 31)},
        {ISSUED: date(2016, 3, 2)},
        {ISSUED: date(2016, 3, 3)},
        {},
        MONTHLY,
    ),
    Case("V-ISSUE-LO", {}, {ISSUED: date(1970, 1, 2)}, {ISSUED: date(1970, 1, 1)}),
    Case(
        "V-ISSUE-LO",
        {},
        {ISSUED: date(2007, 6, 1)},
        {ISSUED: date(2007, 5, 31)},
        {"V-ISSUE-LO": {"min": "2007-06"}},
    ),
    Case("V-MAT-1", {}, {MATURES: date(2018, 3, 31)}, {MATURES: date(2018, 4, 1)}),
    Case("V-MAT-1", {}, {MATURES: date(2017, 11, 1)}, {MATURES: date(2017, 10, 31)}),
    Case("V-MAT-2", {}, {MATURES: date(2015, 1, 16)}, {MATURES: date(2015, 1, 15)}),
    Case("V-MAT-2", {}, {MATURES: date(2015, 1, 15)}, {MATURES: date(2015, 1, 14)}, {}, MONTHLY),
    Case(
        "V-MAT-3",
        {RECORDED: date(2016, 1, 31)},
        {MATURES: date(2015, 8, 4)},
        {MATURES: date(2015, 8, 3)},
    ),
    Case(
        "V-DEFDATE",
        {},
        {"check.default_date": date(2015, 1, 15)},
        {"check.default_date": date(2015, 1, 14)},
        {"V-DEFDATE": FROM},
    ),
    Case(
        "V-DEFDATE",
        {},
        {"check.default_date": date(2016, 1, 31)},
        {"check.default_date": date(2016, 2, 1)},
        {"V-DEFDATE": FROM},
    ),
    Case(
        "V-CLOSED",
        {STATUS: "PAID_OFF"},
        {"check.closed_date": date(2016, 1, 1)},
        {"check.closed_date": None},
        {"V-CLOSED": FROM},
    ),
    Case(
        "V-CLOSED",
        {STATUS: "CURRENT"},
        {"check.closed_date": None},
        {"check.closed_date": date(2016, 1, 1)},
        {"V-CLOSED": FROM},
    ),
    Case("V-PAYDATE", {}, {LAST: date(2015, 1, 15)}, {LAST: date(2015, 1, 14)}),
    Case("V-PAYDATE", {NEXT: None}, {LAST: date(2016, 1, 31)}, {LAST: date(2016, 2, 1)}),
    Case("V-PAYDATE", {}, {NEXT: date(2016, 1, 16)}, {NEXT: date(2016, 1, 15)}),
    Case("V-PAYDATE", {}, {NEXT: date(2016, 1, 15)}, {NEXT: date(2016, 1, 14)}, {}, MONTHLY),
    Case("V-PAYDATE", {STATUS: "CHARGED_OFF"}, {NEXT: None}, {NEXT: date(2016, 2, 15)}),
]

CASES = [*ARREARS, *DATES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_row_at_the_exact_edge_passes(case: Case) -> None:
    assert case.code not in codes(case.given | case.edge, case.rules, **case.said)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_row_one_step_beyond_the_edge_is_found(case: Case) -> None:
    assert case.code in codes(case.given | case.beyond, case.rules, **case.said)


@pytest.mark.parametrize("status", ["RESTRUCTURED", "UNKNOWN", "PAID_OFF", "SOLD"])
def test_a_loan_may_pass_its_maturity_when_closed_or_extended(status: str) -> None:
    facts = {STATUS: status, MATURES: date(2015, 6, 1), "loan.term_months": 5, NEXT: None}
    assert "V-MAT-3" not in codes(facts)


@pytest.mark.parametrize("closed", [None, date(2016, 1, 1)])
@pytest.mark.parametrize("status", ["DEFAULT", "UNKNOWN"])
def test_a_default_may_have_a_closing_date_or_not(status: str, closed: date | None) -> None:
    assert "V-CLOSED" not in codes(
        {STATUS: status, "check.closed_date": closed}, {"V-CLOSED": FROM}
    )


def test_an_unknown_status_contradicts_nothing() -> None:
    facts = {STATUS: "UNKNOWN", "status.recoveries": "5", LOW: 45, HIGH: 45, NEXT: None}
    assert codes(facts) == set()


def test_a_date_out_of_order_shows_its_limit() -> None:
    found = {one["code"]: one for one in findings({ISSUED: date(2020, 5, 1)})}
    assert found["V-ISSUE"]["value"] == "2020-05-01"
    assert found["V-ISSUE"]["expected"] == "<= 2016-01-31"
