"""Options of a call: what they become, and what does not fit."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.cli.options import MEASURES, overrides, run_options
from loan_etl_tui.config.models import ControlTotal
from loan_etl_tui.model.errors import UsageError

KEYS = st.text(alphabet="abc._", min_size=1)


@given(st.lists(st.tuples(KEYS, st.text())))
def test_every_setting_comes_back_as_key_and_value(pairs: list[tuple[str, str]]) -> None:
    assert overrides([f"{key}={value}" for key, value in pairs]) == tuple(pairs)


@pytest.mark.parametrize("text", ["", "=1", " =1", "key"])
def test_a_setting_without_key_or_value_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="KEY=VALUE"):
        overrides([text])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_a_control_total_is_exact(value: Decimal) -> None:
    options = run_options(control_totals=[f"rows={value}"])
    assert options.control_totals == (("rows", value),)


@pytest.mark.parametrize("text", ["rows", "rows=", "rows=1,000", "rows=NaN", "rows=inf", "x=1"])
def test_a_control_total_that_is_no_number_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="--control-total"):
        run_options(control_totals=[text])


def test_the_measures_are_those_of_a_config() -> None:
    assert get_args(ControlTotal.model_fields["measure"].annotation) == MEASURES


def test_a_correction_needs_a_reason_and_a_reason_a_correction() -> None:
    for one_alone in ({"correct": True}, {"reason": "restated"}):
        with pytest.raises(UsageError, match="go together"):
            run_options(**one_alone)
