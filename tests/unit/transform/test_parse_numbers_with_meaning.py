"""Whole numbers, scores and years of employment."""

from __future__ import annotations

import pytest

from tests.unit.transform.conftest import Read


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("3.000000", 3),
        ("3.0", 3),
        ("03", 3),
        ("1,234", 1234),
        ("-5", -5),
        ("5-", -5),
        ("(5)", -5),
        ("1E+05", 100000),
        ("-0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775807", -(2**63) + 1),
    ],
)
def test_whole_numbers_are_read(read: Read, raw: str, number: int) -> None:
    assert read("int", raw) == (number, None)


@pytest.mark.parametrize(
    "raw",
    [
        *("3.5", "abc", "1_000", "٣", "9223372036854775808", "1E400", "$3", "3%", "1,23"),
        *("9" * 30, "0." + "0" * 100_000 + "1", "9" * 1_000_000),
    ],
)
def test_what_is_no_whole_number_is_refused(read: Read, raw: str) -> None:
    assert read("int", raw) == (None, "C-INT")


def test_whole_numbers_follow_the_declared_style(read: Read) -> None:
    assert read("int", "1.234", decimal="comma") == (1234, None)
    assert read("int", "3,0", decimal="comma") == (3, None)
    assert read("int", "1.234") == (None, "C-INT")


def test_a_null_number_covers_every_way_to_write_it(read: Read) -> None:
    assert read("int", "99.0", null_values=["99"]) == (None, None)
    assert read("int", "99", null_values=["99"]) == (None, None)


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        ("660-664", 660),
        ("675-679", 675),
        ("660–664", 660),
        ("660 to 664", 660),
        ("850", 850),
        ("850.0", 850),
        ("700+", 700),
    ],
)
def test_the_low_end_of_a_band_is_the_score(read: Read, raw: str, score: int) -> None:
    assert read("score", raw) == (score, None)


def test_the_high_end_is_picked_where_declared(read: Read) -> None:
    assert read("score", "660-664", pick="high") == (664, None)
    assert read("score", "700+", pick="high") == (None, "C-SCORE")


@pytest.mark.parametrize("raw", ["9999", "0", "0.0", "9999.0", "NONE", "0-0", "", "NA", None])
def test_no_score_is_null_and_no_issue(read: Read, raw: str | None) -> None:
    assert read("score", raw) == (None, None)


def test_a_score_with_a_fraction_is_rounded_down_and_noted(read: Read) -> None:
    assert read("score", "703.5") == (703, "C-SCORE")


@pytest.mark.parametrize("raw", ["abc", "664-660", "-5", "99999", "6 60", "<600", "660-664-668"])
def test_what_is_no_score_is_refused(read: Read, raw: str) -> None:
    assert read("score", raw) == (None, "C-SCORE")


@pytest.mark.parametrize(
    ("raw", "years"),
    [
        ("< 1 year", 0),
        ("<1 year", 0),
        ("1 year", 1),
        ("10+ years", 10),
        ("10 years", 10),
        ("7", 7),
        ("7.0", 7),
        ("25 years", 10),
        ("Oct+", 10),
        ("MoreThan5Years", 5),
        ("UpTo3Years", 3),
        ("UpTo1Year", 1),
    ],
)
def test_years_of_employment_run_from_0_to_10(read: Read, raw: str, years: int) -> None:
    assert read("emp_length", raw) == (years, None)


def test_unknown_employment_is_null(read: Read) -> None:
    assert read("emp_length", "n/a") == (None, None)
    assert read("emp_length", "Retiree") == (None, "C-INT")
