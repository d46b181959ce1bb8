"""Between the heart's columns and the database's set-based checks."""

from __future__ import annotations

import pyarrow as pa

from loan_etl_tui.config.models import Transform
from loan_etl_tui.load.base import MappedColumns
from loan_etl_tui.model.frames import REJECTS
from loan_etl_tui.transform.mapping import slots

# What every snapshot says of a status row beside the mapped columns.
_OF_THE_STATUS = ("loan_status", "status_raw", "dpd_min", "dpd_max")


def mapped_columns(transform: Transform) -> MappedColumns:
    """Name the columns of the two tables that a config writes."""
    loan = ["currency"]
    status: list[str] = []
    loan_extra: list[str] = []
    status_extra: list[str] = []
    for slot in slots(transform):
        table, _, name = slot.column.partition(".")
        if name.startswith("extra."):
            (loan_extra if table == "loan" else status_extra).append(name.removeprefix("extra."))
        elif table == "loan":
            loan.append(slot.name)
        elif slot.name != "loan_id":
            status.append(slot.name)
    if transform.country and "country" not in loan:
        loan.append("country")
    if transform.loan_status.prefix_flag:
        loan_extra.append(transform.loan_status.prefix_flag)
    if transform.shape == "origination":
        return MappedColumns(tuple(loan), tuple(loan_extra))
    formulas = [
        name
        for name in type(transform.status).model_fields
        if name not in {"dpd", "extra"} and _is_formula(transform, name)
    ]
    return MappedColumns(
        tuple(loan),
        tuple(loan_extra),
        (*_OF_THE_STATUS, *status, *formulas),
        tuple(status_extra),
    )


def _is_formula(transform: Transform, name: str) -> bool:
    spec = getattr(transform.status, name)
    return spec is not None and spec.formula is not None


def with_loan_ids(originals: pa.Table, issues: pa.Table) -> pa.Table:
    """Add the loan id to records that were read again for the reject file."""
    known = {
        (one["file"], one["record"]): one["loan_id"]
        for one in issues.select(["file", "record", "loan_id"]).to_pylist()
    }
    places = zip(
        originals.column("file").to_pylist(), originals.column("record").to_pylist(), strict=True
    )
    ids = pa.array([known.get(place) for place in places], pa.string())
    return originals.append_column("loan_id", ids).select(REJECTS.names).cast(REJECTS)
