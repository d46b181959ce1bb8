"""Commits, and finds out what became of a commit that was not answered."""

from __future__ import annotations

import time

from sqlalchemy import Engine

from loan_etl_tui.load.dialect import Dialect, Purpose
from loan_etl_tui.load.ledger import find_run
from loan_etl_tui.load.tables import Tables
from loan_etl_tui.load.wire import Wire
from loan_etl_tui.model.errors import CommitUnknown, LoanEtlError

_ASK_FOR_S = 15.0
_ASK_EVERY_S = 0.25


def settle_commit(
    wire: Wire, engine: Engine, dialect: Dialect, tables: Tables, platform: str, run_id: str | None
) -> None:
    """Commit the wire's transaction and be sure that it is committed.

    After an error the run is looked up on a new connection, under the platform's lock: the lock is
    held until the old transaction is over, so what is found then is final.

    Args:
        wire: the load's connection.
        engine: opens the connection that asks.
        dialect: the database's way of saying things.
        tables: the target's tables.
        platform: whose lock the load holds.
        run_id: the run to look for; None when none was written, and nothing can be lost.

    Raises:
        LoanEtlError: nothing was committed; the error says why.
        CommitUnknown: the database could not be asked.
    """
    try:
        with wire.guard("committing", interruptible=False):
            wire.connection.commit()
    except LoanEtlError:
        wire.close()
        if run_id is None or not _is_committed(engine, dialect, tables, platform, run_id):
            raise


def _is_committed(
    engine: Engine, dialect: Dialect, tables: Tables, platform: str, run_id: str
) -> bool:
    """Ask until the database answers for sure, or time is up."""
    deadline = time.monotonic() + _ASK_FOR_S
    while time.monotonic() < deadline:
        answer = _ask(engine, dialect, tables, platform, run_id)
        if answer is not None:
            return answer
        time.sleep(_ASK_EVERY_S)
    raise CommitUnknown(
        f"the database did not answer the commit of run {run_id}, nor whether it took place.",
        "run the same command again: what is loaded is recognised and not loaded twice.",
    )


def _ask(
    engine: Engine, dialect: Dialect, tables: Tables, platform: str, run_id: str
) -> bool | None:
    """Look the run up; None where the old transaction is not over or nobody answers."""
    try:
        asking = Wire(engine, dialect)
    except LoanEtlError:
        return None
    try:
        with asking.guard("looking up the commit"):
            dialect.start(asking.connection, Purpose.LOAD)
            if not dialect.try_lock(asking.connection, tables, platform):
                return None
            return find_run(asking.connection, tables, run_id)
    except LoanEtlError:
        return None
    finally:
        asking.close()
