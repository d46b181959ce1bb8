"""Catalogue, V-: what must hold between status, days past due and dates of one row."""

from __future__ import annotations

from datetime import date

from loan_etl_tui.model.rule import Parameter, Reads, Rule

_PREC = "prec = 31 days where date_precision is month, else 0"
_FORMATS = Parameter(Reads.WORDS, ("ISO",), "How its dates are written")

LIFE_RULES: tuple[Rule, ...] = (
    Rule(
        "V-PAIDOFF-3",
        "W",
        "row",
        "A paid-off loan is not late",
        "PAID_OFF: days past due are 0 or missing",
        "45 days, status PAID_OFF",
        "See whether the tape keeps the days of the last payment.",
    ),
    Rule(
        "V-CO-3",
        "W",
        "row",
        "A charged-off loan was late",
        "CHARGED_OFF: days past due are >= 30 or missing, never 0",
        "0 days, status CHARGED_OFF",
        "See whether the tape resets the days at charge-off: read them as missing then.",
    ),
    Rule(
        "V-LATE",
        "W",
        "row",
        "Late loans are past due, current ones are not",
        "LATE: dpd_min >= 1; CURRENT: dpd_max = 0",
        "45 days, status CURRENT",
        "Map the status by a rule on the days, or check which date the days are of.",
    ),
    Rule(
        "V-BUCKET",
        "W",
        "row",
        "Days past due lie in the bucket of the status word",
        "the row's days lie inside the days its status word stands for",
        "Past Due (16-30 days) with 45 days",
        "Check the days under loan_status.words.",
    ),
    Rule(
        "V-AGE-LATE",
        "W",
        "row",
        "A loan is not late for longer than it lives",
        f"dpd_min <= days from issue_date to record date + prec; {_PREC}",
        "400 days past due on a loan of three months",
        "Check issue_date and the record date.",
    ),
    Rule(
        "V-ISSUE",
        "R",
        "row",
        "A loan is issued before it is recorded",
        f"issue_date <= record date + prec; {_PREC}",
        "issued 2020, record date 2018",
        "Check --record-date first, then the date format.",
    ),
    Rule(
        "V-ISSUE-LO",
        "W",
        "row",
        "A loan is not older than its platform",
        "issue_date >= min; by default the day after 1970-01-01, a spreadsheet's empty date",
        "1970-01-01",
        "Read such dates as missing, or set `min` to the platform's first loan.",
        {"min": Parameter(Reads.DATE, date(1970, 1, 2), "First day a loan can be of")},
    ),
    Rule(
        "V-MAT-1",
        "W",
        "row",
        "The maturity fits the term",
        "abs(months from issue_date to maturity_date - term_months) <= 2",
        "term 36, maturity 60 months after issue",
        "See whether the term is the remaining one.",
    ),
    Rule(
        "V-MAT-2",
        "R",
        "row",
        "A loan matures after it is issued",
        "maturity_date > issue_date; where date_precision is month the same month will do",
        "issued 2020-05-01, matures 2019-05-01",
        "Check the formats of both dates.",
    ),
    Rule(
        "V-MAT-3",
        "W",
        "row",
        "A loan long past its maturity is closed",
        "record date > maturity_date + 180 days: the status is terminal, or RESTRUCTURED, or "
        "UNKNOWN",
        "CURRENT three years after maturity",
        "See whether the loan was extended, or its status never updated.",
    ),
    Rule(
        "V-DEFDATE",
        "R",
        "row",
        "A default lies between issue and record date",
        f"issue_date <= default date <= record date + prec; {_PREC}",
        "default 2008, issued 2009",
        "Check the formats of the dates and the record date.",
        {
            "from": Parameter(Reads.COLUMN, None, "The column with the default date"),
            "formats": _FORMATS,
        },
    ),
    Rule(
        "V-CLOSED",
        "W",
        "row",
        "Closed loans, and only they, have a closing date",
        "the status is terminal exactly where a closing date stands; DEFAULT may have one or "
        "not, UNKNOWN is left out",
        "PAID_OFF without a closing date",
        "Check the status words.",
        {
            "from": Parameter(Reads.COLUMN, None, "The column with the closing date"),
            "formats": _FORMATS,
        },
    ),
    Rule(
        "V-PAYDATE",
        "W",
        "row",
        "Payment dates are in order",
        f"issue_date <= last_payment_date <= record date + prec; {_PREC}; next_payment_date > "
        "last_payment_date (the same month will do where date_precision is month); a terminal "
        "status has no next payment",
        "next payment 2011-03 after a last one of 2015-01",
        "Set null_when_status on next_payment_date where the tape keeps old dates.",
    ),
)
