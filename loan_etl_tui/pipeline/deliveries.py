"""Every delivery of a run in turn, each in its own transaction (or all in one)."""

from __future__ import annotations

import errno
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from loan_etl_tui.load.base import Load
from loan_etl_tui.model.errors import CommitUnknown, DiskError, Interrupted, LoanEtlError
from loan_etl_tui.pipeline.delivery import move
from loan_etl_tui.pipeline.gate import HeldError, gate_rejects
from loan_etl_tui.pipeline.job import NO_LEDGER, Attempt, Finding, Job
from loan_etl_tui.pipeline.ledger import delivery_row, run_row
from loan_etl_tui.pipeline.prepare import Dated, date_delivery
from loan_etl_tui.report import Counts, DeliveryReport, status_of
from loan_etl_tui.review.rejects import RejectFile

# What the system says when a disk is full or fails.
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})


def load_deliveries(
    job: Job, files: tuple[Path, ...], rejects: RejectFile
) -> tuple[DeliveryReport, ...]:
    """Load what is new among the files, oldest version first.

    One that fails does not undo the others, unless `load.atomic: run` joins them.

    Raises:
        LoanEtlError: the database or a file fails before any delivery begins, or a signal came.
    """
    job.target.prepare()
    job.stop.on_cancel(job.target.cancel)
    try:
        if job.config.load.atomic == "run":
            return _all_in_one(job, files, rejects)
        return _one_by_one(job, files, rejects)
    finally:
        job.stop.on_cancel(None)


def _one_by_one(
    job: Job, files: tuple[Path, ...], rejects: RejectFile
) -> tuple[DeliveryReport, ...]:
    done: list[DeliveryReport] = []
    for path in _in_order(job, files):
        run_id = job.run_id if not done else f"{job.run_id}-{len(done) + 1}"
        report = _own_transaction(job, path, run_id, rejects)
        done.append(report)
        if status_of(report.exit_code) == "interrupted":
            break
        if job.config.source.pick == "newest" and report.status != "nothing_new":
            break
    return tuple(done)


def _in_order(job: Job, files: tuple[Path, ...]) -> list[Path]:
    """Declared versions first to last, else by name; `pick: newest` starts at the newest file."""
    if job.config.source.pick == "newest":
        return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return sorted(files, key=lambda path: (_version_key(job, path), path.name))


def _version_key(job: Job, path: Path) -> int:
    declared = job.config.source.version
    match = re.search(declared.pattern, path.name) if declared else None
    text = match.group(match.re.groups and 1) if match else ""
    return int(text) if text.isdecimal() else 0


def _own_transaction(job: Job, path: Path, run_id: str, rejects: RejectFile) -> DeliveryReport:
    attempt: Attempt | None = None
    try:
        job.stop.look()
        dated = _dated(job, path)
        with job.target.begin(job.config.platform, job.options.wait_s) as load:
            if _is_repeat(job, load, dated):
                return _nothing_new(job, load, dated, run_id)
            attempt = Attempt(run_id, dated)
            move(job, load, attempt, rejects)
            _finish(job, load)
        return _loaded(job, attempt)
    except LoanEtlError as error:
        return _not_loaded(job, path, run_id, attempt, error)
    except OSError as problem:
        if problem.errno not in DISK:
            raise
        return _not_loaded(job, path, run_id, attempt, _full(problem))


def _full(problem: OSError) -> DiskError:
    where = f"{problem.filename}: " if problem.filename else ""
    return DiskError(f"{where}{problem.strerror}.", "make room, then run it again.")


def _dated(job: Job, path: Path) -> Dated:
    delivery = job.source.fingerprint(path)
    return date_delivery(job.pipeline, delivery, job.options, job.target.caps.decimal_digits)


def _finish(job: Job, load: Load) -> None:
    if job.options.dry_run:
        load.rollback()
        return
    job.stop.look()
    # From here on the database decides: a wish to stop must not break the commit.
    job.stop.on_cancel(None)
    load.commit()
    job.stop.on_cancel(job.target.cancel)


def _is_repeat(job: Job, load: Load, dated: Dated) -> bool:
    """Whether these bytes were loaded last just so for this date, and nothing of them is open."""
    if job.options.correct or job.options.control_totals:
        return False  # a correction is new; a total that the caller declares needs reading
    before = load.loaded(job.pipeline.name, dated.delivery.sha256, dated.plan.record_date)
    if before is None:
        return False
    same = (before.config_sha256, before.ledger_sha256) == (job.config_sha256, NO_LEDGER)
    return same and not before.counts.get("rejected")


def _nothing_new(job: Job, load: Load, dated: Dated, run_id: str) -> DeliveryReport:
    known = dated.delivery
    before = load.delivery(job.pipeline.name, known.sha256)
    return DeliveryReport(
        name=known.name,
        bytes=known.size_bytes,
        sha256=known.sha256,
        version=None if before is None else before.version,
        status="nothing_new",
        run_id=run_id,
        record_date=dated.plan.record_date,
        issues_by_code={"F-DUPFILE": 1},
        notes=(f"{known.name}: these bytes were loaded before with the same config and date",),
    )


def _noted(one: Finding) -> str:
    return f"{one.code}: {one.message}"


def _told(attempt: Attempt) -> DeliveryReport:
    known = attempt.dated.delivery
    report = DeliveryReport(
        name=known.name,
        bytes=known.size_bytes,
        sha256=known.sha256,
        version=attempt.version,
        run_id=attempt.run_id,
        record_date=attempt.dated.plan.record_date,
        counts=attempt.counts,
        control_totals=attempt.controls,
        notes=(*attempt.notes, *(_noted(one) for one in attempt.findings if one.severity == "W")),
    )
    if attempt.tally is None:
        return report
    tally = attempt.tally
    return replace(
        report,
        records=tally.counts.read,
        skipped_by_name=dict(tally.skipped_by_name),
        issues_by_code=dict(tally.issues_by_code),
    )


def _loaded(job: Job, attempt: Attempt) -> DeliveryReport:
    status = "loaded_with_rejects" if attempt.counts.rejected else "loaded"
    return replace(_told(attempt), status=status, exit_code=job.exit_of(attempt.counts))


def _not_loaded(
    job: Job, path: Path, run_id: str, attempt: Attempt | None, error: LoanEtlError
) -> DeliveryReport:
    """Say why, and leave the failed run in the database where it answers."""
    if isinstance(error, Interrupted) and job.stop.wished:
        error = job.stop.interruption(error.message)
    told = DeliveryReport(name=path.name, run_id=run_id)
    if attempt is not None:
        told = _told(replace_counts(attempt))
        if not job.options.dry_run and not isinstance(error, CommitUnknown):
            _record(job, attempt, error)
    if isinstance(error, HeldError):
        told = replace(told, notes=(*told.notes, *error.reasons))
    return replace(
        told,
        status=status_of(error.exit_code),
        exit_code=error.exit_code,
        message=error.message,
        hint=error.hint,
    )


def replace_counts(attempt: Attempt) -> Attempt:
    """Take back the counts of a merge that was rolled back."""
    if attempt.tally is not None:
        kept = attempt.tally.counts
        attempt.tally.counts = Counts(
            read=kept.read,
            blank=kept.blank,
            skipped=kept.skipped,
            rejected=kept.rejected,
            accepted=kept.accepted,
            merged=kept.merged,
            warned=kept.warned,
        )
    return attempt


def _record(job: Job, attempt: Attempt, error: LoanEtlError) -> None:
    run = replace(run_row(job, attempt, error.exit_code), finished_at=datetime.now(UTC))
    try:
        job.target.record_failure(run, delivery_row(job, attempt, loaded=False))
    except LoanEtlError:
        # The database does not answer; runs/<run_id>/summary.json is what is left of the run.
        return


def _all_in_one(
    job: Job, files: tuple[Path, ...], rejects: RejectFile
) -> tuple[DeliveryReport, ...]:
    """Load all deliveries or none (`load.atomic: run`)."""
    attempts: list[Attempt] = []
    skipped: list[DeliveryReport] = []
    current: Path | None = None
    try:
        with job.target.begin(job.config.platform, job.options.wait_s) as load:
            for current in _in_order(job, files):
                job.stop.look()
                dated = _dated(job, current)
                number = len(attempts) + len(skipped) + 1
                run_id = job.run_id if number == 1 else f"{job.run_id}-{number}"
                if _is_repeat(job, load, dated):
                    skipped.append(_nothing_new(job, load, dated, run_id))
                    continue
                attempts.append(Attempt(run_id, dated))
                move(job, load, attempts[-1], rejects)
            _gate_all(job, attempts)
            _finish(job, load)
    except LoanEtlError as error:
        return _none_loaded(job, current, attempts, error)
    return (*skipped, *(_loaded(job, attempt) for attempt in attempts))


def _gate_all(job: Job, attempts: list[Attempt]) -> None:
    together = sum((attempt.counts for attempt in attempts), Counts())
    closed = gate_rejects(job.config, job.options, together)
    if closed:
        raise HeldError(tuple(closed))


def _none_loaded(
    job: Job, current: Path | None, attempts: list[Attempt], error: LoanEtlError
) -> tuple[DeliveryReport, ...]:
    if not attempts:
        name = current if current is not None else Path(job.pipeline.name)
        return (_not_loaded(job, name, job.run_id, None, error),)
    return tuple(
        _not_loaded(job, attempt.dated.delivery.path, attempt.run_id, attempt, error)
        for attempt in attempts
    )
