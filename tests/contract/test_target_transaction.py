"""One transaction per load: nothing shows before the commit, one run at a time, stoppable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from loan_etl_tui.load import commit, postgresql_reference
from loan_etl_tui.load import target as target_module
from loan_etl_tui.load.base import TablesState
from loan_etl_tui.load.dialect import Purpose
from loan_etl_tui.load.state import canonical_hash
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.errors import (
    CommitUnknown,
    DatabaseBusy,
    DatabaseUnavailable,
    Interrupted,
    LawBroken,
    LoanEtlError,
)
from tests.fixtures.deliveries import (
    PLATFORM,
    delivery_row,
    load_into,
    merge,
    opened,
    run_row,
    simple_delivery,
    simple_row,
    stage,
)
from tests.fixtures.postgres import administrator
from tests.fixtures.stored import rows_of

DAY = date(2018, 12, 31)
Connect = Callable[..., SqlTarget]
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    "SELECT MAX(x) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def delivery(version: int = 1, paid: int = 10) -> Any:
    return simple_delivery(
        [simple_row(f"L{at}", DAY, principal_paid=paid) for at in range(3)], version
    )


def test_nothing_shows_before_the_commit(connect: Connect) -> None:
    writer, reader = connect(), connect()
    writer.prepare()
    with writer.begin(PLATFORM, 0) as load:
        merge(load, delivery())
        assert rows_of(reader, "loan") == []
        load.commit()
    assert len(rows_of(reader, "loan")) == 3


def test_leaving_without_a_commit_undoes_everything(target: SqlTarget) -> None:
    load_into(target, delivery())
    before = canonical_hash(target)
    with target.begin(PLATFORM, 0) as load:
        merge(load, delivery(2, paid=11))
    with suppress(ZeroDivisionError), target.begin(PLATFORM, 0) as load:
        merge(load, delivery(2, paid=11))
        raise ZeroDivisionError
    assert canonical_hash(target) == before
    assert rows_of(target, "correction") == []
    assert [row["run_id"] for row in rows_of(target, "load_run")] == ["run-d1"]


def test_a_statement_that_fails_leaves_the_old_state(target: SqlTarget) -> None:
    load_into(target, delivery())
    before = canonical_hash(target)
    with target.begin(PLATFORM, 0) as load:
        merge(load, delivery(2, paid=11))
        with pytest.raises(LoanEtlError), load._wire.guard("testing"):
            load._wire.connection.execute(text("SELECT nothing FROM nowhere"))
    assert canonical_hash(target) == before


def test_rows_of_an_unrecorded_run_cannot_be_committed(target: SqlTarget) -> None:
    made = delivery()
    with target.begin(PLATFORM, 0) as load:
        stage(load, made)
        load.duplicates(made.mapped)
        load.merge(made.spec())
        with pytest.raises(LawBroken, match="not recorded"):
            load.commit()
    assert rows_of(target, "loan") == []


def test_warnings_of_an_unknown_run_cannot_be_committed(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        load.write_hits(
            "nobody", [{"code": "V-X", "severity": "W", "file": 0, "record": 1, "line": 1}]
        )
        with pytest.raises(LawBroken, match="constraint"):
            load.commit()
    assert rows_of(target, "rule_hit") == []


def test_two_runs_of_a_platform_exclude_each_other(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target_module, "PATIENCE_S", 0.2)
    first, second = connect(), connect()
    first.prepare()
    with first.begin(PLATFORM, 0):
        with pytest.raises(DatabaseBusy, match="another run"):
            second.begin(PLATFORM, 0.3)
        with pytest.raises(DatabaseBusy):
            second.record_failure(run_row("r", status="failed"), delivery_row("f" * 64, None))
    with second.begin(PLATFORM, 0):
        pass


def test_a_run_that_waits_gets_the_lock_once_it_is_free(connect: Connect) -> None:
    first, second = connect(), connect()
    first.prepare()
    load = first.begin(PLATFORM, 0)
    threading.Timer(0.5, load.rollback).start()
    started = time.monotonic()
    with second.begin(PLATFORM, 30):
        assert 0.3 < time.monotonic() - started < 20


def test_two_platforms_load_at_the_same_time_where_the_database_can(connect: Connect) -> None:
    first, second = connect(), connect()
    first.prepare()
    with first.begin("alpha", 0):
        if first.caps.concurrent_writers:
            with second.begin("beta", 0):
                pass
        else:
            with pytest.raises(DatabaseBusy):
                second.begin("beta", 0)


def test_other_schemas_have_other_locks(postgres_url: str) -> None:
    first, second = opened(postgres_url, schema="a"), opened(postgres_url, schema="b")
    same = opened(postgres_url, schema="a")
    with first.begin(PLATFORM, 0), second.begin(PLATFORM, 0), pytest.raises(DatabaseBusy):
        same.begin(PLATFORM, 0)


def cancelled_after(target: SqlTarget, pause_s: float, work: Callable[[], object]) -> float:
    """Run something, stop it from another thread, and say how long the stop took."""
    asked: list[float] = []

    def stop() -> None:
        asked.append(time.monotonic())
        target.cancel()

    timer = threading.Timer(pause_s, stop)
    timer.start()
    with pytest.raises(Interrupted):
        work()
    timer.join()
    return time.monotonic() - asked[0]


def test_cancel_stops_a_running_statement_at_once(target: SqlTarget) -> None:
    def work() -> None:
        with target.transaction("testing", Purpose.LOAD) as connection:
            connection.execute(text(ENDLESS[target.kind]))

    assert cancelled_after(target, 0.3, work) < 3


def test_cancel_stops_a_run_that_waits_for_the_lock(connect: Connect) -> None:
    first, second = connect(), connect()
    first.prepare()
    with first.begin(PLATFORM, 0):
        assert cancelled_after(second, 0.3, lambda: second.begin(PLATFORM, 60)) < 3


def test_cancel_stops_staging_and_nothing_of_it_stays(target: SqlTarget) -> None:
    made = simple_delivery([simple_row(f"L{at}", DAY) for at in range(2_000)])

    def work() -> None:
        with target.begin(PLATFORM, 0) as load:
            while True:
                stage(load, made)

    assert cancelled_after(target, 0.5, work) < 5
    assert rows_of(target, "loan") == []
    load_into(target, delivery())


def test_a_cancelled_load_refuses_further_work(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        target.cancel()
        with pytest.raises(Interrupted):
            load.stage_totals()
    with target.begin(PLATFORM, 0) as load:
        assert load.stage_totals().rows == 0


def test_a_cancelled_load_is_not_committed(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        merge(load, delivery())
        target.cancel()
        with pytest.raises(Interrupted):
            load.commit()
    assert rows_of(target, "loan") == []


def test_cancel_without_any_load_does_nothing(target: SqlTarget) -> None:
    target.cancel()
    load_into(target, delivery())


def test_a_commit_whose_answer_is_lost_is_found_again(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        merge(load, delivery())
        real = load._wire.connection.commit

        def commit_and_lose_the_answer() -> None:
            real()
            raise OperationalError("COMMIT", {}, lost(target))

        load._wire.connection.commit = commit_and_lose_the_answer
        load.commit()
    assert len(rows_of(target, "loan")) == 3


def lost(target: SqlTarget) -> BaseException:
    """What the driver raises when the connection breaks."""
    return target.dialect.driver_errors[0]("server closed the connection unexpectedly")


def test_a_commit_that_did_not_take_place_says_so(server: SqlTarget, postgres_url: str) -> None:
    with server.begin(PLATFORM, 0) as load:
        merge(load, delivery())
        pid = load._wire.connection.connection.driver_connection.info.backend_pid
        with administrator(postgres_url) as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(DatabaseUnavailable):
            load.commit()
    assert rows_of(server, "loan") == []


def test_a_commit_is_unknown_only_while_nobody_answers(
    target: SqlTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "_ASK_FOR_S", 0.4)
    with target.begin(PLATFORM, 0) as load:
        merge(load, delivery())

        def lose_the_server() -> None:
            raise OperationalError("COMMIT", {}, lost(target))

        load._wire.connection.commit = lose_the_server
        monkeypatch.setattr(load, "_engine", Unreachable(target))
        with pytest.raises(CommitUnknown, match="run-d1"):
            load.commit()


class Unreachable:
    """An engine whose server is gone."""

    def __init__(self, target: SqlTarget) -> None:
        self.target = target

    def connect(self) -> None:
        raise OperationalError("connect", {}, lost(self.target))


def test_a_connection_lost_in_mid_copy_is_unavailable(server: SqlTarget, postgres_url: str) -> None:
    with server.begin(PLATFORM, 0) as load:
        stage(load, delivery())
        pid = load._wire.connection.connection.driver_connection.info.backend_pid
        with administrator(postgres_url) as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(DatabaseUnavailable):
            stage(load, delivery())
        with pytest.raises(LoanEtlError):
            load.stage_totals()
    load_into(server, delivery())


def test_two_first_runs_make_the_tables_once(connect: Connect) -> None:
    targets = [connect() for _ in range(4)]
    problems: list[BaseException] = []

    def prepare(one: SqlTarget) -> None:
        try:
            one.prepare()
        except (LoanEtlError, psycopg2.Error) as problem:
            problems.append(problem)

    threads = [threading.Thread(target=prepare, args=(one,)) for one in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert {one.state() for one in targets} == {TablesState.CURRENT}
    assert len(rows_of(targets[0], "schema_version")) == 1


def test_a_large_first_load_checks_its_references_at_once(
    server: SqlTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_reference, "WORTH_IT", 1)
    with server.begin(PLATFORM, 0) as load:
        merge(load, delivery())
        assert references(load) == 1
        load.commit()
    with server.begin(PLATFORM, 0) as load:
        load._wire.connection.execute(text("DELETE FROM status"))
        load._wire.connection.execute(text("LOCK TABLE loan IN SHARE MODE"))
        merge(load, delivery(2), "two")
        assert references(load) == 1


def references(load: Any) -> int:
    found = text("SELECT COUNT(*) FROM pg_constraint WHERE conname = 'status_loan_fkey'")
    return int(load._wire.connection.execute(found).scalar())
