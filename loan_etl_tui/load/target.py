"""A database target that speaks SQL: its tables, its runs, and the loads it opens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert

from loan_etl_tui import __version__
from loan_etl_tui.load import ledger
from loan_etl_tui.load.ddl import create_statements, script
from loan_etl_tui.load.dialect import Dialect, Purpose
from loan_etl_tui.load.operational import SCHEMA_VERSION_NUMBER
from loan_etl_tui.load.scratch import build_scratch
from loan_etl_tui.load.session import SqlLoad
from loan_etl_tui.load.survey import Survey, survey
from loan_etl_tui.load.tables import Tables
from loan_etl_tui.load.values import Capabilities, DeliveryRow, RunRow, TablesState
from loan_etl_tui.load.wire import Wire
from loan_etl_tui.model.errors import ConfigError, DatabaseBusy

# How long short writes and the creation of tables wait for another run.
PATIENCE_S = 5.0
_POLL_EVERY_S = 0.05


class SqlTarget:
    """A database behind SQLAlchemy; see `base.Target` for what it promises.

    Args:
        name: the workspace's name for it.
        display_url: the URL without its password.
        engine: opens connections.
        dialect: the database's way of saying things.
        tables: its tables.
        create: "auto" or "never": whether tables may be created.
    """

    def __init__(
        self,
        name: str,
        display_url: str,
        engine: Engine,
        dialect: Dialect,
        tables: Tables,
        create: str,
    ) -> None:
        self.name = name
        self.display_url = display_url
        self.tables = tables
        self.dialect = dialect
        self._engine = engine
        self._create = create
        self._scratch = build_scratch(dialect.temp_schema)
        self._open: set[Wire] = set()
        self._guarding_open = threading.Lock()

    @property
    def kind(self) -> str:
        """The connector's name, such as sqlite."""
        return self.dialect.kind

    @property
    def caps(self) -> Capabilities:
        """What this database can do."""
        return self.dialect.caps

    def exists(self) -> bool:
        """Whether there is a database to look into; a server always has one."""
        return True

    @contextmanager
    def transaction(self, doing: str, purpose: Purpose) -> Iterator[Connection]:
        """Run some statements in one transaction and commit it at the end.

        Args:
            doing: what is going on, for the message of an error.
            purpose: what the transaction is for.
        """
        wire = self._connect()
        try:
            with wire.guard(doing):
                self.dialect.start(wire.connection, purpose)
                yield wire.connection
                wire.connection.commit()
        finally:
            self._disconnect(wire)

    def _connect(self) -> Wire:
        wire = Wire(self._engine, self.dialect)
        with self._guarding_open:
            self._open.add(wire)
        return wire

    def _disconnect(self, wire: Wire) -> None:
        with self._guarding_open:
            self._open.discard(wire)
        wire.close()

    def _lock(self, wire: Wire, platform: str, wait_s: float) -> None:
        """Wait for a platform's lock, ready to be cancelled all the while."""
        deadline = time.monotonic() + wait_s
        while True:
            with wire.guard("waiting for the lock"):
                if self.dialect.try_lock(wire.connection, self.tables, platform):
                    return
            if time.monotonic() >= deadline:
                raise DatabaseBusy(
                    f"target {self.name!r}: another run holds the lock"
                    + (f" of platform {platform!r}." if platform else "."),
                    "try again when it is done, or wait for it with --wait.",
                )
            wire.is_cancelled.wait(_POLL_EVERY_S)

    def survey(self) -> Survey:
        """Look what the database holds of our tables; writes nothing."""
        if not self.exists():
            return Survey(TablesState.MISSING)
        with self.transaction("looking at the tables", Purpose.READ) as connection:
            return survey(connection, self.dialect, self.tables)

    def state(self) -> TablesState:
        """Look whether our tables are there; writes nothing."""
        return self.survey().state

    def ddl(self) -> str:
        """The SQL that creates the tables and the view, for this schema and prefix."""
        return script(self.dialect, self.tables)

    def prepare(self) -> None:
        """Create the tables on first use, where the target allows it; see `base.Target`."""
        found = self.survey()
        if found.state is TablesState.CURRENT:
            return
        if found.state is not TablesState.MISSING:
            raise ConfigError(f"target {self.name!r}: {found.complaint}", found.hint)
        if self._create == "never":
            raise ConfigError(
                f"target {self.name!r} has no tables yet, and this role may not create them "
                "(create: never).",
                f"let somebody who may run the SQL that `loan-etl schema --target {self.name}` "
                "prints.",
            )
        self._make_tables()

    def _make_tables(self) -> None:
        wire = self._connect()
        try:
            with wire.guard("creating the tables"):
                self.dialect.start(wire.connection, Purpose.LOAD)
            self._lock(wire, "", PATIENCE_S)
            with wire.guard("creating the tables"):
                # Another first run may have made them while this one waited.
                if survey(wire.connection, self.dialect, self.tables).state is TablesState.MISSING:
                    self._create_all(wire.connection)
                wire.connection.commit()
        finally:
            self._disconnect(wire)

    def _create_all(self, connection: Connection) -> None:
        self.dialect.make_room(connection, self.tables)
        for text in create_statements(self.dialect, self.tables):
            connection.exec_driver_sql(text, execution_options={"no_parameters": True})
        connection.execute(
            insert(self.tables.by_name["schema_version"]).values(
                version=SCHEMA_VERSION_NUMBER, app_version=__version__, applied_at=datetime.now(UTC)
            )
        )

    def begin(self, platform: str, wait_s: float) -> SqlLoad:
        """Open the one transaction of a load and take the platform's lock."""
        wire = self._connect()
        try:
            with wire.guard("opening the load"):
                self.dialect.start(wire.connection, Purpose.LOAD)
            self._lock(wire, platform, wait_s)
        except BaseException:
            self._disconnect(wire)
            raise
        return SqlLoad(
            wire,
            self._engine,
            self.dialect,
            self.tables,
            self._scratch,
            platform,
            on_close=lambda: self._disconnect(wire),
        )

    def cancel(self) -> None:
        """Stop every statement that runs now; safe from another thread."""
        with self._guarding_open:
            wires = tuple(self._open)
        for wire in wires:
            wire.cancel()

    def history(self, pipeline: str | None, limit: int) -> list[RunRow]:
        """List the newest runs, newest first; none where there are no tables yet."""
        if self.state() is not TablesState.CURRENT:
            return []
        with self.transaction("reading the run log", Purpose.READ) as connection:
            return ledger.newest_runs(connection, self.tables, pipeline=pipeline, limit=limit)

    def last_runs(self) -> list[RunRow]:
        """List the newest run of each pipeline, by pipeline."""
        if self.state() is not TablesState.CURRENT:
            return []
        with self.transaction("reading the run log", Purpose.READ) as connection:
            return ledger.last_runs(connection, self.tables)

    def record_failure(self, run: RunRow, delivery: DeliveryRow | None) -> None:
        """Record a failed or held run, and the delivery it saw first, in an own transaction.

        A delivery without a version gets the next first-seen number here, under the platform's
        lock; one that is known already stays as it is.
        """
        if delivery is None:
            with self.transaction("recording the run", Purpose.WRITE) as connection:
                ledger.save_run(connection, self.tables, run)
            return
        wire = self._connect()
        try:
            with wire.guard("recording the run"):
                self.dialect.start(wire.connection, Purpose.LOAD)
            self._lock(wire, delivery.platform_name, PATIENCE_S)
            with wire.guard("recording the run"):
                ledger.save_run(wire.connection, self.tables, run)
                ledger.note_delivery(wire.connection, self.tables, delivery)
                wire.connection.commit()
        finally:
            self._disconnect(wire)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()
