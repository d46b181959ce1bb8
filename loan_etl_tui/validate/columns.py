"""Guards over whole columns: what no single row can show, such as a wrong unit.

Every batch is observed by itself and the observations are added up, in any order: cutting a
delivery differently changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.model.loan import RATE_SCALE
from loan_etl_tui.validate.finding import SHOWN_CHARACTERS
from loan_etl_tui.validate.histogram import Histogram
from loan_etl_tui.validate.view import (
    RATE,
    RECORDED_ON,
    IntArray,
    Numbers,
    ceil_units,
    floor_units,
    precision_days,
    read_numbers,
)

DTI = "loan.dti"
HINT = "check.hint"

_PERCENTILES = ((5, "p5"), (50, "median"), (95, "p95"))


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last of some dates, in days since 1970-01-01; None: there are none."""

    first: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, dates: Numbers) -> Days:
        """Look at a column; missing dates do not count."""
        there = dates.value[dates.known]
        return cls(int(there.min()), int(there.max())) if len(there) else cls()

    def __add__(self, other: Days) -> Days:
        first = [one for one in (self.first, other.first) if one is not None]
        last = [one for one in (self.last, other.last) if one is not None]
        return Days(min(first, default=None), max(last, default=None))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a delivery had, and how many of them lacked a value.

    What a run keeps for the next one of its pipeline to be compared with.

    Attributes:
        rows: rows read, rejected ones too.
        missing: rows without a value, by mapped column (`loan.interest_rate`, …).
    """

    rows: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        names = [*self.missing, *(name for name in other.missing if name not in self.missing)]
        missing = {n: self.missing.get(n, 0) + other.missing.get(n, 0) for n in names}
        return Tally(self.rows + other.rows, missing)


@dataclass(frozen=True, slots=True)
class Guard:
    """What was seen of the columns so far; guards add up.

    Attributes:
        tally: rows and missing values.
        rates: the interest rates that are not 0, whether possible or not.
        dti: the debt-to-income ratios.
        hints: the dates that hint at the record date.
        recorded: the record dates.
    """

    tally: Tally = field(default_factory=Tally)
    rates: Histogram = field(default_factory=Histogram)
    dti: Histogram = field(default_factory=Histogram)
    hints: Days = field(default_factory=Days)
    recorded: Days = field(default_factory=Days)

    def __add__(self, other: Guard) -> Guard:
        return Guard(
            self.tally + other.tally,
            self.rates + other.rates,
            self.dti + other.dti,
            self.hints + other.hints,
            self.recorded + other.recorded,
        )

    def findings(self, plan: Plan, previous: Tally | None = None) -> pa.Table:
        """Say what does not hold for the delivery as a whole.

        Args:
            plan: the delivery's plan; a code that is not in its rules is off.
            previous: what the previous load of this pipeline kept, if there was one.

        Returns:
            (m, ISSUES) without position and loan: they speak of no single row.
        """
        checks: dict[str, Callable[[ActiveRule], Iterator[_Said]]] = {
            "F-UNITS": lambda rule: _median(rule, "interest_rate", self.rates),
            "F-DTIUNIT": lambda rule: _median(rule, "dti", self.dti),
            "F-NULLS": lambda rule: _emptied(rule, self.tally, previous),
            "F-SHRINK": lambda rule: _shrunk(rule, self.tally, previous, plan),
            "F-RECHINT": lambda rule: _misdated(rule, self.hints, self.recorded, plan),
        }
        found = [
            {"code": code, "severity": plan.rules[code].severity, **said._asdict()}
            for code, check in checks.items()
            if code in plan.rules
            for said in check(plan.rules[code])
        ]
        return pa.Table.from_pylist(found, schema=ISSUES)


class _Said(NamedTuple):
    """What one guard reports."""

    field: str
    value: str
    expected: str


def observe(rows: pa.Table) -> Guard:
    """Look at the columns of one batch.

    Args:
        rows: (n,) typed rows, columns as `batch.Parsed` describes them; rejected rows too: a
            wrong unit rejects the very rates that show it.
    """
    mapped = [name for name in rows.column_names if name.startswith(("loan.", "status."))]
    tally = Tally(rows.num_rows, {name: rows.column(name).null_count for name in mapped})
    rates, dti = _known(rows, RATE), _known(rows, DTI)
    return Guard(
        tally,
        Histogram.of(rates[rates != 0]),
        Histogram.of(dti),
        Days.of(_numbers(rows, HINT)),
        Days.of(_numbers(rows, RECORDED_ON)),
    )


def _numbers(rows: pa.Table, name: str) -> Numbers:
    if name not in rows.column_names:
        return Numbers(np.zeros(0, np.int64), np.zeros(0, np.bool_))
    return read_numbers(rows.column(name).combine_chunks())


def _known(rows: pa.Table, name: str) -> IntArray:
    column = _numbers(rows, name)
    return column.value[column.known]


def _median(rule: ActiveRule, name: str, seen: Histogram) -> Iterator[_Said]:
    """A column in the wrong unit has a median that no real tape has."""
    if seen.least is None or seen.most is None:
        return
    least, most = rule.parameters["min"], rule.parameters["max"]
    median = seen.quantile_units(50)
    if ceil_units(least, RATE_SCALE) <= median <= floor_units(most, RATE_SCALE):
        return
    shown = [("min", seen.least)]
    shown += [(word, seen.quantile_units(percent)) for percent, word in _PERCENTILES]
    shown.append(("max", seen.most))
    value = ", ".join(f"{word} {units / 10**RATE_SCALE:.4f}" for word, units in shown)
    yield _Said(name, value[:SHOWN_CHARACTERS], f"a median of {least} to {most}")


def _emptied(rule: ActiveRule, now: Tally, before: Tally | None) -> Iterator[_Said]:
    """A column that was filled before and is not any more was probably renamed."""
    if before is None or not before.rows or not now.rows:
        return
    points = f"{float(rule.parameters['points']) * 100:g}"
    for name, missing in now.missing.items():
        if name in before.missing:
            share = Fraction(missing, now.rows)
            limit = Fraction(before.missing[name], before.rows) + Fraction(
                rule.parameters["points"]
            )
            if share > limit:
                yield _Said(
                    name.split(".", 1)[1],
                    f"{float(share):.1%} missing",
                    f"at most {float(limit):.1%}, {points} points above the load before",
                )


def _shrunk(rule: ActiveRule, now: Tally, before: Tally | None, plan: Plan) -> Iterator[_Said]:
    """A full loan book that lost rows was probably not downloaded whole."""
    if before is None or plan.transform.coverage != "full":
        return
    share = rule.parameters["share"]
    if now.rows < Fraction(share) * before.rows:
        yield _Said("rows", str(now.rows), f">= {float(share):.0%} of {before.rows} rows before")


def _misdated(rule: ActiveRule, hints: Days, recorded: Days, plan: Plan) -> Iterator[_Said]:
    """A record date far from the dates in the tape is probably that of another tape."""
    if hints.first is None or hints.last is None or recorded.last is None:
        return
    spec = plan.transform.record_date
    unanimous = spec is not None and spec.hint is not None and spec.hint.agg == "unanimous"
    if unanimous and hints.first != hints.last:
        value = f"hints from {_day(hints.first)} to {_day(hints.last)}"
        yield _Said("record_date", value, "the same hint in every row")
        return
    # A hint that names a month stands for any of its days.
    days = rule.parameters["days"] + precision_days(plan)
    if abs(recorded.last - hints.last) > days:
        expected = f"within {days} days of {_day(recorded.last)}"
        latest = f"the latest date the tape speaks of is {_day(hints.last)}"
        yield _Said("record_date", latest, expected)


def _day(days: int) -> str:
    return str(np.datetime64(days, "D"))
