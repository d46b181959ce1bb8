from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from loan_etl_tui.validate.rows import check_rows
from tests.fixtures.sound_loan import Case, codes, findings, make_plan, make_rows

PAID = "status.principal_paid"
LOSS = "status.principal_charged_off"
STATUS = "status.loan_status"
LOW, HIGH = "status.dpd_min", "status.dpd_max"
ISSUED, RECORDED, MATURES = "loan.issue_date", "record_date", "loan.maturity_date"
LAST, NEXT = "status.last_payment_date", "status.next_payment_date"

FROM = {"from": "a column"}
IDENT = {"V-IDENT": {"total": "t", "parts": ["a", "b"], "tolerance": "0.02"}}
BALANCE = {"X-BAL": {"from": "out_prncp", "tolerance": "0.02"}}

PRINCIPAL = [
    # 10,000: tol is 0.5 % = 50, band is 5 % = 500. 100: tol is 1.00, band is 25.00.
    Case("V-PRIN-1", {}, {PAID: "10050"}, {PAID: "10050.0001"}),
    Case("V-PRIN-1", {"loan.original_balance": "100"}, {PAID: "101"}, {PAID: "101.0001"}),
    Case(
        "V-PRIN-1",
        {},
        {PAID: "10500"},
        {PAID: "10500.0001"},
        {},
        {"rounding": {"original_balance": "1000"}},
    ),
    Case("V-PRIN-2", {}, {PAID: "10500"}, {PAID: "10500.0001"}),
    Case("V-PRIN-2", {"loan.original_balance": "100"}, {PAID: "125"}, {PAID: "125.0001"}),
    Case("V-COVER", {PAID: "6000"}, {LOSS: "4050"}, {LOSS: "4050.0001"}),
    Case("V-PAIDOFF-1", {STATUS: "PAID_OFF"}, {PAID: "9950"}, {PAID: "9949.9999"}),
    Case("V-PAIDOFF-2", {STATUS: "PAID_OFF"}, {PAID: "9500"}, {PAID: "9499.9999"}),
    Case("V-OPEN0", {}, {PAID: "9999.9899"}, {PAID: "9999.99"}),
    Case("V-OPEN0", {PAID: "10000"}, {STATUS: "PAID_OFF"}, {STATUS: "LATE"}),
    Case("V-ZEROPAY", {STATUS: "PAID_OFF"}, {PAID: "0.0001"}, {PAID: "0"}),
    Case("V-CANC", {STATUS: "CANCELLED"}, {PAID: "0"}, {PAID: "0.0001"}),
    Case(
        "V-IDENT",
        {"check.total": "100", "check.part_1": "60"},
        {"check.part_2": "40.02"},
        {"check.part_2": "40.0201"},
        IDENT,
    ),
    Case(
        "X-BAL",
        {PAID: "4000"},
        {"check.balance": "6000.02"},
        {"check.balance": "6000.0201"},
        BALANCE,
    ),
    Case(
        "X-BAL",
        {PAID: "4000"},
        {"check.balance": "5999.98"},
        {"check.balance": "5999.9799"},
        BALANCE,
    ),
    Case(
        "X-BAL",
        {PAID: "4000"},
        {"check.balance": "7000"},
        {"check.balance": "7000.0001"},
        BALANCE,
        {"rounding": {"original_balance": "1000"}},
    ),
    Case(
        "X-BAL",
        {PAID: "4000", STATUS: "CHARGED_OFF", "check.balance": "0"},
        {LOSS: "6000"},
        {LOSS: "5999"},
        BALANCE,
    ),
]

LOSSES = [
    Case("V-CO-1", {STATUS: "CHARGED_OFF"}, {PAID: "9999.9999"}, {PAID: "10000"}),
    Case("V-CO-2", {STATUS: "CHARGED_OFF", PAID: "4000"}, {LOSS: "5950"}, {LOSS: "5949.9999"}),
    Case("V-CO-2", {STATUS: "CHARGED_OFF", PAID: "4000"}, {LOSS: "6050"}, {LOSS: "6050.0001"}),
    Case(
        "V-CO-4", {LOSS: "1000"}, {"status.recoveries": "1250"}, {"status.recoveries": "1250.0001"}
    ),
    Case("V-NOLOSS", {}, {LOSS: "0"}, {LOSS: "0.0001"}),
    Case("V-NOLOSS", {LOSS: "500"}, {STATUS: "LATE"}, {STATUS: "PAID_OFF"}),
    Case("V-RECOV", {}, {"status.recoveries": "0"}, {"status.recoveries": "0.0001"}),
    Case("V-RECOV", {"status.recoveries": "5"}, {STATUS: "SOLD"}, {STATUS: "REPURCHASED"}),
]

SCHEDULE = [
    # An annuity of 10,000 at 12 % over 36 months is 332.1431: 0.05 % of it is 0.1660.
    Case("V-ANN", {}, {"loan.monthly_payment": "332.3091"}, {"loan.monthly_payment": "332.3092"}),
    Case("V-ANN", {}, {"loan.monthly_payment": "331.9771"}, {"loan.monthly_payment": "331.9770"}),
    Case(
        "V-ANN",
        {"loan.interest_rate": "0", "loan.original_balance": "360"},
        {"loan.monthly_payment": "10.05"},
        {"loan.monthly_payment": "10.0501"},
    ),
    # Twelve months on books: ten instalments repay 2,428.7304, of which 50 may be open.
    Case("V-SCHED", {}, {PAID: "2378.7304"}, {PAID: "2378.7303"}),
    Case(
        "V-SCHED",
        {"loan.interest_rate": "0", "loan.original_balance": "3600"},
        {PAID: "982"},
        {PAID: "981.9999"},
    ),
    # 10,000 x 0.12 x 381 / 365 x 1.10 + 50 = 1,427.8630
    Case("V-INT", {}, {"status.interest_paid": "1427.8630"}, {"status.interest_paid": "1427.8631"}),
    Case("V-INT", {}, {"status.interest_paid": "0.0001"}, {"status.interest_paid": "0"}),
    Case(
        "V-INT",
        {"status.interest_paid": "0"},
        {RECORDED: date(2015, 3, 31), LAST: None},
        {RECORDED: date(2015, 4, 1), LAST: None},
    ),
    Case("V-RATEZERO", {}, {"loan.interest_rate": "0.000001"}, {"loan.interest_rate": "0"}),
    Case("V-SECINT", {}, {"loan.extra.ltv": "0.01"}, {"loan.extra.ltv": "0.009999"}),
    Case("V-SECINT", {}, {"loan.extra.ltv": "2"}, {"loan.extra.ltv": "2.000001"}),
    Case(
        "V-SECINT",
        {"loan.extra.ltv": "0.8"},
        {"loan.credit_score": 700},
        {"loan.credit_score": None},
        {"V-SECINT": {"require_score": "true"}},
    ),
]

CASES = [*PRINCIPAL, *LOSSES, *SCHEDULE]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_row_at_the_exact_edge_passes(case: Case) -> None:
    assert case.code not in codes(case.given | case.edge, case.rules, **case.said)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_row_one_step_beyond_the_edge_is_found(case: Case) -> None:
    assert case.code in codes(case.given | case.beyond, case.rules, **case.said)


def test_a_sound_loan_with_every_rule_awake_raises_nothing() -> None:
    facts = {
        "check.total": "3985.72",
        "check.part_1": "2943.95",
        "check.part_2": "1041.77",
        "check.balance": "7056.05",
        "check.closed_date": None,
        "check.default_date": None,
        "check.word_dpd_min": 0,
        "check.word_dpd_max": 0,
        "loan.extra.ltv": "0.8",
    }
    awake = IDENT | BALANCE | {"V-CLOSED": FROM, "V-DEFDATE": FROM}
    assert codes(facts, awake) == set()


def test_a_missing_amount_is_not_nothing() -> None:
    unknown = {PAID: None, "status.interest_paid": None, "status.recoveries": None}
    for status in ("CURRENT", "CHARGED_OFF", "PAID_OFF", "CANCELLED"):
        assert codes({STATUS: status, NEXT: None, LOW: None, HIGH: None} | unknown) == set()


def test_a_rule_whose_column_is_not_mapped_does_not_run() -> None:
    unmapped = dict.fromkeys((PAID, MATURES, LOW, HIGH, LAST, NEXT), ...)
    assert codes(unmapped | {STATUS: "PAID_OFF"}, IDENT | BALANCE) == set()


def test_cents_above_the_balance_reject_no_row() -> None:
    facts = {STATUS: "PAID_OFF", PAID: "10000.04", NEXT: None}
    assert [one for one in findings(facts) if one["severity"] == "R"] == []


def test_an_identity_with_a_missing_part_proves_nothing() -> None:
    facts = {"check.total": "100", "check.part_1": "60", "check.part_2": None}
    assert "V-IDENT" not in codes(facts, IDENT)


def test_a_charged_off_loan_without_a_known_loss_has_no_balance_to_compare() -> None:
    facts = {STATUS: "CHARGED_OFF", PAID: "4000", "check.balance": "0"}
    assert "X-BAL" not in codes(facts, BALANCE)


def test_a_status_can_be_excepted_from_the_balance() -> None:
    facts = {STATUS: "DEFAULT", PAID: "4000", "check.balance": "0"}
    rules = {"X-BAL": {"from": "b", "unless_status": ["DEFAULT"]}}
    assert "X-BAL" in codes(facts, BALANCE)
    assert "X-BAL" not in codes(facts, rules)


def test_a_loan_that_pays_not_yet_owes_no_interest() -> None:
    for status in ("PENDING", "ISSUED", "CANCELLED"):
        assert "V-INT" not in codes({STATUS: status, "status.interest_paid": "0"})


def test_a_schedule_ends_with_the_term() -> None:
    facts = {PAID: "9989", "loan.term_months": 6, "loan.original_balance": "10000"}
    assert "V-SCHED" not in codes(facts)


def test_a_new_loan_owes_no_principal_yet() -> None:
    assert "V-SCHED" not in codes({ISSUED: date(2015, 12, 1), PAID: "0"})


def test_a_ratio_read_as_a_number_is_in_percent() -> None:
    table = make_rows({}, {}, {}).append_column(
        "loan.extra.ltv", pa.array([80, 200, 201], pa.int64())
    )
    found = check_rows(table, make_plan())
    assert found.select(["record", "code", "value"]).to_pylist() == [
        {"record": 3, "code": "V-SECINT", "value": "201"}
    ]


def test_a_finding_shows_the_amount_and_its_limit() -> None:
    found = {one["code"]: one for one in findings({PAID: "12000"})}
    assert found["V-PRIN-2"]["field"] == "principal_paid"
    assert found["V-PRIN-2"]["value"] == "12000.0000"
    assert found["V-PRIN-2"]["expected"] == "<= 10500.0000"
    assert found["V-PRIN-2"]["severity"] == "R"


def test_a_difference_shows_the_right_amount_and_its_room() -> None:
    (found,) = findings({"check.balance": "0"}, BALANCE)
    assert (found["field"], found["expected"]) == ("out_prncp", "7056.0500 +- 0.0200")


def test_findings_stand_in_the_order_of_the_rows() -> None:
    bad = {PAID: "12000"}
    found = check_rows(make_rows(bad, {}, bad), make_plan())
    assert found.column("record").to_pylist() == sorted(found.column("record").to_pylist())
    assert set(found.column("record").to_pylist()) == {1, 3}
