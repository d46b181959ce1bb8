"""pyarrow's part: the cells of a stretch of whole records, mapped columns only.

pyarrow never sees a stream, only whole records, so its block edges, its numbering and its idea
of an unclosed quote do not matter here; that it found as many rows as the index is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow_csv

from loan_etl_tui.source.careful import Frame, Reading
from loan_etl_tui.source.cut import Places, Stretch
from loan_etl_tui.source.decode import BOM

_LINE_END_BYTES = (0x0A, 0x0D)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a stretch.

    Attributes:
        table: (m, one string column per picked index, named by it) the rows of full width.
        seat: (n,) row of each record in `table`, -1 for a record without one.
        width: (n,) fields of each record; 0 for an empty line, -1 where they cannot be counted.
    """

    table: pa.Table
    seat: Places
    width: npt.NDArray[np.int64]


def read_cells(data: bytes, stretch: Stretch, frame: Frame, picks: tuple[int, ...]) -> Cells | None:
    """Read the picked columns of a stretch.

    Args:
        data: UTF-8; the stretch starts at its first byte.
        stretch: where its records are.
        frame: delimiter, quotes, width.
        picks: 0-based column indexes, in ascending order.

    Returns:
        The cells, or None where pyarrow counts other rows than the index does.
    """
    plain = np.ones(stretch.count, np.bool_)
    plain[list(stretch.odd)] = False
    firsts = np.frombuffer(data, np.uint8)[stretch.starts[:-1]]
    seats = np.flatnonzero(plain & ~np.isin(firsts, _LINE_END_BYTES))
    seat = np.full(stretch.count, -1, np.int64)
    width = np.zeros(stretch.count, np.int64)
    table, ragged = _parse(_plain_bytes(data, stretch), frame, picks, len(seats))
    if table.num_rows + len(ragged) != len(seats):
        return None
    whole = np.ones(len(seats), np.bool_)
    for number, found in ragged:
        whole[number - 1] = False
        width[seats[number - 1]] = found
    width[seats[whole]] = frame.width
    seat[seats[whole]] = np.arange(table.num_rows)
    more = _seat_odd(stretch.odd, seat, width, table.num_rows, frame)
    if more:
        columns = [pa.array([row[i] for row in more], pa.string()) for i in picks]
        table = pa.concat_tables([table, pa.table(columns, schema=table.schema)])
    return Cells(table, seat, width)


def _seat_odd(
    odd: Mapping[int, Reading], seat: Places, width: Places, rows: int, frame: Frame
) -> list[tuple[str, ...]]:
    """Give the records that were read singly their width, and the whole ones a row."""
    more: list[tuple[str, ...]] = []
    for index, reading in odd.items():
        width[index] = -1 if reading.fault else len(reading.fields)
        if width[index] == frame.width:
            seat[index] = rows + len(more)
            more.append(reading.fields)
    return more


def _plain_bytes(data: bytes, stretch: Stretch) -> pa.Buffer:
    """Give the bytes of all records but the odd ones; no copy where there is none."""
    buffer = pa.py_buffer(data)
    if not stretch.odd and not data.startswith(BOM):
        return buffer.slice(0, stretch.stop)
    starts = stretch.starts
    # pyarrow drops a byte order mark at the start of a block, and counts no empty line.
    pieces: list[bytes] = [b"\n"]
    place = 0
    for index in stretch.odd:
        pieces.append(data[place : starts[index]])
        place = int(starts[index + 1])
    pieces.append(data[place : stretch.stop])
    return pa.py_buffer(b"".join(pieces))


def _parse(
    buffer: pa.Buffer, frame: Frame, picks: tuple[int, ...], rows: int
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Parse whole records.

    Returns:
        The rows of full width, and (1-based number among the lines that are not empty, fields) of
        each other one.
    """
    names = [str(i) for i in range(frame.width)]
    wanted = [names[i] for i in picks]
    schema = pa.schema([(name, pa.string()) for name in wanted])
    ragged: list[tuple[int, int]] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        ragged.append((row.number, row.actual_columns))
        return "skip"

    if not rows:
        return schema.empty_table(), ragged
    table = arrow_csv.read_csv(
        pa.BufferReader(buffer),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=buffer.size + 1, column_names=names
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=frame.dialect.delimiter,
            quote_char='"' if frame.dialect.quoting else False,
            newlines_in_values=True,
            invalid_row_handler=note,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=schema, include_columns=wanted, strings_can_be_null=False, check_utf8=False
        ),
    )
    return table, ragged
