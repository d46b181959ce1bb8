"""kill -9 at any moment leaves the state before or after a load, never one between."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.bench.tapes import write_lendingclub_like
from tests.end_to_end.desk import COMMAND, Desk
from tests.end_to_end.tables import ask, stored

NARROW = Path(__file__).parents[1] / "bench" / "narrow.yaml"
ROWS = 4_000
KILLS = 20
FIRST = date(2018, 12, 31)


def run_arguments(database: str | Path, day: date) -> list[str]:
    url = [] if isinstance(database, Path) else ["--database", str(database)]
    head = ["run", "narrow", "--headless", "--record-date", str(day), "--wait", "20"]
    return [*head, *url]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, desk: Desk) -> str | Path:
    shutil.copy(NARROW, desk.root / "configs" / "narrow.yaml")
    write_lendingclub_like(desk.root / "inbox" / "narrow.csv", ROWS, seed=3, bad_share=0)
    if request.param == "sqlite":
        return desk.root / "loans.db"
    return str(request.getfixturevalue("postgres_url"))


def per_date(database: str | Path) -> dict[str, int]:
    rows = ask(database, "SELECT record_date, COUNT(*) FROM status GROUP BY record_date")
    return {str(day): count for day, count in rows}


def assert_whole(database: str | Path, days: set[str]) -> None:
    """The tables hold these record dates, each whole, and the derived columns agree."""
    assert per_date(database) == dict.fromkeys(days, ROWS)
    assert ask(database, "SELECT COUNT(*) FROM loan") == [(ROWS,)]
    last = ask(database, "SELECT DISTINCT last_record_date FROM loan")
    assert [str(row[0]) for row in last] == [max(days)]
    runs = ask(database, "SELECT COUNT(*) FROM load_run WHERE status = 'loaded'")
    assert runs == [(len(days),)]


@pytest.mark.timeout(400)
def test_twenty_kills_leave_before_or_after_and_a_repeat_completes(
    desk: Desk, database: str | Path
) -> None:
    assert desk(*run_arguments(database, FIRST)).code == 0
    started = time.monotonic()
    second = FIRST + timedelta(days=1)
    assert desk(*run_arguments(database, second)).code == 0
    whole_s = time.monotonic() - started
    days = {str(FIRST), str(second)}
    dice = random.Random(20260101)
    for number in range(KILLS):
        day = FIRST + timedelta(days=2 + number)
        process = subprocess.Popen(
            [str(COMMAND), *run_arguments(database, day)],
            cwd=desk.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={k: v for k, v in os.environ.items() if not k.startswith("LOAN_ETL_")},
        )
        time.sleep(dice.uniform(0.35, 1.05) * whole_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if str(day) in per_date(database):
            days.add(str(day))
        assert_whole(database, days)
    last = FIRST + timedelta(days=100)
    assert desk(*run_arguments(database, last)).code == 0
    assert_whole(database, days | {str(last)})
    assert len(stored(database, "loan")) == ROWS
    if isinstance(database, Path):
        assert ask(database, "PRAGMA integrity_check") == [("ok",)]
