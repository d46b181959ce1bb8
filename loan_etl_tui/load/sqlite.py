"""The embedded database: one file, one writer, STRICT tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Float, Integer, Table, Text, cast, create_engine
from sqlalchemy import func, literal, null, text, type_coerce
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from loan_etl_tui.load.columns import SCALES, CanonicalJson, canonical_json
from loan_etl_tui.load.dialect import Expression, Purpose
from loan_etl_tui.load.sqlite_errors import translate_error
from loan_etl_tui.load.sqlite_file import create_private, open_file, suits_wal
from loan_etl_tui.load.sqlite_rows import bind_rows, merged_json
from loan_etl_tui.load.tables import Tables, build_tables
from loan_etl_tui.load.target import PATIENCE_S, SqlTarget
from loan_etl_tui.load.values import Capabilities
from loan_etl_tui.model.errors import ConfigError, LoanEtlError
from loan_etl_tui.model.loan import Kind

CAPABILITIES = Capabilities(
    upsert="on_conflict",
    bulk="executemany",
    decimal_digits=15,
    identifier_length=1_000,
    bind_limit=32_766,
    transactional_ddl=True,
    concurrent_writers=False,
)
