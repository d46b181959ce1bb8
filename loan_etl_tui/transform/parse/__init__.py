"""From text to typed columns, one module per kind of value.

`base` the machinery · `number` the grammar of numbers · `money` `rate` `integer` `term` `score`
`emp_length` numbers with a meaning · `date` and its `dateformat` · `identifier` · `text` (text,
slug, zip3) · `grade` · `state` · `code` · `boolean`.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import Context, Parsed, Reader, read_column
from loan_etl_tui.transform.parse.boolean import boolean_reader
from loan_etl_tui.transform.parse.code import code_reader
from loan_etl_tui.transform.parse.date import date_reader
from loan_etl_tui.transform.parse.emp_length import emp_length_reader
from loan_etl_tui.transform.parse.grade import grade_reader
from loan_etl_tui.transform.parse.identifier import identifier_reader
from loan_etl_tui.transform.parse.integer import integer_reader
from loan_etl_tui.transform.parse.money import money_reader, number_reader
from loan_etl_tui.transform.parse.rate import rate_reader
from loan_etl_tui.transform.parse.score import score_reader
from loan_etl_tui.transform.parse.state import state_reader
from loan_etl_tui.transform.parse.term import term_reader
from loan_etl_tui.transform.parse.text import slug_reader, text_reader, zip3_reader

READERS: dict[str, Callable[[FieldSpec, Context], Reader]] = {
    "money": money_reader,
    "number": number_reader,
    "rate": rate_reader,
    "term": term_reader,
    "date": date_reader,
    "id": identifier_reader,
    "int": integer_reader,
    "bool": boolean_reader,
    "score": score_reader,
    "state": state_reader,
    "grade": grade_reader,
    "text": text_reader,
    "slug": slug_reader,
    "zip3": zip3_reader,
    "emp_length": emp_length_reader,
    "code": code_reader,
}


def parse_column(
    via: str, text: pa.Array | pa.ChunkedArray, spec: FieldSpec, context: Context
) -> Parsed:
    """Read one source column through a named sanitizer.

    A blank or a null word stays null and is no issue here; whether a value may be missing is a
    rule. Data never raises.

    Args:
        via: the sanitizer's name, a key of `model.sanitizers.SANITIZERS`.
        text: (n,) string as it stands in the source, not cleaned; null where the record is
            faulty.
        spec: the field's parameters.
        context: what the whole delivery says: null words, currency, record date.

    Returns:
        value: (n,) of the sanitizer's kind (`bool` for yes and no).
        issue: (n,) string, the code of a cell that cannot be read, or that was read with a loss
            (then it has a value too); null elsewhere.
    """
    return read_column(text, READERS[via](spec, context))
