"""One connection: its errors in our words, and the brake that another thread can pull."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, PendingRollbackError, ResourceClosedError

from loan_etl_tui.load.dialect import Dialect
from loan_etl_tui.model.errors import DatabaseUnavailable, Interrupted

# A request to stop that arrives between two statements stops neither, so it is repeated.
_CANCEL_EVERY_S = 0.05
_CANCEL_FOR_S = 5.0


class Wire:
    """An open connection of a target.

    Attributes:
        connection: the SQLAlchemy connection, one transaction long.
        is_cancelled: set once somebody asked to stop.
    """

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self._dialect = dialect
        self._driver: Any = None
        self._idle = threading.Event()
        self._idle.set()
        self._uninterruptible = False
        self.is_cancelled = threading.Event()
        with self.guard("connecting"):
            self.connection: Connection = engine.connect()
            self._driver = self.connection.connection.driver_connection

    @contextmanager
    def guard(self, doing: str, *, interruptible: bool = True) -> Iterator[None]:
        """Run statements; whatever the driver raises comes out as one of our errors.

        Args:
            doing: what is going on, for the message.
            interruptible: whether `cancel` may stop it once it runs; a commit that was sent is
                finished.
        """
        if self.is_cancelled.is_set():
            raise Interrupted(f"stopped before {doing}; what was open is rolled back.")
        self._uninterruptible = not interruptible
        self._idle.clear()
        try:
            yield
        except DBAPIError as error:
            raise self._said(error.orig, doing) from None
        except self._dialect.driver_errors as error:
            raise self._said(error, doing) from None
        except (PendingRollbackError, ResourceClosedError):
            raise DatabaseUnavailable(f"the connection was lost before {doing}.") from None
        finally:
            self._idle.set()
            self._uninterruptible = False

    def _said(self, error: BaseException | None, doing: str) -> Exception:
        if self.is_cancelled.is_set():
            return Interrupted(f"stopped while {doing}; what was open is rolled back.")
        return self._dialect.translate(error or Exception(), self._driver, doing)

    def cancel(self) -> None:
        """Stop the running statement and refuse further ones; from any thread."""
        self.is_cancelled.set()
        waited_s = 0.0
        while not self._idle.is_set() and not self._uninterruptible and waited_s < _CANCEL_FOR_S:
            with suppress(*self._dialect.driver_errors):
                self._dialect.interrupt(self._driver)
            self._idle.wait(_CANCEL_EVERY_S)
            waited_s += _CANCEL_EVERY_S

    def close(self) -> None:
        """Let go of the connection; an open transaction is rolled back with it."""
        with suppress(DBAPIError, PendingRollbackError, ResourceClosedError):
            self.connection.close()
