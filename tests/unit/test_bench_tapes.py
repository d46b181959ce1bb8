"""The tapes that are measured with carry a truth that holds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc

from tests.bench.tapes import BAD, CONFIG, RECORD_DATE, write_lendingclub_like
from tests.fixtures.raw import codes, config_of, judged

ROWS = 6_000


def test_a_tape_is_rejected_as_its_truth_says(tmp_path: Path) -> None:
    tape = tmp_path / "narrow.csv"
    truth = write_lendingclub_like(tape, ROWS, bad_share=0.1)
    result = judged(config_of(CONFIG), tape.read_bytes(), RECORD_DATE)
    assert truth.rows == ROWS
    assert result.status.num_rows == truth.good == ROWS - truth.bad.total()
    assert len(truth.bad) == len(BAD) == 10
    assert all(codes(result, "R")[code] >= count > 0 for code, count in truth.bad.items())
    assert pc.sum(result.loan.column("original_balance")).as_py() == truth.sum_original
    assert pc.sum(result.status.column("principal_paid")).as_py() == truth.sum_principal


def test_a_tape_without_bad_rows_is_neither_rejected_nor_warned_of(tmp_path: Path) -> None:
    tape = tmp_path / "narrow.csv"
    truth = write_lendingclub_like(tape, ROWS, seed=5, bad_share=0)
    result = judged(config_of(CONFIG), tape.read_bytes(), RECORD_DATE)
    assert result.issues.num_rows == 0
    assert truth.declared == truth.sum_original == Decimal(truth.original_cents) / 100


def test_no_two_rows_of_a_tape_share_an_id(tmp_path: Path) -> None:
    tape = tmp_path / "narrow.csv"
    write_lendingclub_like(tape, 250_000, bad_share=0)
    lines = tape.read_bytes().splitlines()
    ids = {line.split(b",", 1)[0] for line in lines if line.count(b",") == 19}
    assert len(ids) == 250_001  # and the header's


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    for tape in (first, second):
        write_lendingclub_like(tape, ROWS, seed=3)
    assert first.read_bytes() == second.read_bytes()
