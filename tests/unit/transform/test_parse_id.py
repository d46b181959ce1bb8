"""Identifiers: text, kept as it is but for what spreadsheets did to it."""

from __future__ import annotations

import pytest

from tests.unit.transform.conftest import Read, ReadColumn

GUID = "f0660c80-83f3-4a97-8da0-9c250112d6ec"


@pytest.mark.parametrize(
    ("raw", "loan_id"),
    [
        ("1077501.0", "1077501"),
        ("1077501.000", "1077501"),
        ('="21904424"', "21904424"),
        (GUID.upper(), GUID),
        (f"{{{GUID.upper()}}}", GUID),
        (" F20Q10000001 ", "F20Q10000001"),
        ("000123", "000123"),
        ("'000123", "000123"),
        ("Y2NhZDY3", "Y2NhZDY3"),
        ("12E45", "12E45"),
        ("1021339766868145413AB3B", "1021339766868145413AB3B"),
        ("a b", "a b"),
        ("1.5", "1.5"),
        ("0", "0"),
        ("A" * 128, "A" * 128),
        ("ÄÖ-1", "ÄÖ-1"),
    ],
)
def test_ids_are_kept_as_text(read: Read, raw: str, loan_id: str) -> None:
    assert read("id", raw) == (loan_id, None)


@pytest.mark.parametrize(
    "raw", ["1.07750E+06", "1.0775e6", "1E+06", "1e-05", "1.E+5", "+1.1E+06", "-1e-05"]
)
def test_scientific_notation_is_beyond_repair(read: Read, raw: str) -> None:
    assert read("id", raw) == (None, "C-IDSCI")


@pytest.mark.parametrize("raw", ["A" * 129, "a\x00b", "a\x1bb", "a\x7fb", "a\u202eb", "1" * 129])
def test_what_cannot_be_an_id_is_refused(read: Read, raw: str) -> None:
    assert read("id", raw) == (None, "C-ID")


@pytest.mark.parametrize("raw", ["", " ", "'", "NULL", "'NULL", "n/a", "ND4-2014-06-30", None])
def test_whether_an_id_may_be_missing_is_a_rule(read: Read, raw: str | None) -> None:
    assert read("id", raw) == (None, None)


@pytest.mark.parametrize(
    ("case", "raw", "loan_id"),
    [
        ("keep", GUID.upper(), GUID.upper()),
        ("keep", f"{{{GUID.upper()}}}", GUID.upper()),
        ("lower_guid", GUID.upper(), GUID),
        ("lower_guid", "ABC-1", "ABC-1"),
        ("lower", "ABC-1", "abc-1"),
        ("upper", "abc-1", "ABC-1"),
        ("upper", GUID, GUID.upper()),
        ("lower", "ÄB", "äb"),
    ],
)
def test_case_is_changed_only_as_declared(read: Read, case: str, raw: str, loan_id: str) -> None:
    assert read("id", raw, case=case) == (loan_id, None)


@pytest.mark.parametrize("pattern", [r"^\d{4,12}$", r"^(?:\d){4,12}\Z"])
def test_ids_that_do_not_match_the_pattern_are_refused(
    read_column: ReadColumn, pattern: str
) -> None:
    cells = [
        "1077501",
        "123",
        "1077501.0",
        "Total amount funded in policy code 1: 460296150",
        "٣٣٣٣x",
    ]
    parsed = read_column("id", cells, pattern=pattern)
    assert parsed.value.to_pylist() == ["1077501", None, "1077501", None, None]
    assert parsed.issue.to_pylist() == [None, "C-ID", None, "C-ID", "C-ID"]


def test_a_null_word_of_the_feed_is_no_id(read: Read) -> None:
    assert read("id", "TOTAL", null_values=["TOTAL"]) == (None, None)


def test_a_word_taken_off_the_list_is_an_id(read: Read) -> None:
    assert read("id", "NA", not_null_values=["NA"]) == ("NA", None)


def test_an_id_that_becomes_a_null_word_is_missing(read: Read) -> None:
    assert read("id", "Na", case="upper") == (None, None)
