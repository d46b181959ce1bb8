"""The run log and the deliveries: what was seen, in which order, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from loan_etl_tui.load.tables import Tables
from loan_etl_tui.load.values import DeliveryRow, RunRow

LOADED = ("loaded", "loaded_with_rejects")
KEPT_REJECTS = 10_000
KEPT_HITS_PER_CODE = 1_000

_RUN_FIELDS = tuple(one.name for one in fields(RunRow))
_DELIVERY_FIELDS = tuple(one.name for one in fields(DeliveryRow))

# A finding's words for what a warning row calls otherwise.
_HIT_NAMES = {"value": "observed"}


def find_delivery(
    connection: Connection, tables: Tables, platform: str, pipeline: str, sha256: str
) -> DeliveryRow | None:
    """Find what is recorded of these bytes under a pipeline."""
    delivery = tables.delivery
    found = select(*(delivery.c[name] for name in _DELIVERY_FIELDS)).where(
        delivery.c.platform_name == platform,
        delivery.c.pipeline == pipeline,
        delivery.c.sha256 == sha256,
    )
    row = connection.execute(found).first()
    return None if row is None else DeliveryRow(**row._mapping)


def find_load(
    connection: Connection, tables: Tables, pipeline: str, sha256: str, record_date: date | None
) -> RunRow | None:
    """Find the newest run that loaded these bytes for this record date."""
    run = tables.run
    found = (
        _runs(tables)
        .where(
            run.c.pipeline == pipeline,
            run.c.sha256 == sha256,
            run.c.record_date.is_not_distinct_from(record_date),
            run.c.status.in_(LOADED),
        )
        .order_by(run.c.run_number.desc())
        .limit(1)
    )
    row = connection.execute(found).first()
    return None if row is None else _run(row)


def first_seen_version(
    connection: Connection, tables: Tables, platform: str, pipeline: str, sha256: str
) -> int:
    """Say which number these bytes have on the platform: as first seen, or the next one.

    A number belongs to the bytes: a second pipeline that reads the same file finds the same one.
    """
    own = find_delivery(connection, tables, platform, pipeline, sha256)
    if own is not None and own.version is not None:
        return own.version
    delivery = tables.delivery
    elsewhere = select(func.min(delivery.c.version)).where(
        delivery.c.platform_name == platform, delivery.c.sha256 == sha256
    )
    known: int | None = connection.execute(elsewhere).scalar()
    return next_version(connection, tables, platform) if known is None else known


def next_version(connection: Connection, tables: Tables, platform: str) -> int:
    """Give the next number of the platform."""
    delivery = tables.delivery
    highest = select(func.max(delivery.c.version)).where(delivery.c.platform_name == platform)
    return int(connection.execute(highest).scalar() or 0) + 1


def save_delivery(connection: Connection, tables: Tables, row: DeliveryRow) -> None:
    """Record a delivery as it was loaded last; when it was first seen stays."""
    delivery = tables.delivery
    values = asdict(row)
    kept = {name: values.pop(name) for name in ("platform_name", "pipeline", "sha256")}
    first_seen_at = values.pop("first_seen_at")
    there = [delivery.c[name] == value for name, value in kept.items()]
    if connection.execute(update(delivery).where(*there).values(values)).rowcount == 0:
        connection.execute(insert(delivery).values(**kept, **values, first_seen_at=first_seen_at))


def note_delivery(connection: Connection, tables: Tables, row: DeliveryRow) -> None:
    """Record a delivery that was not loaded, unless it is known: its version is fixed now."""
    key = (row.platform_name, row.pipeline, row.sha256)
    if find_delivery(connection, tables, *key) is not None:
        return
    version = row.version
    if version is None:
        version = first_seen_version(connection, tables, *key)
    never_loaded = replace(
        row, version=version, last_run_id=None, config_sha256=None, ledger_sha256=None
    )
    connection.execute(insert(tables.delivery).values(asdict(never_loaded)))


def save_run(connection: Connection, tables: Tables, row: RunRow) -> None:
    """Record a run, or what became of it since; runs are numbered in the order they are written."""
    run = tables.run
    values = asdict(row) | {"counts": dict(row.counts)}
    values["control_totals"] = [dict(total) for total in row.control_totals]
    there = update(run).where(run.c.run_id == row.run_id).values(values)
    if connection.execute(there).rowcount == 0:
        highest = connection.execute(select(func.max(run.c.run_number))).scalar()
        connection.execute(insert(run).values(**values, run_number=int(highest or 0) + 1))


def find_run(connection: Connection, tables: Tables, run_id: str) -> bool:
    """Whether a run is recorded."""
    run = tables.run
    found = select(run.c.run_id).where(run.c.run_id == run_id)
    return connection.execute(found).first() is not None


def newest_runs(
    connection: Connection,
    tables: Tables,
    *,
    pipeline: str | None = None,
    platform: str | None = None,
    statuses: Sequence[str] = (),
    limit: int | None = None,
) -> list[RunRow]:
    """List runs, newest first."""
    run = tables.run
    found = _runs(tables).order_by(run.c.run_number.desc(), run.c.run_id.desc()).limit(limit)
    if pipeline is not None:
        found = found.where(run.c.pipeline == pipeline)
    if platform is not None:
        found = found.where(run.c.platform_name == platform)
    if statuses:
        found = found.where(run.c.status.in_(statuses))
    return [_run(row) for row in connection.execute(found)]


def last_runs(connection: Connection, tables: Tables) -> list[RunRow]:
    """List the newest run of each pipeline."""
    run = tables.run
    newest = (
        select(run.c.pipeline, func.max(run.c.run_number).label("run_number"))
        .group_by(run.c.pipeline)
        .subquery("newest")
    )
    found = _runs(tables).where(
        run.c.pipeline == newest.c.pipeline, run.c.run_number == newest.c.run_number
    )
    return [_run(row) for row in connection.execute(found.order_by(run.c.pipeline))]


def _runs(tables: Tables) -> Any:  # noqa: ANN401 - a select
    return select(*(tables.run.c[name] for name in _RUN_FIELDS))


def _run(row: Row[Any]) -> RunRow:
    values = dict(row._mapping)
    values["control_totals"] = tuple(values["control_totals"])
    return RunRow(**values)


def save_rejects(
    connection: Connection, tables: Tables, run_id: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep rejected rows, as many as are allowed."""
    table = tables.by_name["rejected_row"]
    names = [column.name for column in table.c if column.name not in {"reject_id", "run_id"}]
    _save(connection, table, run_id, names, rows[:KEPT_REJECTS])


def save_hits(
    connection: Connection, tables: Tables, run_id: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep warnings, as many of each code as are allowed."""
    table = tables.by_name["rule_hit"]
    names = [column.name for column in table.c if column.name not in {"hit_id", "run_id"}]
    _save(connection, table, run_id, names, list(_first_of_each_code(rows)))


def _first_of_each_code(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    kept: Counter[str] = Counter()
    for row in rows:
        kept[row["code"]] += 1
        if kept[row["code"]] <= KEPT_HITS_PER_CODE:
            yield {_HIT_NAMES.get(name, name): value for name, value in row.items()}


def _save(
    connection: Connection,
    table: Any,  # noqa: ANN401 - a table
    run_id: str,
    names: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    if rows:
        values = [
            {"run_id": run_id, **{name: _storable(row.get(name)) for name in names}} for row in rows
        ]
        connection.execute(insert(table), values)


def _storable(value: Any) -> Any:  # noqa: ANN401 - a column value
    """Make text of a broken record fit for any database: NUL and lone surrogates made visible."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "␀").encode("utf-8", "replace").decode("utf-8")
