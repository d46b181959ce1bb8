"""Laws of the rules: what holds for any typed rows, whatever the rules say of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.model.loan import Status
from loan_etl_tui.validate.cells import check_cells
from loan_etl_tui.validate.columns import Guard, observe
from loan_etl_tui.validate.rows import check_rows
from loan_etl_tui.validate.schedule import instalments, scheduled_principal
from tests.fixtures.sound_loan import SOUND, TYPES, make_plan

AWAKE: dict[str, dict[str, Any]] = {
    "C-ORIGMAX": {"max": "40000"},
    "C-RATEBAND": {"min": "0.05", "max": "0.31"},
    "C-TERMSET": {"allowed": [36, 60]},
    "C-RATING": {"allowed": ["A", "B"]},
    "V-IDENT": {"total": "t", "parts": ["a", "b"]},
    "X-BAL": {"from": "b", "unless_status": ["CHARGED_OFF"]},
    "V-CLOSED": {"from": "closed"},
    "V-DEFDATE": {"from": "defaulted"},
}

PLANS = st.sampled_from(
    [
        make_plan(
            AWAKE,
            date_precision=precision,
            rounding={"original_balance": rounding},
            decimal_digits=digits,
            coverage="full",
        )
        for precision in ("day", "month")
        for rounding in ("0", "1000")
        for digits in (15, 18)
    ]
)


def values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Anything a column of this type can hold, ordinary values often among it."""
    if pa.types.is_decimal(kind):
        most = 10**kind.precision - 1
        units = st.integers(-most, most) | st.integers(-1, min(most, 10**9)) | st.just(0)
        return units.map(lambda one: Decimal(one).scaleb(-kind.scale))
    if pa.types.is_date(kind):
        return st.dates() | st.dates(date(2010, 1, 1), date(2020, 1, 1))
    if pa.types.is_integer(kind):
        half = 2 ** (kind.bit_width - 1)
        return st.integers(-half, half - 1) | st.integers(-1, 700)
    if pa.types.is_boolean(kind):
        return st.booleans()
    return st.text(max_size=130) | st.sampled_from(["A", "US", *map(str, Status)])


FREE = [name for name in TYPES if name not in {"file", "record", "line", "rejected", "loan_id"}]


@st.composite
def typed_rows(draw: st.DrawFn) -> pa.Table:
    """Typed rows with any values, nulls among them, and any optional columns."""
    count = draw(st.integers(0, 6))
    names = draw(st.lists(st.sampled_from(FREE), unique=True, max_size=12))
    absent = draw(st.sets(st.sampled_from(FREE), max_size=6))
    sound = [name for name in SOUND if name in FREE and name not in {*names, *absent}]
    columns: dict[str, pa.Array] = {
        "file": pa.array([0] * count, pa.int32()),
        "record": pa.array(range(1, count + 1), pa.int64()),
        "line": pa.array(range(2, count + 2), pa.int64()),
        "loan_id": texts(draw, count),
        "rejected": pa.array(draw(st.lists(st.booleans(), min_size=count, max_size=count))),
    }
    for name in sound:
        columns[name] = column(name, [SOUND[name]] * count)
    for name in names:
        cells = st.lists(st.none() | values(TYPES[name]), min_size=count, max_size=count)
        columns[name] = pa.array(draw(cells), TYPES[name])
    columns["rejected"] = columns["rejected"].cast(pa.bool_())
    return pa.table(columns)


def texts(draw: st.DrawFn, count: int) -> pa.Array:
    ids = st.none() | st.text(max_size=3) | st.sampled_from(["1077501", "x" * 129])
    return pa.array(draw(st.lists(ids, min_size=count, max_size=count)), pa.string())


def column(name: str, cells: list[Any]) -> pa.Array:
    if pa.types.is_decimal(TYPES[name]):
        cells = [None if one is None else Decimal(one) for one in cells]
    return pa.array(cells, TYPES[name])


def check(rows: pa.Table, plan: Plan) -> list[pa.Table]:
    return [check_cells(rows, plan), check_rows(rows, plan)]


@given(typed_rows(), PLANS)
def test_rules_never_raise_and_always_give_the_issues_schema(rows: pa.Table, plan: Plan) -> None:
    for issues in check(rows, plan):
        assert issues.schema == ISSUES


@given(typed_rows(), PLANS)
def test_findings_are_about_rows_that_exist(rows: pa.Table, plan: Plan) -> None:
    where = rows.select(["file", "record", "line", "loan_id"]).to_pylist()
    for issues in check(rows, plan):
        for one in issues.select(["file", "record", "line", "loan_id"]).to_pylist():
            assert one in where


@given(typed_rows(), PLANS)
def test_findings_say_code_severity_field_and_expectation(rows: pa.Table, plan: Plan) -> None:
    for issues in check(rows, plan):
        for one in issues.to_pylist():
            assert one["code"] in CATALOGUE
            assert one["severity"] in {"R", "W"}
            assert one["field"]
            assert one["expected"]
            assert len(one["value"]) <= 80


@given(typed_rows(), PLANS, st.integers(0, 6))
def test_cutting_a_batch_changes_nothing(rows: pa.Table, plan: Plan, cut: int) -> None:
    for judge in (check_cells, check_rows):
        parts = [judge(rows.slice(0, cut), plan), judge(rows.slice(cut), plan)]
        assert pa.concat_tables(parts).to_pylist() == judge(rows, plan).to_pylist()
    assert observe(rows.slice(0, cut)) + observe(rows.slice(cut)) == observe(rows)


@given(typed_rows(), PLANS)
def test_the_rows_are_not_touched(rows: pa.Table, plan: Plan) -> None:
    before = rows.to_pylist()
    check(rows, plan)
    assert rows.to_pylist() == before


@given(typed_rows(), PLANS)
def test_rejected_rows_raise_no_warnings(rows: pa.Table, plan: Plan) -> None:
    rejected = {one["record"] for one in rows.to_pylist() if one["rejected"]}
    for issues in check(rows, plan):
        for one in issues.to_pylist():
            assert one["severity"] != "W" or one["record"] not in rejected


@given(typed_rows(), PLANS)
def test_a_rule_that_rejects_is_never_stricter_than_its_warning_twin(
    rows: pa.Table, plan: Plan
) -> None:
    found = {(one["record"], one["code"]) for one in check_rows(rows, plan).to_pylist()}
    open_rows = {one["record"] for one in rows.to_pylist() if not one["rejected"]}
    for strict, mild in (("V-PRIN-2", "V-PRIN-1"), ("V-PAIDOFF-2", "V-PAIDOFF-1")):
        rejected = {record for record, code in found if code == strict} & open_rows
        assert rejected <= {record for record, code in found if code == mild}


@given(typed_rows(), typed_rows(), typed_rows())
def test_guards_add_up_in_any_order(one: pa.Table, two: pa.Table, three: pa.Table) -> None:
    a, b, c = observe(one), observe(two), observe(three)
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Guard() == a


@given(typed_rows(), typed_rows(), PLANS)
def test_guards_never_raise(rows: pa.Table, before: pa.Table, plan: Plan) -> None:
    assert observe(rows).findings(plan, observe(before).tally).schema == ISSUES


AMOUNTS = st.integers(1, 10**12)  # up to a hundred million, in ten-thousandths
RATES = st.just(0) | st.integers(1, 2 * 10**6)
TERMS = st.integers(1, 600)


@given(AMOUNTS, RATES, TERMS)
def test_instalments_agree_with_exact_arithmetic(amount: int, rate: int, term: int) -> None:
    with localcontext() as context:
        context.prec = 60
        monthly = Decimal(rate) / 12_000_000
        factor = monthly / (1 - (1 + monthly) ** -term) if rate else 1 / Decimal(term)
        exact = amount * factor
    assert abs(instalments(*single(amount, rate, term))[0] - exact) <= 1


@given(AMOUNTS, RATES, TERMS, st.integers(-5, 700))
def test_scheduled_principal_agrees_with_exact_arithmetic(
    amount: int, rate: int, term: int, months: int
) -> None:
    paid = min(max(months, 0), term)
    with localcontext() as context:
        context.prec = 400
        growth = 1 + Decimal(rate) / 12_000_000
        share = (growth**paid - 1) / (growth**term - 1) if rate else Decimal(paid) / term
    found = scheduled_principal(*single(amount, rate, term, months))[0]
    assert abs(found - amount * share) <= 1
    assert 0 <= found <= amount


def single(*numbers: int) -> list[np.ndarray[Any, np.dtype[np.int64]]]:
    return [np.array([one], np.int64) for one in numbers]
