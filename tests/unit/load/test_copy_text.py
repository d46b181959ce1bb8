"""COPY text reads back as what was written, by PostgreSQL's own rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.load.copy_text import CopyText

ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
cells = st.none() | st.text(
    st.sampled_from("\\.Nntr\t\n\r\"', aä😀\x01") | st.characters(exclude_categories=["Cs"])
)


def read_back(data: bytes) -> list[list[str | None]]:
    """Read COPY text as the server does, one character after the other."""
    lines = data.decode().split("\n")
    assert lines.pop() == ""
    assert "\\." not in lines
    return [[cell_of(cell) for cell in line.split("\t")] for line in lines]


def cell_of(text: str) -> str | None:
    if text == "\\N":
        return None
    letters = iter(text)
    return "".join(ESCAPED[next(letters)] if one == "\\" else one for one in letters)


@given(st.lists(st.tuples(cells, cells), min_size=1), st.integers(1, 50))
def test_any_text_reads_back_in_pieces_of_any_size(
    rows: list[tuple[str | None, str | None]], size: int
) -> None:
    left, right = zip(*rows, strict=True)
    columns = {"a": pa.array(left, pa.string()), "b": pa.array(right, pa.string())}
    source = CopyText(pa.table(columns))
    pieces = list(iter(lambda: source.read(size), b""))
    assert max(len(piece) for piece in pieces) <= size
    assert read_back(b"".join(pieces)) == [list(row) for row in rows]


def test_typed_values_are_written_as_the_server_reads_them() -> None:
    row = {
        "money": pa.array([Decimal("-0.0100"), None], pa.decimal128(18, 4)),
        "day": pa.array([date(2016, 2, 29), None], pa.date32()),
        "count": pa.array([7, None], pa.int16()),
    }
    assert CopyText(pa.table(row)).read() == b"-0.0100\t2016-02-29\t7\n\\N\t\\N\t\\N\n"


def test_a_slice_is_only_its_own_rows() -> None:
    table = pa.table({"a": ["one", "two", "three"]})
    assert CopyText(table.slice(1, 1)).read() == b"two\n"
    assert CopyText(table.slice(0, 0)).read() == b""
