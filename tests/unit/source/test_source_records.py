"""Records: where they end, what makes one faulty, and that the others load all the same."""

from __future__ import annotations

import pytest

from loan_etl_tui.source import tape as tape_module
from loan_etl_tui.source.cells import Cells, read_cells
from loan_etl_tui.source.limits import MIB, Limits
from tests.unit.source.conftest import Make, Read

HEADER = "id,amount,title\n"


def test_a_record_with_a_field_too_many_never_loads_shifted(read: Read) -> None:
    names = "a,b,c,d,e,f,g,h,i"
    found = read(f"{names}\n1,2,3,4,5,6,7,8,9\n1,x,2,3,4,5,6,7,8,\n1,2,3,4,5,6,7,8,9\n")
    assert found.faults == [(3, "F-RAGGED", "10 fields, 9 expected")]
    assert found.cells("a") == ["1", None, "1"]
    assert found.cells("i") == ["9", None, "9"]


def test_a_record_with_a_field_too_few_is_ragged_and_says_how_many(read: Read) -> None:
    found = read(HEADER + "1,100\n2,200,car\n")
    assert found.faults == [(2, "F-RAGGED", "2 fields, 3 expected")]
    assert found.rows[0]["text"] == "1,100\n"
    assert found.cells("title") == [None, "car"]


def test_one_field_is_told_in_the_singular(read: Read) -> None:
    assert read(HEADER + "Total\n").faults == [(2, "F-RAGGED", "1 field, 3 expected")]


def test_line_breaks_inside_quotes_belong_to_the_cell(read: Read) -> None:
    found = read(HEADER + '1,100,"a\nb\r\nc\rd"\n2,200,x\n')
    assert found.cells("title") == ["a\nb\r\nc\rd", "x"]
    assert [row["line"] for row in found.rows] == [2, 6]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_record(read: Read, line_end: str) -> None:
    found = read(line_end.join(["id,amount,title", "1,2,x", "3,4,y", ""]))
    assert found.cells("title") == ["x", "y"]
    assert [row["line"] for row in found.rows] == [2, 3]


def test_an_unbalanced_quote_costs_its_own_line_only(read: Read) -> None:
    rows = "".join(f"{i},{i}00,car\n" for i in range(500))
    found = read(HEADER + rows + '500,"unclosed,car\n' + rows)
    assert found.faults == [(502, "F-QUOTE", "a quote is opened and not closed")]
    assert len(found.rows) == 1_001


def test_an_unbalanced_quote_meets_the_next_quoted_cell(read: Read) -> None:
    found = read(HEADER + '1,"open,car\n2,200,bus\n3,"300",van\n')
    assert [fault[:2] for fault in found.faults] == [(2, "F-QUOTE")]
    assert found.cells("id") == [None, "2", "3"]


def test_text_behind_a_closing_quote_is_a_fault_of_that_record(read: Read) -> None:
    found = read(HEADER + '1,"debt" consolidation,x\n2,"200","y"\n')
    assert found.faults == [(2, "F-QUOTE", "text follows a closing quote")]
    assert found.cells("amount") == [None, "200"]


def test_a_broken_cell_with_line_breaks_is_one_fault_not_several(read: Read) -> None:
    found = read(HEADER + '1,100,"first line\nsecond "line" of it"\n2,200,y\n')
    assert [(row["record"], row["fault"]) for row in found.rows] == [(1, "F-QUOTE"), (2, None)]
    assert found.rows[0]["text"].count("\n") == 2


def test_remains_of_a_broken_record_do_not_load_as_rows(read: Read) -> None:
    found = read(HEADER + '1,100,"a\nb, c "d" e",f"\n2,200,y\n')
    assert found.cells("id")[-1] == "2"
    assert all(row["fault"] for row in found.rows[:-1])


def test_a_quote_inside_an_unquoted_cell_is_a_character(read: Read) -> None:
    found = read(HEADER + '1,100,5" pipe\n2,"200",x\n')
    assert found.cells("title") == ['5" pipe', "x"]
    assert not found.faults


def test_a_file_cut_inside_quotes_ends_with_one_truncated_record(read: Read) -> None:
    found = read(HEADER + '"1","100","car"\n"2","200","line one\nline tw')
    assert found.faults == [(3, "F-TRUNC", "the file ends inside a quoted cell")]
    assert found.rows[1]["text"] == '"2","200","line one\nline tw'


def test_a_file_cut_between_fields_ends_with_a_truncated_record(read: Read) -> None:
    found = read(HEADER + "1,100,car\n2,20")
    assert found.faults == [(3, "F-TRUNC", "the file ends after 2 of 3 fields")]


def test_a_last_line_without_line_end_but_with_all_fields_is_whole(read: Read) -> None:
    assert not read(HEADER + "1,100,car\n2,200,bus").faults


def test_a_nul_rejects_its_record_only(read: Read) -> None:
    found = read(HEADER + "1,1\x0000,car\n2,200,bus\n")
    assert found.faults == [(2, "F-ENCODING", "a NUL character")]
    assert found.cells("amount") == [None, "200"]


def test_a_giant_cell_is_one_fault_with_the_start_of_its_text(read: Read) -> None:
    giant = "x" * (3 * MIB)
    found = read(HEADER + f'1,100,car\n2,200,"{giant}"\n3,300,van\n', block_bytes=MIB // 3)
    length = len(giant) + len('2,200,""\n')
    assert found.faults == [(3, "F-CELL", f"a line of {length:,} bytes; a record may have {MIB:,}")]
    assert found.rows[1]["length"] == length
    assert found.rows[1]["text"] == '2,200,"' + "x" * (64 * 1024 - 7)
    assert found.cells("id") == ["1", None, "3"]


def test_a_quote_left_open_for_a_mebibyte_does_not_swallow_the_file(read: Read) -> None:
    junk = "no row at all\n" * 100_000
    found = read(HEADER + f'1,"open\n{junk}2,200,car\n')
    assert found.faults[0][1] == "F-CELL"
    assert found.cells("id")[-1] == "2"
    assert len(found.rows) == 100_002


def test_empty_cells_and_null_words_stay_text(read: Read) -> None:
    found = read(HEADER + '1,,NULL\n2,"",N/A\n3,NaN,null\n')
    assert found.cells("amount") == ["", "", "NaN"]
    assert found.cells("title") == ["NULL", "N/A", "null"]


def test_blank_lines_are_counted_anywhere_and_take_no_number(read: Read) -> None:
    found = read("\n" + HEADER + "\n1,100,a\n   \n\t\r\n\u00a0\n2,200,b\n\n")
    assert found.blank == 6
    assert [(row["record"], row["line"]) for row in found.rows] == [(1, 4), (2, 8)]


def test_a_row_of_empty_cells_is_no_blank_line(read: Read) -> None:
    found = read("a\tb\n\t\n1\t2\n", delimiter="\t")
    assert (found.blank, found.cells("a")) == (0, ["", "1"])


def test_an_empty_line_of_a_table_with_one_column_is_blank(read: Read) -> None:
    found = read("1\n\n  \n2\n", header="none")
    assert (found.blank, found.cells("1")) == (2, ["1", "2"])


def test_a_byte_order_mark_in_the_middle_stays_in_its_cell(read: Read) -> None:
    found = read(HEADER + "\ufeff1,100,car\n", block_bytes=1)
    assert found.cells("id") == ["\ufeff1"]


def test_spans_lead_back_to_the_bytes_of_the_file(read: Read) -> None:
    body = HEADER + '1,100,"é\n"\n\n2,2\n3,300,ü\n'
    found = read(body)
    for row in found.rows:
        span = body.encode()[row["offset"] : row["offset"] + row["length"]]
        assert span.decode() == row["text"]


def test_only_the_columns_asked_for_are_delivered(make: Make) -> None:
    source = make(HEADER + "1,100,car\n")
    delivery = source.fingerprint(source.deliveries()[0])
    (batch,) = source.batches(delivery, ("title",))
    assert batch.table.column_names[8:] == ["source.title"]


def test_records_can_be_fetched_again(make: Make) -> None:
    rows = "".join(f"{i},{i}00,x\n" for i in range(1, 200))
    source = make(HEADER + rows + "200\n", block_bytes=256)
    delivery = source.fingerprint(source.deliveries()[0])
    again = source.reread(delivery, {(0, 200), (0, 7), (0, 999), (1, 1)})
    assert again.column("record").to_pylist() == [7, 200]
    assert again.column("text").to_pylist() == ["7,700,x\n", "200\n"]
    assert source.reread(delivery, []).num_rows == 0


def test_where_pyarrow_counts_other_rows_each_record_is_read_singly(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def miscount(data, stretch, frame, picks) -> Cells | None:  # noqa: ANN001
        plain = stretch.count > len(stretch.odd)
        return None if plain else read_cells(data, stretch, frame, picks)

    body = HEADER + '1,100,"a\nb"\n2,2\n\n3,"300" x,y\n4,400,z\n'
    expected = read(body)
    monkeypatch.setattr(tape_module, "read_cells", miscount)
    assert read(body) == expected


def test_a_record_may_be_as_long_as_the_limit_and_no_longer(read: Read) -> None:
    limits = Limits(record_bytes=len("1,100,car\n"))
    found = read("a,b,c\n1,100,car\n1,100,cars\n1,100,car\n", limits=limits)
    assert [fault[:2] for fault in found.faults] == [(3, "F-CELL")]
