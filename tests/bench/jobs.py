"""Everything that is timed, in the order of one round, with a proof that it did its work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import clean
from tests.bench.deliveries import Deliveries, Tape
from tests.bench.measure import LOAN_ETL, ROOT, Used
from tests.bench.proof import (
    Summary,
    ended_well,
    every_row,
    loaded,
    nothing_new,
    restated,
    summary_of,
)
from tests.bench.server import Server

LOADED, REPEATED = "loan_etl_bench", "loan_etl_bench_repeat"
LIMIT, PEER = "loan_etl_bench_limit", "loan_etl_bench_peer"
DATABASES = (LOADED, REPEATED, LIMIT, PEER)
"""Every database made on a server, and dropped again."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to time.

    Attributes:
        key: `database.work`; ratios name it.
        title: what it is, for the table.
        rows: data rows it deals with.
        command: program and arguments.
        cwd: folder it runs in.
        prepare: brings about the state it starts from, untimed.
        prove: raises `proof.NotDoneError` unless the work was done.
        on_server: whether a PostgreSQL server does a part of it.
        own_clock: whether it prints its seconds itself, start and imports not counted.
    """

    key: str
    title: str
    rows: int
    command: tuple[str, ...]
    cwd: Path
    prepare: Callable[[], object]
    prove: Callable[[Used], None]
    on_server: bool = False
    own_clock: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is.

    Attributes:
        root: a folder for this measurement alone.
        tapes: the tapes.
        server: the PostgreSQL server, or None.
        peer_rows: rows for peers that are too slow for a whole tape.
        environment: variables for every command.
    """

    root: Path
    tapes: Deliveries
    server: Server | None
    peer_rows: int
    environment: dict[str, str]

    @property
    def database(self) -> Path:
        """The SQLite file that is loaded in each round."""
        return self.root / f"{LOADED}.db"

    @property
    def repeated(self) -> Path:
        """The SQLite file that holds the clean tape already."""
        return self.root / f"{REPEATED}.db"

    @property
    def limit(self) -> Path:
        """The SQLite file that takes the clean rows."""
        return self.root / f"{LIMIT}.db"

    @property
    def clean_rows(self) -> Path:
        """The SQLite file with the clean rows in file order."""
        return self.root / "clean.db"

    def load(self, tape: Tape, database: str | Path, *more: str) -> tuple[str, ...]:
        """The command that loads a tape."""
        where = ("--file", str(tape.path), "--database", str(database))
        return (str(LOAN_ETL), "run", "narrow", "--headless", *where, *more)


def sqlite_jobs(bench: Bench) -> list[Job]:
    """loan-etl into SQLite, and the raw limit."""
    tapes, database = bench.tapes, bench.database
    limit = ("executemany", str(bench.clean_rows), str(bench.limit))
    return [
        *_loads(bench, "sqlite", database, lambda: remove(database), on_server=False),
        _load(
            bench,
            "sqlite.again",
            "byte-identical clean tape again",
            tapes.clean,
            bench.repeated,
            prove=nothing_new,
        ),
        _load(
            bench,
            "sqlite.bad",
            "every row bad",
            tapes.bad,
            database,
            prepare=lambda: remove(database),
            prove=loaded(tapes.bad, "loan_inserted"),
        ),
        _limit(
            bench,
            "sqlite.executemany",
            "limit: executemany upsert of the clean rows",
            limit,
            prepare=lambda: _empty_file(bench.limit),
        ),
    ]


def postgresql_jobs(bench: Bench, server: Server) -> list[Job]:
    """loan-etl into PostgreSQL, the raw limits, and what pandas does."""
    tapes, url = bench.tapes, server.at(LOADED)
    jobs = _loads(bench, "postgresql", url, lambda: server.fresh(LOADED), on_server=True)
    jobs.append(
        _load(
            bench,
            "postgresql.again",
            "byte-identical clean tape again",
            tapes.clean,
            server.at(REPEATED),
            prove=nothing_new,
            on_server=True,
        )
    )
    for order, words in (("file", "in file order"), ("key", "sorted by key")):
        jobs.append(
            _limit(
                bench,
                f"postgresql.copy_{order}",
                f"limit: raw COPY of the clean rows, {words}",
                ("copy", server.at(LIMIT), str(bench.root), order),
                prepare=lambda: _empty_database(server),
                on_server=True,
            )
        )
    for way, words, rows in (
        ("copy", "with a COPY method", tapes.first.rows),
        ("default", "as it comes", bench.peer_rows),
    ):
        title = f"peer: pandas read_csv + to_sql {words}, {rows:,} rows"
        jobs.append(_pandas(bench, server, f"postgresql.pandas_{way}", title, way, rows))
    return jobs


def heart_jobs(bench: Bench) -> list[Job]:
    """Reading and judging without a database, and the bare Arrow read."""
    tape = str(bench.tapes.first.path)
    heart = "tests.bench.heart"
    return [
        _limit(
            bench, "heart.arrow", "limit: bare Arrow read of the mapped columns", ("arrow", tape)
        ),
        _limit(bench, "heart.read", "reader alone", ("read", tape), module=heart),
        _limit(bench, "heart.judge", "parse and judge alone", ("judge", tape), module=heart),
    ]


def _loads(
    bench: Bench, kind: str, database: str | Path, fresh: Callable[[], object], *, on_server: bool
) -> list[Job]:
    """The three loads that follow each other in one database."""
    tapes = bench.tapes
    correct = ("--correct", "--reason", "restated by the bench")
    return [
        _load(
            bench,
            f"{kind}.first",
            "first load into empty tables",
            tapes.first,
            database,
            prepare=fresh,
            prove=loaded(tapes.first, "loan_inserted"),
            on_server=on_server,
        ),
        _load(
            bench,
            f"{kind}.unchanged",
            "unchanged rows in a changed file",
            tapes.longer,
            database,
            prove=loaded(tapes.longer, "status_unchanged"),
            on_server=on_server,
        ),
        _load(
            bench,
            f"{kind}.restated",
            "5 % of the rows restated",
            tapes.restated,
            database,
            *correct,
            prove=restated(tapes.restated),
            on_server=on_server,
        ),
    ]


def _load(
    bench: Bench,
    key: str,
    title: str,
    tape: Tape,
    database: str | Path,
    *more: str,
    prove: Callable[[Summary], None],
    prepare: Callable[[], object] = lambda: None,
    on_server: bool = False,
) -> Job:
    return Job(
        key=key,
        title=title,
        rows=tape.rows,
        command=bench.load(tape, database, *more),
        cwd=bench.root,
        prepare=prepare,
        prove=lambda used: prove(summary_of(used)),
        on_server=on_server,
    )


def _limit(
    bench: Bench,
    key: str,
    title: str,
    arguments: tuple[str, ...],
    *,
    prepare: Callable[[], object] = lambda: None,
    on_server: bool = False,
    module: str = "tests.bench.limits",
) -> Job:
    tape = bench.tapes.first
    return Job(
        key=key,
        title=title,
        rows=tape.rows,
        command=(sys.executable, "-m", module, *arguments),
        cwd=ROOT,
        prepare=prepare,
        prove=lambda used: every_row(used, tape),
        on_server=on_server,
        own_clock=True,
    )


def _pandas(bench: Bench, server: Server, key: str, title: str, way: str, rows: int) -> Job:
    tape = str(bench.tapes.first.path)
    call = ("-m", "tests.bench.peers", way, server.at(PEER), tape, str(rows))
    return Job(
        key=key,
        title=title,
        rows=rows,
        command=(sys.executable, *call),
        cwd=ROOT,
        prepare=lambda: server.fresh(PEER),
        prove=ended_well,
        on_server=True,
    )


def remove(database: Path) -> None:
    """Delete a SQLite file with its log."""
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _empty_file(database: Path) -> None:
    remove(database)
    clean.empty_tables(str(database))


def _empty_database(server: Server) -> None:
    clean.empty_tables(server.fresh(LIMIT))
