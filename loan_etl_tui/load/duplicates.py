"""X-DUP: the same key twice in one delivery, found and settled by set-based SQL on the stage."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    case,
    delete,
    exists,
    func,
    or_,
    select,
)

from loan_etl_tui.load.changes import Sides, any_of, changes
from loan_etl_tui.load.scratch import LOAN_SIDE, MONEY_COLUMNS, STATUS_SIDE
from loan_etl_tui.load.values import Duplicates, MappedColumns
from loan_etl_tui.load.work import Work, insert_from, is_record
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.model.loan import Kind
from loan_etl_tui.model.rule import ActiveRule

EQUAL, DIFFERENT = "X-DUP-EQ", "X-DUP-NE"


def settle_duplicates(
    work: Work, mapped: MappedColumns, rules: Mapping[str, ActiveRule] | None
) -> Duplicates:
    """Take rows that share a key out of the stage.

    Where all mapped columns of a key's rows are equal the first record stays and the others are
    merged into it; where any differs all of them are rejected.
    """
    if not _has_doubled(work):
        return Duplicates(ISSUES.empty_table())
    _note_twins(work, mapped)
    twin = work.scratch.twin
    work.dialect.analyze(work.connection, twin)
    leaving = select(twin).where(_leaves(twin)).order_by(twin.c.file, twin.c.record)
    found = work.run(leaving).all()
    sums = _sums(work)
    settled = Duplicates(
        issues=_issues(found, rules),
        rejected=tuple((row.file, row.record) for row in found if row.conflict),
        merged=sum(1 for row in found if not row.conflict),
        rejected_sums=sums.get(1, {}),
        merged_sums=sums.get(0, {}),
    )
    work.run(delete(work.stage).where(exists().where(is_record(work.stage, twin), _leaves(twin))))
    return settled


def _leaves(twin: FromClause) -> ColumnElement[bool]:
    return or_(twin.c.conflict == 1, twin.c.rank > 1)


def _has_doubled(work: Work) -> bool:
    return work.run(_doubled_keys(work).limit(1)).first() is not None


def _note_twins(work: Work, mapped: MappedColumns) -> None:
    """Note every row of a doubled key, with the record that stays and whether any row differs."""
    rows = _doubled(work).cte("doubled")
    kept = rows.alias("kept")
    key = _key(work, rows)
    conflict = func.max(case((_differs(work, mapped, kept, rows), 1), else_=0)).over(
        partition_by=key
    )
    values: dict[str, ColumnElement[Any]] = {
        name: rows.c[name] for name in ("file", "record", "line", "loan_id", "record_date", "rank")
    }
    values |= {"kept": kept.c.record, "conflict": conflict}
    same_key = [one == other for one, other in zip(key, _key(work, kept), strict=True)]
    beside = select(rows.c.file).where(kept.c.rank == 1, *same_key)
    work.run(insert_from(work.scratch.twin, values, beside))


def _key(work: Work, rows: FromClause) -> list[ColumnElement[Any]]:
    """The key of a shape: an origination row has no record date."""
    return [rows.c.loan_id, rows.c.record_date] if work.staged.is_dated else [rows.c.loan_id]


def _doubled_keys(work: Work) -> Select[Any]:
    key = _key(work, work.stage)
    return select(*key).group_by(*key).having(func.count() > 1)


def _doubled(work: Work) -> Select[Any]:
    """Staged rows whose key stands more than once, ranked by record."""
    stage = work.stage
    key = _key(work, stage)
    several = _doubled_keys(work).subquery("several")
    rank = func.row_number().over(partition_by=key, order_by=[stage.c.file, stage.c.record])
    same_key = [one == other for one, other in zip(key, _key(work, several), strict=True)]
    return select(*stage.c, rank.label("rank")).where(*same_key)


def _differs(
    work: Work, mapped: MappedColumns, kept: FromClause, row: FromClause
) -> ColumnElement[bool]:
    loan = Sides(kept, row, LOAN_SIDE, LOAN_SIDE)
    status = Sides(kept, row, STATUS_SIDE, STATUS_SIDE)
    facts = changes(work.dialect, "loan", mapped.loan_columns, mapped.loan_extra, loan)
    measures = changes(work.dialect, "status", mapped.status_columns, mapped.status_extra, status)
    return or_(any_of(facts, loan), any_of(measures, status))


def _sums(work: Work) -> dict[int, dict[str, Decimal]]:
    """Add up the amounts that leave the stage: of equal (0) and of conflicting (1) rows."""
    stage, twin = work.stage, work.scratch.twin
    totals = [
        work.dialect.exact_sum(stage.c[column], Kind.MONEY) for column in MONEY_COLUMNS.values()
    ]
    leaving = select(twin.c.conflict, *totals).where(is_record(stage, twin), _leaves(twin))
    return {
        row[0]: {
            name: Decimal(0) if total is None else total
            for name, total in zip(MONEY_COLUMNS, row[1:], strict=True)
        }
        for row in work.run(leaving.group_by(twin.c.conflict))
    }


def _issues(found: Any, rules: Mapping[str, ActiveRule] | None) -> pa.Table:  # noqa: ANN401 - a database row
    severities = {
        code: CATALOGUE[code].severity if rules is None else _severity(rules, code)
        for code in (EQUAL, DIFFERENT)
    }
    rows = [_issue(row, DIFFERENT if row.conflict else EQUAL) for row in found]
    said = [row | {"severity": severities[row["code"]]} for row in rows]
    return pa.Table.from_pylist([row for row in said if row["severity"]], schema=ISSUES)


def _severity(rules: Mapping[str, ActiveRule], code: str) -> str | None:
    return rules[code].severity if code in rules else None


def _issue(row: Any, code: str) -> dict[str, Any]:  # noqa: ANN401 - a database row
    same = row.kept if row.rank > 1 else None
    return {
        "file": row.file,
        "record": row.record,
        "line": row.line,
        "loan_id": row.loan_id,
        "field": "loan_id",
        "code": code,
        "value": row.loan_id[:80],
        "expected": "one row per key" if same is None else f"one row; see record {same}",
    }
