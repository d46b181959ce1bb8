"""Catalogue, X-: what must hold between the rows of one delivery."""

from __future__ import annotations

from loan_etl_tui.model.rule import FIXED, GATE, Rule

CROSS_RULES: tuple[Rule, ...] = (
    Rule(
        "X-DUP-EQ",
        "W",
        "cross-row",
        "A loan that stands twice with equal values is kept once",
        "the same key does not stand twice; where all mapped columns are equal one row is kept",
        "two Prosper rows that differ only in a column nobody mapped",
        "Nothing to do: the first row is loaded, the others count as merged.",
        severities=GATE,
    ),
    Rule(
        "X-DUP-NE",
        "R",
        "cross-row",
        "A loan stands once per record date",
        "the same key does not stand twice with different values",
        "two rows of loan 48331 with different principal paid",
        "Both rows are rejected: decide which is right and reject the other with a reason.",
        severities=FIXED,
    ),
    Rule(
        "X-CURR",
        "W",
        "cross-row",
        "A loan has one currency",
        "all rows of a loan carry the same currency",
        "a loan in EUR one month and in PLN the next",
        "Correct the currency; totals are never summed across currencies.",
        severities=GATE,
    ),
)
