"""Findings of whole columns → rows of the issues table."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.transform.fields import DEFAULT_SANITIZER, ReadColumn

SHOWN_CHARACTERS = 80

_EXPECTED = {
    "money": "an exact amount such as 1234.50",
    "number": "a number such as 1234.5",
    "term": "a whole number of months, such as 36",
    "id": "an identifier",
    "int": "a whole number",
    "bool": "yes or no",
    "score": "a score or band, such as 660-664",
    "state": "a US state code, such as CA",
    "grade": "a grade",
    "text": "text",
    "slug": "a word",
    "zip3": "a zip code",
    "emp_length": "years, such as 10+ years",
}


def expected_of(spec: FieldSpec) -> str:
    """Say in a few words what the field wants to see."""
    if spec.first_of:
        return expected_of(spec.first_of[0])
    via = spec.via or DEFAULT_SANITIZER
    if via == "date":
        return f"a date as {' or '.join(spec.formats)}"
    if via == "rate":
        return f"a rate in {spec.unit}, such as {'10,65' if spec.decimal == 'comma' else '10.65'}"
    if via == "code":
        return "one of " + ", ".join(list(spec.map or {})[:8])
    if via == "id" and spec.pattern:
        return f"an identifier matching {spec.pattern}"
    words = _EXPECTED.get(via, via)
    if via in ("money", "number") and spec.decimal == "comma":
        words = "an exact amount such as 1.234,50"
    return words


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the rows of a batch stand: the columns every finding repeats."""

    file: pa.Array
    record: pa.Array
    line: pa.Array
    loan_id: pa.Array

    @classmethod
    def of(cls, raw: pa.Table, loan_id: pa.Array) -> Positions:
        """Take the position columns of a raw batch."""
        file, record, line = (raw.column(n).combine_chunks() for n in ("file", "record", "line"))
        return cls(file, record, line, loan_id)


def column_findings(
    where: Positions,
    field: str,
    column: ReadColumn,
    expected: str,
    rules: dict[str, ActiveRule],
    *,
    only_warn: bool = False,
) -> pa.Table:
    """Make one finding per cell that could not be read as declared.

    Args:
        where: positions of the (n,) rows.
        field: canonical name of the column.
        column: what was read.
        expected: what the field wants to see.
        rules: the rules in force; a code that is off gives no finding.
        only_warn: whether the column is no core column: nothing in it rejects a row.

    Returns:
        (m,) issues. A value that survived (cut, floored) is a warning whatever the rule says.
    """
    if column.issue.null_count == len(column.issue):
        return ISSUES.empty_table()
    hit = pc.is_valid(column.issue)
    codes = column.issue.filter(hit)
    severity = _severities(codes, rules)
    survived = pc.is_valid(column.value.filter(hit))
    soft = pa.array([only_warn] * len(codes)) if only_warn else survived
    severity = pc.if_else(pc.and_(soft, pc.is_valid(severity)), "W", severity)
    count = len(codes)
    table = pa.table(
        {
            "file": where.file.filter(hit),
            "record": where.record.filter(hit),
            "line": where.line.filter(hit),
            "loan_id": where.loan_id.filter(hit),
            "field": pa.repeat(pa.scalar(field), count),
            "code": codes,
            "severity": severity,
            "value": shown(column.text.filter(hit)),
            "expected": pa.repeat(pa.scalar(expected), count),
        },
        schema=ISSUES,
    )
    return table.filter(pc.is_valid(severity))


def _severities(codes: pa.Array, rules: dict[str, ActiveRule]) -> pa.Array:
    coded = codes.dictionary_encode()
    words = [rules[c].severity if c in rules else None for c in coded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(coded.indices)


def shown(text: pa.Array) -> pa.Array:
    """Cut raw text for a finding."""
    return pc.utf8_slice_codeunits(text.cast(pa.string()), 0, SHOWN_CHARACTERS)


def fault_findings(raw: pa.Table, where: Positions) -> pa.Table:
    """Make one finding per record the reader could not take apart.

    It rejects the record whatever the config says: there are no fields to load. F-ENCODING of a
    single record (a NUL) is one of these; a tape that does not decode never gets here.
    """
    hit = pc.is_valid(raw.column("fault").combine_chunks())
    codes = raw.column("fault").combine_chunks().filter(hit)
    count = len(codes)
    return pa.table(
        {
            "file": where.file.filter(hit),
            "record": where.record.filter(hit),
            "line": where.line.filter(hit),
            "loan_id": pa.nulls(count, pa.string()),
            "field": pa.repeat(pa.scalar("record"), count),
            "code": codes,
            "severity": pa.repeat(pa.scalar("R"), count),
            "value": raw.column("observed").combine_chunks().filter(hit),
            "expected": pa.repeat(pa.scalar("a whole record with the header's fields"), count),
        },
        schema=ISSUES,
    )
