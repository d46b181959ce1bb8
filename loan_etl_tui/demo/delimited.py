"""Delimited text as platforms write it: every cell quoted, or quoted where it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Cells = Mapping[str, str]


def quoted_line(cells: Iterable[str], delimiter: str = ",") -> str:
    """Join cells, each in double quotes; a quote inside is doubled."""
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)


def plain_line(cells: Iterable[str], delimiter: str) -> str:
    """Join cells without quotes, except where a delimiter, quote or line end makes them needed."""
    return delimiter.join(_plain(cell, delimiter) for cell in cells)


def _plain(cell: str, delimiter: str) -> str:
    if any(mark in cell for mark in (delimiter, '"', "\n", "\r")):
        return quoted_line([cell])
    return cell


def cells_of(row: Cells, columns: Sequence[str]) -> list[str]:
    """Put a row's cells in the order of the columns; a cell it lacks is blank."""
    return [row.get(name, "") for name in columns]
