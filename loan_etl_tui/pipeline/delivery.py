"""One delivery, one transaction: read, judged, staged, checked, merged, committed — or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from loan_etl_tui.load.base import Load, MergeCounts, MergeSpec
from loan_etl_tui.model.errors import ConfigError, LawBroken, SourceMissing
from loan_etl_tui.model.events import Progress, StepStarted
from loan_etl_tui.pipeline.across import mapped_columns, with_loan_ids
from loan_etl_tui.pipeline.archive import archive_tape
from loan_etl_tui.pipeline.gate import (
    Closed,
    HeldError,
    gate_corrections,
    gate_dates,
    gate_findings,
    gate_rejects,
    gate_totals,
)
from loan_etl_tui.pipeline.job import Attempt, Finding, Job
from loan_etl_tui.pipeline.ledger import delivery_row, recalled, run_row
from loan_etl_tui.pipeline.prepare import lay_out, notes_of, totals_of
from loan_etl_tui.pipeline.tally import Tally
from loan_etl_tui.report import Counts
from loan_etl_tui.review.rejects import RejectFile
from loan_etl_tui.spread.inline import process
from loan_etl_tui.transform.mapping import source_of_fields


def move(job: Job, load: Load, attempt: Attempt, rejects: RejectFile) -> None:
    """Bring one delivery into the open transaction, up to but not including the commit.

    Args:
        job: the run it belongs to.
        load: the open transaction; on an error the caller rolls it back.
        attempt: what is known of the delivery; filled in on the way, so that a failure can be
            reported with all that was found until then.
        rejects: the run's reject file.

    Raises:
        HeldError: the gate closed.
        LoanEtlError: the file, its layout or the database failed.
    """
    job.listen(StepStarted("source", attempt.name))
    attempt.prepared = lay_out(job.source, attempt.dated)
    attempt.version = load.version_for(
        job.pipeline.name, attempt.sha256, _declared_version(job, attempt.name), job.options.correct
    )
    totals = totals_of(job.config, job.options)
    header_line = attempt.prepared.layout.header_line or 0
    tally = attempt.tally = Tally(attempt.prepared.plan, totals, header_line)
    attempt.notes = notes_of(attempt.prepared, totals)
    _read(job, load, attempt, tally, rejects)
    job.listen(StepStarted("validate", attempt.name))
    _across(job, load, attempt, tally, rejects)
    _close_gate(job, attempt, tally)
    job.listen(StepStarted("load", attempt.name))
    _merge(job, load, attempt, tally)


def _declared_version(job: Job, name: str) -> int | None:
    declared = job.config.source.version
    if declared is None:
        return None
    match = re.search(declared.pattern, name)
    if match is None:
        raise ConfigError(
            f"source.version: no version in the file name {name!r} by {declared.pattern!r}.",
            "mend the pattern; its first group must be the number.",
        )
    return _version_number(match.group(1) if match.re.groups else match.group(0), name)


def _version_number(text: str, name: str) -> int:
    if not text.isdecimal():
        raise ConfigError(f"source.version: {text!r} in the file name {name!r} is no number.")
    return int(text)


def _read(job: Job, load: Load, attempt: Attempt, tally: Tally, rejects: RejectFile) -> None:
    """Send every batch through the heart and into the stage."""
    if attempt.prepared is None:
        return
    columns = source_of_fields(attempt.prepared.plan)
    for batch in process(job.source, attempt.prepared.delivery, attempt.prepared.plan):
        job.stop.look()
        tally.add(batch)
        rejects.write(attempt.name, batch.result.rejects, batch.result.issues, columns)
        load.stage(batch.result.loan, batch.result.status)
        job.listen(_progress(attempt, tally, batch.raw.table))
    tally.assert_amounts()
    if tally.counts.read == tally.counts.blank + tally.counts.skipped:
        raise SourceMissing(
            f"F-EMPTY: {attempt.name} holds no data row.",
            "is it the right file? an empty tape is never taken for a month without loans.",
        )


def _progress(attempt: Attempt, tally: Tally, table: Any) -> Progress:  # noqa: ANN401 - Arrow
    read = 0
    if table.num_rows:
        read = table.column("offset")[-1].as_py() + table.column("length")[-1].as_py()
    size = attempt.dated.delivery.size_bytes
    if read > size:
        size = 0  # compressed: how far the stream still goes is not known
    return Progress(attempt.name, tally.counts.read, tally.counts.rejected, read, size)


def _across(job: Job, load: Load, attempt: Attempt, tally: Tally, rejects: RejectFile) -> None:
    """Run the checks that look at all rows of the delivery together."""
    rules = tally.plan.rules
    twice = load.duplicates(mapped_columns(job.config.transform), rules)
    tally.duplicates(twice)
    attempt.removed = twice.removed
    if twice.rejected:
        originals = job.source.reread(attempt.dated.delivery, twice.rejected)
        rejects.write(attempt.name, with_loan_ids(originals, twice.issues), twice.issues)
    tally.findings(load.currencies(rules))
    before = recalled(load.previous_load(job.pipeline.name), tally.plan)
    for one in tally.guard.findings(tally.plan, before).to_pylist():
        tally.note(one["code"], one["severity"])
        words = f"{one['field']}: {one['value']}; expected {one['expected']}."
        attempt.findings.append(Finding(one["code"], one["severity"], words))


def _close_gate(job: Job, attempt: Attempt, tally: Tally) -> None:
    closed, attempt.controls = gate_totals(tally.totals, job.options, tally)
    closed += gate_dates(job.config, tally)
    closed += [_worded(one, attempt) for one in gate_findings(tally)]
    if job.config.load.atomic == "delivery":
        closed += gate_rejects(job.config, job.options, tally.counts)
    if closed:
        raise HeldError(tuple(closed))


def _worded(closed: Closed, attempt: Attempt) -> Closed:
    """Let a guard's own words stand in place of the count of its finding."""
    for one in attempt.findings:
        if one.code == closed.code:
            return replace(closed, message=one.message)
    return closed


def _merge(job: Job, load: Load, attempt: Attempt, tally: Tally) -> None:
    spec = merge_spec(job, attempt)
    _assert_staged(tally, attempt, load.stage_totals().sums)
    code = job.exit_of(tally.counts)
    load.write_run(run_row(job, attempt, code))
    merged = load.merge(spec)
    rows = tally.counts.accepted
    closed = gate_corrections(job.config, job.options, merged.status_corrected, rows)
    if closed:
        tally.note("F-CORRECTIONS", "F")
        raise HeldError(tuple(closed))
    load.verify(spec, merged)
    tally.counts += _as_counts(merged)
    tally.counts.assert_conserved(feeds_status=job.config.transform.shape != "origination")
    load.write_rejects(attempt.run_id, tally.reject_rows)
    load.write_hits(attempt.run_id, tally.hits)
    load.write_run(run_row(job, attempt, code))
    load.write_delivery(delivery_row(job, attempt, loaded=True))
    load.clear_stage()
    if job.config.source.archive == "copy" and not job.options.dry_run:
        archive_tape(attempt.dated.delivery, job.workspace.archive, job.config.platform)


def merge_spec(job: Job, attempt: Attempt) -> MergeSpec:
    """Say how the staged rows join what is stored."""
    transform = job.config.transform
    return MergeSpec(
        run_id=attempt.run_id,
        platform=job.config.platform,
        pipeline=job.pipeline.name,
        version=attempt.version or 0,
        shape=transform.shape,
        static=transform.static,
        **asdict(mapped_columns(transform)),
        loaded_at=attempt.started_at,
        who=job.who,
        reason=job.options.reason,
    )


def _assert_staged(tally: Tally, attempt: Attempt, staged: Mapping[str, Decimal]) -> None:
    """Check that the stage holds exactly the accepted amounts less the removed duplicates."""
    zero = Decimal(0)
    for name, total in tally.accepted.items():
        expected = total - attempt.removed.get(name, zero)
        if staged.get(name, zero) != expected:
            raise LawBroken(
                f"conservation of amounts: {name} is staged with {staged.get(name, zero)}, "
                f"{expected} was accepted."
            )


def _as_counts(merged: MergeCounts) -> Counts:
    return Counts(
        superseded=merged.superseded,
        loan_inserted=merged.loan_inserted,
        loan_updated=merged.loan_updated,
        loan_unchanged=merged.loan_unchanged,
        status_inserted=merged.status_inserted,
        status_corrected=merged.status_corrected,
        status_unchanged=merged.status_unchanged,
    )
