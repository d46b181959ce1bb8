"""Arrow rows as PostgreSQL's COPY text format: exact, escaped, whole columns at a time."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_TAB = pa.scalar("\t", pa.large_string())
_LINE_END = pa.scalar("\n", pa.large_string())
_NOTHING = pa.scalar("", pa.large_string())

# The backslash first: it starts every other escape. An escaped one also keeps a cell "\." from
# reading as the end of the data, which the server takes without complaint.
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


class CopyText:
    """The COPY text of some rows, as the readable object a driver asks for.

    Args:
        rows: (n,) columns in the order of the COPY statement.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._view = _encode(rows)
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Hand out the next bytes; empty at the end."""
        end = len(self._view) if size < 0 else self._at + size
        piece = bytes(self._view[self._at : end])
        self._at += len(piece)
        return piece


def _encode(rows: pa.Table) -> memoryview:
    texts = [_texts(column) for column in rows.itercolumns()]
    lines = pc.binary_join_element_wise(
        *texts, _TAB, null_handling="replace", null_replacement="\\N"
    )
    ended = pc.binary_join_element_wise(lines, _NOTHING, _LINE_END)
    if isinstance(ended, pa.ChunkedArray):
        ended = ended.combine_chunks()
    # The values of a string array lie one after the other: they are the text of all lines.
    offsets = memoryview(ended.buffers()[1]).cast("q")
    first, last = offsets[ended.offset], offsets[ended.offset + len(ended)]
    return memoryview(ended.buffers()[2])[first:last]


def _texts(column: pa.ChunkedArray) -> pa.Array:
    text = column.combine_chunks().cast(pa.large_string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _escaped(text)
    return text


def _escaped(text: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring_regex(text, r"[\\\t\n\r]")).as_py():
        return text
    for plain, escaped in _ESCAPES:
        text = pc.replace_substring(text, pattern=plain, replacement=escaped)
    return text
