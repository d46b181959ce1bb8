"""A tape of any length is loaded in the same memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.measure import LOAN_ETL, Used, measured
from tests.bench.tapes import CONFIG, write_lendingclub_like
from tests.end_to_end.desk import Desk

MOST_MB = 600.0

# What SQLite's page cache and its sorter, 64 MiB each, still grow by between the two tapes. Rows
# that are kept take more: 170 MB the raw batches alone, 230 MB all of them.
CACHES_MB = 140.0


@pytest.fixture
def workspace(loan_etl: Desk) -> Path:
    """A workspace with the config of the generated tapes."""
    (loan_etl.root / "configs").mkdir()
    shutil.copy(CONFIG, loan_etl.root / "configs")
    return loan_etl.root


def loaded(workspace: Path, rows: int, database: str) -> Used:
    """Load a generated tape of so many rows into an empty database."""
    tape = workspace / f"narrow_{rows}.csv"
    truth = write_lendingclub_like(tape, rows)
    arguments = ("run", "narrow", "--headless", "--file", str(tape), "--database", database)
    used = measured([LOAN_ETL, *arguments], cwd=workspace, timeout_s=1_500)
    assert used.code == 0, used.err
    assert f'"loan_inserted": {truth.good},' in used.out
    return used


def test_five_times_the_rows_take_hardly_more_memory(workspace: Path) -> None:
    few = loaded(workspace, 30_000, "few.db")
    many = loaded(workspace, 150_000, "many.db")
    assert many.peak_mb <= MOST_MB
    assert many.peak_mb - few.peak_mb <= CACHES_MB


@pytest.mark.gate
@pytest.mark.timeout(1_800)
def test_a_million_rows_fit_into_600_mb_with_sqlite(workspace: Path) -> None:
    assert loaded(workspace, 1_000_000, "million.db").peak_mb <= MOST_MB


@pytest.mark.gate
@pytest.mark.timeout(1_800)
def test_a_million_rows_fit_into_600_mb_with_postgresql(workspace: Path, postgres_url: str) -> None:
    assert loaded(workspace, 1_000_000, postgres_url).peak_mb <= MOST_MB
