"""Every rule that looks at one whole row, as of its record date.

By subject: `rows_principal` lent, repaid, left · `rows_loss` charge-offs and recoveries ·
`rows_arrears` days past due · `rows_dates` dates in order · `rows_schedule` instalments, interest.
"""

from __future__ import annotations

import pyarrow as pa

from loan_etl_tui.config.plan import Plan
from loan_etl_tui.validate import (
    rows_arrears,
    rows_dates,
    rows_loss,
    rows_principal,
    rows_schedule,
)
from loan_etl_tui.validate.finding import RowRule, issues_of, judge
from loan_etl_tui.validate.view import RowView

ROW_RULES: tuple[RowRule, ...] = (
    *rows_principal.RULES,
    *rows_loss.RULES,
    *rows_arrears.RULES,
    *rows_dates.RULES,
    *rows_schedule.RULES,
)


def check_rows(rows: pa.Table, plan: Plan) -> pa.Table:
    """Hold amounts, statuses and dates of every row against each other.

    Args:
        rows: (n,) typed and derived rows, columns as `batch.Parsed` describes them.
        plan: the delivery's plan; its rules say which codes are in force, how strictly, and with
            which limits.

    Returns:
        (m, ISSUES) in the order of the rows. A rule of which a column is not mapped finds
        nothing, and neither does a missing value: it is not 0.
    """
    view = RowView(rows, plan)
    return issues_of(view, judge(ROW_RULES, view))
