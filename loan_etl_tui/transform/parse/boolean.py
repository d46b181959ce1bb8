"""Read yes and no."""

from __future__ import annotations

from functools import partial

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import BLANK, Cell, Context, Reader, words_of
from loan_etl_tui.transform.parse.code import unpadded
from loan_etl_tui.transform.sanitize import clean_cell

_ANSWERS = {
    **dict.fromkeys(("y", "yes", "t", "true", "1"), True),
    **dict.fromkeys(("n", "no", "f", "false", "0"), False),
}


def read_boolean(text: str, null_codes: frozenset[str] = frozenset()) -> Cell[bool]:
    """Read one answer: Y/N, yes/no, true/false, t/f, 1/0 in any case; the rest is C-BOOL.

    Args:
        text: a cleaned cell.
        null_codes: codes of this feed for "not known" (`9`), without padding.
    """
    word = unpadded(text.lower())
    if word in null_codes:
        return BLANK
    answer = _ANSWERS.get(word)
    return Cell(answer) if answer is not None else Cell(None, "C-BOOL")


def boolean_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare answers with the field's codes for "not known"."""
    codes = frozenset(unpadded(clean_cell(code).lower()) for code in spec.null_codes)
    read = partial(read_boolean, null_codes=codes)
    return Reader(pa.bool_(), read, words_of("bool", spec, context))
