"""Versions, deliveries and runs: what was seen first stays first, whatever a clock says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from loan_etl_tui.load.base import DeliveryRow
from loan_etl_tui.load.target import SqlTarget
from tests.fixtures.deliveries import NOON, PIPELINE, PLATFORM, delivery_row, run_row
from tests.fixtures.stored import rows_of

A, B, C = "a" * 64, "b" * 64, "c" * 64


def version(
    target: SqlTarget,
    sha256: str,
    declared: int | None = None,
    fresh: bool = False,
    pipeline: str = PIPELINE,
) -> int:
    with target.begin(PLATFORM, 0) as load:
        return load.version_for(pipeline, sha256, declared, fresh)


def record(target: SqlTarget, *deliveries: DeliveryRow) -> None:
    for number, delivery in enumerate(deliveries):
        with target.begin(delivery.platform_name, 0) as load:
            run_id = f"run-{delivery.sha256[:4]}-{number}"
            load.write_run(run_row(run_id, platform=delivery.platform_name))
            load.write_delivery(replace(delivery, last_run_id=run_id))
            load.commit()


def test_bytes_are_numbered_as_they_are_first_seen(target: SqlTarget) -> None:
    assert version(target, A) == 1
    record(target, delivery_row(A, 1))
    assert version(target, B) == 2
    record(target, delivery_row(B, 2))
    assert (version(target, A), version(target, B), version(target, C)) == (1, 2, 3)


def test_a_held_run_fixes_the_number_of_its_delivery(target: SqlTarget) -> None:
    target.record_failure(run_row("held-1", status="held"), delivery_row(A, None))
    assert version(target, B) == 2
    record(target, delivery_row(B, 2))
    assert version(target, A) == 1


def test_a_failure_leaves_a_known_delivery_as_it_was_loaded(target: SqlTarget) -> None:
    loaded = delivery_row(A, 1, config_sha256=C, open_rejects=2)
    record(target, loaded)
    failed = delivery_row(A, None, config_sha256=B, open_rejects=0)
    target.record_failure(run_row("failed-1", status="failed"), failed)
    with target.begin(PLATFORM, 0) as load:
        found = load.delivery(PIPELINE, A)
    assert found == replace(loaded, last_run_id="run-aaaa-0")


def test_a_failed_delivery_counts_as_never_loaded(target: SqlTarget) -> None:
    target.record_failure(
        run_row("held-1", status="held"), delivery_row(A, None, last_run_id="x", config_sha256=C)
    )
    with target.begin(PLATFORM, 0) as load:
        found = load.delivery(PIPELINE, A)
    assert found == delivery_row(A, 1)


def test_a_declared_version_stands(target: SqlTarget) -> None:
    assert version(target, A, declared=20180131) == 20180131
    record(target, delivery_row(A, 20180131))
    assert version(target, A, declared=7) == 7
    assert version(target, B) == 20180132


def test_a_correction_gets_a_number_of_its_own(target: SqlTarget) -> None:
    record(target, delivery_row(A, 1), delivery_row(B, 2))
    assert version(target, A, fresh=True) == 3
    assert version(target, A, declared=1, fresh=True) == 3


def test_the_same_bytes_have_one_number_in_two_pipelines(target: SqlTarget) -> None:
    record(target, delivery_row(B, 1), delivery_row(A, 2))
    assert version(target, A, pipeline="other") == 2


def test_platforms_count_for_themselves(target: SqlTarget) -> None:
    record(target, delivery_row(A, 9, platform_name="other"))
    assert version(target, B) == 1


def test_a_delivery_comes_back_as_it_was_written(target: SqlTarget) -> None:
    written = delivery_row(
        A,
        3,
        record_date=date(2018, 12, 31),
        config_sha256=B,
        ledger_sha256=C,
        open_rejects=4,
        name="tape – 🏦.csv",
    )
    record(target, written)
    with target.begin(PLATFORM, 0) as load:
        assert load.delivery(PIPELINE, A) == replace(written, last_run_id="run-aaaa-0")
        assert load.delivery(PIPELINE, B) is None
        assert load.delivery("other", A) is None


def test_a_delivery_loaded_again_keeps_when_it_was_first_seen(target: SqlTarget) -> None:
    record(target, delivery_row(A, 1))
    later = delivery_row(A, 1, first_seen_at=NOON + timedelta(days=9), open_rejects=0)
    with target.begin(PLATFORM, 0) as load:
        load.write_run(run_row("again"))
        load.write_delivery(replace(later, last_run_id="again"))
        load.commit()
    (row,) = rows_of(target, "delivery")
    assert (row["first_seen_at"], row["last_run_id"]) == (NOON, "again")


def test_a_run_comes_back_as_it_was_written(target: SqlTarget) -> None:
    written = run_row(
        "r1",
        sha256=A,
        config_sha256=B,
        ledger_sha256=C,
        record_date=date(2018, 12, 31),
        record_date_origin="file_name",
        finished_at=NOON + timedelta(microseconds=1),
        counts={"read": 5, "medians": {"dti": "0.25"}},
        control_totals=({"measure": "rows", "reconciled": True},),
        who="Ada",
        app_version="0.1.0",
    )
    target.record_failure(written, None)
    assert target.history(None, 10) == [written]


def test_history_is_newest_first_even_when_a_clock_went_back(target: SqlTarget) -> None:
    for number in range(4):
        started = NOON - timedelta(days=number)
        pipeline = "even" if number % 2 == 0 else "odd"
        target.record_failure(run_row(f"r{number}", started_at=started, pipeline=pipeline), None)
    assert ids(target.history(None, 3)) == ["r3", "r2", "r1"]
    assert ids(target.history("even", 10)) == ["r2", "r0"]
    assert target.history("nobody", 10) == []
    assert ids(target.last_runs()) == ["r2", "r3"]


def ids(runs: list[Any]) -> list[str]:
    return [run.run_id for run in runs]


def test_the_previous_load_is_the_newest_that_loaded_something(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        assert load.previous_load(PIPELINE) is None
        load.write_run(run_row("r1", counts={"read": 7}))
        load.write_run(run_row("r2", status="loaded_with_rejects", counts={"read": 8}))
        load.write_run(run_row("r3", pipeline="other"))
        load.commit()
    target.record_failure(run_row("r4", status="held"), None)
    target.record_failure(run_row("r5", status="nothing_new"), None)
    with target.begin(PLATFORM, 0) as load:
        found = load.previous_load(PIPELINE)
    assert found is not None
    assert (found.run_id, found.counts) == ("r2", {"read": 8})


def test_a_run_written_twice_is_one_run(target: SqlTarget) -> None:
    target.record_failure(run_row("r1", status="failed"), None)
    target.record_failure(run_row("r1", status="interrupted"), None)
    assert [(run.run_id, run.status) for run in target.history(None, 9)] == [("r1", "interrupted")]


def finding(**changes: Any) -> dict[str, Any]:
    return {"file": 0, "record": 1, "line": 2, "code": "C-MONEY", **changes}


def test_rejected_rows_are_kept_up_to_a_limit_and_made_storable(target: SqlTarget) -> None:
    odd = finding(raw_value="a\0b\udc80", raw_row='{"x": "\0"}', loan_id="L1", field="f", junk=1)
    with target.begin(PLATFORM, 0) as load:
        load.write_rejects("r1", [odd] + [finding()] * 10_000)
        load.write_run(run_row("r1"))
        load.commit()
    rows = rows_of(target, "rejected_row")
    assert len(rows) == 10_000
    assert (rows[0]["raw_value"], rows[0]["raw_row"]) == ("a␀b?", '{"x": "␀"}')
    assert (rows[0]["loan_id"], rows[0]["field"], rows[0]["reason"]) == ("L1", "f", None)


def test_warnings_are_kept_up_to_a_limit_of_each_code(target: SqlTarget) -> None:
    many = [finding(severity="W", record=at, value=str(at)) for at in range(1, 1_500)]
    few = [finding(severity="W", code="V-ANN", value="1.00", expected="2.00", field="dti")]
    with target.begin(PLATFORM, 0) as load:
        load.write_hits("r1", many + few)
        load.write_run(run_row("r1"))
        load.commit()
    rows = rows_of(target, "rule_hit")
    assert len(rows) == 1_001
    (ann,) = (row for row in rows if row["code"] == "V-ANN")
    assert (ann["observed"], ann["expected"], ann["severity"]) == ("1.00", "2.00", "W")


def test_nothing_to_keep_is_no_error(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        load.write_rejects("r1", [])
        load.write_hits("r1", [])


def test_bytes_count_as_loaded_for_the_record_date_they_were_loaded_with(
    target: SqlTarget,
) -> None:
    december, january = date(2018, 12, 31), date(2019, 1, 31)
    with target.begin(PLATFORM, 0) as load:
        load.write_run(run_row("r1", sha256=A, record_date=december))
        load.write_run(run_row("r2", sha256=A, record_date=december))
        load.write_run(run_row("r3", sha256=B))
        load.write_run(run_row("r4", sha256=C, record_date=december, status="held"))
        load.commit()
    with target.begin(PLATFORM, 0) as load:
        found = load.loaded(PIPELINE, A, december)
        assert found is not None
        assert found.run_id == "r2"
        assert load.loaded(PIPELINE, A, january) is None
        assert load.loaded(PIPELINE, A, None) is None
        assert load.loaded(PIPELINE, B, None) is not None
        assert load.loaded(PIPELINE, C, december) is None
        assert load.loaded("other", A, december) is None
