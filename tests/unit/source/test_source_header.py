"""The header: where it is found, what its cells are, and what it cannot be."""

from __future__ import annotations

import pytest

from loan_etl_tui.model.errors import LayoutChanged, SourceMissing, SourceUnreadable
from loan_etl_tui.source.limits import MIB
from tests.unit.source.conftest import Read

SKIP = [{"matches": "^Notes offered", "name": "preamble"}]


def test_the_first_line_is_the_header_by_default(read: Read) -> None:
    found = read("id,amount\n1,2\n")
    assert found.layout.columns == ("id", "amount")
    assert found.layout.header_line == 1


def test_a_byte_order_mark_is_no_part_of_the_first_name(read: Read) -> None:
    found = read("\ufeffid,amount\n1,2\n")
    assert found.layout.columns == ("id", "amount")
    assert found.rows[0]["offset"] == 3 + len("id,amount\n")


def test_header_cells_keep_their_spelling(read: Read) -> None:
    assert read('" Id ","Loan\u00a0Amount"\n1,2\n').layout.columns == (" Id ", "Loan\u00a0Amount")


def test_a_header_cell_may_hold_a_line_break(read: Read) -> None:
    found = read('id,"amount\nin USD"\n1,2\n')
    assert found.layout.columns == ("id", "amount\nin USD")
    assert found.rows[0]["line"] == 3


def test_a_header_row_is_found_by_its_line(read: Read) -> None:
    found = read('Report "of, May\n\nid,amount\n1,2\n', header_row=3)
    assert found.layout.header_line == 3
    assert found.skipped_names == [(1, "before_header")]
    assert found.blank == 1


def test_a_header_is_found_by_its_cells_whatever_their_case(read: Read) -> None:
    text = 'Some "report\nID only,x\n Loan  ID ,"amount\n(USD)",extra\n1,2,3\n'
    found = read(text, header_contains=["loan id", "AMOUNT (usd)"])
    assert found.layout.header_line == 3
    assert found.skipped_names == [(1, "before_header"), (2, "before_header")]
    assert (found.rows[0]["line"], found.rows[0]["record"]) == (5, 1)


def test_lines_before_the_header_are_counted_under_their_pattern(read: Read) -> None:
    found = read("Notes offered by X\nid,amount\n1,2\n", skip_rows=SKIP)
    assert found.skipped_names == [(1, "preamble")]
    assert found.layout.header_line == 2


def test_a_header_that_is_nowhere_is_a_changed_layout(read: Read) -> None:
    with pytest.raises(LayoutChanged, match="no header in its first 2 lines") as raised:
        read("id,amount\n1,2\n", header_contains=["loan_amnt"])
    assert raised.value.missing == ("loan_amnt",)


def test_a_header_is_looked_for_in_the_first_two_hundred_lines_only(read: Read) -> None:
    preamble = "note\n" * 200
    with pytest.raises(LayoutChanged):
        read(preamble + "id,amount\n1,2\n", header_contains=["id"], block_bytes=64)
    assert read(preamble[5:] + "id,b\n1,2\n", header_contains=["id"]).layout.header_line == 200


def test_names_that_stand_twice_are_told_and_the_first_is_delivered(read: Read) -> None:
    found = read("id,Amount,amount ,x,,\n1,2,3,4,5,6\n")
    assert found.layout.duplicated == ("Amount", "amount ")
    assert found.cells("Amount") == ["2"]
    found = read("id,id\n1,2\n")
    assert found.layout.duplicated == ("id",)
    assert found.cells("id") == ["1"]


def test_a_header_alone_has_no_rows(read: Read) -> None:
    assert read("id,amount\n").rows == []
    assert read("id,amount").rows == []


@pytest.mark.parametrize("content", ["", "\n\n  \n", "\ufeff"])
@pytest.mark.parametrize("spec", [{}, {"header": "none"}, {"header_contains": ["id"]}])
def test_a_file_with_nothing_in_it_is_missing(read: Read, content: str, spec: dict) -> None:
    with pytest.raises(SourceMissing, match="F-EMPTY"):
        read(content, **spec)


def test_a_file_that_ends_before_its_header_line_is_missing(read: Read) -> None:
    with pytest.raises(SourceMissing, match="no header line 3"):
        read("title\n\n", header_row=3)


def test_a_blank_header_line_is_a_changed_layout(read: Read) -> None:
    with pytest.raises(LayoutChanged, match="line 2, the header line, is blank"):
        read("title\n\nid,x\n", header_row=2)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('"id,amount\n1,2', "the file ends inside a quoted cell"),
        ('"id"x,amount\n', "text follows a closing quote"),
        ("i\0d,amount\n", "NUL"),
        (",".join("x" * 2_001) + "\n", "2,001 cells, limit 2,000"),
        ("x" * (MIB + 1), "no line end within 1,048,576 bytes"),
        ("x" * (MIB + 1) + "\n1,2\n", "no line end within 1,048,576 bytes"),
    ],
)
def test_a_broken_header_makes_the_file_unreadable(read: Read, content: str, why: str) -> None:
    with pytest.raises(SourceUnreadable, match=why):
        read(content)


def test_columns_of_a_headerless_file_are_numbered(read: Read) -> None:
    found = read("A|1\nB|2\n", header="none", delimiter="|", widths=[2, 3])
    assert found.layout.columns == ("1", "2")
    assert found.layout.header_line is None
    assert found.cells("2") == ["1", "2"]
    assert found.rows[0]["line"] == 1


def test_another_width_than_the_accepted_ones_is_a_changed_layout(read: Read) -> None:
    with pytest.raises(LayoutChanged, match=r"F-WIDTH.*have 2 fields; source.widths says 3 or 5"):
        read("A|1\nB|2\n", header="none", delimiter="|", widths=[3, 5])


def test_one_bad_first_record_does_not_decide_the_width(read: Read) -> None:
    found = read("A|1|x\nB|2\nC|3\n", header="none", delimiter="|", widths=[2])
    assert found.faults == [(1, "F-RAGGED", "3 fields, 2 expected")]


def test_a_headerless_file_of_which_nothing_can_be_read_is_unreadable(read: Read) -> None:
    with pytest.raises(SourceUnreadable, match="none of its first records"):
        read('"a"x\n"b"y\n', header="none")


def test_a_headerless_file_may_begin_with_a_byte_order_mark(read: Read) -> None:
    found = read("\ufeffA,1\nB,2\n", header="none")
    assert found.cells("1") == ["A", "B"]
    assert found.rows[0]["offset"] == 3
