"""The heart: raw rows in, the rows of two tables and every finding out; pure.

`parse_batch` turns text into typed columns, row by row. `judge_batch` derives what follows from
them and says which rows are good. Neither knows a clock, a disk, a network or a log; cutting a
batch anywhere changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import (
    ISSUES,
    LOAN_ROWS,
    MONEY,
    POSITION,
    REJECTS,
    SOURCE_PREFIX,
    STATUS_ROWS,
    source_column,
)
from loan_etl_tui.transform.derive import BALANCE, derive
from loan_etl_tui.transform.extras import extras_json
from loan_etl_tui.transform.findings import shown
from loan_etl_tui.transform.mapping import map_batch, source_of_fields
from loan_etl_tui.validate.cells import check_cells
from loan_etl_tui.validate.rows import check_rows

REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A batch after `parse_batch`.

    Attributes:
        rows: (n,) one row per raw record, bad ones too: the raw position and text columns,
            `loan_id`, `record_date`, `rejected`, and typed columns `loan.NAME`, `status.NAME`,
            `loan.extra.KEY`, `status.extra.KEY`, `check.NAME`, `given.balance`.
        issues: (m,) findings so far.
    """

    rows: pa.Table
    issues: pa.Table


@dataclass(frozen=True, slots=True)
class BatchResult:
    """One batch after the heart. Rows are tied together by (file, record).

    Attributes:
        loan: (n_ok, LOAN_ROWS) the loan facts of every accepted row.
        status: (n_ok, STATUS_ROWS) the status rows; empty for shape origination.
        issues: (m, ISSUES) every finding of the batch, however many per row.
        rejects: (n_bad, REJECTS) the untouched text of every rejected row.
        judged: (n,) the derived rows with their final `rejected`, for counts and guards.
    """

    loan: pa.Table
    status: pa.Table
    issues: pa.Table
    rejects: pa.Table
    judged: pa.Table


def parse_batch(raw: pa.Table, plan: Plan) -> Parsed:
    """Read the text of every mapped column; what cannot be read is a finding, never an error.

    Args:
        raw: (n,) raw batch as `model.frames` describes it.
        plan: the delivery's plan.
    """
    mapped = map_batch(raw, plan)
    rows = mapped.rows.append_column(REJECTED, _rejected(mapped.rows, mapped.issues))
    return Parsed(rows, mapped.issues)


def judge_batch(parsed: Parsed, known: pa.Table | None, plan: Plan) -> BatchResult:
    """Derive what follows from the columns, run the rules, and part good rows from bad.

    Args:
        parsed: a parsed batch.
        known: facts of these loans that are stored already, for shapes that need them.
        plan: the delivery's plan.
    """
    del known  # snapshot and origination carry all their facts themselves
    rows = derive(parsed.rows, plan)
    typed = rows.select([name for name in rows.column_names if not _is_text(name)])
    readable = typed
    if rows.column("fault").null_count < rows.num_rows:
        readable = typed.filter(pc.is_null(rows.column("fault")))
    found = [
        parsed.issues,
        check_cells(readable, plan, parsed.issues),
        check_rows(readable, plan),
    ]
    issues = with_raw_text(pa.concat_tables(found).combine_chunks(), rows, plan)
    bad = _rejected(rows, issues)
    rows = rows.set_column(rows.schema.get_field_index(REJECTED), REJECTED, bad)
    good = typed.filter(pc.invert(bad))
    return BatchResult(
        loan=_loan_rows(good, plan),
        status=_status_rows(good, plan),
        issues=issues,
        rejects=rows.filter(bad).select(REJECTS.names).cast(REJECTS),
        judged=rows,
    )


def _rejected(rows: pa.Table, issues: pa.Table) -> pa.Array:
    """Whether each row has a finding that rejects it."""
    hard = issues.filter(pc.equal(issues.column("severity"), "R"))
    if hard.num_rows == 0:
        return pa.repeat(pa.scalar(False), rows.num_rows)
    # (file, record) as one number: records of one file stay below 2**40.
    return pc.is_in(_row_number(rows), value_set=_row_number(hard).combine_chunks())


def _is_text(name: str) -> bool:
    """Whether a column carries the tape's own text, which no rule looks at: it is not copied."""
    return name == "text" or name.startswith(SOURCE_PREFIX)


def with_raw_text(issues: pa.Table, rows: pa.Table, plan: Plan) -> pa.Table:
    """Quote the tape's own text in findings about single cells, in place of the parsed value.

    Args:
        issues: (m,) findings of these rows.
        rows: (n,) rows with their source columns.
        plan: says which source column a field is read from.
    """
    columns = {
        field: source_column(name)
        for field, name in source_of_fields(plan).items()
        if source_column(name) in rows.column_names
    }
    about = issues.column("field").to_pylist()
    cells = pc.starts_with(issues.column("code"), "C-")
    value = issues.column("value").combine_chunks()
    where = pc.index_in(_row_number(issues), value_set=_row_number(rows).combine_chunks())
    for name in sorted(set(about) & set(columns)):
        text = rows.column(columns[name]).combine_chunks().take(where.combine_chunks())
        mine = pc.and_(cells, pc.equal(issues.column("field"), name))
        mine = pc.and_(mine, pc.is_valid(text)).combine_chunks()
        value = pc.if_else(mine, shown(text), value)
    return issues.set_column(issues.schema.get_field_index("value"), "value", value)


def _row_number(table: pa.Table) -> pa.ChunkedArray:
    high = pc.multiply(table.column("file").cast(pa.int64()), 2**40)
    return pc.add(high, table.column("record"))


def _loan_rows(rows: pa.Table, plan: Plan) -> pa.Table:
    columns = {
        "platform_name": pa.repeat(pa.scalar(plan.platform), rows.num_rows),
        "loan_status": rows.column("status.loan_status"),
        "extra": extras_json(_extras(rows, "loan.extra."), rows.num_rows),
    }
    return _shaped(rows, columns, "loan.", LOAN_ROWS)


def _status_rows(rows: pa.Table, plan: Plan) -> pa.Table:
    if plan.transform.shape == "origination":
        return STATUS_ROWS.empty_table()
    columns = {
        "platform_name": pa.repeat(pa.scalar(plan.platform), rows.num_rows),
        "extra": extras_json(_extras(rows, "status.extra."), rows.num_rows),
    }
    return _shaped(rows, columns, "status.", STATUS_ROWS)


def _extras(rows: pa.Table, prefix: str) -> dict[str, pa.Array]:
    names = [name for name in rows.column_names if name.startswith(prefix)]
    return {name.removeprefix(prefix): rows.column(name).combine_chunks() for name in names}


def _shaped(rows: pa.Table, made: dict[str, pa.Array], prefix: str, schema: pa.Schema) -> pa.Table:
    """Bring columns into a table's schema; what is not mapped is null."""
    columns = []
    for one in schema:
        if one.name in made:
            column = made[one.name]
        elif prefix + one.name in rows.column_names:
            column = rows.column(prefix + one.name)
        elif one.name in rows.column_names:
            column = rows.column(one.name)
        else:
            column = pa.nulls(rows.num_rows, one.type)
        columns.append(column.cast(one.type))
    return pa.table(columns, schema=schema)


def money_columns(rows: pa.Table) -> tuple[str, ...]:
    """Name the amount columns that stand in the tape itself, not derived ones."""
    return tuple(
        one.name
        for one in rows.schema
        if one.type == MONEY and one.name.startswith(("loan.", "status.", BALANCE))
    )


def money_sums(rows: pa.Table, columns: tuple[str, ...]) -> dict[str, Decimal]:
    """Add up amounts exactly; nulls count as nothing."""
    sums = {}
    for name in columns:
        total = pc.sum(rows.column(name).cast(pa.decimal128(38, 4))).as_py()
        sums[name] = total if total is not None else Decimal(0)
    return sums


__all__ = [
    "ISSUES",
    "POSITION",
    "BatchResult",
    "Parsed",
    "judge_batch",
    "money_columns",
    "money_sums",
    "parse_batch",
]
