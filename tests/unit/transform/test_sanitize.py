"""Cleaning: what it changes, and that it leaves the rest alone."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loan_etl_tui.model.sanitizers import SANITIZERS
from loan_etl_tui.transform.sanitize import clean, clean_cell, is_dirty, is_null, null_words

MARKS = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u00a0\u202f\u2009\u3000\t\r\n −–—－﹣＄１Ａ"
TEXTS = st.text(st.one_of(st.sampled_from(MARKS + "=\"' aZ09"), st.characters(codec="utf-8")))


@given(TEXTS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_cell(text)
    assert clean_cell(once) == once


@settings(deadline=None)  # the first call builds Arrow's tables of Unicode
@given(st.lists(st.one_of(st.none(), TEXTS)))
def test_a_column_is_cleaned_as_its_cells_are(texts: list[str | None]) -> None:
    expected = [text if text is None else clean_cell(text) for text in texts]
    assert clean(pa.array(texts, pa.string())).to_pylist() == expected


@settings(deadline=None)
@given(TEXTS)
def test_a_cell_is_called_dirty_exactly_when_cleaning_changes_it(text: str) -> None:
    dirty = is_dirty(pa.array([text], pa.string()))[0].as_py()
    assert dirty == (clean_cell(text) != text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_is_only_trimmed(text: str) -> None:
    stripped = text.strip(" ")
    if not stripped.startswith('="'):
        assert clean_cell(text) == stripped


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("\ufeffid", "id"),
        ("12\u200b3\u200c4\u200d5\u20606\u00ad7", "1234567"),
        ("\u00a01\u202f234\u2009567\u3000", "1 234 567"),
        ("a\tb\r\nc", "a b  c"),
        ("−133.18", "-133.18"),
        ("660–664", "660-664"),
        ("\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-------"),
        ("＄１２３．４５％", "$123.45%"),
        ('="21904424"', "21904424"),
        ('=" 00123 "', "00123"),
        ("  both ends  ", "both ends"),
    ],
)
def test_typographic_text_becomes_plain(raw: str, cleaned: str) -> None:
    assert clean_cell(raw) == cleaned


@pytest.mark.parametrize(
    "text", ["½", "٣", "é", "e\u0301", '="a"b"', '=SUM("a")', "12\u20e3", "Ⅷ", "\x00", "\x1b"]
)
def test_what_could_change_a_meaning_is_left_alone(text: str) -> None:
    assert clean_cell(text) == text


def test_a_clean_column_is_handed_back_itself() -> None:
    column = pa.array(["RENT", None, "Zürich"])
    assert clean(column) is column


def test_cleaning_leaves_its_input_alone() -> None:
    column = pa.array([" a ", "b"])
    clean(column)
    assert column.to_pylist() == [" a ", "b"]


def test_a_slice_of_a_column_is_cleaned_in_place() -> None:
    column = pa.array(["x", " a ", "b ", "y"]).slice(1, 2)
    assert clean(column).to_pylist() == ["a", "b"]


@pytest.mark.parametrize("via", sorted(SANITIZERS))
def test_every_null_word_survives_cleaning(via: str) -> None:
    assert {clean_cell(word) for word in null_words(via)} == null_words(via)


@pytest.mark.parametrize("via", sorted(SANITIZERS))
def test_a_blank_is_null_for_every_sanitizer(via: str) -> None:
    assert is_null("", null_words(via))


LONG = ["NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "nil", "-", "--", "."]
LONG += ["?", "\\N", "Not available", "Not displayed", "Missing", "Unknown"]
WITHHELD = ["ND", "ND1", "ND2", "ND3", "ND5", "ND4-2014-06-30"]
WITHHELD += [f"ND,{n}" for n in range(1, 7)] + ["ND,4,2014-06"]


@pytest.mark.parametrize(
    "via", ["money", "number", "rate", "term", "date", "id", "int", "score", "bool"]
)
@pytest.mark.parametrize("word", LONG + WITHHELD)
def test_numbers_dates_and_ids_have_the_long_list(via: str, word: str) -> None:
    assert is_null(word, null_words(via))


@pytest.mark.parametrize("via", ["text", "slug", "zip3", "state", "code"])
@pytest.mark.parametrize("word", ["NONE", "NA", "No", "None", "N/A", "-", "Unknown", "ND5"])
def test_text_keeps_words_that_are_answers(via: str, word: str) -> None:
    assert not is_null(word, null_words(via))


@pytest.mark.parametrize("via", ["text", "slug", "zip3", "state", "code", "grade", "emp_length"])
@pytest.mark.parametrize("word", ["NULL", "NaN", "\\N"])
def test_text_has_the_short_list(via: str, word: str) -> None:
    assert is_null(word, null_words(via))


@pytest.mark.parametrize("word", ["ND6", "ND4", "ND4-2014", "ND,7", "ND,4,2014-06-30x", "NDA"])
def test_words_near_the_withheld_ones_are_values(word: str) -> None:
    assert not is_null(word, null_words("money"))


def test_taking_nd_off_the_list_takes_its_dated_forms_off_too() -> None:
    assert not is_null("ND4-2014-06-30", null_words("id") - {"ND"})


def test_every_space_of_unicode_is_cleaned() -> None:
    spaces = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace() and c > "\x1f"]
    assert {clean_cell(f"a{space}b") for space in spaces} == {"a b"}
