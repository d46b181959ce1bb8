"""Read identifiers: text that is compared, never counted."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.model.loan import LOAN, field
from loan_etl_tui.transform.parse.base import (
    BLANK,
    Cell,
    Context,
    Found,
    Kernel,
    Reader,
    matches,
    words_of,
)
from loan_etl_tui.transform.sanitize import clean_cell

Case = Literal["keep", "lower_guid", "lower", "upper"]

LONGEST = field(LOAN, "loan_id").length

_HEX = "[0-9a-fA-F]"
_GUID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_BRACED_GUID = re.compile(rf"\{{?({_GUID})\}}?")
_WHOLE_AS_FLOAT = re.compile(r"([0-9]+)\.0+")
# Spreadsheets and floats write a point or a signed exponent; `12E45` may well be an id.
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*[eE][+-]?|[eE][+-])[0-9]+")
# Control and direction characters: they make two ids look the same.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_PLAIN = "^[0-9A-Za-z_:#/-]+$"
_NOT_PLAIN = "^(?:-?[0-9]+[eE]-[0-9]+|ND4-.*)$"
_FLOAT = r"^[0-9]+\.0+$"
# The part of Python's pattern language that RE2 reads the same way, for ASCII text.
_SHARED_SYNTAX = re.compile(
    r"\^?(?:(?:\\d|[0-9A-Za-z_:#/-]|\[(?:[0-9A-Za-z_:#/]|[0-9A-Za-z]-[0-9A-Za-z])+\])"
    r"(?:\{[0-9]{1,2}(?:,[0-9]{0,2})?\}|[?*+])?)*\$?"
)

_UNREADABLE: Cell[str] = Cell(None, "C-ID")
_DESTROYED: Cell[str] = Cell(None, "C-IDSCI")


def read_identifier(text: str, case: Case | None, pattern: re.Pattern[str] | None) -> Cell[str]:
    """Read one identifier; zeros and inner case are kept.

    Excel's leading apostrophe and the `.0` of a whole number go; a GUID loses its braces and
    becomes lower case unless `case` keeps it.

    Args:
        text: a cleaned cell.
        case: what happens to letters; None lowers GUIDs only, as `lower_guid` does.
        pattern: what every id of this platform looks like; searched, so anchor it.

    Returns:
        The id; C-IDSCI in scientific notation (its digits are lost), C-ID where it is longer
        than 128 characters, holds control characters or does not match the pattern.
    """
    while text.startswith("'"):
        text = clean_cell(text.lstrip("' "))
    if not text:
        return BLANK
    if len(text) > LONGEST or _CONTROL.search(text):
        return _UNREADABLE
    if _SCIENTIFIC.fullmatch(text):
        return _DESTROYED
    whole = _WHOLE_AS_FLOAT.fullmatch(text)
    name = _in_case(whole[1] if whole else text, case)
    if len(name) > LONGEST or not (pattern is None or pattern.search(name)):
        return _UNREADABLE
    return Cell(name)


def identifier_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare identifiers in the field's case and pattern."""
    pattern = re.compile(spec.pattern) if spec.pattern else None
    read = partial(read_identifier, case=spec.case, pattern=pattern)
    words = words_of("id", spec, context)
    kernels: tuple[Kernel, ...] = ()
    if _readable(spec.pattern):
        kernels = (_plain_kernel(spec.case, spec.pattern), _float_kernel(spec.pattern))
    return Reader(pa.string(), read, words, words, kernels)


def _in_case(text: str, case: Case | None) -> str:
    guid = _BRACED_GUID.fullmatch(text)
    if guid:
        text = guid[1] if case == "keep" else guid[1].lower()
    if case == "lower":
        return text.lower()
    return text.upper() if case == "upper" else text


def _readable(pattern: str | None) -> bool:
    return not pattern or _SHARED_SYNTAX.fullmatch(pattern) is not None


def _plain_kernel(case: Case | None, pattern: str | None) -> Kernel:
    """Take ids of plain ASCII letters and digits as they are, whole column at once."""

    def kernel(text: pa.Array) -> Found:
        done = pc.and_not(matches(text, _PLAIN), matches(text, _NOT_PLAIN))
        done = pc.and_(done, _fits(text))
        names = _in_case_column(text, case)
        if pattern:
            done = pc.and_(done, matches(names, pattern))
        return Found(names, done)

    return kernel


def _float_kernel(pattern: str | None) -> Kernel:
    """Take the `.0` off ids that went through a spreadsheet or a float column."""

    def kernel(text: pa.Array) -> Found:
        done = pc.and_(matches(text, _FLOAT), _fits(text))
        names = pc.replace_substring_regex(text, r"\.0+$", "")
        if pattern:
            done = pc.and_(done, matches(names, pattern))
        return Found(names, done)

    return kernel


def _fits(text: pa.Array) -> pa.Array:
    return pc.less_equal(pc.fill_null(pc.binary_length(text), 0), LONGEST)


def _in_case_column(text: pa.Array, case: Case | None) -> pa.Array:
    if case == "upper":
        return pc.ascii_upper(text)
    if case == "lower":
        return pc.ascii_lower(text)
    guid = matches(text, f"^{_GUID}$")
    if case == "keep" or not pc.any(guid, min_count=0).as_py():
        return text
    return pc.if_else(guid, pc.ascii_lower(text), text)
