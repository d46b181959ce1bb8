"""The laws of the heart, for any batch however hostile."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loan_etl_tui.batch import BatchResult, judge_batch, money_sums, parse_batch
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ISSUES, LOAN_ROWS, REJECTS, STATUS_ROWS
from tests.property.tapes import COLUMNS, plan_of, raw_batches, raw_table

CUMULATIVE, BALANCE = plan_of(), plan_of(balance=True)
PLANS = st.sampled_from([CUMULATIVE, BALANCE])

pytestmark = pytest.mark.timeout(300)


def judged(raw: pa.Table, plan: Plan) -> BatchResult:
    return judge_batch(parse_batch(raw, plan), None, plan)


def same(left: pa.Table, right: pa.Table) -> bool:
    order = [("file", "ascending"), ("record", "ascending")]
    if "code" in left.column_names:
        order += [("code", "ascending"), ("field", "ascending"), ("value", "ascending")]
    return left.sort_by(order).equals(right.sort_by(order))


@given(raw_batches(), PLANS, st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_cutting_a_batch_anywhere_changes_nothing(raw: pa.Table, plan: Plan, cut: int) -> None:
    whole = judged(raw, plan)
    parts = [judged(raw.slice(0, cut), plan), judged(raw.slice(cut), plan)]
    for name in ("loan", "status", "issues", "rejects"):
        joined = pa.concat_tables([getattr(part, name) for part in parts])
        assert same(joined, getattr(whole, name)), name


@given(raw_batches(), PLANS)
@settings(max_examples=60, deadline=None)
def test_every_row_is_loaded_or_explained(raw: pa.Table, plan: Plan) -> None:
    result = judged(raw, plan)
    loaded = set(result.status.column("record").to_pylist())
    rejected = set(result.rejects.column("record").to_pylist())
    hard = result.issues.filter(pc.equal(result.issues.column("severity"), "R"))
    explained = set(hard.column("record").to_pylist())
    assert loaded | rejected == set(raw.column("record").to_pylist())
    assert not loaded & rejected
    assert rejected == explained
    assert set(result.loan.column("record").to_pylist()) == loaded


@given(raw_batches(), PLANS)
@settings(max_examples=60, deadline=None)
def test_every_result_has_the_declared_types_whatever_comes_in(raw: pa.Table, plan: Plan) -> None:
    result = judged(raw, plan)
    assert result.loan.schema.equals(LOAN_ROWS)
    assert result.status.schema.equals(STATUS_ROWS)
    assert result.issues.schema.equals(ISSUES)
    assert result.rejects.schema.equals(REJECTS)
    required = ("loan_id", "issue_date", "original_balance", "loan_status", "currency")
    assert all(result.loan.column(name).null_count == 0 for name in required)


@given(raw_batches(), PLANS)
@settings(max_examples=30, deadline=None)
def test_the_input_is_not_touched(raw: pa.Table, plan: Plan) -> None:
    before = pickle.dumps(raw.to_pydict())
    judged(raw, plan)
    assert pickle.dumps(raw.to_pydict()) == before


@given(raw_batches(), PLANS)
@settings(max_examples=40, deadline=None)
def test_rejected_records_keep_their_untouched_text(raw: pa.Table, plan: Plan) -> None:
    texts = dict(zip(raw.column("record").to_pylist(), raw.column("text").to_pylist(), strict=True))
    for row in judged(raw, plan).rejects.to_pylist():
        assert row["text"] == texts[row["record"]]


@given(raw_batches())
@settings(max_examples=40, deadline=None)
def test_no_amount_is_lost_between_reading_and_the_two_tables(raw: pa.Table) -> None:
    parsed = parse_batch(raw, CUMULATIVE)
    result = judge_batch(parsed, None, CUMULATIVE)
    name = "status.principal_paid"
    bad = result.judged.filter(result.judged.column("rejected"))
    read = money_sums(parsed.rows, (name,))[name]
    kept = money_sums(result.status, ("principal_paid",))["principal_paid"]
    assert read == kept + money_sums(bad, (name,))[name]


@given(raw_batches(clean=True))
@settings(max_examples=40, deadline=None)
def test_clean_stays_clean(raw: pa.Table) -> None:
    """Text rendered from the result and processed again gives the same rows and findings."""
    once = judged(raw, CUMULATIVE)
    loan, status = once.loan.to_pylist(), once.status.to_pylist()
    source = {row["record"]: row for row in raw.to_pylist()}
    columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for fact, state in zip(loan, status, strict=True):
        before = source[fact["record"]]
        rendered = {
            "id": fact["loan_id"],
            "issued": str(fact["issue_date"]),
            "amount": str(fact["original_balance"]),
            "rate": f"{fact['interest_rate'] * 100}%",
            "term": str(fact["term_months"]),
            "state": fact["region"] or "",
            "paid": str(state["principal_paid"]),
            "state_word": state["status_raw"],
            "left": before["source.left"],
            "note": before["source.note"],
        }
        for name in COLUMNS:
            columns[name].append(rendered[name])
    again = judged(raw_table(columns, [None] * len(loan)), CUMULATIVE)
    drop = ["file", "record", "line"]
    assert again.loan.drop_columns(drop).equals(once.loan.drop_columns(drop))
    assert again.status.drop_columns(drop).equals(once.status.drop_columns(drop))
    assert again.rejects.num_rows == 0


def test_a_plan_crosses_a_process_border() -> None:
    assert pickle.loads(pickle.dumps(CUMULATIVE)) == CUMULATIVE


def test_an_empty_batch_gives_empty_tables_of_the_right_types() -> None:
    empty = raw_table({name: [] for name in COLUMNS}, [])
    result = judged(empty, CUMULATIVE)
    assert result.loan.schema.equals(LOAN_ROWS)
    assert result.loan.num_rows == result.issues.num_rows == 0


def test_all_findings_of_a_row_come_in_one_pass() -> None:
    cells = {
        "id": "7", "issued": "never", "amount": "12,34.5", "rate": "x", "term": "36.5",
        "state": "XX", "paid": "abc", "left": "1", "state_word": "Charged-Off", "note": "",
    }  # fmt: skip
    raw = raw_table({name: [cells[name]] for name in COLUMNS}, [None])
    codes = set(judged(raw, CUMULATIVE).issues.column("code").to_pylist())
    assert {"C-DATE", "C-MONEY", "C-RATE", "C-TERM", "C-STATE", "C-STATUS"} <= codes


def test_a_balance_becomes_paid_principal() -> None:
    cells = {
        "id": "7", "issued": "2019-01-01", "amount": "1000", "rate": "10%", "term": "36",
        "state": "CA", "paid": "", "left": "400.25", "state_word": "Current", "note": "",
    }  # fmt: skip
    raw = raw_table({name: [cells[name]] for name in COLUMNS}, [None])
    (row,) = judged(raw, BALANCE).status.to_pylist()
    assert str(row["principal_paid"]) == "599.7500"
