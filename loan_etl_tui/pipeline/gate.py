"""The gate: what keeps a whole delivery out of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from loan_etl_tui.config.models import ControlTotal, PipelineConfig
from loan_etl_tui.model.errors import Exit, LoanEtlError, worst
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.tally import Tally
from loan_etl_tui.report import ControlResult, Counts
from loan_etl_tui.transform.record_date import date_column
from loan_etl_tui.validate.control_totals import declared_by_lines, settle

MIN_CORRECTIONS = 100


@dataclass(frozen=True, slots=True)
class Closed:
    """One reason why a delivery is held."""

    code: str
    message: str
    hint: str
    exit_code: Exit = Exit.HELD


class HeldError(LoanEtlError):
    """The gate closed: nothing of the delivery is loaded.

    Attributes:
        closed: every reason, worst first.
    """

    exit_code = Exit.HELD

    def __init__(self, closed: tuple[Closed, ...]) -> None:
        first = closed[0]
        super().__init__(f"{first.code}: {first.message}", first.hint)
        self.args = (closed,)
        self.closed = closed
        self.exit_code = worst([one.exit_code for one in closed])

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason in words, for the summary."""
        return tuple(f"{one.code}: {one.message}" for one in self.closed)


def share_or_count(text: str, rows: int) -> int:
    """Turn `20` or `1%` into the number of rows allowed."""
    if text.endswith("%"):
        return int(Decimal(text[:-1]) * rows / 100)
    return int(text)


def gate_rejects(config: PipelineConfig, options: RunOptions, counts: Counts) -> list[Closed]:
    """Hold when more rows are rejected than allowed."""
    limit = options.max_rejected or config.validate_.max_rejected
    rows = counts.rejected + counts.accepted
    allowed = share_or_count(limit, rows)
    if counts.rejected <= allowed:
        return []
    return [
        Closed(
            "F-REJRATE",
            f"{counts.rejected:,} of {rows:,} rows rejected, {allowed:,} allowed "
            f"(max_rejected {limit}).",
            "look at the reject file; fix the tape or the config, or allow more with "
            "--max-rejected.",
        )
    ]


def gate_totals(
    totals: Sequence[ControlTotal], options: RunOptions, tally: Tally
) -> tuple[list[Closed], tuple[ControlResult, ...]]:
    """Settle every control total; one that does not hold keeps the delivery out."""
    given = dict(options.control_totals)
    rule = tally.plan.rules.get("F-CONTROL")
    closed, results = [], []
    for total, seen in zip(totals, tally.measured, strict=True):
        if total.from_ == "argument":
            declared = given.get(total.measure)
        elif total.from_ == "const":
            declared = None if total.value is None else Decimal(total.value)
        else:
            declared = declared_by_lines(total, tally.lines)
        settled = settle(total, seen, declared)
        results.append(settled.result)
        severity = settled.severity
        if rule is None or not severity:
            continue
        if rule.severity == "W":
            severity = "W"
        tally.note("F-CONTROL", severity)
        if severity == "F":
            closed.append(_unreconciled(settled.result, settled.expected, seen.unreadable))
    return closed, tuple(results)


def _unreconciled(result: ControlResult, expected: str, unreadable: int) -> Closed:
    if result.declared is None:
        message = f"control total {result.measure}: the tape declares none."
        return Closed("F-CONTROL", message, "is the tape whole? or set if_missing: warn.")
    message = (
        f"control total {result.measure}: read {result.loaded + result.rejected}, declared "
        f"{expected}; difference {result.difference}."
    )
    if unreadable:
        message += f" {unreadable} rejected rows have no readable amount."
    return Closed(
        "F-CONTROL",
        message,
        "is the right column mapped, and is the tape whole?",
    )


def gate_findings(tally: Tally) -> list[Closed]:
    """Hold on findings whose rule is set to F."""
    return [
        Closed(
            code,
            f"{CATALOGUE[code].title}: not so {count:,} time(s), and the rule holds the delivery.",
            f"loan-etl rules {code} says what to do.",
        )
        for code, count in sorted(tally.gates.items())
        if code != "F-CONTROL"
    ]


def gate_dates(config: PipelineConfig, tally: Tally) -> list[Closed]:
    """Hold when rows carry record dates that contradict each other or lie in the future."""
    spec = date_column(config.transform.record_date)
    if tally.plan.record_date is not None or spec is None or not tally.dates:
        return []
    latest = max(tally.dates)
    if (latest - tally.plan.today).days > 1:
        return [
            Closed(
                "F-RECDATE",
                f"record date {latest} in column {spec.from_!r} lies in the future.",
                "give the right date with --record-date.",
                Exit.CONFIG,
            )
        ]
    if spec.unanimous and len(tally.dates) > 1:
        shown = ", ".join(str(day) for day in sorted(tally.dates)[:4])
        return [
            Closed(
                "F-RECDATE",
                f"column {spec.from_!r} holds {len(tally.dates)} record dates ({shown}…), "
                "one is expected.",
                "give the date with --record-date, or drop unanimous: true.",
                Exit.CONFIG,
            )
        ]
    return []


def gate_corrections(
    config: PipelineConfig, options: RunOptions, corrected: int, rows: int
) -> list[Closed]:
    """Hold when a delivery would restate more stored rows than a restatement usually does."""
    if options.correct:
        return []
    limit = config.validate_.max_corrections
    allowed = (
        share_or_count(limit, rows)
        if limit is not None
        else max(MIN_CORRECTIONS, share_or_count("1%", rows))
    )
    if corrected <= allowed:
        return []
    return [
        Closed(
            "F-CORRECTIONS",
            f"{corrected:,} stored rows would be corrected, {allowed:,} allowed: usually the "
            "record date is wrong.",
            "check --record-date; for a true correction add --correct --reason TEXT.",
        )
    ]
