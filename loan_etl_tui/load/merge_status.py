"""Merges staged rows into `status`: the newest version of each key stands, whatever came first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Insert, case, exists, func, literal, null, or_, select, update

from loan_etl_tui.load.changes import Before, Change, Sides, any_of, changes, remember
from loan_etl_tui.load.columns import UtcStamp
from loan_etl_tui.load.scratch import STATUS_SIDE
from loan_etl_tui.load.values import MergeSpec
from loan_etl_tui.load.work import Work, insert_from, is_record

CORRECTED, SUPERSEDED, RAISED = "corrected", "superseded", "raised"


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """What became of the staged status rows."""

    inserted: int
    corrected: int
    unchanged: int
    superseded: int


def is_ahead(work: Work) -> bool:
    """Whether every staged record date lies after all stored ones, so that no key can meet."""
    loan = work.tables.loan
    latest = select(func.max(loan.c.last_record_date)).where(loan.c.platform_name == work.platform)
    stored = work.run(latest).scalar()
    first = work.staged.first_date
    return first is not None and (stored is None or stored < first)


def merge_status(work: Work, spec: MergeSpec, *, ahead: bool) -> StatusCounts:
    """Bring the staged rows into `status`, with a correction row for every changed value.

    A stored row gives way when its version is not newer and a mapped column differs. An equal row
    stays as it is, but takes the higher version, so that a third delivery in between decides the
    same whenever it arrives.

    Args:
        work: the load, its loans merged.
        spec: how it is merged.
        ahead: what `is_ahead` said before the loans were merged.
    """
    verdicts = {} if ahead else _meet(work, spec)
    if verdicts.get(CORRECTED):
        _correct(work, spec)
    if verdicts.get(RAISED):
        _raise_versions(work, spec)
    with work.dialect.reference_set_aside(work.connection, work.tables, work.staged.rows):
        inserted = work.write(_insert_new(work, spec, among_stored=not ahead))
    corrected = verdicts.get(CORRECTED, 0)
    superseded = verdicts.get(SUPERSEDED, 0)
    unchanged = work.staged.rows - inserted - corrected - superseded
    return StatusCounts(inserted, corrected, unchanged, superseded)


def _sides(work: Work) -> Sides:
    return Sides(work.tables.status, work.stage, "", STATUS_SIDE)


def _changes(work: Work, spec: MergeSpec) -> list[Change]:
    return changes(work.dialect, "status", spec.status_columns, spec.status_extra, _sides(work))


def _meet(work: Work, spec: MergeSpec) -> dict[str, int]:
    """Note every staged row whose stored row differs or is of an older version."""
    status, stage, pair = work.tables.status, work.stage, work.scratch.pair
    differs = any_of(_changes(work, spec), _sides(work))
    verdict = case(
        (~differs, RAISED), (status.c.version > spec.version, SUPERSEDED), else_=CORRECTED
    )
    values: dict[str, ColumnElement[Any]] = {
        "file": stage.c.file,
        "record": stage.c.record,
        "loan_id": stage.c.loan_id,
        "record_date": stage.c.record_date,
        "previous_run_id": status.c.run_id,
        "previous_version": status.c.version,
        "verdict": verdict,
    }
    met = select(stage.c.file).where(
        work.is_status(status, stage), or_(differs, status.c.version < spec.version)
    )
    work.run(insert_from(pair, values, met.order_by(stage.c.loan_id)))
    work.dialect.analyze(work.connection, pair)
    counted = select(pair.c.verdict, func.count()).group_by(pair.c.verdict)
    return {row[0]: row[1] for row in work.run(counted)}


def _correct(work: Work, spec: MergeSpec) -> None:
    status, stage, pair = work.tables.status, work.stage, work.scratch.pair
    before = Before(pair.c.previous_run_id, pair.c.previous_version)
    corrected = (
        is_record(stage, pair),
        work.is_status(status, pair),
        pair.c.verdict == CORRECTED,
    )
    found = _changes(work, spec)
    for change in found:
        remember(work, spec, "status", change, before, select(stage.c.file).where(*corrected))
    values: dict[str, Any] = {name: stage.c[STATUS_SIDE + name] for name in spec.status_columns}
    if spec.status_extra:
        values["extra"] = work.dialect.merged_extra(
            status.c.extra, stage.c[STATUS_SIDE + "extra"], spec.status_extra, ()
        )
    values |= {"run_id": spec.run_id, "version": spec.version, "loaded_at": spec.loaded_at}
    work.run(update(status).values(values).where(*corrected))


def _raise_versions(work: Work, spec: MergeSpec) -> None:
    status, pair = work.tables.status, work.scratch.pair
    raised = (work.is_status(status, pair), pair.c.verdict == RAISED)
    work.run(update(status).values(version=spec.version).where(*raised))


def _insert_new(work: Work, spec: MergeSpec, *, among_stored: bool) -> Insert:
    status, stage = work.tables.status, work.stage
    values: dict[str, ColumnElement[Any]] = {
        "platform_name": literal(spec.platform),
        "loan_id": stage.c.loan_id,
        "record_date": stage.c.record_date,
        **{name: stage.c[STATUS_SIDE + name] for name in spec.status_columns},
        "extra": stage.c[STATUS_SIDE + "extra"] if spec.status_extra else null(),
        "run_id": literal(spec.run_id),
        "created_run_id": literal(spec.run_id),
        "version": literal(spec.version),
        "loaded_at": literal(spec.loaded_at, UtcStamp()),
    }
    # In key order: the primary key then grows at its end instead of all over.
    new = select(stage.c.file).order_by(stage.c.loan_id, stage.c.record_date)
    if among_stored:
        new = new.where(~exists().where(work.is_status(status, stage)))
    return insert_from(status, values, new)
