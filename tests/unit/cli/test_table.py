"""One table, three ways to print it."""

import csv
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loan_etl_tui.cli.table import Output, aligned, show

CELLS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12))
ROWS = st.lists(st.fixed_dictionaries({"name": CELLS, "last_run": CELLS}), max_size=5)
COLUMNS = ("name", "last_run")


@given(ROWS)
def test_json_gives_back_every_value(rows: list[dict[str, object]]) -> None:
    assert json.loads(printed(rows, Output.JSON)) == rows


@given(ROWS)
def test_json_holds_no_character_beyond_ascii(rows: list[dict[str, object]]) -> None:
    text = printed(rows, Output.JSON)
    assert text.isascii()
    assert all(char.isprintable() or char == "\n" for char in text)


@settings(deadline=None)  # the first call imports what makes cells safe
@given(ROWS)
@example([{"name": "\r", "last_run": "a\r\nb"}])
def test_csv_has_one_record_a_row_and_a_header(rows: list[dict[str, object]]) -> None:
    records = list(csv.reader(io.StringIO(printed(rows, Output.CSV), newline="")))
    assert records[0] == list(COLUMNS)
    assert len(records) == len(rows) + 1


@given(ROWS, st.sampled_from([0, 40, 80, 200]))
def test_an_aligned_table_never_breaks_a_line_in_its_data(
    rows: list[dict[str, object]], width: int
) -> None:
    lines = aligned(rows, COLUMNS, width)
    assert all("\n" not in line and "\x1b" not in line for line in lines)
    assert width > 0 or len(lines) == len(rows) + 1


def test_a_formula_in_a_csv_is_text_and_a_negative_number_stays_one() -> None:
    text = printed([{"name": "=HYPERLINK()", "last_run": "-5.00"}], Output.CSV)
    assert "'=HYPERLINK()" in text
    assert ",-5.00" in text


def test_columns_stand_under_their_heads() -> None:
    rows = [{"name": "a", "last_run": None}, {"name": "longer", "last_run": True}]
    assert aligned(rows, COLUMNS, 0) == ["NAME    LAST RUN", "a", "longer  yes"]


def test_wide_characters_take_two_places() -> None:
    assert aligned([{"name": "貸付", "last_run": 1}], COLUMNS, 0)[1] == "貸付  1"


def test_the_longest_column_is_folded_where_the_terminal_is_narrow() -> None:
    rows = [{"name": "x", "last_run": "word " * 20}]
    lines = aligned(rows, COLUMNS, 40)
    assert len(lines) > 2
    assert all(len(line) <= 40 for line in lines)


def test_a_row_becomes_a_block_where_columns_do_not_fit_at_all() -> None:
    columns = tuple(f"column_{number}" for number in range(12))
    lines = aligned([dict.fromkeys(columns, "value")], columns, 60)
    assert lines[0] == "-- 1 --"
    assert len(lines) == 13


def test_an_empty_table_still_says_its_columns() -> None:
    assert aligned([], COLUMNS, 80) == ["NAME  LAST RUN"]


def printed(rows: list[dict[str, object]], output: Output) -> str:
    with pytest.MonkeyPatch.context() as patch:
        stdout = io.StringIO(newline="")
        patch.setattr("sys.stdout", stdout)
        show(rows, output, COLUMNS)
    return stdout.getvalue()
