"""The one transaction of a load: staged, checked, merged, proved, committed — or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from sqlalchemy import Engine, delete, func, select

from loan_etl_tui.load import ledger
from loan_etl_tui.load.base import Rules
from loan_etl_tui.load.commit import settle_commit
from loan_etl_tui.load.currencies import currency_issues
from loan_etl_tui.load.dialect import Dialect
from loan_etl_tui.load.duplicates import settle_duplicates
from loan_etl_tui.load.merge_derived import follow_status
from loan_etl_tui.load.merge_loan import merge_loans
from loan_etl_tui.load.merge_status import StatusCounts, is_ahead, merge_status
from loan_etl_tui.load.scratch import Scratch
from loan_etl_tui.load.staging import side_by_side
from loan_etl_tui.load.tables import Tables
from loan_etl_tui.load.values import (
    DeliveryRow,
    Duplicates,
    MappedColumns,
    MergeCounts,
    MergeSpec,
    RunRow,
    StageTotals,
)
from loan_etl_tui.load.verify import stage_totals, verify_merge
from loan_etl_tui.load.wire import Wire
from loan_etl_tui.load.work import Staged, Work
from loan_etl_tui.model.errors import LawBroken


class SqlLoad:
    """A load into a database that speaks SQL; see `base.Load` for what it promises.

    Args:
        wire: the connection, inside its transaction, the platform's lock taken.
        engine: opens another connection, to ask what became of a commit.
        dialect: the database's way of saying things.
        tables: the target's tables.
        scratch: the temporary tables; described once, so that statements compile once.
        platform: the platform that is loaded.
        on_close: told once the load is over.
    """

    def __init__(
        self,
        wire: Wire,
        engine: Engine,
        dialect: Dialect,
        tables: Tables,
        scratch: Scratch,
        platform: str,
        on_close: Callable[[], None],
    ) -> None:
        self._wire = wire
        self._engine = engine
        self._dialect = dialect
        self._tables = tables
        self._platform = platform
        self._on_close = on_close
        self._scratch = scratch
        self._has_scratch = False
        self._staged = Staged()
        self._merged_runs: set[str] = set()
        self._written_runs: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rollback()

    def delivery(self, pipeline: str, sha256: str) -> DeliveryRow | None:
        """Find what is recorded of these bytes under this pipeline."""
        with self._wire.guard("looking up the delivery"):
            return ledger.find_delivery(
                self._wire.connection, self._tables, self._platform, pipeline, sha256
            )

    def loaded(self, pipeline: str, sha256: str, record_date: date | None) -> RunRow | None:
        """Find the newest run that loaded these bytes for this record date."""
        with self._wire.guard("looking up the delivery"):
            return ledger.find_load(
                self._wire.connection, self._tables, pipeline, sha256, record_date
            )

    def version_for(self, pipeline: str, sha256: str, declared: int | None, fresh: bool) -> int:
        """Say which version these bytes have: declared, as first seen, or the next number."""
        place = (self._wire.connection, self._tables, self._platform)
        with self._wire.guard("looking up the delivery's version"):
            if fresh:
                return ledger.next_version(*place)
            if declared is not None:
                return declared
            return ledger.first_seen_version(*place, pipeline, sha256)

    def previous_load(self, pipeline: str) -> RunRow | None:
        """Find the newest run of the pipeline that loaded something."""
        with self._wire.guard("looking up the previous load"):
            runs = ledger.newest_runs(
                self._wire.connection,
                self._tables,
                pipeline=pipeline,
                platform=self._platform,
                statuses=ledger.LOADED,
                limit=1,
            )
        return runs[0] if runs else None

    def stage(self, loan: pa.Table, status: pa.Table) -> None:
        """Append one batch to the staging table; see `base.Load.stage`."""
        batch = side_by_side(loan, status, self._platform)
        with self._wire.guard("staging rows"):
            self._make_scratch()
            if batch.num_rows == 0:
                return
            arrived = self._dialect.append(self._wire.connection, self._scratch.stage, batch)
        if arrived != batch.num_rows:
            raise LawBroken(f"{batch.num_rows} rows were sent to the stage, {arrived} arrived.")
        self._staged = self._staged.plus(batch)

    def _make_scratch(self) -> None:
        if not self._has_scratch:
            for table in self._scratch.all:
                table.create(self._wire.connection, checkfirst=False)
            self._has_scratch = True

    def clear_stage(self) -> None:
        """Empty the stage for the next delivery of the same transaction."""
        with self._wire.guard("emptying the stage"):
            if self._has_scratch:
                for table in self._scratch.all:
                    self._wire.connection.execute(delete(table))
        self._staged = Staged()

    def _work(self) -> Work:
        self._make_scratch()
        return Work(
            self._wire.connection,
            self._dialect,
            self._tables,
            self._scratch,
            self._platform,
            self._staged,
        )

    def duplicates(self, mapped: MappedColumns, rules: Rules | None = None) -> Duplicates:
        """Take rows that share a key out of the stage (X-DUP-EQ, X-DUP-NE)."""
        with self._wire.guard("looking for duplicates"):
            work = self._work()
            self._dialect.arrange(self._wire.connection, self._scratch.stage)
            settled = settle_duplicates(work, mapped, rules)
        left = self._staged.rows - settled.merged - len(settled.rejected)
        self._staged = self._staged.compared_with(left)
        return settled

    def currencies(self, rules: Rules | None = None) -> pa.Table:
        """List staged rows whose currency is not their loan's (X-CURR), as `frames.ISSUES`."""
        with self._wire.guard("comparing currencies"):
            return currency_issues(self._work(), rules)

    def stage_totals(self) -> StageTotals:
        """Count the staged rows and add up their money columns, exactly."""
        with self._wire.guard("adding up the stage"):
            return stage_totals(self._work())

    def merge(self, spec: MergeSpec) -> MergeCounts:
        """Join the staged rows with what is stored; the order of deliveries does not matter."""
        self._check_merge(spec)
        with self._wire.guard("merging rows"):
            work = self._work()
            loans, ahead = self._loans(work), is_ahead(work)
            inserted = merge_loans(work, spec, loans)
            rows = StatusCounts(0, 0, 0, 0)
            if work.staged.is_dated:
                rows = merge_status(work, spec, ahead=ahead)
            if work.staged.is_dated and inserted < loans:
                follow_status(work, spec, superseded=rows.superseded > 0)
            updated = self._updated(spec)
        self._merged_runs.add(spec.run_id)
        return MergeCounts(
            loan_inserted=inserted,
            loan_updated=updated,
            loan_unchanged=loans - inserted - updated,
            status_inserted=rows.inserted,
            status_corrected=rows.corrected,
            status_unchanged=rows.unchanged,
            superseded=rows.superseded,
        )

    def _check_merge(self, spec: MergeSpec) -> None:
        """Refuse what would break the merge's own assumptions; each of them is our defect."""
        if not self._staged.compared:
            raise LawBroken("staged rows are merged before duplicates were looked for.")
        if spec.run_id in self._merged_runs:
            raise LawBroken(f"run {spec.run_id} merges a second delivery.")
        if self._staged.rows and self._staged.is_dated != (spec.shape == "snapshot"):
            raise LawBroken(f"the staged rows are not of shape {spec.shape}.")

    def _loans(self, work: Work) -> int:
        if work.staged.one_row_per_loan:
            return work.staged.rows
        counted = select(func.count(work.stage.c.loan_id.distinct()))
        return int(work.run(counted).scalar() or 0)

    def _updated(self, spec: MergeSpec) -> int:
        loan = self._tables.loan
        counted = select(func.count()).where(
            loan.c.platform_name == spec.platform,
            loan.c.updated_run_id == spec.run_id,
            loan.c.created_run_id != spec.run_id,
        )
        return int(self._wire.connection.execute(counted).scalar() or 0)

    def verify(self, spec: MergeSpec, counts: MergeCounts) -> None:
        """Prove that the tables hold what was staged; `LawBroken` otherwise."""
        with self._wire.guard("verifying the load"):
            verify_merge(self._work(), spec, counts)

    def write_run(self, run: RunRow) -> None:
        """Record the run; a run must be written before its rows can be committed."""
        with self._wire.guard("recording the run"):
            ledger.save_run(self._wire.connection, self._tables, run)
        self._written_runs.append(run.run_id)

    def write_delivery(self, delivery: DeliveryRow) -> None:
        """Record the delivery as it was loaded last."""
        with self._wire.guard("recording the delivery"):
            ledger.save_delivery(self._wire.connection, self._tables, delivery)

    def write_rejects(self, run_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep rejected rows, at most 10,000."""
        with self._wire.guard("recording rejected rows"):
            ledger.save_rejects(self._wire.connection, self._tables, run_id, rows)

    def write_hits(self, run_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep warnings, at most 1,000 of a code."""
        with self._wire.guard("recording warnings"):
            ledger.save_hits(self._wire.connection, self._tables, run_id, rows)

    def commit(self) -> None:
        """Make everything visible at once, and be sure of it; see `base.Load.commit`."""
        missing = self._merged_runs.difference(self._written_runs)
        if missing:
            raise LawBroken(f"run {min(missing)} changed rows but is not recorded.")
        try:
            settle_commit(
                self._wire,
                self._engine,
                self._dialect,
                self._tables,
                self._platform,
                self._written_runs[-1] if self._written_runs else None,
            )
        finally:
            self._close()

    def rollback(self) -> None:
        """Undo everything since `begin`."""
        self._close()

    def _close(self) -> None:
        self._wire.close()
        self._on_close()
