"""What follows from the columns as read: paid principal, write-offs, the parts a status decides."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import MONEY
from loan_etl_tui.model.loan import Status

# The balance a tape gives in place of what was paid; `derive` turns it into principal paid.
BALANCE = "given.balance"


def derive(rows: pa.Table, plan: Plan) -> pa.Table:
    """Add what is computed from other columns of the same row.

    principal_paid of a balance-shaped tape is original balance - balance; a written-off amount by
    formula is original balance - principal paid; fields that a status rules out become null.

    Args:
        rows: (n,) typed rows of `parse_batch`.
        plan: the delivery's plan.

    Returns:
        (n,) rows with the derived columns; columns the config does not map stay absent.
    """
    rows = _paid_from_balance(rows)
    for name, spec in _status_fields(plan):
        rows = _decided_by_status(rows, f"status.{name}", spec)
    return rows


def _status_fields(plan: Plan) -> list[tuple[str, FieldSpec]]:
    block = plan.transform.status
    named = [(name, getattr(block, name)) for name in type(block).model_fields if name != "extra"]
    extras = [(f"extra.{key}", spec) for key, spec in block.extra.items()]
    return [(name, spec) for name, spec in [*named, *extras] if spec is not None]


def _paid_from_balance(rows: pa.Table) -> pa.Table:
    if BALANCE not in rows.column_names or "loan.original_balance" not in rows.column_names:
        return rows
    paid = _minus(rows.column("loan.original_balance"), rows.column(BALANCE))
    return put(rows, "status.principal_paid", paid)


def _decided_by_status(rows: pa.Table, name: str, spec: FieldSpec) -> pa.Table:
    if spec.formula is not None:
        paid = pc.fill_null(_money(rows, "status.principal_paid"), 0)
        rows = put(rows, name, _minus(_money(rows, "loan.original_balance"), paid))
    if spec.when_status:
        rows = _kept_where(rows, name, status_is(rows, spec.when_status))
    if spec.null_when_status:
        rows = _kept_where(rows, name, pc.invert(status_is(rows, spec.null_when_status)))
    return rows


def status_is(rows: pa.Table, statuses: Sequence[Status]) -> pa.ChunkedArray:
    """Whether each row's canonical status is one of these; an unknown status is not."""
    wanted = pa.array([str(s) for s in statuses], pa.string())
    return pc.is_in(rows.column("status.loan_status"), value_set=wanted)


def put(rows: pa.Table, name: str, values: pa.ChunkedArray | pa.Array) -> pa.Table:
    """Set or append a column."""
    where = rows.schema.get_field_index(name)
    if where < 0:
        return rows.append_column(name, values)
    return rows.set_column(where, name, values)


def _kept_where(rows: pa.Table, name: str, keep: pa.ChunkedArray) -> pa.Table:
    if name not in rows.column_names:
        return rows
    values = rows.column(name)
    return put(rows, name, pc.if_else(keep, values, pa.scalar(None, values.type)))


def _money(rows: pa.Table, name: str) -> pa.ChunkedArray:
    if name in rows.column_names:
        return rows.column(name)
    return pa.chunked_array([pa.nulls(rows.num_rows, MONEY)])


def _minus(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.subtract(left, right).cast(MONEY)
