"""The record date of every row, where the tape carries it in a column."""

from __future__ import annotations

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec, RecordDate
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.transform.fields import ReadColumn, read_source

# The words of `record_date.from` that name no column.
NO_COLUMN = frozenset({"argument", "file_name", "upload"})


def date_column(spec: RecordDate | None) -> RecordDate | None:
    """Find the entry that reads the record date from a column, or None."""
    if spec is None:
        return None
    for one in (spec, *spec.first_of):
        if one.from_ is not None and str(one.from_) not in NO_COLUMN:
            return one
    return None


def record_dates(raw: pa.Table, plan: Plan) -> ReadColumn:
    """Give every row its record date.

    Args:
        raw: (n,) raw batch.
        plan: the delivery's plan; its own record date, when it has one, stands for all rows.

    Returns:
        (n,) date32; null for shape origination, and where the cell cannot be read.
    """
    none = pa.nulls(raw.num_rows, pa.string())
    if plan.record_date is not None:
        same = pa.repeat(pa.scalar(plan.record_date, pa.date32()), raw.num_rows)
        return ReadColumn(same, none, none, "")
    spec = date_column(plan.transform.record_date)
    if spec is None:
        return ReadColumn(pa.nulls(raw.num_rows, pa.date32()), none, none, "")
    said = {"from": spec.from_, "via": "date", "formats": spec.formats}
    if spec.as_:
        said["as"] = spec.as_
    reader = FieldSpec.model_validate(said)
    return read_source(spec.from_, reader, raw, plan)
