"""Translate the codes of a feed into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import BLANK, Cell, Context, Reader, words_of
from loan_etl_tui.transform.sanitize import clean_cell

_PADDED = re.compile(r"(-?)([0-9]+)(?:\.0*)?")


def unpadded(text: str) -> str:
    """Write a whole number without leading zeros and `.0`; other texts stay as they are."""
    match = _PADDED.fullmatch(text)
    return match[1] + (match[2].lstrip("0") or "0") if match else text


def read_code(
    text: str, meanings: Mapping[str, str | None], unmapped: str | None = None
) -> Cell[str]:
    """Look one code up: as it is written, else as a number (`04` and `4.0` find `4`).

    Args:
        text: a cleaned cell.
        meanings: word of each code, keys also without padding; None means "no value".
        unmapped: word for codes that are not listed; None makes them C-CODE.
    """
    key = text if text in meanings else unpadded(text)
    if key in meanings:
        word = meanings[key]
        return Cell(word) if word is not None else BLANK
    return Cell(unmapped) if unmapped is not None else Cell(None, "C-CODE")


def code_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare the field's list of codes; a listed code is never a null word."""
    listed = {clean_cell(code): word for code, word in (spec.map or {}).items()}
    meanings = {unpadded(code): word for code, word in listed.items()} | listed
    read = partial(read_code, meanings=meanings, unmapped=spec.unmapped)
    return Reader(pa.string(), read, words_of("code", spec, context) - listed.keys())
