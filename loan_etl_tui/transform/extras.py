"""Named extras → one canonical JSON text per row."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc


def extras_json(columns: Mapping[str, pa.Array], rows: int) -> pa.Array:
    """Write named typed columns as canonical JSON, whole columns at a time.

    Keys are sorted, there are no blanks, decimals and dates are strings, a null has no key; a row
    without any value is null.

    Args:
        columns: key to (n,) typed values.
        rows: n, for the case without columns.

    Returns:
        (n,) string.
    """
    pieces = [_piece(key, columns[key]) for key in sorted(columns)]
    if not pieces:
        return pa.nulls(rows, pa.string())
    # Each piece brings its own comma and the first is cut: Arrow's null_handling="skip" loses a
    # row whose values are all null.
    joined = pc.binary_join_element_wise(*pieces, pa.scalar(""))
    inside = pc.utf8_slice_codeunits(joined, 1)
    wrapped = pc.binary_join_element_wise(pa.scalar("{"), inside, pa.scalar("}"), pa.scalar(""))
    empty = pc.equal(joined, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), wrapped)


def _piece(key: str, values: pa.Array) -> pa.Array:
    label = pa.scalar("," + json.dumps(key, ensure_ascii=False) + ":")
    piece = pc.binary_join_element_wise(label, _json_values(values), pa.scalar(""))
    return pc.fill_null(piece, "")


def _json_values(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "true", "false")
    if pa.types.is_integer(kind):
        return values.cast(pa.string())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _quoted_text(values)
    text = values.cast(pa.string())
    quote = pa.scalar('"')
    return pc.binary_join_element_wise(quote, text, quote, pa.scalar(""))


def _quoted_text(values: pa.Array) -> pa.Array:
    """Escape each distinct text once."""
    coded = values.dictionary_encode()
    quoted = pa.array(
        [json.dumps(text, ensure_ascii=False) for text in coded.dictionary.to_pylist()],
        pa.string(),
    )
    return quoted.take(coded.indices)
