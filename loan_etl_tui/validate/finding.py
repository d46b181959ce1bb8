"""What a rule reports: the rows that break it, and the words for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import MONEY_SCALE, RATE_SCALE
from loan_etl_tui.validate.view import BoolArray, IntArray, Numbers, RowView

SHOWN_CHARACTERS = 80

# Words for some rows: given their numbers, one text each.
Words = Callable[[IntArray], list[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Rows that break one rule in one field.

    Attributes:
        field: canonical name of the field.
        broken: (n,) bool.
        observed: what stands there.
        expected: what would be right.
    """

    field: str
    broken: BoolArray
    observed: Words
    expected: Words


Judge = Callable[[RowView, ActiveRule], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule that looks at one row at a time.

    Attributes:
        code: its name in the catalogue.
        needs: the columns it compares; where one of them is not mapped it does not run.
        judge: finds the rows that break it.
    """

    code: str
    needs: tuple[str, ...]
    judge: Judge


def row_rule(code: str, *needs: str) -> Callable[[Judge], RowRule]:
    """Make a rule of a function."""
    return lambda judge: RowRule(code, needs, judge)


def judge(rules: Iterable[RowRule], view: RowView) -> Iterator[tuple[ActiveRule, Finding]]:
    """Run the rules that are in force and whose columns are mapped.

    Args:
        rules: the rules to run.
        view: the rows; a code that is not in its plan's rules is off.
    """
    active = view.plan.rules
    for rule in rules:
        if rule.code in active and all(name in view for name in rule.needs):
            for finding in rule.judge(view, active[rule.code]):
                yield active[rule.code], finding


def issues_of(view: RowView, found: Iterable[tuple[ActiveRule, Finding]]) -> pa.Table:
    """Word the breaching rows of every finding.

    A row that was rejected before is held against the rejecting rules, so that a person sees at
    once all there is to fix, but raises no warnings: it is not loaded.

    Returns:
        (m, ISSUES) in the order of the rows, and of the findings within a row.
    """
    live = ~view.rejected
    numbers: list[IntArray] = [np.zeros(0, np.int64)]
    words: dict[str, list[str]] = {
        name: [] for name in ("field", "code", "severity", "value", "expected")
    }
    for rule, finding in found:
        broken = finding.broken & live if rule.severity == "W" else finding.broken
        which = np.flatnonzero(broken)
        numbers.append(which)
        words["field"] += [finding.field] * len(which)
        words["code"] += [rule.code] * len(which)
        words["severity"] += [rule.severity] * len(which)
        words["value"] += [text[:SHOWN_CHARACTERS] for text in finding.observed(which)]
        words["expected"] += finding.expected(which)
    where = np.concatenate(numbers)
    order = np.argsort(where, kind="stable")
    position = view.rows.select(["file", "record", "line", "loan_id"]).take(pa.array(where))
    columns = {name: position.column(name) for name in position.column_names}
    return pa.table(columns | words, schema=ISSUES).take(pa.array(order)).combine_chunks()


def above(
    field: str, column: Numbers, limit: IntArray | int, where: BoolArray | bool = True
) -> Finding:
    """Report amounts that are larger than they may be.

    Args:
        field: canonical name of the amount.
        column: (n,) amounts in money units.
        limit: the largest right amount, in money units.
        where: the rows the rule speaks of.
    """
    most = np.broadcast_to(np.asarray(limit, np.int64), column.value.shape)
    broken = column.known & where & (column.value > most)
    return Finding(field, broken, money(column.value), money(most, "<= "))


def below(
    field: str, column: Numbers, limit: IntArray | int, where: BoolArray | bool = True
) -> Finding:
    """Report amounts that are smaller than they may be; arguments as for `above`."""
    least = np.broadcast_to(np.asarray(limit, np.int64), column.value.shape)
    broken = column.known & where & (column.value < least)
    return Finding(field, broken, money(column.value), money(least, ">= "))


def differs(
    field: str, column: Numbers, right: IntArray, allowed: IntArray | int, where: BoolArray
) -> Finding:
    """Report amounts that are further from the right one than allowed, all in money units."""
    broken = column.known & where & (np.abs(column.value - right) > allowed)
    room = np.broadcast_to(np.asarray(allowed, np.int64), column.value.shape)

    def expected(which: IntArray) -> list[str]:
        pairs = zip(money(right)(which), money(room)(which), strict=True)
        return [f"{amount} +- {more}" for amount, more in pairs]

    return Finding(field, broken, money(column.value), expected)


def source_of(rule: ActiveRule, parameter: str) -> str:
    """Name the source column that a rule's parameter gives; of several spellings the first."""
    column = rule.parameters[parameter]
    return column if isinstance(column, str) else str(column[0])


def always(text: str) -> Words:
    """Say the same of every row."""
    return lambda which: [text] * len(which)


def money(units: IntArray, before: str = "") -> Words:
    """Write amounts with four decimals."""
    return lambda which: [before + _decimal_text(one, MONEY_SCALE) for one in units[which].tolist()]


def rate(units: IntArray, before: str = "") -> Words:
    """Write rates as a fraction with six decimals."""
    return lambda which: [before + _decimal_text(one, RATE_SCALE) for one in units[which].tolist()]


def count(value: IntArray, before: str = "") -> Words:
    """Write whole numbers."""
    return lambda which: [f"{before}{one}" for one in value[which].tolist()]


def day(days: IntArray, before: str = "") -> Words:
    """Write dates as ISO dates; NumPy knows years that Python's calendar does not."""
    return lambda which: [f"{before}{one}" for one in days[which].astype("datetime64[D]")]


def text(column: pa.Array) -> Words:
    """Quote text; what is missing is empty."""
    return lambda which: [one or "" for one in column.take(pa.array(which)).to_pylist()]


def _decimal_text(units: int, scale: int) -> str:
    whole, rest = divmod(abs(units), 10**scale)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{scale}d}"
