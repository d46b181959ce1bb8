"""The gate counts as declared."""

from __future__ import annotations

import pytest

from loan_etl_tui.model.errors import Exit, LawBroken
from loan_etl_tui.pipeline.gate import (
    Closed,
    HeldError,
    gate_corrections,
    gate_rejects,
    share_or_count,
)
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.report import Counts
from tests.property.tapes import config


@pytest.mark.parametrize(
    ("limit", "rows", "allowed"),
    [("0", 10, 0), ("20", 10, 20), ("1%", 1_000, 10), ("1%", 99, 0), ("0.5%", 1_000, 5)],
)
def test_a_limit_is_a_count_or_a_share_rounded_down(limit: str, rows: int, allowed: int) -> None:
    assert share_or_count(limit, rows) == allowed


def test_one_reject_more_than_allowed_closes_the_gate() -> None:
    options = RunOptions(max_rejected="1%")
    assert gate_rejects(config(), options, Counts(read=210, rejected=2, accepted=198)) == []
    (closed,) = gate_rejects(config(), options, Counts(read=210, rejected=3, accepted=197))
    assert closed.code == "F-REJRATE"
    assert "3 of 200" in closed.message


def test_without_a_word_no_reject_is_allowed() -> None:
    assert gate_rejects(config(), RunOptions(), Counts(rejected=1, accepted=999_999))


def test_a_hundred_corrections_are_always_allowed_and_more_only_with_correct() -> None:
    assert gate_corrections(config(), RunOptions(), 100, 500) == []
    assert gate_corrections(config(), RunOptions(), 101, 500)
    assert gate_corrections(config(), RunOptions(), 900, 100_000) == []
    assert gate_corrections(config(), RunOptions(correct=True), 500, 500) == []


def test_the_worst_reason_gives_the_exit_code() -> None:
    held = HeldError((Closed("F-REJRATE", "a", "b"), Closed("F-RECDATE", "c", "d", Exit.CONFIG)))
    assert held.exit_code is Exit.HELD


@pytest.mark.parametrize(
    "counts",
    [
        Counts(read=3, accepted=2, status_inserted=2),
        Counts(read=2, accepted=2, status_inserted=1),
    ],
)
def test_counts_that_do_not_close_break_the_law(counts: Counts) -> None:
    with pytest.raises(LawBroken):
        counts.assert_conserved(feeds_status=True)


def test_counts_that_close_pass() -> None:
    counts = Counts(
        read=9, blank=1, skipped=1, rejected=2, accepted=5, merged=1, superseded=1,
        status_inserted=1, status_corrected=1, status_unchanged=1,
    )  # fmt: skip
    counts.assert_conserved(feeds_status=True)
