"""Single cases of the merge: what is written, what stays, and what a correction remembers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from loan_etl_tui.load.base import MappedColumns, MergeCounts
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.errors import LawBroken
from tests.fixtures.deliveries import (
    LOAN_COLUMNS,
    NOON,
    PLATFORM,
    STATUS_COLUMNS,
    Delivery,
    Row,
    load_into,
    merge,
    run_row,
    simple_delivery,
    simple_row,
    stage,
)
from tests.fixtures.stored import rows_of

JAN, FEB, MAR = date(2018, 1, 31), date(2018, 2, 28), date(2018, 3, 31)


def loan(target: SqlTarget, loan_id: str = "L1") -> dict[str, Any]:
    (row,) = rows_of(target, "loan", loan_id=loan_id)
    return row


def status(target: SqlTarget, day: date = JAN, loan_id: str = "L1") -> dict[str, Any]:
    (row,) = rows_of(target, "status", loan_id=loan_id, record_date=day)
    return row


def origination(*rows: Row, version: int = 1) -> Delivery:
    mapped = MappedColumns(LOAN_COLUMNS)
    return Delivery(f"o{version}", version, rows, mapped, shape="origination")


def test_a_first_load_inserts_and_its_repeat_writes_nothing(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row(f"L{at}", JAN) for at in range(5)])
    assert load_into(target, delivery) == MergeCounts(loan_inserted=5, status_inserted=5)
    before = rows_of(target, "loan"), rows_of(target, "status")
    assert load_into(target, delivery, "again") == MergeCounts(loan_unchanged=5, status_unchanged=5)
    assert (rows_of(target, "loan"), rows_of(target, "status")) == before
    assert rows_of(target, "correction") == []


def test_lineage_says_who_created_and_who_changed(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN), simple_row("L2", JAN)]), "one")
    later = NOON + timedelta(days=1)
    changed = simple_delivery([simple_row("L1", JAN, principal_paid=11), simple_row("L2", JAN)], 2)
    with target.begin(PLATFORM, 0) as load:
        stage(load, changed)
        load.duplicates(changed.mapped)
        load.merge(changed.spec("two", loaded_at=later))
        load.write_run(run_row("two"))
        load.commit()
    touched, equal = status(target), status(target, loan_id="L2")
    assert (touched["created_run_id"], touched["run_id"]) == ("one", "two")
    assert (touched["version"], touched["loaded_at"]) == (2, later)
    assert (equal["run_id"], equal["loaded_at"], equal["version"]) == ("one", NOON, 2)
    assert loan(target)["updated_run_id"] == "one"


def test_a_restatement_remembers_each_changed_column(target: SqlTarget) -> None:
    load_into(
        target,
        simple_delivery(
            [
                simple_row(
                    "L1", JAN, principal_paid=10, dpd_min=3, status_extra={"a": "x", "b": True}
                )
            ]
        ),
        "one",
    )
    new = simple_row(
        "L1", JAN, principal_paid=Decimal("12.5"), status_extra={"a": "x", "b": None, "c": 7}
    )
    delivery = simple_delivery([new], 2)
    delivery = replace(delivery, mapped=replace(delivery.mapped, status_extra=("a", "b", "c")))
    with target.begin(PLATFORM, 0) as load:
        stage(load, delivery)
        load.duplicates(delivery.mapped)
        spec = delivery.spec("two", who="Ada", reason="audit", kind="fixed")
        assert load.merge(spec).status_corrected == 1
        load.write_run(run_row("two"))
        load.commit()
    kept = {row["field"]: row for row in rows_of(target, "correction")}
    values = {name: (row["old_value"], row["new_value"]) for name, row in kept.items()}
    assert values == {
        "principal_paid": ("10.0000", "12.5000"),
        "dpd_min": ("3", None),
        "extra.b": ("true", None),
        "extra.c": (None, "7"),
    }
    paid = kept["principal_paid"]
    assert (paid["run_id"], paid["previous_run_id"], paid["previous_version"]) == ("two", "one", 1)
    assert (paid["loan_id"], paid["record_date"], paid["table_name"]) == ("L1", JAN, "status")
    assert (paid["kind"], paid["who"], paid["reason"]) == ("fixed", "Ada", "audit")
    assert paid["corrected_at"] == NOON
    assert status(target)["extra"] == {"a": "x", "c": 7}


def test_an_older_version_that_differs_is_superseded(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN, principal_paid=20)], 5))
    older = simple_delivery([simple_row("L1", JAN, principal_paid=10)], 3)
    assert load_into(target, older).superseded == 1
    assert status(target)["principal_paid"] == 20
    equal = simple_delivery([simple_row("L1", JAN, principal_paid=20)], 2)
    assert load_into(target, equal).status_unchanged == 1
    assert status(target)["version"] == 5


def test_the_same_delivery_with_a_fix_replaces_what_it_gave_before(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN, principal_paid=1, purpose="cat")]))
    fixed = simple_delivery([simple_row("L1", JAN, principal_paid=2, purpose="car")])
    counts = load_into(target, fixed, "fixed")
    assert (counts.status_corrected, counts.loan_updated) == (1, 1)
    assert (status(target)["principal_paid"], loan(target)["purpose"]) == (2, "car")
    assert {row["field"] for row in rows_of(target, "correction")} == {"principal_paid", "purpose"}


def test_an_equal_row_takes_the_higher_version_so_that_order_does_not_matter(
    target: SqlTarget,
) -> None:
    for version, paid in ((1, 10), (3, 10), (2, 99)):
        row = simple_row("L1", JAN, principal_paid=paid)
        load_into(target, simple_delivery([row], version))
    assert status(target)["principal_paid"] == 10
    assert status(target)["version"] == 3


def test_columns_that_are_not_mapped_stay(target: SqlTarget) -> None:
    row = simple_row("L1", JAN, recoveries=5, status_extra={"a": 1}, region="CA")
    first = simple_delivery([row])
    mapped = replace(
        first.mapped,
        status_columns=(*STATUS_COLUMNS, "recoveries"),
        loan_columns=(*LOAN_COLUMNS, "region"),
    )
    load_into(target, replace(first, mapped=mapped))
    later = simple_row("L1", JAN, principal_paid=11, status_extra={"b": 2})
    load_into(target, simple_delivery([later], 2))
    assert status(target)["recoveries"] == 5
    assert status(target)["extra"] == {"a": 1, "b": 2}
    assert loan(target)["region"] == "CA"


def test_a_mapped_null_is_written(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN, principal_paid=10)]))
    load_into(target, simple_delivery([simple_row("L1", JAN, principal_paid=None)], 2))
    assert status(target)["principal_paid"] is None


def test_the_last_extra_leaves_no_empty_object(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN, status_extra={"a": 1})]))
    gone = simple_delivery([simple_row("L1", JAN)], 2)
    load_into(target, replace(gone, mapped=replace(gone.mapped, status_extra=("a",))))
    assert status(target)["extra"] is None


def test_a_backfilled_date_adds_history_and_leaves_the_overall_status(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", MAR, loan_status="PAID_OFF")]))
    older = simple_delivery([simple_row("L1", JAN, loan_status="CURRENT")], 2)
    assert load_into(target, older).loan_updated == 1
    row = loan(target)
    assert (row["loan_status"], row["first_record_date"]) == ("PAID_OFF", JAN)
    assert row["last_record_date"] == MAR


def test_a_restated_latest_date_moves_the_overall_status(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN), simple_row("L1", FEB)]))
    late = simple_row("L1", FEB, loan_status="LATE")
    load_into(target, simple_delivery([late], 2))
    assert loan(target)["loan_status"] == "LATE"
    load_into(target, simple_delivery([simple_row("L1", JAN, loan_status="DEFAULT")], 3))
    assert loan(target)["loan_status"] == "LATE"


def test_a_superseded_latest_date_does_not_move_the_overall_status(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", FEB, loan_status="LATE")], 5))
    load_into(target, simple_delivery([simple_row("L1", FEB, loan_status="PAID_OFF")], 2))
    assert loan(target)["loan_status"] == "LATE"


def test_facts_come_from_the_first_record_date(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", FEB, purpose="car")], 1))
    load_into(target, simple_delivery([simple_row("L1", MAR, purpose="boat")], 2))
    assert loan(target)["purpose"] == "car"
    load_into(target, simple_delivery([simple_row("L1", JAN, purpose=None)], 3), "back")
    assert loan(target)["purpose"] is None
    (row,) = rows_of(target, "correction", field="purpose")
    assert (row["old_value"], row["new_value"], row["previous_version"]) == ("car", None, 1)
    assert (row["table_name"], row["record_date"], row["code"]) == ("loan", JAN, "T-STATIC")


def test_facts_come_from_the_last_record_date_where_the_config_says_so(target: SqlTarget) -> None:
    for version, (day, word) in enumerate([(FEB, "car"), (MAR, "boat"), (JAN, "dog")], start=1):
        row = simple_row("L1", day, purpose=word)
        load_into(target, simple_delivery([row], version, static="last"))
    assert loan(target)["purpose"] == "boat"


def test_a_fact_that_was_never_mapped_is_filled_in_later(target: SqlTarget) -> None:
    without = simple_delivery([simple_row("L1", JAN)])
    columns = tuple(name for name in LOAN_COLUMNS if name != "purpose")
    load_into(target, replace(without, mapped=replace(without.mapped, loan_columns=columns)))
    load_into(
        target, simple_delivery([simple_row("L1", FEB, purpose="car", loan_extra={"k": 1})], 2)
    )
    assert loan(target)["purpose"] == "car"
    assert loan(target)["extra"] == {"k": 1}
    assert loan(target)["static_origin"]["purpose"] == ["2018-02-28", 2]
    assert loan(target)["static_origin"]["*"] == ["2018-01-31", 1]


def test_the_origin_of_a_new_loan_is_short(target: SqlTarget) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN, loan_extra={"k": 1})], 4))
    origin = loan(target)["static_origin"]
    assert origin["*"] == ["2018-01-31", 4]
    assert origin["extra"] == ["k"]
    assert origin["region"] is None
    assert "purpose" not in origin


def test_an_origination_file_makes_loans_without_status_rows(target: SqlTarget) -> None:
    row = simple_row("L1", None, loan_status="ISSUED", purpose="car")
    assert load_into(target, origination(row)) == MergeCounts(loan_inserted=1)
    made = loan(target)
    assert (made["loan_status"], made["first_record_date"]) == ("ISSUED", None)
    assert rows_of(target, "status") == []
    assert load_into(target, origination(row), "again") == MergeCounts(loan_unchanged=1)


def test_a_first_status_row_takes_over_from_the_origination_file(target: SqlTarget) -> None:
    load_into(target, origination(simple_row("L1", None, loan_status="ISSUED", purpose="car")))
    load_into(target, simple_delivery([simple_row("L1", JAN, loan_status="LATE", purpose="x")], 2))
    row = loan(target)
    assert (row["loan_status"], row["purpose"], row["last_record_date"]) == ("LATE", "car", JAN)


def test_an_origination_file_never_moves_the_status_of_a_loan_with_status_rows(
    target: SqlTarget,
) -> None:
    load_into(target, simple_delivery([simple_row("L1", JAN, loan_status="LATE", purpose="x")]))
    issued = simple_row("L1", None, loan_status="ISSUED", purpose="car")
    assert load_into(target, origination(issued, version=2)).loan_updated == 1
    row = loan(target)
    assert (row["loan_status"], row["purpose"]) == ("LATE", "car")
    assert load_into(target, origination(issued, version=2), "again").loan_unchanged == 1


def test_platforms_do_not_meet(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row("L1", JAN)])
    load_into(target, delivery)
    other = replace(delivery, platform="other")
    assert load_into(target, other, "other").loan_inserted == 1
    assert [row["platform_name"] for row in rows_of(target, "loan")] == ["other", PLATFORM]


def test_rows_are_never_merged_before_duplicates_were_looked_for(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row("L1", JAN)])
    with target.begin(PLATFORM, 0) as load:
        stage(load, delivery)
        with pytest.raises(LawBroken, match="duplicates"):
            load.merge(delivery.spec())


def test_a_run_merges_one_delivery(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        merge(load, simple_delivery([simple_row("L1", JAN)]))
        load.clear_stage()
        with pytest.raises(LawBroken, match="second delivery"):
            merge(load, simple_delivery([simple_row("L2", JAN)]))


def test_rows_without_a_record_date_are_no_snapshot(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row("L1", None)])
    with target.begin(PLATFORM, 0) as load, pytest.raises(LawBroken, match="shape snapshot"):
        merge(load, delivery)


def test_a_delivery_whose_rows_were_all_rejected_merges_nothing(target: SqlTarget) -> None:
    rows = [simple_row("L1", JAN, principal_paid=1), simple_row("L1", JAN, principal_paid=2)]
    assert load_into(target, simple_delivery(rows)) == MergeCounts()
    assert load_into(target, simple_delivery([], 2)) == MergeCounts()
    assert rows_of(target, "loan") == []


TAMPERINGS = {
    "a lost status row": "DELETE FROM status WHERE loan_id = 'L1'",
    "another amount": "UPDATE status SET principal_paid = principal_paid + 1 WHERE loan_id = 'L1'",
    "an older version": "UPDATE status SET version = 0 WHERE loan_id = 'L1'",
    "another balance": "UPDATE loan SET original_balance = 1 WHERE loan_id = 'L1'",
    "another run": "UPDATE loan SET created_run_id = 'other' WHERE loan_id = 'L1'",
}


@pytest.mark.parametrize("sql", TAMPERINGS.values(), ids=TAMPERINGS)
def test_the_laws_notice_what_is_not_as_staged(target: SqlTarget, sql: str) -> None:
    delivery = simple_delivery([simple_row("L1", JAN), simple_row("L2", JAN)])
    with target.begin(PLATFORM, 0) as load:
        counts = merge(load, delivery)
        load._wire.connection.execute(text(sql))
        with pytest.raises(LawBroken):
            load.verify(delivery.spec(), counts)


def test_the_laws_notice_counts_that_do_not_close(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row("L1", JAN)])
    with target.begin(PLATFORM, 0) as load:
        counts = merge(load, delivery)
        with pytest.raises(LawBroken, match="what became of them"):
            load.verify(delivery.spec(), replace(counts, superseded=1))


def test_a_required_fact_that_nobody_maps_is_our_defect_and_shows_no_value(
    target: SqlTarget,
) -> None:
    delivery = simple_delivery([simple_row("L1", JAN, purpose="canary-word")])
    columns = tuple(name for name in LOAN_COLUMNS if name != "issue_date")
    broken = replace(delivery, mapped=replace(delivery.mapped, loan_columns=columns))
    with target.begin(PLATFORM, 0) as load, pytest.raises(LawBroken) as caught:
        merge(load, broken)
    assert "canary" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    assert rows_of(target, "loan") == []
