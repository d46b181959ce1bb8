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
    Rule(
        "X-SYNTH",
        "W",
        "cross-row",
        "Made-up keys are unique",
        "no two rows give the same synthetic key; an ordinal is added only with `ordinal: accept`",
        "two SBA loans equal in every key column",
        "Add a column to the key that tells the loans apart.",
        severities=GATE,
    ),
    Rule(
        "X-MIX",
        "F",
        "cross-row",
        "A file holds one platform's loans",
        "rows of several originators need transform.platform_from",
        "a column Loan Originator with three names",
        "Set transform.platform_from, or split the file.",
        severities=FIXED,
    ),
    Rule(
        "X-NOLOAN",
        "R",
        "cross-row",
        "The loan of a payment row is known",
        "with `needs_loan`, the row's loan is stored already",
        "a performance row that arrives before its origination file",
        "Load the origination file; the row waits and is tried again at the next run.",
        severities=FIXED,
    ),
    Rule(
        "F-FLOWPART",
        "F",
        "cross-row",
        "A payment history is whole",
        "a flow delivery does not start later than what is stored for the loan",
        "a history from 2015 on, of a loan stored since 2012",
        "Deliver the whole history of each loan.",
        severities=FIXED,
    ),
)
