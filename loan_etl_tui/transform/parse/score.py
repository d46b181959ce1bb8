"""Read credit scores and score bands."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import BLANK, Cell, Context, Reader, values_of, words_of

Pick = Literal["low", "high"]

_SCORE = re.compile(r"([0-9]{1,4})(?:\.([0-9]*))?")
_BAND = re.compile(r"([0-9]{1,4}) ?(?:-|to) ?([0-9]{1,4})", re.IGNORECASE)
_OPEN_BAND = re.compile(r"([0-9]{1,4}) ?\+")
_NOT_SCORED = frozenset({0, 9999})
_UNREADABLE: Cell[int] = Cell(None, "C-SCORE")


def read_score(text: str, pick: Pick = "low") -> Cell[int]:
    """Read one score or one end of a band.

    Args:
        text: a cleaned cell: `660-664`, `660 to 664`, `700+`, `850`, `703.5`.
        pick: which end of a band counts; a band without an upper end has no high.

    Returns:
        The score; null for 0, 9999 and NONE (not scored); rounded down with C-SCORE where it
        has a fraction; null with C-SCORE where it cannot be read.
    """
    if text == "NONE":
        return BLANK
    single = _SCORE.fullmatch(text)
    if single:
        score = int(single[1])
        fraction = (single[2] or "").strip("0")
        if score in _NOT_SCORED and not fraction:
            return BLANK
        return Cell(score, "C-SCORE" if fraction else None)
    return _read_band(text, pick)


def score_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare scores, low end of a band unless the field picks the high one."""
    read = partial(read_score, pick=spec.pick or "low")
    words = words_of("score", spec, context)
    return Reader(pa.int16(), read, words, values_of(words, read))


def _read_band(text: str, pick: Pick) -> Cell[int]:
    band = _BAND.fullmatch(text)
    if band:
        low, high = int(band[1]), int(band[2])
        end = low if pick == "low" else high
        if low > high:
            return _UNREADABLE
        return BLANK if end in _NOT_SCORED else Cell(end)
    open_band = _OPEN_BAND.fullmatch(text)
    if open_band and pick == "low":
        return Cell(int(open_band[1]))
    return _UNREADABLE
