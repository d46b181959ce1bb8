"""What crosses the border between the engine and a database: frozen, picklable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import pyarrow as pa

Shape = Literal["snapshot", "origination"]


class TablesState(StrEnum):
    """Whether a database holds our tables."""

    MISSING = "missing"  # none of them: the first use creates them
    CURRENT = "current"
    OUTDATED = "outdated"  # ours, but of another schema version or with other columns
    FOREIGN = "foreign"  # tables named loan or status that this program did not make


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a database can do; the engine asks this, never the database's name.

    Attributes:
        upsert: the native upsert form, or "" where there is none.
        bulk: how rows are staged: "copy" or "executemany".
        decimal_digits: digits of an amount that are kept exactly.
        identifier_length: the longest table or column name, in bytes.
        bind_limit: the most parameters of one statement.
        transactional_ddl: whether CREATE TABLE can be rolled back.
        concurrent_writers: whether two platforms can load at the same time.
    """

    upsert: str
    bulk: str
    decimal_digits: int
    identifier_length: int
    bind_limit: int
    transactional_ddl: bool
    concurrent_writers: bool


@dataclass(frozen=True, slots=True)
class MappedColumns:
    """The columns a config maps; all others of the two tables are never touched.

    Attributes:
        loan_columns: facts of `loan` without `extra`.
        loan_extra: keys of `loan.extra`.
        status_columns: facts of `status` without `extra`.
        status_extra: keys of `status.extra`.
    """

    loan_columns: tuple[str, ...]
    loan_extra: tuple[str, ...] = ()
    status_columns: tuple[str, ...] = ()
    status_extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeSpec:
    """How the staged delivery joins what is stored.

    Attributes:
        run_id: the run, for lineage.
        platform: value of `platform_name`.
        pipeline: name of the config.
        version: order of the delivery among those that describe the same key.
        shape: "snapshot" rows feed both tables, "origination" rows feed `loan` alone.
        static: whose word counts for a loan's facts: the "first" record date's or the "last".
        loan_columns, loan_extra, status_columns, status_extra: see `MappedColumns`.
        loaded_at: the run's clock, UTC.
        who: the person or account, for the correction rows.
        reason: why stored values change, or None.
        kind: "restated" by a later delivery, or "fixed" by a person.
    """

    run_id: str
    platform: str
    pipeline: str
    version: int
    shape: Shape
    static: Literal["first", "last"]
    loan_columns: tuple[str, ...]
    loan_extra: tuple[str, ...]
    status_columns: tuple[str, ...]
    status_extra: tuple[str, ...]
    loaded_at: datetime
    who: str
    reason: str | None = None
    kind: Literal["restated", "fixed"] = "restated"


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What the merge did with the staged rows.

    `superseded` counts status rows whose stored row is of a newer version and differs. A loan
    counts as updated when anything a reader sees in its row changed, the overall status and the
    record dates included.
    """

    loan_inserted: int = 0
    loan_updated: int = 0
    loan_unchanged: int = 0
    status_inserted: int = 0
    status_corrected: int = 0
    status_unchanged: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What X-DUP took out of the stage.

    Attributes:
        issues: (n,) `frames.ISSUES`: X-DUP-NE for all rows of a key whose rows differ, X-DUP-EQ
            for rows equal to one that stays; `expected` names the record with the same key.
        rejected: (file, record) of the rows that are rejected.
        merged: number of rows that were joined into an equal one.
        rejected_sums: exact amounts of the rejected rows by money column, as `loan.NAME`.
        merged_sums: the same for the merged rows.
    """

    issues: pa.Table
    rejected: tuple[tuple[int, int], ...] = ()
    merged: int = 0
    rejected_sums: Mapping[str, Decimal] = field(default_factory=dict)
    merged_sums: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def removed(self) -> dict[str, Decimal]:
        """Amounts that left the stage, for whatever reason, by money column."""
        return {
            name: self.rejected_sums.get(name, Decimal(0)) + self.merged_sums.get(name, Decimal(0))
            for name in {**self.rejected_sums, **self.merged_sums}
        }


@dataclass(frozen=True, slots=True)
class StageTotals:
    """How many rows are staged and what their money columns add up to, exactly.

    Attributes:
        rows: staged rows.
        sums: amount by money column (`loan.original_balance`, `status.principal_paid`, …); a
            column without any value sums to 0.
    """

    rows: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One row of `delivery`; `version` None asks for the next first-seen number."""

    platform_name: str
    pipeline: str
    sha256: str
    version: int | None
    name: str
    bytes: int
    first_seen_at: datetime
    last_run_id: str | None = None
    record_date: date | None = None
    config_sha256: str | None = None
    ledger_sha256: str | None = None
    open_rejects: int = 0


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row of `load_run`; `counts` and `control_totals` hold plain JSON values."""

    run_id: str
    pipeline: str
    platform_name: str
    started_at: datetime
    status: str
    sha256: str | None = None
    config_sha256: str | None = None
    ledger_sha256: str | None = None
    record_date: date | None = None
    record_date_origin: str | None = None
    finished_at: datetime | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)
    control_totals: tuple[Mapping[str, Any], ...] = ()
    who: str = ""
    app_version: str = ""
