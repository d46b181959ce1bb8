from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.validate.cells import check_cells
from tests.fixtures.sound_loan import Case, codes, findings, make_plan, make_rows

CASES = [
    Case("C-ID", {}, {"loan_id": "x" * 128}, {"loan_id": "x" * 129}),
    Case("C-ID", {}, {"loan_id": "1"}, {"loan_id": ""}),
    Case("C-ID", {}, {"loan_id": "a b"}, {"loan_id": "a\x07b"}),
    Case(
        "C-ORIG0",
        {},
        {"loan.original_balance": "0.0001", "status.principal_paid": None},
        {"loan.original_balance": "0", "status.principal_paid": None},
    ),
    Case(
        "C-ORIGMAX",
        {},
        {"loan.original_balance": "40000"},
        {"loan.original_balance": "40000.0001"},
        {"C-ORIGMAX": {"max": "40000"}},
    ),
    Case("C-RATE", {}, {"loan.interest_rate": "2.0"}, {"loan.interest_rate": "2.000001"}),
    Case("C-RATE", {}, {"loan.interest_rate": "0"}, {"loan.interest_rate": "-0.000001"}),
    Case(
        "C-RATE",
        {},
        {"loan.interest_rate": "10"},
        {"loan.interest_rate": "10.000001"},
        {"C-RATE": {"max": "10"}},
    ),
    Case(
        "C-RATEBAND",
        {},
        {"loan.interest_rate": "0.05"},
        {"loan.interest_rate": "0.049999"},
        {"C-RATEBAND": {"min": "0.05", "max": "0.31"}},
    ),
    Case(
        "C-RATEBAND",
        {},
        {"loan.interest_rate": "0.31"},
        {"loan.interest_rate": "0.310001"},
        {"C-RATEBAND": {"min": "0.05", "max": "0.31"}},
    ),
    Case("C-TERM", {}, {"loan.term_months": 1}, {"loan.term_months": 0}),
    Case("C-TERM", {}, {"loan.term_months": 600}, {"loan.term_months": 601}),
    Case(
        "C-TERMSET",
        {},
        {"loan.term_months": 60},
        {"loan.term_months": 61},
        {"C-TERMSET": {"allowed": ["36", "60"]}},
    ),
    Case("C-SCORE", {}, {"loan.credit_score": 300}, {"loan.credit_score": 299}),
    Case("C-SCORE", {}, {"loan.credit_score": 850}, {"loan.credit_score": 851}),
    Case("C-DTI", {}, {"loan.dti": "5"}, {"loan.dti": "5.000001"}),
    Case("C-DTI", {}, {"loan.dti": "0"}, {"loan.dti": "-0.000001"}),
    *(
        Case("C-NEG", {}, {f"status.{name}": "0"}, {f"status.{name}": "-0.0001"})
        for name in (
            "principal_paid",
            "interest_paid",
            "fees_paid",
            "recoveries",
            "principal_charged_off",
        )
    ),
    Case(
        "C-NEG",
        {},
        {"status.principal_paid": "-500"},
        {"status.principal_paid": "-500.0001"},
        {},
        {"rounding": {"original_balance": "1000"}},
    ),
    Case("C-DPD", {}, {"status.dpd_min": 0}, {"status.dpd_min": -1}),
    Case("C-DPD", {}, {"status.dpd_max": 9999}, {"status.dpd_max": 10000}),
    Case("C-COUNTRY", {}, {"loan.country": "NA"}, {"loan.country": "UK"}),
    Case(
        "C-RATING",
        {},
        {"loan.platform_rating": "HR"},
        {"loan.platform_rating": "hr"},
        {"C-RATING": {"allowed": ["AA", "HR"]}},
    ),
    Case(
        "C-DIGITS",
        {},
        {"loan.original_balance": "10000000000.0001"},
        {"loan.original_balance": "100000000000.0001"},
        {},
        {"decimal_digits": 15},
    ),
    Case(
        "C-DIGITS",
        {},
        {"status.principal_paid": "99999999999990"},
        {"status.principal_paid": "99999999999990.01"},
        {},
        {"decimal_digits": 15},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_value_at_the_exact_edge_passes(case: Case) -> None:
    assert case.code not in codes(case.given | case.edge, case.rules, **case.said)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_value_one_step_beyond_the_edge_is_found(case: Case) -> None:
    assert case.code in codes(case.given | case.beyond, case.rules, **case.said)


def test_a_sound_loan_raises_nothing() -> None:
    assert codes({}) == set()


def test_a_cancelled_loan_may_have_lent_nothing() -> None:
    facts = {"loan.original_balance": "0", "status.loan_status": "CANCELLED"}
    assert "C-ORIG0" not in codes(facts)


@pytest.mark.parametrize(
    ("column", "field", "code"),
    [
        ("loan.issue_date", "issue_date", "C-DATE"),
        ("loan.original_balance", "original_balance", "C-MONEY"),
        ("record_date", "record_date", "C-DATE"),
    ],
)
@pytest.mark.parametrize("absent", [None, ...], ids=["blank", "column not mapped"])
def test_a_missing_fact_that_no_loan_can_be_stored_without_rejects_the_row(
    column: str, field: str, code: str, absent: object
) -> None:
    found = findings({column: absent}, {code: {"severity": "W"}})
    assert [(one["field"], one["code"], one["severity"]) for one in found] == [(field, code, "R")]


def test_an_origination_tape_needs_no_record_date() -> None:
    assert codes({"record_date": None}, shape="origination") == set()


def test_a_missing_optional_value_is_no_breach() -> None:
    blank = {
        "loan.interest_rate": None,
        "loan.term_months": None,
        "loan.country": None,
        "loan.platform_rating": None,
        "loan.dti": None,
        "loan.credit_score": None,
        "status.principal_paid": None,
    }
    rules = {"C-RATING": {"allowed": ["A"]}, "C-TERMSET": {"allowed": [36]}}
    assert codes(blank, rules) == set()


def test_the_cap_on_rates_leaves_other_rates_alone() -> None:
    assert codes({"loan.dti": "4.9", "loan.extra.ltv": "1.9"}, {"C-RATE": {"max": "0.5"}}) == set()


def test_days_given_as_one_number_are_told_once() -> None:
    found = findings({"status.dpd_min": -3, "status.dpd_max": -3})
    assert [one["field"] for one in found if one["code"] == "C-DPD"] == ["dpd_min"]


def test_zeros_at_the_end_of_an_amount_need_no_digits() -> None:
    facts = {"loan.original_balance": "10000000000000", "status.principal_paid": None}
    assert "C-DIGITS" not in codes(facts, decimal_digits=15)


def test_a_database_with_exact_decimals_takes_every_digit() -> None:
    assert "C-DIGITS" not in codes({"loan.original_balance": "99999999999999.9999"})


def test_a_finding_says_where_what_and_what_is_allowed() -> None:
    off = {"severity": "off"}
    (found,) = findings({"loan.interest_rate": "10.65"}, {"V-ANN": off, "V-SCHED": off})
    assert found == {
        "file": 0,
        "record": 1,
        "line": 2,
        "loan_id": "1077501",
        "field": "interest_rate",
        "code": "C-RATE",
        "severity": "R",
        "value": "10.650000",
        "expected": "0 to 2.0",
    }


def test_a_long_value_is_cut_for_display() -> None:
    (found,) = findings({"loan_id": "x" * 500})
    assert found["value"] == "x" * 80


def test_a_rule_that_is_off_finds_nothing() -> None:
    assert codes({"loan.dti": "9"}, {"C-DTI": {"severity": "off"}}) == set()


def test_a_configs_severity_stands_in_the_finding() -> None:
    (found,) = findings({"loan.dti": "9"}, {"C-DTI": {"severity": "R"}})
    assert found["severity"] == "R"


def already(**changed: Any) -> pa.Table:
    one = dict.fromkeys(ISSUES.names) | {"file": 0, "record": 1, "field": "issue_date"}
    return pa.Table.from_pylist([one | {"code": "C-DATE", "severity": "R"} | changed], ISSUES)


def test_a_date_that_could_not_be_read_is_not_also_missing() -> None:
    table = make_rows({"loan.issue_date": None})
    assert check_cells(table, make_plan(), already()).num_rows == 0


def test_an_amount_in_the_wrong_currency_is_not_also_missing() -> None:
    table = make_rows({"loan.original_balance": None})
    said = already(field="original_balance", code="C-CURR")
    assert check_cells(table, make_plan(), said).num_rows == 0


@pytest.mark.parametrize(
    "other", [{"record": 2}, {"file": 1}, {"field": "maturity_date"}, {"severity": "W"}], ids=str
)
def test_a_finding_elsewhere_or_milder_does_not_excuse_a_missing_date(
    other: dict[str, Any],
) -> None:
    table = make_rows({"loan.issue_date": None})
    assert check_cells(table, make_plan(), already(**other)).num_rows == 1


def test_a_row_rejected_before_is_told_what_else_rejects_it_but_is_not_warned_about() -> None:
    facts = {"rejected": True, "loan.interest_rate": "-1", "loan.dti": "9", "record_date": None}
    assert codes(facts) == {"C-RATE", "C-DATE"}
