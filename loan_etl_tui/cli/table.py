"""Rows for people and programs: one table, three ways to print it.

`table` is aligned text; on a terminal that is too narrow for it the longest column is folded, or
each row becomes a block of lines. `json` is an array with one object a line, `csv` a header and
rows that a spreadsheet does not run as formulas.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal

from loan_etl_tui.cli.safe import safe_text

_GAP = "  "
_NARROWEST = 28  # characters a folded column needs to stay readable

Row = Mapping[str, Any]


class Output(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def show(rows: Sequence[Row], output: Output, columns: Sequence[str]) -> None:
    """Print rows on stdout.

    Args:
        rows: one mapping a row; a missing or None value is blank (null in JSON).
        output: table, json or csv.
        columns: the columns of all rows, in order, with snake_case names.
    """
    if output is Output.JSON:
        _show_json(rows, columns)
    elif output is Output.CSV:
        _show_csv(rows, columns)
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        for line in aligned(rows, columns, width):
            sys.stdout.write(line + "\n")


def _show_json(rows: Sequence[Row], columns: Sequence[str]) -> None:
    # Escaped beyond ASCII: no control or bidi character of a tape reaches a terminal this way.
    lines = (json.dumps({name: row.get(name) for name in columns}, default=str) for row in rows)
    sys.stdout.write("[" + ",".join(f"\n  {line}" for line in lines) + "\n]\n")


def _show_csv(rows: Sequence[Row], columns: Sequence[str]) -> None:
    from loan_etl_tui.review.rejects import safe_cell

    cells = [[safe_cell(_plain(row.get(name)))[0] for name in columns] for row in rows]
    if sys.stdout.isatty():
        cells = [[safe_text(cell) for cell in line] for line in cells]
    # Python 3.11 leaves a lone carriage return unquoted, which readers take for a line end.
    lonely = any("\r" in cell for line in cells for cell in line)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if lonely else csv.QUOTE_MINIMAL
    writer = csv.writer(sys.stdout, lineterminator="\n", quoting=quoting)
    writer.writerows([columns, *cells])


def to_the_minute(stamp: object) -> str:
    """Shorten a UTC stamp of a summary for a table; what is none stays as it is.

    >>> to_the_minute("2024-03-02T06:00:12.345Z")
    '2024-03-02 06:00'
    """
    return "" if stamp is None else str(stamp)[:16].replace("T", " ")


def aligned(rows: Sequence[Row], columns: Sequence[str], width: int) -> list[str]:
    """Bring rows into columns of equal width.

    Args:
        rows: as for `show`.
        columns: as for `show`; printed in capitals, with blanks for underscores.
        width: characters a line may have; 0 for no limit.
    """
    heads = [name.replace("_", " ").upper() for name in columns]
    cells = [[safe_text(_plain(row.get(name))) for name in columns] for row in rows]
    widths = [max(_width(line[at]) for line in [heads, *cells]) for at in range(len(columns))]
    spare = width - sum(widths) - len(_GAP) * (len(widths) - 1)
    if width and spare < 0:
        widest = widths.index(max(widths))
        if widths[widest] + spare < _NARROWEST:
            return _blocks(heads, cells)
        widths[widest] += spare
    return [line for one in [heads, *cells] for line in _folded(one, widths)]


def _folded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    parts = [
        textwrap.wrap(cell, room) or [""] if _width(cell) > room else [cell]
        for cell, room in zip(cells, widths, strict=True)
    ]
    height = max(len(part) for part in parts)
    return [
        _GAP.join(
            _padded(part[at] if at < len(part) else "", room)
            for part, room in zip(parts, widths, strict=True)
        ).rstrip()
        for at in range(height)
    ]


def _blocks(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    room = max(_width(head) for head in heads)
    lines = []
    for number, row in enumerate(cells, start=1):
        lines.append(f"-- {number} --")
        lines += [
            _GAP.join((_padded(h, room), c)).rstrip() for h, c in zip(heads, row, strict=True)
        ]
    return lines


def _padded(text: str, room: int) -> str:
    return text + " " * (room - _width(text))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(bool(unicodedata.combining(char)) for char in text)
    return len(text) + wide - marks


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
