"""Answers, states, grades, text, slugs, zip codes and code lists."""

from __future__ import annotations

import pytest

from loan_etl_tui.transform.parse.state import STATES
from tests.unit.transform.conftest import Read


@pytest.mark.parametrize(
    "raw", ["Y", "y", "Yes", "YES", "t", "T", "True", "TRUE", "1", "1.0", "01"]
)
def test_yes_is_yes_however_it_is_written(read: Read, raw: str) -> None:
    assert read("bool", raw) == (True, None)


@pytest.mark.parametrize("raw", ["N", "n", "No", "NO", "f", "F", "False", "false", "0", "0.0"])
def test_no_is_no_however_it_is_written(read: Read, raw: str) -> None:
    assert read("bool", raw) == (False, None)


@pytest.mark.parametrize("raw", ["maybe", "2", "9", "-1", "yess", "0.5", "J", "X"])
def test_what_is_neither_is_refused(read: Read, raw: str) -> None:
    assert read("bool", raw) == (None, "C-BOOL")


@pytest.mark.parametrize("raw", ["9", "9.0", "7", "x", "X", "", "N/A", None])
def test_declared_codes_and_blanks_are_null(read: Read, raw: str | None) -> None:
    assert read("bool", raw, null_codes=["9", "7", "X"]) == (None, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("CA", "CA"),
        ("ca", "CA"),
        (" CA ", "CA"),
        ("California", "CA"),
        ("new  york", "NY"),
        ("US-CA", "CA"),
        ("District of Columbia", "DC"),
        ("puerto rico", "PR"),
        ("ND", "ND"),
        ("AE", "AE"),
        ("MP", "MP"),
    ],
)
def test_states_become_two_letters(read: Read, raw: str, code: str) -> None:
    assert read("state", raw) == (code, None)


@pytest.mark.parametrize("raw", ["XX", "75201", "Ontario", "C A", "US", "N/A", "-"])
def test_what_is_no_state_is_null_with_a_warning(read: Read, raw: str) -> None:
    assert read("state", raw) == (None, "C-STATE")


def test_all_states_and_territories_are_known() -> None:
    assert len(STATES) == 50 + 6 + 3
    assert len(set(STATES.values())) == len(STATES)


@pytest.mark.parametrize(
    ("raw", "grade"),
    [
        ("B", "B"),
        ("B2", "B2"),
        ("A+ (Very low risk)", "A+"),
        ("A (x) (y)", "A"),
        ("A*", "A*"),
        ("HR", "HR"),
        (" C ", "C"),
        ("NA", "NA"),
        ("(A)", "(A)"),
        ("A)", "A)"),
        ("A (x", "A (x"),
        ("A (b) c", "A (b) c"),
        ("A ((b))", "A ((b))"),
    ],
)
def test_grades_are_kept_without_their_remark(read: Read, raw: str, grade: str) -> None:
    assert read("grade", raw) == (grade, None)


def test_a_remark_stays_where_the_field_keeps_it(read: Read) -> None:
    assert read("grade", "A+ (low)", cut_parenthesis=False) == ("A+ (low)", None)
    assert read("grade", "A+ (low)", cut_parenthesis=True) == ("A+", None)


@pytest.mark.parametrize("raw", ["N/A", "-", "–", "", "NULL", None])
def test_no_grade_is_null(read: Read, raw: str | None) -> None:
    assert read("grade", raw) == (None, None)


def test_a_grade_longer_than_its_column_is_cut_and_noted(read: Read) -> None:
    assert read("grade", "G" * 33) == ("G" * 32, "C-RATING")


def test_a_grade_of_a_million_remarks_is_read_at_once(read: Read) -> None:
    assert read("grade", "A" + "()" * 500_000) == ("A", None)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a  b\tc ", "a b c"),
        ("NONE", "NONE"),
        ("NA", "NA"),
        ("No", "No"),
        ("=1+1", "=1+1"),
        ("Zürich", "Zürich"),
        ("½", "½"),
    ],
)
def test_text_is_only_folded(read: Read, raw: str, text: str) -> None:
    assert read("text", raw) == (text, None)


def test_text_is_cut_with_a_warning(read: Read) -> None:
    assert read("text", "Harju maakond", max=6) == ("Harju", "C-TEXT")
    assert read("text", "Harju", max=5) == ("Harju", None)
    assert read("text", "Jõgev", max=5) == ("Jõgev", None)


def test_text_becomes_lower_case_where_declared(read: Read) -> None:
    assert read("text", "INDIVIDUAL", lower=True) == ("individual", None)
    assert read("text", "ÄRI", lower=True) == ("äri", None)


def test_a_nul_is_no_text(read: Read) -> None:
    assert read("text", "a\x00b") == (None, "C-TEXT")


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        ("debt_consolidation", "debt_consolidation"),
        ("Debt Consolidation", "debt_consolidation"),
        ("Home improvement ", "home_improvement"),
        ("Household & Family", "household_family"),
        ("__a--b__", "a_b"),
        ("Ärzte", "ärzte"),
        ("!!!", None),
        ("", None),
    ],
)
def test_slugs_are_lower_snake_case(read: Read, raw: str, slug: str | None) -> None:
    assert read("slug", raw) == (slug, None)


def test_a_slug_is_cut_with_a_warning(read: Read) -> None:
    assert read("slug", "debt consolidation", max=5) == ("debt", "C-TEXT")


def test_a_null_word_covers_every_spelling_of_its_slug(read: Read) -> None:
    assert read("slug", "Other", null_values=["other"]) == (None, None)


@pytest.mark.parametrize(
    ("raw", "zip3"),
    [
        ("860xx", "860"),
        ("017XX", "017"),
        ("94105", "941"),
        ("06800", "068"),
        ("6800.0", "068"),
        ("2109.0", "021"),
        ("2109", "021"),
        ("94105-1234", "941"),
        ("941051234", "941"),
        ("21091234", "021"),
        ("501.0", "005"),
        ("913", "913"),
    ],
)
def test_zip_codes_keep_three_digits(read: Read, raw: str, zip3: str) -> None:
    assert read("zip3", raw) == (zip3, None)


@pytest.mark.parametrize("raw", ["SW1A", "9xxxx", "12", "941056", "94105-", "94105-12", "abc"])
def test_what_is_no_zip_code_is_refused(read: Read, raw: str) -> None:
    assert read("zip3", raw) == (None, "C-TEXT")


@pytest.mark.parametrize(
    ("raw", "word"),
    [("4", "business"), ("04", "business"), ("4.0", "business"), ("-1", "not_set"), ("B", "b")],
)
def test_codes_are_found_with_and_without_padding(read: Read, raw: str, word: str) -> None:
    codes = {"4": "business", "-1": "not_set", "B": "b"}
    assert read("code", raw, map=codes) == (word, None)


def test_the_exact_spelling_of_a_code_comes_first(read: Read) -> None:
    codes = {"04": "four", "4": "fore"}
    assert [read("code", raw, map=codes)[0] for raw in ("04", "4", "4.0")] == [
        "four",
        "fore",
        "fore",
    ]


def test_unlisted_codes_are_refused_or_have_the_default(read: Read) -> None:
    assert read("code", "Z9", map={"1": "a"}) == (None, "C-CODE")
    assert read("code", "Z9", map={"1": "a"}, unmapped="other") == ("other", None)


def test_a_code_may_mean_no_value(read: Read) -> None:
    assert read("code", "9", map={"9": None}) == (None, None)
    assert read("code", "", map={"9": None}) == (None, None)


def test_a_listed_code_is_never_a_null_word(read: Read) -> None:
    assert read("code", "NULL", map={"NULL": "none"}) == ("none", None)


def test_a_code_of_a_million_zeros_is_read_at_once(read: Read) -> None:
    assert read("code", "0" * 1_000_000 + "x", map={"1": "a"}) == (None, "C-CODE")
