"""The common intermediate format: what batches look like as Arrow, between the stages.

A raw batch carries one row per record of the source:

    file      int32         index of the file inside the delivery (0 for a plain file)
    record    int64         1-based number of the data record, header and preamble not counted;
                            blank and skipped lines do not take a number
    line      int64         1-based physical line on which the record starts
    offset    int64         byte offset of the record in the decompressed stream
    length    int64         bytes, line end included
    text      large_string  the record exactly as it arrived (decoded), line end included
    fault     string        null, or the code of what makes the record unreadable (F-RAGGED, …)
    observed  string        null, or what was seen ("150 fields, 151 expected")
    source.NAME  string     one column per needed source column; null where the record is faulty

`NAME` is the header's own spelling, or the 1-based position for a headerless file.
"""

from __future__ import annotations

import pyarrow as pa

from loan_etl_tui.model.loan import (
    LOAN_FACTS,
    LOAN_KEY,
    MONEY_PRECISION,
    MONEY_SCALE,
    RATE_PRECISION,
    RATE_SCALE,
    STATUS_FACTS,
    STATUS_KEY,
    Field,
    Kind,
)

MONEY = pa.decimal128(MONEY_PRECISION, MONEY_SCALE)
RATE = pa.decimal128(RATE_PRECISION, RATE_SCALE)

ARROW: dict[Kind, pa.DataType] = {
    Kind.SLUG: pa.string(),
    Kind.ID: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.MONEY: MONEY,
    Kind.RATE: RATE,
    Kind.DATE: pa.date32(),
    Kind.SMALLINT: pa.int16(),
    Kind.BIGINT: pa.int64(),
    Kind.JSON: pa.string(),
    Kind.STAMP: pa.timestamp("us", tz="UTC"),
}

SOURCE_PREFIX = "source."

POSITION = pa.schema(
    [
        pa.field("file", pa.int32()),
        pa.field("record", pa.int64()),
        pa.field("line", pa.int64()),
    ]
)

RAW = pa.schema(
    [
        *POSITION,
        pa.field("offset", pa.int64()),
        pa.field("length", pa.int64()),
        pa.field("text", pa.large_string()),
        pa.field("fault", pa.string()),
        pa.field("observed", pa.string()),
    ]
)

ISSUES = pa.schema(
    [
        *POSITION,
        pa.field("loan_id", pa.string()),
        pa.field("field", pa.string()),
        pa.field("code", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("value", pa.string()),
        pa.field("expected", pa.string()),
    ]
)

REJECTS = pa.schema([*RAW, pa.field("loan_id", pa.string())])


def _facts(fields: tuple[Field, ...]) -> list[pa.Field]:
    return [pa.field(f.name, ARROW[f.kind]) for f in fields]


LOAN_ROWS = pa.schema(
    [
        *POSITION,
        *(pa.field(name, pa.string()) for name in LOAN_KEY),
        pa.field("record_date", pa.date32()),
        pa.field("loan_status", pa.string()),
        *_facts(LOAN_FACTS),
    ]
)

STATUS_ROWS = pa.schema(
    [
        *POSITION,
        *(pa.field(name, pa.string()) for name in STATUS_KEY[:2]),
        pa.field("record_date", pa.date32()),
        *_facts(STATUS_FACTS),
    ]
)


def source_column(name: str) -> str:
    """Name of the raw column that holds source column `name`."""
    return SOURCE_PREFIX + name


def raw_schema(columns: tuple[str, ...]) -> pa.Schema:
    """Schema of a raw batch that carries these source columns."""
    return pa.schema([*RAW, *(pa.field(source_column(name), pa.string()) for name in columns)])
