"""The already clean rows, taken out of databases that loan-etl loaded, for the raw limits."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Literal

import psycopg2
import psycopg2.extensions
from pyarrow import csv

from loan_etl_tui.load.base import open_target
from tests.bench.tapes import COLUMNS

TABLES = ("loan", "status")

Order = Literal["file", "key"]
"""As the records stand in the tape, or as the primary key sorts them."""

ORDERS: dict[Order, str] = {"file": "o.place", "key": 't.loan_id COLLATE "C"'}


def empty_tables(url: str) -> None:
    """Create loan-etl's tables in an empty database, with all their keys."""
    target = open_target(url, name="bench", schema=None, table_prefix="", create="auto")
    target.prepare()
    target.close()


def copy_file(folder: Path, table: str, order: Order) -> Path:
    """Name the file with a table's clean rows in PostgreSQL's COPY format."""
    return folder / f"{table}.{order}.copy"


def write_copy_files(url: str, tape: Path, folder: Path) -> None:
    """Write both tables of a loaded PostgreSQL database as COPY text, in both orders."""
    ids = folder / "ids.copy"
    lines = (f"{place}\t{loan}\n" for place, loan in enumerate(loan_ids(tape)))
    ids.write_text("".join(lines), encoding="utf-8")
    connection = psycopg2.connect(url)
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tape_order (place bigint, loan_id text)")
        with ids.open("rb") as source:
            cursor.copy_expert("COPY tape_order FROM STDIN", source)
        cursor.execute("ANALYZE tape_order")
        for table in TABLES:
            for order, expression in ORDERS.items():
                rows = (
                    f"SELECT t.* FROM {table} AS t JOIN tape_order AS o USING (loan_id) "
                    f"ORDER BY {expression}"
                )
                with copy_file(folder, table, order).open("wb") as sink:
                    cursor.copy_expert(f"COPY ({rows}) TO STDOUT", sink)


def write_clean_database(loaded: Path, tape: Path, clean: Path) -> None:
    """Copy both tables of a loaded SQLite file, without keys, in the order of the tape."""
    clean.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(clean)) as connection:
        connection.execute("ATTACH DATABASE ? AS loaded", (str(loaded),))
        connection.execute("CREATE TEMPORARY TABLE tape_order (place INTEGER, loan_id TEXT)")
        connection.executemany("INSERT INTO tape_order VALUES (?, ?)", enumerate(loan_ids(tape)))
        connection.execute("CREATE INDEX temp.by_loan ON tape_order (loan_id, place)")
        for table in TABLES:
            connection.execute(
                f"CREATE TABLE main.{table} AS SELECT t.* FROM loaded.{table} AS t "
                "JOIN tape_order AS o USING (loan_id) ORDER BY o.place"
            )
        connection.commit()


def loan_ids(tape: Path) -> list[str]:
    """List the loan ids of a generated tape in file order; bad rows' are among them."""
    table = csv.read_csv(
        tape,
        read_options=csv.ReadOptions(skip_rows=1),
        parse_options=csv.ParseOptions(invalid_row_handler=lambda _: "skip"),
        convert_options=csv.ConvertOptions(
            include_columns=["id"], column_types=dict.fromkeys(COLUMNS, "string")
        ),
    )
    ids: list[str] = table.column("id").to_pylist()
    return ids
