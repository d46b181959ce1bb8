"""A pipeline is overdue after its day, until this month's tape is loaded."""

from __future__ import annotations

from datetime import date

import pytest

from loan_etl_tui.cli.pipelines import is_overdue

LOADED = {"status": "loaded", "started_at": "2024-03-02T06:00:00Z"}
REJECTS = {"status": "loaded_with_rejects", "started_at": "2024-03-02T06:00:00Z"}
HELD = {"status": "held", "started_at": "2024-03-02T06:00:00Z"}
OLD = {"status": "loaded", "started_at": "2024-02-06T06:00:00Z"}


@pytest.mark.parametrize(
    ("last", "day", "overdue"),
    [({}, 5, False), ({}, 6, True), (LOADED, 9, False), (REJECTS, 9, False), (HELD, 9, True),
     (OLD, 5, False), (OLD, 6, True)],
)  # fmt: skip
def test_the_day_after_the_expected_one_counts(
    last: dict[str, str], day: int, overdue: bool
) -> None:
    assert is_overdue(5, last, date(2024, 3, day)) is overdue


def test_without_an_expectation_nothing_is_overdue() -> None:
    assert is_overdue(None, OLD, date(2024, 3, 31)) is None
