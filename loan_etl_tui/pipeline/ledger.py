"""The rows of the operational tables: what a run leaves behind about itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from loan_etl_tui import __version__
from loan_etl_tui.load.base import DeliveryRow, RejectedRow, RuleHit, RunRow
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.pipeline.job import NO_LEDGER, Attempt, Job
from loan_etl_tui.report import status_of


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
        counts |= attempt.tally.guard.remembered()
    return counts


def delivery_row(job: Job, attempt: Attempt, *, loaded: bool) -> DeliveryRow:
    """Describe one delivery for `delivery`; one that was not loaded keeps its version only."""
    known = attempt.dated.delivery
    row = {
        "platform_name": job.config.platform,
        "pipeline": job.pipeline.name,
        "sha256": known.sha256,
        "version": attempt.version,
        "name": known.name,
        "bytes": known.size_bytes,
        "first_seen_at": attempt.started_at,
    }
    if loaded:
        row |= {
            "last_run_id": attempt.run_id,
            "record_date": attempt.dated.plan.record_date,
            "config_sha256": job.config_sha256,
            "ledger_sha256": NO_LEDGER,
            "open_rejects": attempt.counts.rejected,
        }
    return DeliveryRow(**row)


def rejected_rows(attempt: Attempt) -> list[RejectedRow]:
    """Turn the kept rejects into rows of `rejected_row`."""
    if attempt.tally is None:
        return []
    return [RejectedRow(run_id=attempt.run_id, **row) for row in attempt.tally.reject_rows]


def rule_hits(attempt: Attempt) -> list[RuleHit]:
    """Turn the kept warnings into rows of `rule_hit`."""
    if attempt.tally is None:
        return []
    return [
        RuleHit(
            run_id=attempt.run_id,
            code=hit["code"],
            severity=hit["severity"],
            file=hit["file"],
            record=hit["record"],
            line=hit["line"],
            loan_id=hit["loan_id"],
            record_date=attempt.dated.plan.record_date,
            observed=hit["value"],
            expected=hit["expected"],
        )
        for hit in attempt.tally.hits
    ]
