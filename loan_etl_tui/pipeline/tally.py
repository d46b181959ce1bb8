"""What is counted while a delivery goes through: rows, findings, amounts, dates."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.batch import money_columns, money_sums
from loan_etl_tui.config.models import ControlTotal
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.load.base import Duplicates
from loan_etl_tui.model.errors import LawBroken
from loan_etl_tui.model.frames import SOURCE_PREFIX
from loan_etl_tui.report import Counts
from loan_etl_tui.source.base import SkippedLine
from loan_etl_tui.spread.inline import Processed
from loan_etl_tui.validate.columns import Guard, observe
from loan_etl_tui.validate.control_totals import Measured, measure

KEPT_HITS_PER_CODE = 1_000
KEPT_REJECTS = 10_000
KEPT_LINES = 10_000

# The name a source gives to lines above the header that no pattern of the config knows.
UNNAMED = "before_header"
MASK = "•••"

Sums = dict[str, Decimal]


def added(left: Sums, right: Sums) -> Sums:
    """Add amounts column by column."""
    names = [*left, *(name for name in right if name not in left)]
    zero = Decimal(0)
    return {name: left.get(name, zero) + right.get(name, zero) for name in names}


@dataclass(slots=True)
class Tally:
    """Grows batch by batch; everything in it is bounded or a plain sum."""

    plan: Plan
    totals: Sequence[ControlTotal]
    header_line: int = 0
    counts: Counts = field(default_factory=Counts)
    skipped_by_name: Counter[str] = field(default_factory=Counter)
    issues_by_code: Counter[str] = field(default_factory=Counter)
    severities: dict[str, str] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)
    lines: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    read: Sums = field(default_factory=dict)
    accepted: Sums = field(default_factory=dict)
    rejected: Sums = field(default_factory=dict)
    dates: Counter[date] = field(default_factory=Counter)
    hits: list[dict[str, Any]] = field(default_factory=list)
    reject_rows: list[dict[str, Any]] = field(default_factory=list)
    gates: Counter[str] = field(default_factory=Counter)
    guard: Guard = field(default_factory=Guard)

    def __post_init__(self) -> None:
        """Start every control total at zero."""
        self.measured = [Measured() for _ in self.totals]

    def add(self, batch: Processed) -> None:
        """Count one batch."""
        judged, result = batch.result.judged, batch.result
        self.lines_skipped(batch.raw.skipped)
        rejected = result.rejects.num_rows
        self.counts += Counts(
            read=judged.num_rows + batch.raw.blank,
            blank=batch.raw.blank,
            rejected=rejected,
            accepted=judged.num_rows - rejected,
            warned=_warned(result.issues),
        )
        self._amounts(batch)
        self.measured = [
            seen + measure(judged, total)
            for seen, total in zip(self.measured, self.totals, strict=True)
        ]
        self.guard = self.guard + observe(judged)
        self._dates(judged)
        self.findings(result.issues)
        self._keep_rejects(batch)

    def lines_skipped(self, lines: Iterable[SkippedLine]) -> None:
        """Count named lines; those before the header are no records and are not `read`."""
        for line in lines:
            self.skipped_by_name[line.name] += 1
            if len(self.lines) < KEPT_LINES:
                self.lines.append((line.name, line.groups))
            if line.name == UNNAMED:
                self.note("F-SKIP", "W")
            if line.line > self.header_line:
                self.counts += Counts(read=1, skipped=1)

    def findings(self, issues: pa.Table) -> None:
        """Count findings by code and keep the first warnings of each."""
        self._count_codes(issues)
        soft = issues.filter(pc.equal(issues.column("severity"), "W"))
        kept = Counter(hit["code"] for hit in self.hits)
        for code in pc.unique(soft.column("code")).to_pylist():
            room = KEPT_HITS_PER_CODE - kept[code]
            if room > 0:
                some = soft.filter(pc.equal(soft.column("code"), code)).slice(0, room)
                self.hits.extend(some.to_pylist())

    def _count_codes(self, issues: pa.Table) -> None:
        pairs = issues.group_by(["code", "severity"]).aggregate([([], "count_all")])
        for one in pairs.to_pylist():
            self.issues_by_code[one["code"]] += one["count_all"]
            if one["severity"] == "F" or self._is_gated(one["code"]):
                self.gates[one["code"]] += one["count_all"]

    def duplicates(self, twice: Duplicates) -> None:
        """Move rows that were taken out of the stage to where they ended."""
        conflicting = len(twice.rejected)
        self.counts += Counts(merged=twice.merged, rejected=conflicting, accepted=-conflicting)
        self.findings(twice.issues)
        room = max(KEPT_REJECTS - len(self.reject_rows), 0)
        hard = twice.issues.filter(pc.equal(twice.issues.column("severity"), "R"))
        for one in hard.slice(0, room).to_pylist():
            names = ("file", "record", "line", "loan_id", "code", "field")
            kept = {name: one[name] for name in names}
            self.reject_rows.append(kept | {"raw_value": one["value"]})

    def note(self, code: str, severity: str) -> None:
        """Count a finding about the whole delivery."""
        self.issues_by_code[code] += 1
        if severity == "F" or self._is_gated(code):
            self.gates[code] += 1

    def _is_gated(self, code: str) -> bool:
        rule = self.plan.rules.get(code)
        return rule is not None and rule.gate

    def _amounts(self, batch: Processed) -> None:
        columns = lawful_columns(batch.parsed.rows, self.plan)
        judged = batch.result.judged
        self.read = added(self.read, money_sums(batch.parsed.rows, columns))
        bad = judged.filter(judged.column("rejected"))
        self.rejected = added(self.rejected, money_sums(bad, columns))
        for prefix, table in (("loan.", batch.result.loan), ("status.", batch.result.status)):
            own = tuple(c.removeprefix(prefix) for c in columns if c.startswith(prefix))
            sums = money_sums(table, own)
            self.accepted = added(self.accepted, {prefix + k: v for k, v in sums.items()})

    def _dates(self, judged: pa.Table) -> None:
        for one in pc.value_counts(judged.column("record_date")).to_pylist():
            if one["values"] is not None:
                self.dates[one["values"]] += one["counts"]

    def _keep_rejects(self, batch: Processed) -> None:
        room = KEPT_REJECTS - len(self.reject_rows)
        if room <= 0 or batch.result.rejects.num_rows == 0:
            return
        bad = batch.result.judged.column("rejected")
        raw = batch.raw.table.filter(bad).slice(0, room)
        first = _first_findings(batch.result.issues)
        loan_ids = batch.result.rejects.column("loan_id").to_pylist()
        for row, loan_id in zip(raw.to_pylist(), loan_ids, strict=False):
            self.reject_rows.append(
                self._reject_row(row, loan_id, first.get((row["file"], row["record"]), {}))
            )

    def _reject_row(
        self, row: dict[str, Any], loan_id: str | None, found: dict[str, Any]
    ) -> dict[str, Any]:
        private = {str(name) for name in self.plan.transform.private}
        shown = {
            name.removeprefix(SOURCE_PREFIX): value
            for name, value in row.items()
            if name.startswith(SOURCE_PREFIX) and value is not None
        }
        shown = {name: MASK if name in private else value for name, value in shown.items()}
        return {
            "file": row["file"],
            "record": row["record"],
            "line": row["line"],
            "loan_id": loan_id,
            "code": found.get("code", ""),
            "field": found.get("field", ""),
            "raw_value": found.get("value"),
            "raw_row": json.dumps(shown, ensure_ascii=False, sort_keys=True),
        }

    def assert_amounts(self) -> None:
        """Check that no amount was lost between reading and the two tables.

        Raises:
            LawBroken: Σ read is not Σ accepted + Σ rejected for a column.
        """
        zero = Decimal(0)
        for name, total in self.read.items():
            ends = self.accepted.get(name, zero) + self.rejected.get(name, zero)
            if total != ends:
                raise LawBroken(
                    f"conservation of amounts: {name} adds up to {total} as read and to {ends} "
                    "as accepted and rejected."
                )


def lawful_columns(rows: pa.Table, plan: Plan) -> tuple[str, ...]:
    """Name the amount columns that reach the tables as read, without a condition on the status."""
    conditional = {
        f"status.{name}"
        for name in type(plan.transform.status).model_fields
        if name != "extra" and _is_conditional(getattr(plan.transform.status, name))
    }
    return tuple(
        name
        for name in money_columns(rows)
        if name not in conditional and ".extra." not in name and not name.startswith("given.")
    )


def _is_conditional(spec: Any) -> bool:  # noqa: ANN401 - FieldSpec or None
    return spec is not None and bool(spec.when_status or spec.null_when_status or spec.formula)


def _warned(issues: pa.Table) -> int:
    soft = issues.filter(pc.equal(issues.column("severity"), "W"))
    return soft.group_by(["file", "record"]).aggregate([]).num_rows


def _first_findings(issues: pa.Table) -> dict[tuple[int, int], dict[str, Any]]:
    hard = issues.filter(pc.equal(issues.column("severity"), "R"))
    first: dict[tuple[int, int], dict[str, Any]] = {}
    for one in hard.to_pylist():
        first.setdefault((one["file"], one["record"]), one)
    return first
