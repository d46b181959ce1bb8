"""X-CURR: a loan whose rows carry several currencies, in the delivery or against what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from sqlalchemy import func, select

from loan_etl_tui.load.scratch import LOAN_SIDE
from loan_etl_tui.load.work import Work
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.model.rule import ActiveRule

CODE = "X-CURR"


def currency_issues(work: Work, rules: Mapping[str, ActiveRule] | None) -> pa.Table:
    """List the staged rows whose currency is not their loan's.

    The loan's currency is the stored one; for a new loan it is that of its first staged record.

    Returns:
        (n,) `ISSUES`, by record.
    """
    rule = CATALOGUE[CODE] if rules is None else rules.get(CODE)
    if rule is None or len(work.staged.currencies | _stored(work)) < 2:
        return ISSUES.empty_table()
    return pa.Table.from_pylist(
        [
            {
                "file": row.file,
                "record": row.record,
                "line": row.line,
                "loan_id": row.loan_id,
                "field": "currency",
                "code": CODE,
                "severity": rule.severity,
                "value": row.found,
                "expected": row.right,
            }
            for row in _mixed(work)
        ],
        schema=ISSUES,
    )


def _stored(work: Work) -> frozenset[str]:
    loan = work.tables.loan
    found = select(loan.c.currency).where(loan.c.platform_name == work.platform).distinct()
    return frozenset(work.run(found).scalars())


def _mixed(work: Work) -> Any:  # noqa: ANN401 - database rows
    loan, stage = work.tables.loan, work.stage
    first = (
        func.first_value(stage.c[LOAN_SIDE + "currency"])
        .over(partition_by=stage.c.loan_id, order_by=[stage.c.file, stage.c.record])
        .label("first")
    )
    seen = select(
        *(stage.c[name] for name in ("file", "record", "line", "loan_id")),
        stage.c[LOAN_SIDE + "currency"].label("found"),
        first,
    ).subquery("seen")
    right = func.coalesce(loan.c.currency, seen.c.first).label("right")
    rows = (
        select(seen, right)
        .select_from(seen.outerjoin(loan, work.is_loan(loan, seen)))
        .where(seen.c.found != func.coalesce(loan.c.currency, seen.c.first))
        .order_by(seen.c.file, seen.c.record)
    )
    return work.run(rows)
