"""Merges staged facts into `loan`: column by column, the delivery with the best claim stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from loan_etl_tui.load.changes import Before, Change, Sides, any_of, changes, remember
from loan_etl_tui.load.columns import canonical_json
from loan_etl_tui.load.origin import (
    EXTRA,
    OVERALL_STATUS,
    Claim,
    Decision,
    as_json,
    decide,
    from_json,
)
from loan_etl_tui.load.scratch import LOAN_SIDE
from loan_etl_tui.load.values import MergeSpec
from loan_etl_tui.load.work import Work, candidates, insert_from, is_record
from loan_etl_tui.model.loan import Kind

# Stands for the record date where an origin is written as text around it.
_SOME_DAY = date(1111, 11, 11)


@dataclass(frozen=True, slots=True)
class Takes:
    """The distinct sets of columns that decisions take, by number."""

    sets: Mapping[int, tuple[str, ...]]


def merge_loans(work: Work, spec: MergeSpec, loans: int) -> int:
    """Bring the staged facts into `loan`, with a correction row for every changed value.

    Never loops over loans: what may change depends only on a loan's origin and the staged record
    date, and of those pairs there are few.

    Args:
        work: the load.
        spec: how it is merged.
        loans: how many loans are staged.

    Returns:
        How many loans are new.
    """
    offered = candidates(work, spec.static)
    stored = 0
    if work.holds_any(work.tables.loan):
        takes, stored = _settle(work, spec, offered)
        for number, take in takes.sets.items():
            _note_moved(work, spec, offered, number, take)
        if takes.sets:
            work.dialect.analyze(work.connection, work.scratch.moved)
            if _any_differs(work):
                _remember(work, spec, takes)
                _rewrite(work, spec, takes)
            _move_origins(work)
    if stored == loans:
        return 0
    return work.write(_insert_new(work, spec, offered, among_stored=stored > 0))


def given_columns(spec: MergeSpec) -> tuple[str, ...]:
    """Name everything a row of the delivery gives of its loan, `extra.KEY` for the extras."""
    overall = (OVERALL_STATUS,) if spec.shape == "origination" else ()
    return (*spec.loan_columns, *(EXTRA + key for key in spec.loan_extra), *overall)


def _settle(work: Work, spec: MergeSpec, offered: FromClause) -> tuple[Takes, int]:
    """Decide for every pair of origin and record date, and count the stored loans among them."""
    loan = work.tables.loan
    pair = (loan.c.static_origin, offered.c.record_date)
    pairs = select(*pair, func.count()).where(work.is_loan(loan, offered)).group_by(*pair)
    stored = 0
    numbers: dict[tuple[str, ...], int] = {}
    decisions, taking = [], []
    for number, row in enumerate(work.run(pairs).all()):
        origin, day = row[0], row[1]
        stored += row[2]
        claim = Claim(day, spec.version)
        decision = decide(from_json(origin), given_columns(spec), claim, spec.static)
        if not decision.take:
            continue
        take_no = numbers.setdefault(decision.take, len(numbers))
        decisions.append(_decision_row(number, take_no, origin, day, decision))
        taking += _taking_rows(number, decision)
    if decisions:
        work.connection.execute(insert(work.scratch.decision), decisions)
        work.connection.execute(insert(work.scratch.taking), taking)
    return Takes({number: take for take, number in numbers.items()}), stored


def _decision_row(
    number: int,
    take_no: int,
    origin: dict[str, Any],
    day: date | None,
    decision: Decision,
) -> dict[str, Any]:
    return {
        "decision_no": number,
        "take_no": take_no,
        "old_origin": origin,
        "record_date": day,
        "new_origin": as_json(decision.origin),
    }


def _taking_rows(number: int, decision: Decision) -> list[dict[str, Any]]:
    return [
        {"decision_no": number, "field": name, "previous_version": version}
        for name, version in decision.previous_versions.items()
    ]


def _sides(work: Work, given: FromClause) -> Sides:
    return Sides(work.tables.loan, given, "", LOAN_SIDE)


def _changes(work: Work, take: tuple[str, ...], given: FromClause) -> list[Change]:
    columns = [name for name in take if not name.startswith(EXTRA) and name != OVERALL_STATUS]
    keys = [name.removeprefix(EXTRA) for name in take if name.startswith(EXTRA)]
    found = changes(work.dialect, "loan", columns, keys, _sides(work, given))
    if OVERALL_STATUS in take:
        old = work.tables.loan.c.loan_status
        found.append(Change(OVERALL_STATUS, Kind.TEXT, old, _overall(work, given)))
    return found


def _overall(work: Work, given: FromClause) -> ColumnElement[str]:
    """The status an origination row gives: only to a loan without status rows."""
    loan = work.tables.loan
    given_status = given.c[LOAN_SIDE + "loan_status"]
    return case((loan.c.last_record_date.is_(None), given_status), else_=loan.c.loan_status)


def _note_moved(
    work: Work, spec: MergeSpec, offered: FromClause, number: int, take: tuple[str, ...]
) -> None:
    """Note the loans whose facts or origins change by the decisions that take these columns."""
    loan, decision, moved = work.tables.loan, work.scratch.decision, work.scratch.moved
    differs = any_of(_changes(work, take, offered), _sides(work, offered))
    values: dict[str, ColumnElement[Any]] = {
        "file": offered.c.file,
        "record": offered.c.record,
        "loan_id": offered.c.loan_id,
        "decision_no": decision.c.decision_no,
        "take_no": decision.c.take_no,
        "differs": case((differs, 1), else_=0),
        "new_origin": decision.c.new_origin,
        "previous_run_id": loan.c.updated_run_id,
    }
    rows = select(offered.c.file).where(
        work.is_loan(loan, offered),
        decision.c.old_origin == _unindexed(loan.c.static_origin),
        decision.c.take_no == number,
        differs | (decision.c.new_origin != decision.c.old_origin),
    )
    if work.staged.is_dated:
        rows = rows.where(decision.c.record_date == _unindexed(offered.c.record_date))
    work.run(insert_from(moved, values, rows.order_by(offered.c.loan_id)))


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value as an expression, for which no index can be built on the way.

    SQLite would else start from the few decisions and index the whole stage by record date.
    """
    return func.coalesce(column, column)


def _any_differs(work: Work) -> bool:
    moved = work.scratch.moved
    return work.run(select(moved.c.file).where(moved.c.differs == 1).limit(1)).first() is not None


def _remember(work: Work, spec: MergeSpec, takes: Takes) -> None:
    """Write the correction rows, one column at a time."""
    loan, stage = work.tables.loan, work.stage
    moved, taking = work.scratch.moved, work.scratch.taking
    every = tuple(dict.fromkeys(name for take in takes.sets.values() for name in take))
    before = Before(moved.c.previous_run_id, taking.c.previous_version)
    for change in _changes(work, every, stage):
        rows = select(stage.c.file).where(
            moved.c.differs == 1,
            is_record(stage, moved),
            work.is_loan(loan, moved),
            taking.c.decision_no == moved.c.decision_no,
            taking.c.field == change.name,
        )
        remember(work, spec, "loan", change, before, rows)


def _rewrite(work: Work, spec: MergeSpec, takes: Takes) -> None:
    """Set the new values."""
    loan, stage, moved = work.tables.loan, work.stage, work.scratch.moved
    for number, take in takes.sets.items():
        values = _new_values(work, spec, take)
        values |= {"updated_run_id": spec.run_id}
        work.run(
            update(loan)
            .values(values)
            .where(
                moved.c.differs == 1,
                moved.c.take_no == number,
                is_record(stage, moved),
                work.is_loan(loan, moved),
            )
        )


def _move_origins(work: Work) -> None:
    """Note where the facts come from now, where that changed."""
    loan, moved = work.tables.loan, work.scratch.moved
    work.run(
        update(loan)
        .values(static_origin=moved.c.new_origin)
        .where(work.is_loan(loan, moved), loan.c.static_origin != moved.c.new_origin)
    )


def _new_values(work: Work, spec: MergeSpec, take: tuple[str, ...]) -> dict[str, Any]:
    loan, stage = work.tables.loan, work.stage
    values: dict[str, Any] = {
        name: stage.c[LOAN_SIDE + name] for name in spec.loan_columns if name in take
    }
    keys = [key for key in spec.loan_extra if EXTRA + key in take]
    if keys:
        left = [key for key in spec.loan_extra if key not in keys]
        values["extra"] = work.dialect.merged_extra(
            loan.c.extra, stage.c[LOAN_SIDE + "extra"], keys, left
        )
    if OVERALL_STATUS in take:
        values["loan_status"] = _overall(work, stage)
    return values


def _insert_new(work: Work, spec: MergeSpec, offered: FromClause, *, among_stored: bool) -> Any:  # noqa: ANN401 - an insert
    loan = work.tables.loan
    follows = spec.shape != "origination"
    extra = offered.c[LOAN_SIDE + "extra"] if spec.loan_extra else null()
    overall = offered.c.latest_status if follows else offered.c[LOAN_SIDE + "loan_status"]
    values: dict[str, ColumnElement[Any]] = {
        "platform_name": literal(spec.platform),
        "loan_id": offered.c.loan_id,
        **{name: offered.c[LOAN_SIDE + name] for name in spec.loan_columns},
        "extra": extra,
        "loan_status": overall,
        "first_record_date": offered.c.first_date,
        "last_record_date": offered.c.last_date,
        "static_origin": _origin_of_new(work, spec, offered),
        "created_run_id": literal(spec.run_id),
        "updated_run_id": literal(spec.run_id),
    }
    new = select(offered.c.file).order_by(offered.c.loan_id)
    if among_stored:
        new = new.where(~exists().where(work.is_loan(loan, offered)))
    return insert_from(loan, values, new)


def _origin_of_new(work: Work, spec: MergeSpec, offered: FromClause) -> ColumnElement[Any]:
    """The origin of a loan that this delivery brings: its own record date, everywhere."""
    is_one_day = work.staged.first_date == work.staged.last_date
    day = work.staged.first_date if is_one_day else _SOME_DAY
    claim = Claim(day, spec.version)
    text = canonical_json(as_json(dict.fromkeys(given_columns(spec), claim)))
    if day is None or is_one_day:
        return work.dialect.json_of(literal(text))
    pieces = text.split(day.isoformat())
    shown = work.dialect.text_of(offered.c.record_date, Kind.DATE)
    whole: ColumnElement[Any] = literal(pieces[0])
    for piece in pieces[1:]:
        whole = whole.concat(shown).concat(piece)
    return work.dialect.json_of(whole)
