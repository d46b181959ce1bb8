"""What a run did: counts, control totals, verdict, and the one JSON object a scheduler reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from loan_etl_tui.model.errors import Exit, LawBroken, worst

SUMMARY_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one delivery or run, by what became of them.

    `read` counts data records; each is blank, skipped, rejected or accepted, and each accepted
    one is merged into another, superseded, or a row of the tables (inserted, corrected,
    unchanged).
    """

    read: int = 0
    blank: int = 0
    skipped: int = 0
    rejected: int = 0
    waiting: int = 0
    accepted: int = 0
    merged: int = 0
    superseded: int = 0
    loan_inserted: int = 0
    loan_updated: int = 0
    loan_unchanged: int = 0
    status_inserted: int = 0
    status_corrected: int = 0
    status_unchanged: int = 0
    warned: int = 0

    def __add__(self, other: Counts) -> Counts:
        added = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Counts(**added)

    def assert_conserved(self, *, feeds_status: bool) -> None:
        """Check that no row was lost or made up.

        Args:
            feeds_status: whether the shape feeds `status` (all but origination).

        Raises:
            LawBroken: the counts do not close; the transaction must be rolled back.
        """
        parts = self.blank + self.skipped + self.rejected + self.accepted
        if self.read != parts:
            raise LawBroken(
                f"conservation of rows: read {self.read} is not blank {self.blank} + skipped "
                f"{self.skipped} + rejected {self.rejected} + accepted {self.accepted}."
            )
        if feeds_status:
            ends = self.status_inserted + self.status_corrected + self.status_unchanged
            ends += self.superseded
        else:
            ends = self.loan_inserted + self.loan_updated + self.loan_unchanged
        if self.accepted != self.merged + ends:
            raise LawBroken(
                f"conservation of rows: accepted {self.accepted} is not merged {self.merged} + "
                f"stored {ends}."
            )


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control total: what the tape declares against what was read from it."""

    measure: str
    declared: Decimal | None
    loaded: Decimal
    rejected: Decimal
    difference: Decimal | None
    reconciled: bool


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One delivery in one target."""

    name: str
    bytes: int = 0
    sha256: str = ""
    version: int | None = None
    records: int = 0
    status: str = "failed"
    run_id: str = ""
    record_date: date | None = None
    exit_code: Exit = Exit.OK
    message: str = ""
    hint: str = ""
    counts: Counts = Counts()
    skipped_by_name: dict[str, int] = field(default_factory=dict)
    issues_by_code: dict[str, int] = field(default_factory=dict)
    control_totals: tuple[ControlResult, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetReport:
    """One database: what became of the run there."""

    name: str
    url: str
    run_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one pipeline's run did; `as_dict` is the run summary."""

    run_id: str
    pipeline: str
    platform: str
    engine: str
    status: str
    exit_code: Exit
    message: str
    hint: str
    started_at: datetime
    finished_at: datetime
    deliveries: tuple[DeliveryReport, ...] = ()
    targets: tuple[TargetReport, ...] = ()
    rejects_file: str | None = None
    review_package: str | None = None
    timings_ms: dict[str, int] = field(default_factory=dict)
    config_sha256: str = ""
    app_version: str = ""
    dry_run: bool = False

    @property
    def counts(self) -> Counts:
        """Rows of all deliveries together."""
        return sum((d.counts for d in self.deliveries), Counts())

    def with_exit(self, code: Exit, message: str) -> Report:
        """The same run with a worse verdict, for what failed after the load."""
        return replace(self, exit_code=worst([self.exit_code, code]), message=message)

    def as_dict(self) -> dict[str, Any]:
        """The run summary, ready for JSON: amounts as text, stamps in UTC, no cell values."""
        counts = self.counts
        elapsed_s = max((self.finished_at - self.started_at).total_seconds(), 1e-6)
        return {
            "schema_version": SUMMARY_SCHEMA_VERSION,
            "run_id": self.run_id,
            "pipeline": self.pipeline,
            "platform": self.platform,
            "engine": self.engine,
            "status": self.status,
            "exit_code": int(self.exit_code),
            "retryable": self.exit_code.retryable,
            "message": self.message,
            "hint": self.hint,
            "dry_run": self.dry_run,
            "started_at": _stamp(self.started_at),
            "finished_at": _stamp(self.finished_at),
            "record_dates": sorted(
                {str(d.record_date) for d in self.deliveries if d.record_date is not None}
            ),
            "deliveries": [_delivery(d) for d in self.deliveries],
            "counts": asdict(counts),
            "skipped_by_name": _added(d.skipped_by_name for d in self.deliveries),
            "issues_by_code": _added(d.issues_by_code for d in self.deliveries),
            "control_totals": [
                _control(total) for d in self.deliveries for total in d.control_totals
            ],
            "fixes": {"applied": 0, "stale": 0},
            "targets": [asdict(target) for target in self.targets],
            "rejects_file": self.rejects_file,
            "review_package": self.review_package,
            "timings_ms": dict(self.timings_ms),
            "rows_per_second": round(counts.read / elapsed_s),
            "config_sha256": self.config_sha256,
            "app_version": self.app_version,
            "notes": list(dict.fromkeys(note for d in self.deliveries for note in d.notes)),
        }

    def summary_line(self) -> str:
        """One line for people: verdict first, then the figures that matter."""
        c = self.counts
        figures = (
            f"{c.read:,} read, {c.accepted:,} accepted, {c.rejected:,} rejected, "
            f"{c.warned:,} with warnings"
        )
        if c.read == 0:
            figures = self.message or "no rows"
        word = self.status.replace("_", " ")
        if self.dry_run:
            word = f"a plan, nothing is changed; it would be {word}"
        return f"{self.pipeline}: {word} ({figures})"


def _delivery(one: DeliveryReport) -> dict[str, Any]:
    return {
        "name": one.name,
        "bytes": one.bytes,
        "sha256": one.sha256,
        "version": one.version,
        "records": one.records,
        "status": one.status,
        "run_id": one.run_id,
        "record_date": None if one.record_date is None else str(one.record_date),
        "message": one.message,
        "hint": one.hint,
    }


def _control(total: ControlResult) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in asdict(total).items()
    }


def _added(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return dict(sorted(total.items()))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# A run's word, by its exit code, where nothing more precise is known.
STATUS_OF_EXIT: dict[Exit, str] = {
    Exit.OK: "loaded",
    Exit.REJECTS_OPEN: "loaded_with_rejects",
    Exit.HELD: "held",
    Exit.NEEDS_MAPPING: "needs_mapping",
    Exit.COMMIT_UNKNOWN: "unknown",
    Exit.HANGUP: "interrupted",
    Exit.INTERRUPTED: "interrupted",
    Exit.TERMINATED: "interrupted",
}


def status_of(code: Exit) -> str:
    """The summary's word for an exit code; everything else failed."""
    return STATUS_OF_EXIT.get(code, "failed")
