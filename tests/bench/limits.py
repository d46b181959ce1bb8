"""What the machine can do at best with the same rows: raw COPY, executemany, a bare Arrow read.

Each is a process of its own that prints its seconds as JSON, start and imports not counted:

    python -m tests.bench.limits copy URL FOLDER ORDER
    python -m tests.bench.limits executemany CLEAN LOADED
    python -m tests.bench.limits arrow TAPE
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
from pathlib import Path

import psycopg2
import pyarrow as pa
from pyarrow import csv

from loan_etl_tui.load.sqlite_file import open_file
from tests.bench.clean import TABLES, Order, copy_file
from tests.bench.stopwatch import Stopwatch
from tests.bench.tapes import COLUMNS

_REFERENCE = (
    "SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint "
    "WHERE conrelid = 'status'::regclass AND confrelid = 'loan'::regclass"
)
_COPY_BYTES = 1 << 20
_ROWS_AT_ONCE = 50_000
_BLOCK_BYTES = 4 << 20


def copy(url: str, folder: Path, order: Order) -> Stopwatch:
    """COPY the clean rows into both empty tables, in one transaction.

    The foreign key is set aside and added again in that transaction, as loan-etl does it.
    """
    watch = Stopwatch()
    with contextlib.closing(psycopg2.connect(url)) as connection, watch.running():
        with connection.cursor() as cursor:
            cursor.execute(_REFERENCE)
            name, key = cursor.fetchone() or ("", "")
            cursor.execute(f"ALTER TABLE status DROP CONSTRAINT {name}")
            for table in TABLES:
                with copy_file(folder, table, order).open("rb") as rows:
                    cursor.copy_expert(f"COPY {table} FROM STDIN", rows, _COPY_BYTES)
                watch.rows += cursor.rowcount
            cursor.execute(f"ALTER TABLE status ADD CONSTRAINT {name} {key}")
        connection.commit()
    return watch


def executemany(clean: Path, loaded: Path) -> Stopwatch:
    """Upsert the clean rows into both empty tables, in one transaction.

    Settings of the connection are those of loan-etl. Fetching the clean rows is not counted.
    """
    watch = Stopwatch()
    source, sink = sqlite3.connect(clean), open_file(loaded)
    with contextlib.closing(source), contextlib.closing(sink):
        sink.execute("PRAGMA journal_mode = WAL")
        sink.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            cursor = source.execute(f"SELECT * FROM {table}")
            statement = _upsert(sink, table)
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                with watch.running():
                    sink.executemany(statement, rows)
                watch.rows += len(rows)
        with watch.running():
            sink.execute("COMMIT")
    return watch


def _upsert(connection: sqlite3.Connection, table: str) -> str:
    columns = connection.execute(f"SELECT name, pk FROM pragma_table_info('{table}')").fetchall()
    names = [name for name, _ in columns]
    keys = [name for name, place in columns if place]
    values = ", ".join("?" * len(names))
    changes = ", ".join(f"{name} = excluded.{name}" for name, place in columns if not place)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values}) "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )


def arrow(tape: Path) -> Stopwatch:
    """Read every mapped column as text with pyarrow's own streaming reader."""
    watch = Stopwatch()
    with watch.running():
        reader = csv.open_csv(
            tape,
            read_options=csv.ReadOptions(skip_rows=1, block_size=_BLOCK_BYTES),
            parse_options=csv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=lambda _: "skip"
            ),
            convert_options=csv.ConvertOptions(
                include_columns=list(COLUMNS), column_types=dict.fromkeys(COLUMNS, pa.string())
            ),
        )
        watch.rows = sum(batch.num_rows for batch in reader)
    return watch


def main() -> int:
    """Do what the arguments say and print what it took."""
    name, first, *more = sys.argv[1:]
    if name == "copy":
        watch = copy(first, Path(more[0]), "key" if more[1] == "key" else "file")
    elif name == "executemany":
        watch = executemany(Path(first), Path(more[0]))
    else:
        watch = arrow(Path(first))
    sys.stdout.write(json.dumps(watch.as_dict()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
