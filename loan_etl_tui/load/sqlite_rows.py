"""Arrow rows as what the sqlite3 driver binds, and the one function SQL lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from loan_etl_tui.load.columns import canonical_json
from loan_etl_tui.model.errors import LawBroken

# A double tells two decimals of 15 digits apart, and whole numbers far beyond that.
_EXACT = 10**15


def bind_rows(batch: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Turn columns into rows of text, whole numbers and doubles.

    Raises:
        LawBroken: an amount has more than 15 digits; a rule must have rejected it.
    """
    return zip(*(_values(column) for column in batch.itercolumns()), strict=True)


def _values(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_decimal(column.type):
        return _doubles(column.combine_chunks()).to_pylist()
    if pa.types.is_date(column.type):
        return column.cast(pa.string()).to_pylist()
    return column.to_pylist()


def _doubles(decimals: pa.Array) -> pa.Array:
    """Turn exact decimals into the doubles next to them.

    The unscaled value is a whole number below 2**53, so it becomes a double unchanged, and the one
    division is rounded correctly. (Arrow's own cast multiplies by an inexact power of ten.)
    """
    if decimals.null_count == len(decimals):
        return pa.nulls(len(decimals), pa.float64())
    low = np.frombuffer(decimals.buffers()[1], dtype="<i8").reshape(-1, 2)[:, 0]
    unscaled = low[decimals.offset : decimals.offset + len(decimals)]
    missing = decimals.is_null().to_numpy(zero_copy_only=False)
    unscaled = np.where(missing, 0, unscaled)
    if np.abs(unscaled).max(initial=0) >= _EXACT:
        raise LawBroken("an amount of more than 15 digits reached SQLite; C-DIGITS rejects it.")
    return pa.array(unscaled / 10.0**decimals.type.scale, mask=missing)


@lru_cache(maxsize=4096)
def merged_json(stored: str | None, given: str | None, taken: str) -> str | None:
    """Replace the taken keys of a JSON object; None when no key is left.

    Args:
        stored: JSON object or None.
        given: JSON object or None.
        taken: JSON list of keys whose given value counts, absent meaning none.
    """
    keys = set(json.loads(taken))
    kept = {} if stored is None else json.loads(stored)
    new = {} if given is None else json.loads(given)
    merged = {key: value for key, value in kept.items() if key not in keys}
    merged |= {key: value for key, value in new.items() if key in keys}
    return canonical_json(merged) if merged else None
