"""How a column of text becomes a column of values: each distinct cell is read once.

A sanitizer brings one plain function that reads a single cell; it is the reference. Around it
stands the machinery that makes whole columns cheap: repeated texts are read once, texts in a
sanitizer's clean grammar go through whole-column kernels, and only what is left reaches the
one-cell function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.sanitize import clean, clean_cell, is_null, null_words

T = TypeVar("T")

_SAMPLE_CELLS = 4096
_REPEATING_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Context:
    """What every cell of a delivery is read against.

    Attributes:
        null_tokens: further words that mean "no value" in this feed.
        currency: ISO 4217 code of the amounts.
        reference: the record date, or the date of the run: no two-digit year lies after it.
    """

    null_tokens: tuple[str, ...]
    currency: str
    reference: date


class Cell(NamedTuple, Generic[T]):
    """What one cell says.

    A cell with an issue and a value was read with a loss that is worth a warning (cut, floored).
    """

    value: T | None = None
    issue: str | None = None
    rounded: bool = False


BLANK: Cell[Any] = Cell()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column as read.

    Attributes:
        value: (n,) typed values, null where blank or unreadable.
        issue: (n,) string, code of what is wrong with the cell, or null.
        rounded: how many cells had more decimals than the column keeps.
    """

    value: pa.Array
    issue: pa.Array
    rounded: int = 0


class Found(NamedTuple):
    """What a kernel could read.

    value: (n,) typed, anything where `done` is false. done: (n,) bool without nulls.
    rounded: (n,) bool, which cells lost decimals; None where a kernel never rounds.
    """

    value: pa.Array
    done: pa.Array
    rounded: pa.Array | None = None


Kernel = Callable[[pa.Array], Found]


@dataclass(frozen=True, slots=True)
class Reader:
    """One sanitizer, ready for one field of one delivery.

    Attributes:
        type: Arrow type of the values.
        read: reads one cleaned cell that is no null word; never raises.
        null_words: cleaned texts that mean "no value".
        null_values: values that mean "no value" however they are written (`999.0` for `999`).
        kernels: whole-column readers of the clean grammar, tried in this order on what the
            one before left; where one says done, its value is what `read` would return.
        shorten: cuts texts to the part that matters, so that fewer distinct ones are left.
    """

    type: pa.DataType
    read: Callable[[str], Cell[Any]]
    null_words: frozenset[str]
    null_values: frozenset[Any] = frozenset()
    kernels: tuple[Kernel, ...] = ()
    shorten: Callable[[pa.Array], pa.Array] | None = None


def words_of(via: str, spec: FieldSpec, context: Context) -> frozenset[str]:
    """Collect the null words of one field: the type's, the feed's, the field's own."""
    added = {clean_cell(word) for word in (*context.null_tokens, *spec.null_values)}
    removed = {clean_cell(word) for word in spec.not_null_values}
    return (null_words(via) | added | {""}) - (removed - {""})


def values_of(words: Iterable[str], read: Callable[[str], Cell[T]]) -> frozenset[T]:
    """Read the null words that look like values, so that `999` also covers `999.0`."""
    read_words = (read(word).value for word in words)
    return frozenset(value for value in read_words if value is not None)


def matches(text: pa.Array, pattern: str) -> pa.Array:
    """Tell which cells match an RE2 pattern; a null cell does not."""
    return pc.fill_null(pc.match_substring_regex(text, pattern), False)


def only(text: pa.Array, where: pa.Array) -> pa.Array:
    """Null the cells outside `where`, so that a cast meets nothing it would raise on."""
    if pc.all(where, min_count=0).as_py():
        return text
    return pc.if_else(where, text, pa.scalar(None, pa.string()))


def read_column(text: pa.Array | pa.ChunkedArray, reader: Reader) -> Parsed:
    """Read a whole column.

    Args:
        text: (n,) string, as it stands in the source; null where the record is faulty.
        reader: the sanitizer.

    Returns:
        The column; a null cell is null and no issue.
    """
    cells = _read(_one_array(text), reader, reader.kernels, raw=True)
    return Parsed(cells.value, cells.issue, pc.sum(cells.rounded, min_count=0).as_py())


def read_cell(text: str, reader: Reader) -> Cell[Any]:
    """Read one cleaned cell: the reference for `read_column`."""
    if is_null(text, reader.null_words):
        return BLANK
    cell = reader.read(text)
    return BLANK if cell.value in reader.null_values else cell


class _Cells(NamedTuple):
    """(n,) values, (n,) issue codes, (n,) whether the cell lost decimals."""

    value: pa.Array
    issue: pa.Array
    rounded: pa.Array

    def take(self, indices: pa.Array) -> _Cells:
        return _Cells(*(part.take(indices) for part in self))

    def patched(self, where: pa.Array, other: _Cells) -> _Cells:
        """Put `other`, in order, into the rows where `where` holds."""
        pairs = zip(self, other, strict=True)
        return _Cells(*(pc.replace_with_mask(mine, where, new) for mine, new in pairs))


def _one_array(text: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    return text if text.type == pa.string() else text.cast(pa.string())


def _read(text: pa.Array, reader: Reader, kernels: tuple[Kernel, ...], raw: bool) -> _Cells:
    """Read cells by the first of these kernels, and what it leaves by the ways after it."""
    if _repeats(text):
        coded = text.dictionary_encode()
        return _read(coded.dictionary, reader, kernels, raw).take(coded.indices)
    if not kernels:
        return _read_left(text, reader, raw)
    found = kernels[0](text)
    done = pc.or_(_not_null_words(text, found, reader), pc.is_null(text))
    rounded = pa.repeat(False, len(text)) if found.rounded is None else found.rounded
    cells = _Cells(found.value, pa.nulls(len(text), pa.string()), rounded)
    if pc.all(done, min_count=0).as_py():
        return cells
    left = pc.invert(done)
    return cells.patched(left, _read(text.filter(left), reader, kernels[1:], raw))


def _repeats(text: pa.Array) -> bool:
    """Tell from an even sample whether reading each distinct text once would pay."""
    if len(text) > _SAMPLE_CELLS:
        text = text.take(pa.array(np.linspace(0, len(text) - 1, _SAMPLE_CELLS, dtype=np.int64)))
    return pc.count_distinct(text, mode="all").as_py() < _REPEATING_SHARE * len(text)


def _not_null_words(text: pa.Array, found: Found, reader: Reader) -> pa.Array:
    """Leave what the kernel took for a value but the field calls a null word to the slow way."""
    done = found.done
    if pa.types.is_string(reader.type):
        done = pc.and_not(done, pc.is_in(text, value_set=pa.array(reader.null_words, pa.string())))
    if reader.null_values:
        nulls = pa.array(list(reader.null_values), reader.type)
        done = pc.and_not(done, pc.is_in(found.value, value_set=nulls))
    return done


def _read_left(text: pa.Array, reader: Reader, raw: bool) -> _Cells:
    """Read what no kernel could: cleaned, once more by the kernels, then each word singly."""
    if raw:
        cleaned = clean(text)
        if cleaned is not text:
            return _read(cleaned, reader, reader.kernels, raw=False)
    if reader.shorten is not None:
        text = reader.shorten(text)
    coded = text.dictionary_encode()
    return _read_words(coded.dictionary.to_pylist(), reader).take(coded.indices)


def _read_words(words: list[str], reader: Reader) -> _Cells:
    values, issues, rounded = [], [], []
    for word in words:
        value, issue, lost = read_cell(word, reader)
        values.append(value)
        issues.append(issue)
        rounded.append(lost)
    return _Cells(
        pa.array(values, reader.type), pa.array(issues, pa.string()), pa.array(rounded, pa.bool_())
    )
