"""Terms: whole months, or nothing."""

from __future__ import annotations

import pytest

from tests.unit.transform.conftest import Read


@pytest.mark.parametrize(
    ("raw", "months"),
    [
        (" 36 months", 36),
        ("36", 36),
        ("36.0", 36),
        ("36.", 36),
        ("36 mo", 36),
        ("36 mos.", 36),
        ("36mths", 36),
        ("36M", 36),
        ("60M", 60),
        ("3 yrs", 36),
        ("3Y", 36),
        ("5 years", 60),
        ("1 Year", 12),
        ("1 month", 1),
        ("2.5 years", 30),
        ("P36M", 36),
        ("P3Y", 36),
        ("P3Y6M", 42),
        ("3 years 6 months", 42),
        ("1 m. 0 d.", 1),
        ("360", 360),
        ("030", 30),
        ("0", 0),
    ],
)
def test_terms_become_months(read: Read, raw: str, months: int) -> None:
    assert read("term", raw, unit="months") == (months, None)


@pytest.mark.parametrize(
    "raw",
    [
        *("36.5", "30 days", "1 m. 5 d.", "P30D", "-36", "abc", "P", "months", "36 36", "3 weeks"),
        *("36,0", "1_2", "40000", "999999 years", "1.3 years", "months 36", "P3M6Y", "٣٦"),
    ],
)
def test_what_is_no_whole_number_of_months_is_refused(read: Read, raw: str) -> None:
    assert read("term", raw, unit="months") == (None, "C-TERM")


def test_a_bare_number_counts_the_declared_unit(read: Read) -> None:
    assert read("term", "3", unit="years") == (36, None)


@pytest.mark.parametrize(
    ("raw", "months"), [("30", 1), ("30 days", 1), ("365", 12), ("1 m. 5 d.", 1), ("P6M", 6)]
)
def test_days_become_months_where_days_are_declared(read: Read, raw: str, months: int) -> None:
    assert read("term", raw, unit="days") == (months, None)


@pytest.mark.parametrize("raw", ["", "N/A", "Unknown", None])
def test_a_blank_term_is_null_and_no_issue(read: Read, raw: str | None) -> None:
    assert read("term", raw, unit="months") == (None, None)
