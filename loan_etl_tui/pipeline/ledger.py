"""The rows of the operational tables: what a run leaves behind about itself."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from loan_etl_tui import __version__
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.load.base import DeliveryRow, RunRow
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.pipeline.job import NO_LEDGER, Attempt, Job
from loan_etl_tui.report import status_of
from loan_etl_tui.transform.mapping import slots
from loan_etl_tui.validate.columns import Tally as Columns


def run_row(job: Job, attempt: Attempt, code: Exit) -> RunRow:
    """Describe one delivery's run for `load_run`."""
    return RunRow(
        run_id=attempt.run_id,
        pipeline=job.pipeline.name,
        platform_name=job.config.platform,
        started_at=attempt.started_at,
        status=status_of(code),
        sha256=attempt.sha256,
        config_sha256=job.config_sha256,
        ledger_sha256=NO_LEDGER,
        record_date=attempt.dated.plan.record_date,
        record_date_origin=attempt.dated.origin,
        finished_at=datetime.now(UTC),
        counts=_counts(attempt),
        control_totals=tuple(
            {key: None if value is None else str(value) for key, value in asdict(total).items()}
            for total in attempt.controls
        ),
        who=job.who,
        app_version=__version__,
    )


def _counts(attempt: Attempt) -> dict[str, Any]:
    counts: dict[str, Any] = asdict(attempt.counts)
    if attempt.tally is not None:
        counts["issues_by_code"] = dict(attempt.tally.issues_by_code)
        counts["columns"] = remembered(attempt.tally.guard.tally)
    return counts


def remembered(columns: Columns) -> dict[str, Any]:
    """Write down what the next load of the pipeline is compared with."""
    return {"rows": columns.rows, "missing": dict(columns.missing)}


def recalled(previous: RunRow | None, plan: Plan) -> Columns | None:
    """Read what the previous load wrote down; None where there was none.

    Args:
        previous: the newest load of the pipeline.
        plan: the delivery's plan; optional columns that this tape lacks are not compared.
    """
    kept = None if previous is None else previous.counts.get("columns")
    if not kept:
        return None
    absent = {
        slot.column
        for slot in slots(plan.transform)
        if slot.spec.from_ is not None and plan.find(slot.spec.from_) is None
    }
    missing = {name: int(n) for name, n in kept["missing"].items() if name not in absent}
    return Columns(int(kept["rows"]), missing)


def delivery_row(job: Job, attempt: Attempt, *, loaded: bool) -> DeliveryRow:
    """Describe one delivery for `delivery`; one that was not loaded keeps its version only."""
    known = attempt.dated.delivery
    row = DeliveryRow(
        platform_name=job.config.platform,
        pipeline=job.pipeline.name,
        sha256=known.sha256,
        # Undeclared, a delivery that was not loaded gets its number where it is recorded, under
        # the lock: the one it had was rolled back, and another run may have it by now.
        version=attempt.version if loaded or job.config.source.version else None,
        name=known.name,
        bytes=known.size_bytes,
        first_seen_at=attempt.started_at,
    )
    if not loaded:
        return row
    return replace(
        row,
        last_run_id=attempt.run_id,
        record_date=attempt.dated.plan.record_date,
        config_sha256=job.config_sha256,
        ledger_sha256=NO_LEDGER,
        open_rejects=attempt.counts.rejected,
    )
