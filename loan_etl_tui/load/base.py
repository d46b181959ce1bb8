"""What every database target promises, and how one is found by its URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import entry_points
from types import TracebackType
from typing import Any, Protocol, Self, cast, runtime_checkable

import pyarrow as pa

from loan_etl_tui.load.values import (
    Capabilities,
    DeliveryRow,
    Duplicates,
    MappedColumns,
    MergeCounts,
    MergeSpec,
    RunRow,
    StageTotals,
    TablesState,
)
from loan_etl_tui.model.errors import ConfigError
from loan_etl_tui.model.issues import ActiveRule

__all__ = [
    "Capabilities",
    "DeliveryRow",
    "Duplicates",
    "Load",
    "MappedColumns",
    "MergeCounts",
    "MergeSpec",
    "RunRow",
    "StageTotals",
    "TablesState",
    "Target",
    "open_target",
    "target_kind",
]

GROUP = "loan_etl_tui.targets"

Rules = Mapping[str, ActiveRule]

# What libpq calls the same thing.
_ALIASES = {"postgres": "postgresql"}


class Load(Protocol):
    """The one transaction of one delivery (or of a whole run): nothing shows before `commit`.

    Leaving the context without `commit` rolls back.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def delivery(self, pipeline: str, sha256: str) -> DeliveryRow | None:
        """Find what is recorded of these bytes under this pipeline."""
        ...

    def loaded(self, pipeline: str, sha256: str, record_date: date | None) -> RunRow | None:
        """Find the newest run that loaded these bytes for this record date."""
        ...

    def version_for(self, pipeline: str, sha256: str, declared: int | None, fresh: bool) -> int:
        """Say which version these bytes have: declared, as first seen, or the next number.

        `fresh` (a run with --correct) always gives a new number.
        """
        ...

    def previous_load(self, pipeline: str) -> RunRow | None:
        """Find the newest run of the pipeline that loaded something."""
        ...

    def stage(self, loan: pa.Table, status: pa.Table) -> None:
        """Append one batch to the staging table.

        Args:
            loan: (n,) `frames.LOAN_ROWS`, one row per accepted record.
            status: (n,) `frames.STATUS_ROWS` of the same records; (0,) for origination.
        """
        ...

    def duplicates(self, mapped: MappedColumns, rules: Rules | None = None) -> Duplicates:
        """Take rows that share a key out of the stage (X-DUP-EQ, X-DUP-NE).

        Args:
            mapped: the columns that decide whether two rows say the same.
            rules: the rules in force, for their severities; None means the catalogue's.
        """
        ...

    def currencies(self, rules: Rules | None = None) -> pa.Table:
        """List staged rows whose currency is not their loan's (X-CURR), as `frames.ISSUES`."""
        ...

    def stage_totals(self) -> StageTotals:
        """Count the staged rows and add up their money columns, exactly."""
        ...

    def merge(self, spec: MergeSpec) -> MergeCounts:
        """Join the staged rows with what is stored; the order of deliveries does not matter."""
        ...

    def verify(self, spec: MergeSpec, counts: MergeCounts) -> None:
        """Prove that the tables hold what was staged; `LawBroken` otherwise."""
        ...

    def clear_stage(self) -> None:
        """Empty the stage for the next delivery of the same transaction."""
        ...

    def write_run(self, run: RunRow) -> None:
        """Record the run; a run must be written before its rows can be committed."""
        ...

    def write_delivery(self, delivery: DeliveryRow) -> None:
        """Record the delivery as it was loaded last."""
        ...

    def write_rejects(self, run_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep rejected rows, at most 10,000.

        Args:
            run_id: the run that rejected them.
            rows: `rejected_row` columns by name; what is left out is NULL.
        """
        ...

    def write_hits(self, run_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep warnings, at most 1,000 of a code.

        Args:
            run_id: the run that found them.
            rows: rows of `frames.ISSUES`, or `rule_hit` columns by name.
        """
        ...

    def commit(self) -> None:
        """Make everything visible at once, and be sure of it.

        Raises:
            DatabaseUnavailable: nothing was committed; a repeat can help.
            CommitUnknown: the database did not answer, and still does not.
        """
        ...

    def rollback(self) -> None:
        """Undo everything since `begin`."""
        ...


@runtime_checkable
class Target(Protocol):
    """A database that holds the two tables."""

    @property
    def name(self) -> str:
        """The name the workspace gives it."""
        ...

    @property
    def kind(self) -> str:
        """The connector's name, such as sqlite."""
        ...

    @property
    def caps(self) -> Capabilities:
        """What this database can do."""
        ...

    @property
    def display_url(self) -> str:
        """The URL without its password."""
        ...

    def state(self) -> TablesState:
        """Look whether our tables are there; writes nothing."""
        ...

    def ddl(self) -> str:
        """The SQL that creates the tables and the view, for this schema and prefix."""
        ...

    def prepare(self) -> None:
        """Create the tables on first use, where the target allows it.

        Raises:
            ConfigError: they are missing and may not be created, are of another version, or are
                not ours; with the SQL or the differing columns.
        """
        ...

    def begin(self, platform: str, wait_s: float) -> Load:
        """Open the one transaction of a load and take the platform's lock.

        Raises:
            DatabaseBusy: another run still held the lock after `wait_s` seconds.
        """
        ...

    def cancel(self) -> None:
        """Stop the statement that runs now; safe from another thread."""
        ...

    def history(self, pipeline: str | None, limit: int) -> list[RunRow]:
        """List the newest runs, newest first."""
        ...

    def last_runs(self) -> list[RunRow]:
        """List the newest run of each pipeline, by pipeline."""
        ...

    def record_failure(self, run: RunRow, delivery: DeliveryRow | None) -> None:
        """Record a failed or held run, and the delivery it saw first, in an own transaction."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


def target_kind(url: str) -> str:
    """Name the connector a database URL asks for; a bare path is the embedded database.

    >>> target_kind("postgres://db/loans"), target_kind("data/loans.db")
    ('postgresql', 'sqlite')
    """
    if "://" not in url:
        return "sqlite"
    scheme = url.partition("://")[0].partition("+")[0].lower()
    return _ALIASES.get(scheme, scheme)


def open_target(
    url: str, *, name: str, schema: str | None, table_prefix: str, create: str
) -> Target:
    """Find the connector for a database and hand it the URL; nothing connects yet.

    Args:
        url: database URL with its secrets resolved, or a path.
        name: the workspace's name for the target.
        schema: schema of all tables, or None for the database's own.
        table_prefix: put before every table name.
        create: "auto" or "never": whether tables may be created.

    Raises:
        ConfigError: no installed connector has this kind, or a name is not allowed.
    """
    kind = target_kind(url)
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if kind not in installed:
        raise ConfigError(
            f"target {name!r}: no connector for {kind!r} databases is installed; "
            f"installed are {', '.join(sorted(installed))}.",
            hint="a bare path or sqlite:///PATH is the embedded database",
        )
    make = installed[kind].load()
    return cast(
        "Target", make(url, name=name, schema=schema, table_prefix=table_prefix, create=create)
    )
