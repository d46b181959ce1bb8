from __future__ import annotations

import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.validate.columns import Guard, Tally, observe
from loan_etl_tui.validate.histogram import Histogram
from tests.fixtures.sound_loan import make_plan, make_rows

HINTED = {"record_date": {"from": "argument", "hint": {"from": "last_pull"}}}
UNANIMOUS = {"record_date": {"from": "argument", "hint": {"from": "a", "agg": "unanimous"}}}
RECORDED = date(2016, 1, 31)


def rates(*values: str | None) -> pa.Table:
    return make_rows(*({"loan.interest_rate": one} for one in values))


def found(rows: pa.Table, previous: Tally | None = None, **said: Any) -> dict[str, dict[str, Any]]:
    rules = said.pop("rules", None)
    table = observe(rows).findings(make_plan(rules, **said), previous)
    assert table.schema == ISSUES
    return {one["code"]: one for one in table.to_pylist()}


def test_a_sound_tape_raises_nothing() -> None:
    assert found(make_rows({}, {}, {})) == {}


def test_an_empty_tape_raises_nothing() -> None:
    assert found(make_rows({}).slice(0, 0), Tally(0, {"loan.dti": 0})) == {}


@pytest.mark.parametrize("rate", ["0.005", "0.60"])
def test_a_median_rate_at_the_edge_passes(rate: str) -> None:
    assert "F-UNITS" not in found(rates("0.0001", rate, "9"))


@pytest.mark.parametrize("rate", ["0.004999", "0.6001", "11.98"])
def test_a_median_rate_beyond_the_edge_stops_the_delivery(rate: str) -> None:
    one = found(rates("0.0001", rate, "99"))["F-UNITS"]
    assert (one["severity"], one["field"]) == ("F", "interest_rate")


def test_rates_of_nothing_do_not_count_for_the_unit() -> None:
    assert "F-UNITS" not in found(rates("0", "0", "0", "0.12", None))


def test_rates_that_rejected_their_rows_count_for_the_unit() -> None:
    rejected = make_rows(*[{"loan.interest_rate": "11.98", "rejected": True}] * 3)
    assert "F-UNITS" in found(rejected)


def test_a_wrong_unit_shows_how_the_rates_lie() -> None:
    shown = found(rates("5.32", "11.98", "24.59"))["F-UNITS"]
    assert shown["value"] == "min 5.3200, p5 5.3200, median 11.9800, p95 24.5900, max 24.5900"
    assert shown["expected"] == "a median of 0.005 to 0.60"
    assert shown["record"] is None


def test_the_limits_of_the_median_can_be_set() -> None:
    rules = {"F-UNITS": {"max": "12", "severity": "W"}}
    assert "F-UNITS" not in found(rates("11.98"), rules=rules)
    assert found(rates("12.1"), rules=rules)["F-UNITS"]["severity"] == "W"


@pytest.mark.parametrize(("dti", "breaks"), [("0.02", False), ("0.8", False), ("19.3", True)])
def test_a_median_debt_ratio_in_percent_is_warned_about(dti: str, breaks: bool) -> None:
    assert ("F-DTIUNIT" in found(make_rows({"loan.dti": dti}))) is breaks


@pytest.mark.parametrize(("before", "breaks"), [(3, False), (2, True)])
def test_missing_values_may_grow_by_twenty_points(before: int, breaks: bool) -> None:
    now = make_rows(*[{"loan.dti": None}] * 5, *[{}] * 5)
    said = found(now, Tally(10, {"loan.dti": before, "loan.purpose": 0}))
    assert ("F-NULLS" in said) is breaks


def test_a_column_that_was_emptied_is_named_with_both_shares() -> None:
    now = make_rows({"status.interest_paid": None})
    one = found(now, Tally(4, {"status.interest_paid": 1}))["F-NULLS"]
    assert one["field"] == "interest_paid"
    assert one["value"] == "100.0% missing"
    assert one["expected"] == "at most 45.0%, 20 points above the load before"


def test_a_column_mapped_for_the_first_time_has_nothing_to_be_compared_with() -> None:
    assert found(make_rows({"loan.dti": None}), Tally(10, {})) == {}


@pytest.mark.parametrize(("before", "breaks"), [(10, False), (11, True)])
def test_a_full_book_may_lose_a_tenth_of_its_rows(before: int, breaks: bool) -> None:
    said = found(make_rows(*[{}] * 9), Tally(before), coverage="full")
    assert ("F-SHRINK" in said) is breaks


def test_a_partial_tape_may_shrink() -> None:
    assert found(make_rows({}), Tally(1000), coverage="partial") == {}


@pytest.mark.parametrize(("days", "breaks"), [(45, False), (46, True), (-45, False), (-46, True)])
def test_the_latest_hint_may_be_45_days_from_the_record_date(days: int, breaks: bool) -> None:
    latest = RECORDED - timedelta(days=days)
    hinted = make_rows({"check.hint": date(2001, 1, 1)}, {"check.hint": latest})
    assert ("F-RECHINT" in found(hinted, **HINTED)) is breaks


@pytest.mark.parametrize(("days", "breaks"), [(76, False), (77, True)])
def test_a_hint_that_names_a_month_may_be_a_month_further(days: int, breaks: bool) -> None:
    hinted = make_rows({"check.hint": RECORDED - timedelta(days=days)})
    assert ("F-RECHINT" in found(hinted, date_precision="month", **HINTED)) is breaks


def test_a_wrong_record_date_is_shown_beside_the_hint() -> None:
    one = found(make_rows({"check.hint": date(2014, 12, 1)}), **HINTED)["F-RECHINT"]
    assert (one["field"], one["severity"]) == ("record_date", "W")
    assert one["value"] == "the latest date the tape speaks of is 2014-12-01"
    assert one["expected"] == "within 45 days of 2016-01-31"


def test_hints_that_should_agree_and_do_not_are_told() -> None:
    near = {"check.hint": RECORDED}, {"check.hint": date(2016, 1, 1)}
    assert "F-RECHINT" in found(make_rows(*near), **UNANIMOUS)
    assert "F-RECHINT" not in found(make_rows(near[1], near[1]), **UNANIMOUS)


def test_a_tape_without_a_record_date_has_nothing_to_hint_at() -> None:
    rows = make_rows({"record_date": None, "check.hint": date(2001, 1, 1)})
    assert found(rows, shape="origination") == {}


def test_a_guard_that_is_off_finds_nothing() -> None:
    assert found(rates("11.98"), rules={"F-UNITS": {"severity": "off"}}) == {}


def test_guards_of_parts_add_up_to_the_guard_of_the_whole() -> None:
    whole = make_rows({"loan.dti": None}, {"loan.interest_rate": "3"}, {"loan.interest_rate": "0"})
    parts = [observe(whole.slice(start, 1)) for start in range(3)]
    assert sum(parts, Guard()) == observe(whole)


def test_a_guard_crosses_a_process() -> None:
    guard = observe(make_rows({}))
    assert pickle.loads(pickle.dumps(guard)) == guard


def test_of_an_even_number_of_rates_the_median_is_the_lower_middle_one() -> None:
    histogram = Histogram.of(observed("0.1", "0.2", "0.3", "0.4"))
    assert histogram.quantile_units(50) == 200_000
    assert histogram.quantile_units(100) == 400_000


def test_rates_no_bin_can_hold_share_the_outermost_ones() -> None:
    histogram = Histogram.of(observed("-900", "-1", "500", "999"))
    assert len(histogram.bins) == 2
    assert (histogram.least, histogram.most) == (-900_000_000, 999_000_000)


def test_an_empty_histogram_has_no_quantiles() -> None:
    with pytest.raises(ValueError, match="empty column"):
        Histogram().quantile_units(50)


def observed(*values: str) -> Any:
    return np.array([int(Decimal(one) * 10**6) for one in values], np.int64)
