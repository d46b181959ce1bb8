"""Every rule that looks at one cell, after its text was read.

What a cell's text must look like is said where it is read (`transform.parse`); here its value is
held against what is possible, and what must not be missing is missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import MONEY
from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import LOAN, field
from loan_etl_tui.validate import cells_range
from loan_etl_tui.validate.finding import (
    Finding,
    RowRule,
    always,
    issues_of,
    judge,
    money,
    row_rule,
    text,
)
from loan_etl_tui.validate.view import ISSUED_ON, ORIGINAL, RECORDED_ON, BoolArray, RowView

LOAN_ID = "loan_id"

_MONEY_DIGITS = MONEY.precision

# A cell; and a finding that says the same of it.
_CELL = ("file", "record", "field")
_SAME = (*_CELL, "code", "severity")


@row_rule("C-ID", LOAN_ID)
def ids_are_usable(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """Every loan has an id that is not too long and has no control characters."""
    ids = view.column(LOAN_ID)
    longest = field(LOAN, LOAN_ID).length
    missing = pc.equal(pc.fill_null(pc.utf8_length(ids), 0), 0)
    yield Finding(LOAN_ID, _mask(missing), always(""), always("an id"))
    too_long = pc.greater(pc.utf8_length(ids), longest)
    yield Finding(LOAN_ID, _mask(too_long), text(ids), always(f"at most {longest} characters"))
    control = pc.match_substring_regex(ids, r"\p{Cc}")
    yield Finding(LOAN_ID, _mask(control), text(ids), always("no control characters"))


@row_rule("C-DIGITS")
def amounts_fit_the_target(view: RowView, _rule: ActiveRule) -> Iterator[Finding]:
    """An amount has no more significant digits than the database keeps exactly."""
    digits = view.plan.decimal_digits
    for name in view.rows.column_names:
        if digits < _MONEY_DIGITS and _is_money_fact(view, name):
            amounts = view[name]
            expected = always(f"at most {digits} significant digits")
            broken = _needs_more_digits(view, name, digits)
            yield Finding(name.split(".", 1)[1], broken, money(amounts.value), expected)


def _is_money_fact(view: RowView, name: str) -> bool:
    # Extras are stored as text and keep every digit.
    is_fact = name.startswith(("loan.", "status.")) and ".extra." not in name
    return is_fact and view.rows.schema.field(name).type == MONEY


def _needs_more_digits(view: RowView, name: str, digits: int) -> BoolArray:
    """Where an amount, without the zeros at its end, is longer than so many digits."""
    size = np.abs(view[name].value)
    broken = np.zeros(len(view), np.bool_)
    for length in range(digits + 1, _MONEY_DIGITS + 1):
        is_longer = size >= 10 ** (length - 1)
        broken |= is_longer & (size % 10 ** (length - digits) != 0)
    return broken


CELL_RULES: tuple[RowRule, ...] = (ids_are_usable, *cells_range.RULES, amounts_fit_the_target)


def check_cells(rows: pa.Table, plan: Plan, already: pa.Table | None = None) -> pa.Table:
    """Hold the value of every cell against what is possible, and find what is missing.

    Args:
        rows: (n,) typed rows, columns as `batch.Parsed` describes them.
        plan: the delivery's plan; its rules say which codes are in force.
        already: (k, ISSUES) what was found while the text was read.

    Returns:
        (m, ISSUES) in the order of the rows, without what `already` says of the same cells.
    """
    view = RowView(rows, plan)
    found = issues_of(view, chain(_missing_facts(view), judge(CELL_RULES, view)))
    if already is None or not already.num_rows or not found.num_rows:
        return found
    rejecting = already.filter(pc.equal(already.column("severity"), "R"))
    said = pc.or_(
        pc.is_in(_keys(found, _CELL), value_set=_keys(rejecting, _CELL)),
        pc.is_in(_keys(found, _SAME), value_set=_keys(already, _SAME)),
    )
    return found.filter(pc.invert(said)).combine_chunks()


def _missing_facts(view: RowView) -> Iterator[tuple[ActiveRule, Finding]]:
    """Report rows without a fact that no loan can be stored without.

    They are rejected whatever the config makes of the code: the table's column takes no NULL.
    """
    required = [(ISSUED_ON, "issue_date", "C-DATE"), (ORIGINAL, "original_balance", "C-MONEY")]
    if view.plan.transform.shape != "origination":
        required.append((RECORDED_ON, "record_date", "C-DATE"))
    for column, name, code in required:
        expected = always("an amount" if code == "C-MONEY" else "a date")
        yield ActiveRule(code, "R"), Finding(name, ~view[column].known, always(""), expected)


def _keys(issues: pa.Table, names: tuple[str, ...]) -> pa.Array:
    """Write what tells findings apart as one text each."""
    parts = [issues.column(name).cast(pa.string()) for name in names]
    return pc.binary_join_element_wise(*parts, "\x1f", null_handling="replace").combine_chunks()


def _mask(condition: pa.Array) -> BoolArray:
    return pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
