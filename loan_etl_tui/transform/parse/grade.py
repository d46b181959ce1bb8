"""Read the platform's own grade of a loan."""

from __future__ import annotations

from functools import partial

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.model.loan import LOAN, field
from loan_etl_tui.transform.parse.base import Cell, Context, Reader, words_of
from loan_etl_tui.transform.parse.text import fold

LONGEST = field(LOAN, "platform_rating").length


def read_grade(text: str, cut_parenthesis: bool = True) -> Cell[str]:
    """Read one grade: verbatim, without a remark in parentheses at its end.

    Args:
        text: a cleaned cell: `B2`, `A+ (Very low risk)`, `HR`.
        cut_parenthesis: whether the remark goes.

    Returns:
        The grade; cut to 32 characters with C-RATING where it is longer.
    """
    grade = fold(text)
    if cut_parenthesis:
        grade = _without_remarks(grade) or grade
    if len(grade) > LONGEST:
        return Cell(grade[:LONGEST].rstrip(" "), "C-RATING")
    return Cell(grade)


def grade_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare grades; remarks are cut unless the field keeps them."""
    read = partial(read_grade, cut_parenthesis=spec.cut_parenthesis is not False)
    words = words_of("grade", spec, context)
    return Reader(pa.string(), read, words, words)


def _without_remarks(grade: str) -> str:
    """Take every closed parenthesis off the end."""
    end = len(grade)
    while grade.endswith(")", 0, end):
        start = grade.rfind("(", 0, end)
        if start < 0 or grade.find(")", start, end - 1) >= 0:
            break
        end = start - 1 if grade.endswith(" ", 0, start) else start
    return grade[:end]
