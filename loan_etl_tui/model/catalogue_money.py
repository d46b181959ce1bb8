"""Catalogue, V- and X-BAL: what must hold between the amounts of one row."""

from __future__ import annotations

from decimal import Decimal

from loan_etl_tui.model.rule import Parameter, Reads, Rule

_TOL = "tol = max(1.00, 0.5 % of original_balance, half its rounding)"
_BAND = "band = max(25.00, 5 % of original_balance, half its rounding)"
_TOLERANCE = "Largest difference that is no breach, in loan currency"

MONEY_RULES: tuple[Rule, ...] = (
    Rule(
        "V-PRIN-1",
        "W",
        "row",
        "Not more principal is repaid than was lent",
        f"principal_paid <= original_balance + tol; {_TOL}",
        "10,204 paid on 10,000",
        "Cents above are usual; look at larger ones for interest counted as principal.",
    ),
    Rule(
        "V-PRIN-2",
        "R",
        "row",
        "Principal repaid is not far above what was lent",
        f"principal_paid <= original_balance + band; {_BAND}",
        "12,000 paid on 10,000",
        "Check the columns mapped; `V-PRIN-2: W` where the platform's own figures do this.",
    ),
    Rule(
        "V-COVER",
        "W",
        "row",
        "Paid and written-off principal are not more than was lent",
        f"principal_paid + principal_charged_off <= original_balance + tol; {_TOL}",
        "6,000 paid and 6,000 written off on 10,000",
        "See whether recoveries are counted as principal paid.",
    ),
    Rule(
        "V-PAIDOFF-1",
        "W",
        "row",
        "A paid-off loan is repaid",
        f"PAID_OFF: original_balance - principal_paid <= tol; {_TOL}",
        "7,346.90 paid of 8,000, status PAID_OFF",
        "Small gaps are usual; a settlement belongs to SETTLED.",
    ),
    Rule(
        "V-PAIDOFF-2",
        "R",
        "row",
        "A paid-off loan is repaid but for a small part",
        f"PAID_OFF: original_balance - principal_paid <= band; {_BAND}",
        "0 paid of 8,000, status PAID_OFF",
        "Check the status words; `V-PAIDOFF-2: W` where settlements are called paid.",
    ),
    Rule(
        "V-OPEN0",
        "W",
        "row",
        "An open loan has something left to pay",
        "CURRENT, GRACE, LATE: principal_paid < original_balance - 0.01",
        "10,000 paid of 10,000, status CURRENT",
        "Usually paid and not yet relabelled; the next tape settles it.",
    ),
    Rule(
        "V-ZEROPAY",
        "W",
        "row",
        "A paid-off loan has payments",
        "PAID_OFF: principal_paid is not 0",
        "0 paid, status PAID_OFF",
        "See whether the principal column is filled at all.",
    ),
    Rule(
        "V-CANC",
        "W",
        "row",
        "A cancelled loan has no payments",
        "CANCELLED: principal_paid = 0",
        "500 paid, status CANCELLED",
        "See whether the loan was paid out and returned.",
    ),
    Rule(
        "V-CO-1",
        "W",
        "row",
        "A charged-off loan is not fully repaid",
        "CHARGED_OFF: principal_paid < original_balance",
        "10,000 paid of 10,000, status CHARGED_OFF",
        "See whether recoveries are counted as principal paid.",
    ),
    Rule(
        "V-CO-2",
        "W",
        "row",
        "A charge-off accounts for all the principal",
        "CHARGED_OFF: abs(original_balance - principal_paid - principal_charged_off) <= tol; "
        + _TOL,
        "4,000 paid and 1,000 written off of 10,000",
        "See whether the write-off is gross or net of recoveries.",
    ),
    Rule(
        "V-CO-4",
        "W",
        "row",
        "Recoveries are not larger than the loss",
        "recoveries <= 1.25 x principal_charged_off: 25 % stand for unpaid interest",
        "2,000 recovered of 1,000 written off",
        "See whether ordinary payments are counted as recoveries.",
    ),
    Rule(
        "V-NOLOSS",
        "W",
        "row",
        "A good loan has no loss",
        "CURRENT, PAID_OFF: principal_charged_off is 0 or missing",
        "500 written off, status CURRENT",
        "Check the status words.",
    ),
    Rule(
        "V-RECOV",
        "W",
        "row",
        "Recoveries follow a loss",
        "recoveries > 0 only with CHARGED_OFF, DEFAULT, LIQUIDATED, SETTLED or SOLD (or UNKNOWN)",
        "100 recovered, status CURRENT",
        "Check the status words, or whether the loan was reinstated.",
    ),
    Rule(
        "V-IDENT",
        "W",
        "row",
        "The tape's own total is the sum of its parts",
        "abs(total - sum of parts) <= tolerance",
        "total_pymnt 100.00, its parts 90.00",
        "A column was renamed or changed its meaning: compare with the dictionary.",
        {
            "total": Parameter(Reads.COLUMN, None, "The column of totals"),
            "parts": Parameter(Reads.COLUMNS, None, "The columns that add up to it"),
            "tolerance": Parameter(Reads.NUMBER, Decimal("0.02"), _TOLERANCE),
        },
    ),
    Rule(
        "X-BAL",
        "W",
        "row",
        "The reported balance is what is left",
        "abs(balance - (original_balance - principal_paid - principal_charged_off)) <= the larger "
        "of tolerance and the rounding of original_balance; a charged-off loan without a known "
        "write-off is left out",
        "balance 5,000.00; 10,000 lent, 4,000 paid",
        "Check which amount is mapped as original_balance: funded, not requested.",
        {
            "from": Parameter(Reads.COLUMN, None, "The column with the platform's balance"),
            "via": Parameter(Reads.WORD, "money", "How it is read", ("money", "number")),
            "tolerance": Parameter(Reads.NUMBER, Decimal("0.02"), _TOLERANCE),
            "unless_status": Parameter(Reads.STATUSES, (), "Statuses it does not hold for"),
        },
    ),
    Rule(
        "V-ANN",
        "W",
        "row",
        "The instalment fits amount, rate and term",
        "abs(monthly_payment - A) <= max(0.05, 0.05 % of A); A = P r / (1 - (1 + r)^-n), "
        "r = interest_rate / 12, n = term_months; A = P / n when r = 0",
        "an instalment of 330 where 165 is due",
        "Switch it off where loans are not annuities.",
    ),
    Rule(
        "V-SCHED",
        "W",
        "row",
        "A current loan keeps to its schedule",
        "CURRENT: principal_paid >= the principal scheduled by two months ago - tol; " + _TOL,
        "nothing paid after 24 months, status CURRENT",
        "Check the status words and the record date; switch it off for interest-only loans.",
    ),
    Rule(
        "V-INT",
        "W",
        "row",
        "Interest paid is possible",
        "interest_paid <= original_balance x interest_rate x years x 1.10 + tol, years from issue "
        "to record date; and interest_paid > 0 from the third month on when the rate is not 0 "
        "and the status is none of PENDING, ISSUED, CANCELLED; " + _TOL,
        "50,000 interest on 5,000",
        "Check the columns mapped; fees may be counted as interest.",
    ),
    Rule(
        "V-RATEZERO",
        "W",
        "row",
        "Loans bear interest",
        "interest_rate is not 0",
        "0",
        "Switch it off for platforms that lend without interest.",
    ),
    Rule(
        "V-SECINT",
        "W",
        "row",
        "The loan-to-value ratio is possible",
        "where extra.ltv is mapped: min <= ltv <= max, in percent; with `require_score` a loan "
        "has a credit_score",
        "640",
        "Check the unit of extra.ltv; name codes that mean missing, such as 999.",
        {
            "min": Parameter(Reads.NUMBER, Decimal(1), "Lowest ratio, in percent"),
            "max": Parameter(Reads.NUMBER, Decimal(200), "Highest ratio, in percent"),
            "require_score": Parameter(
                Reads.YES_NO, False, "Whether every loan has a score, as in prime books"
            ),
        },
    ),
)
