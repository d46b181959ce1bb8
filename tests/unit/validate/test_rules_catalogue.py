from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loan_etl_tui.config.models import RuleOverride
from loan_etl_tui.model.issues import CATALOGUE, RulesError, activate
from loan_etl_tui.model.loan import Status
from loan_etl_tui.validate.cells import CELL_RULES
from loan_etl_tui.validate.rows import ROW_RULES

SLEEPING = {
    "C-ORIGMAX",
    "C-RATEBAND",
    "C-TERMSET",
    "C-RATING",
    "V-IDENT",
    "X-BAL",
    "V-CLOSED",
    "V-DEFDATE",
}


def said(**keys: Any) -> RuleOverride:
    return RuleOverride.model_validate(keys)


def problems(code: str, override: RuleOverride) -> list[tuple[str, str, str]]:
    with pytest.raises(RulesError) as caught:
        activate({code: override})
    return [tuple(one) for one in caught.value.problems]


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_rule_says_what_holds_what_breaks_it_and_the_way_on(code: str) -> None:
    rule = CATALOGUE[code]
    assert rule.code == code
    assert all([rule.title, rule.formula, rule.example, rule.way_on])
    assert rule.severity in {"R", "W", "F", "-"}
    assert rule.level in {"file", "cross-file", "column", "row", "cell", "cross-row"}


def test_every_rule_on_rows_that_is_in_the_catalogue_is_run_by_code() -> None:
    run = {rule.code for rule in (*CELL_RULES, *ROW_RULES)}
    assert {code for code in CATALOGUE if code.startswith("V-")} | {"X-BAL"} <= run
    assert run <= set(CATALOGUE)


def test_without_a_config_only_rules_that_only_a_config_can_fill_sleep() -> None:
    assert set(CATALOGUE) - set(activate({})) == SLEEPING


def test_defaults_are_typed_values() -> None:
    assert activate({})["C-RATE"].parameters == {"max": Decimal("2.0")}
    assert activate({})["C-SCORE"].parameters == {"min": 300, "max": 850}
    assert activate({})["V-ISSUE-LO"].parameters == {"min": date(1970, 1, 2)}


def test_off_takes_a_rule_out() -> None:
    assert "V-ANN" not in activate({"V-ANN": said(severity="off")})


def test_a_severity_replaces_the_catalogues() -> None:
    assert activate({"V-PRIN-2": said(severity="W")})["V-PRIN-2"].severity == "W"


def test_text_becomes_the_type_of_the_parameter() -> None:
    active = activate(
        {
            "C-TERMSET": said(allowed=["36", "60"]),
            "C-RATEBAND": said(min="0.05", max="0.31"),
            "X-BAL": said(**{"from": "out_prncp", "unless_status": ["CHARGED_OFF"]}),
            "V-IDENT": said(total="total", parts=["a", "b"], tolerance="0.01"),
            "V-ISSUE-LO": said(min="2007-06"),
            "V-SECINT": said(require_score="true"),
        }
    )
    assert active["C-TERMSET"].parameters == {"allowed": (36, 60)}
    assert active["C-RATEBAND"].parameters == {"min": Decimal("0.05"), "max": Decimal("0.31")}
    assert active["X-BAL"].parameters["unless_status"] == (Status.CHARGED_OFF,)
    assert active["X-BAL"].parameters["tolerance"] == Decimal("0.02")
    assert active["V-IDENT"].parameters["parts"] == ("a", "b")
    assert active["V-ISSUE-LO"].parameters["min"] == date(2007, 6, 1)
    assert active["V-SECINT"].parameters["require_score"] is True


def test_numbers_of_the_file_are_read_like_text() -> None:
    active = activate({"C-TERMSET": said(allowed=[36, 60]), "C-RATE": said(max=Decimal("10"))})
    assert active["C-TERMSET"].parameters == {"allowed": (36, 60)}
    assert active["C-RATE"].parameters == {"max": Decimal(10)}


def test_an_unknown_code_is_told_with_the_nearest_right_one() -> None:
    assert problems("V-PRIN2", said(severity="W")) == [
        ("V-PRIN2", "", "is no rule; did you mean V-PRIN-2?")
    ]


def test_an_unknown_parameter_is_told_with_the_right_ones() -> None:
    (found,) = problems("C-RATE", said(maximum="3"))
    assert found == ("C-RATE", "maximum", "is no parameter; choose max; did you mean max?")


@pytest.mark.parametrize(
    ("code", "parameter", "text"),
    [
        ("C-RATE", "max", "NaN"),
        ("C-RATE", "max", "1e99"),
        ("C-RATE", "max", ["1"]),
        ("C-TERM", "max", "36.5"),
        ("C-TERMSET", "allowed", "36"),
        ("C-TERMSET", "allowed", []),
        ("C-TERMSET", "allowed", ["x"]),
        ("C-RATING", "allowed", [""]),
        ("V-ISSUE-LO", "min", "June 2007"),
        ("V-SECINT", "require_score", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_where_it_stands(
    code: str, parameter: str, text: Any
) -> None:
    (found,) = problems(code, said(**{parameter: text}))
    assert found[:2] == (code, parameter)


def test_an_unknown_status_is_told_with_the_known_ones() -> None:
    (found,) = problems("X-BAL", said(**{"from": "balance", "unless_status": ["LOST"]}))
    assert "'LOST'" in found[2]
    assert "CHARGED_OFF" in found[2]


def test_a_rule_that_is_named_but_lacks_what_it_needs_is_told() -> None:
    assert [one[1] for one in problems("C-RATEBAND", said(min="0.05"))] == ["max"]
    assert [one[1] for one in problems("C-TERMSET", said(severity="R"))] == ["allowed"]


def test_a_lower_limit_above_the_upper_one_is_told() -> None:
    assert [one[1] for one in problems("C-RATEBAND", said(min="0.31", max="0.05"))] == ["min"]


@pytest.mark.parametrize("code", ["C-ID", "F-RAGGED", "C-DIGITS", "X-DUP-NE"])
def test_a_rule_without_which_rows_cannot_be_stored_stays_on(code: str) -> None:
    assert [one[1] for one in problems(code, said(severity="off"))] == ["severity"]


def test_a_rule_on_many_rows_cannot_reject_one() -> None:
    (found,) = problems("F-UNITS", said(severity="R"))
    assert found[2] == "is 'R'; choose off, W or F"


def test_a_cell_that_cannot_be_read_is_never_dropped_without_a_word() -> None:
    assert [one[1] for one in problems("C-MONEY", said(severity="off"))] == ["severity"]


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(RulesError) as caught:
        activate({"V-NONE": said(severity="W"), "C-RATE": said(max="x", min="0")})
    assert len(caught.value.problems) == 3


def test_problems_pickle_with_all_they_say() -> None:
    with pytest.raises(RulesError) as caught:
        activate({"V-NONE": said(severity="W")})
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
    assert "V-NONE" in str(again)
