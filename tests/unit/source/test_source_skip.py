"""Skipped lines: titles, sections, totals; counted by name, with what their groups say."""

from __future__ import annotations

import pytest

from tests.unit.source.conftest import Read

RULES = [
    {"column": "id", "matches": "^Loans that do not", "name": "section"},
    {"column": "id", "matches": r"^Total (\d+): (\d+)", "name": "control_total"},
]


def test_short_lines_are_tested_by_their_first_field(read: Read) -> None:
    body = "title,id\nx,1\nLoans that do not fit\ny,2\nTotal 1: 500\n"
    found = read(body, skip_rows=RULES)
    assert found.skipped_names == [(3, "section"), (5, "control_total")]
    assert found.skipped[1].groups == ("1", "500")
    assert found.skipped[1].text == "Total 1: 500\n"
    assert [(row["record"], row["line"]) for row in found.rows] == [(1, 2), (2, 4)]


def test_whole_rows_are_tested_by_the_column_of_the_rule(read: Read) -> None:
    body = 'title,id\nTotal 1: 1,1\nx,"Total 2: 7"\ny,Loans that do not\n'
    found = read(body, skip_rows=RULES)
    assert found.skipped_names == [(3, "control_total"), (4, "section")]
    assert found.cells("title") == ["Total 1: 1"]


def test_long_lines_are_tested_by_the_column_of_the_rule(read: Read) -> None:
    found = read("title,id\nx,Total 2: 7,,\nTotal 2: 7,x,\n", skip_rows=RULES)
    assert found.skipped_names == [(2, "control_total")]
    assert [fault[1] for fault in found.faults] == ["F-RAGGED"]


def test_a_rule_without_a_column_tests_the_first(read: Read) -> None:
    found = read("id,x\nTotal,9\n1,2\n", skip_rows=[{"matches": "^Total", "name": "total"}])
    assert found.skipped_names == [(2, "total")]


def test_the_first_rule_that_matches_gives_the_name(read: Read) -> None:
    rules = [
        {"column": "x", "matches": "9", "name": "by_x"},
        {"column": "id", "matches": "Total", "name": "by_id"},
    ]
    found = read("id,x\nTotal,9\nTotal,1\n1,9\n", skip_rows=rules)
    assert found.skipped_names == [(2, "by_x"), (3, "by_id"), (4, "by_x")]


def test_a_footer_without_line_end_is_skipped_and_not_truncated(read: Read) -> None:
    found = read("title,id\nx,1\nTotal 1: 500", skip_rows=RULES)
    assert found.skipped_names == [(3, "control_total")]
    assert not found.faults


def test_a_footer_cut_inside_its_quotes_is_truncated_and_not_skipped(read: Read) -> None:
    found = read('title,id\nx,1\n"Total 1: 50', skip_rows=RULES)
    assert found.skipped == []
    assert [fault[1] for fault in found.faults] == ["F-TRUNC"]


def test_a_footer_with_stray_quotes_is_skipped(read: Read) -> None:
    found = read('title,id\n"Loans that do not" fit\nx,1\n', skip_rows=RULES)
    assert found.skipped_names == [(2, "section")]


def test_a_footer_that_matches_nothing_is_a_ragged_row(read: Read) -> None:
    found = read("title,id\nx,1\nGrand total 500\n", skip_rows=RULES)
    assert found.faults == [(3, "F-RAGGED", "1 field, 2 expected")]


def test_a_group_that_took_no_part_is_empty(read: Read) -> None:
    rules = [{"matches": r"^Total(?: (\d+))?(x)?", "name": "total"}]
    assert read("id,x\nTotal 5\n", skip_rows=rules).skipped[0].groups == ("5", "")


@pytest.mark.parametrize("pattern", [r"^(?=Total)", r"^(T)(?!x)", r"^(To)tal\Z"])
def test_a_pattern_that_only_python_knows_works_too(read: Read, pattern: str) -> None:
    rules = [{"matches": pattern, "name": "total"}]
    found = read("id,x\nTotal,9\n1,2\nTotal\n", skip_rows=rules)
    assert found.skipped_names == [(2, "total"), (4, "total")]


def test_a_rule_for_a_column_that_the_file_lacks_still_tests_short_lines(read: Read) -> None:
    rules = [{"column": "gone", "matches": "^Total", "name": "total"}]
    found = read("id,x\nTotal,9\nTotal\n", skip_rows=rules)
    assert found.skipped_names == [(3, "total")]
    assert found.cells("id") == ["Total"]


def test_positions_name_the_columns_of_a_headerless_file(read: Read) -> None:
    rules = [{"column": 2, "matches": "^trailer", "name": "trailer"}]
    found = read("A|1\nB|trailer\n", header="none", delimiter="|", skip_rows=rules)
    assert found.skipped_names == [(2, "trailer")]


def test_the_text_of_a_long_skipped_line_is_cut(read: Read) -> None:
    found = read("a,b\nTotal" + "x" * 70_000 + "\n", skip_rows=[{"matches": "T", "name": "t"}])
    assert len(found.skipped[0].text) == 64 * 1024
