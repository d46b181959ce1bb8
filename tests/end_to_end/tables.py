"""Both tables as text, the same from every engine, to compare with golden files."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2

from tests.fixtures.tables import LOAN_COLUMNS, STATUS_COLUMNS

_RATES = frozenset({"interest_rate", "dti"})
_MONEY = frozenset(
    {
        "original_balance",
        "monthly_payment",
        "principal_paid",
        "interest_paid",
        "principal_charged_off",
        "recoveries",
        "fees_paid",
    }
)
KEYS = {"loan": 2, "status": 3}
COLUMNS = {"loan": LOAN_COLUMNS, "status": STATUS_COLUMNS}


def ask(database: str | Path, query: str) -> list[tuple[Any, ...]]:
    """Run a query on SQLite (a path) or PostgreSQL (a URL)."""
    if isinstance(database, Path):
        connection: Any = sqlite3.connect(database)
    else:
        connection = psycopg2.connect(database)
    try:
        cursor = connection.cursor()
        cursor.execute(query)
        return list(cursor.fetchall())
    finally:
        connection.close()


def stored(database: str | Path, table: str) -> list[dict[str, str]]:
    """Read a table as golden text, sorted by key bytewise."""
    columns = COLUMNS[table]
    rows = ask(database, f"SELECT {', '.join(columns)} FROM {table}")
    texts = [_texts(columns, row) for row in rows]
    return sorted(texts, key=lambda row: [row[name] for name in columns[: KEYS[table]]])


def _texts(columns: Sequence[str], row: Sequence[Any]) -> dict[str, str]:
    return {name: _text(name, value) for name, value in zip(columns, row, strict=True)}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _MONEY:
        return str(Decimal(str(value)).quantize(Decimal("0.0001")))
    if name in _RATES:
        return str(Decimal(str(value)).quantize(Decimal("0.000001")))
    if name == "extra":
        parsed = json.loads(value) if isinstance(value, str) else value
        return json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def golden(path: Path) -> list[dict[str, str]]:
    """Read a golden file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
