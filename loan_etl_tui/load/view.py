"""The view `loan_panel`: status rows with their loan's facts and the computed columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from loan_etl_tui.load.tables import VIEW
from loan_etl_tui.model.loan import CLOSED, STATUS

BORROWED: tuple[str, ...] = (
    "original_balance",
    "interest_rate",
    "term_months",
    "issue_date",
    "currency",
    "platform_rating",
)
"""Facts of the loan that the view repeats beside each status row."""

COMPUTED: dict[str, str] = {
    "principal_remaining": "original_balance - principal_paid",
    "principal_outstanding": "exposure: 0 once the loan is closed, else what is neither repaid "
    "nor charged off",
    "months_on_books": "calendar months from issue_date to record_date",
    "dpd_bucket": "days past due by dpd_min; a status word that spans buckets is never split",
}
"""The computed columns and what they mean."""

_BUCKETS = """\
         WHEN s.dpd_min IS NULL THEN 'unknown'
         WHEN s.dpd_min >= 120 THEN '120+'
         WHEN s.dpd_min = 0 AND s.dpd_max = 0 THEN 'current'
         WHEN s.dpd_max IS NULL OR s.dpd_max > s.dpd_min - s.dpd_min % 30 + 30
           THEN CASE WHEN s.dpd_min >= 30 THEN '30+ (wide)' ELSE 'unknown' END
         WHEN s.dpd_min < 30 THEN '1-29'
         WHEN s.dpd_min < 60 THEN '30-59'
         WHEN s.dpd_min < 90 THEN '60-89'
         ELSE '90-119'
       END AS dpd_bucket"""


class ViewWords(Protocol):
    """How a database writes the two things in the view that databases write differently."""

    def rounded_amount(self, expression: str) -> str:
        """A computed amount at four decimals."""
        ...

    def month_number(self, column: str) -> str:
        """Months since year 0 of a date."""
        ...


def view_statement(words: ViewWords, name_of: Callable[[str], str]) -> str:
    """Write the CREATE VIEW statement.

    Args:
        words: the database's way of writing it.
        name_of: full, quoted name of a table or view.
    """
    own = [f"s.{field.name}" for field in STATUS]
    borrowed = [f"l.{name}" for name in BORROWED]
    left = "l.original_balance - s.principal_paid"
    exposure = f"{left} - COALESCE(s.principal_charged_off, 0)"
    closed = ", ".join(f"'{status}'" for status in CLOSED)
    months = f"{words.month_number('s.record_date')} - {words.month_number('l.issue_date')}"
    # Nothing in it comes from data: statuses and columns are ours, names are allow-listed.
    return f"""\
CREATE VIEW {name_of(VIEW)} AS
SELECT {_folded(own)},
       {_folded(borrowed)},
       {words.rounded_amount(left)} AS principal_remaining,
       CASE
         WHEN s.loan_status IN ({closed}) THEN 0
         WHEN s.principal_paid IS NULL THEN NULL
         WHEN {exposure} < 0 THEN 0
         ELSE {words.rounded_amount(exposure)}
       END AS principal_outstanding,
       {months} AS months_on_books,
       CASE
         WHEN s.loan_status IN ({closed}) THEN 'closed'
{_BUCKETS}
FROM {name_of("status")} AS s
JOIN {name_of("loan")} AS l ON l.platform_name = s.platform_name AND l.loan_id = s.loan_id"""  # noqa: S608 - see above


def _folded(columns: list[str]) -> str:
    lines = [", ".join(columns[at : at + 5]) for at in range(0, len(columns), 5)]
    return ",\n       ".join(lines)
