"""What a run tells while it goes: frozen values, one per thing that happened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from loan_etl_tui.model.errors import Interrupted


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A pipeline begins; `deliveries` files wait for it."""

    run_id: str
    pipeline: str
    platform: str
    deliveries: int


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A delivery entered a step of the path: source, transform, validate, load or report."""

    step: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the delivery has been read, in records and bytes of the file."""

    delivery: str
    records: int
    rejected: int
    read_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Something a person should know that changes no verdict."""

    message: str


@dataclass(frozen=True, slots=True)
class DeliveryFinished:
    """A delivery is through; `status` is its word in the summary."""

    delivery: str
    status: str
    records: int


Event = RunStarted | StepStarted | Progress | Noted | DeliveryFinished
Listener = Callable[[Event], None]


class Stop:
    """A wish to stop, set from a signal or another thread and looked at between batches.

    `cancel` is what really stops a statement that is running: the driver's own cancel call.
    """

    def __init__(self) -> None:
        self._signal: int | None = None
        self._cancel: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def on_cancel(self, cancel: Callable[[], None] | None) -> None:
        """Name the call that stops the statement now running; None when there is none."""
        with self._lock:
            self._cancel = cancel

    def wish(self, signal_number: int = 2) -> None:
        """Ask the run to stop; safe from any thread, and again."""
        with self._lock:
            self._signal = signal_number
            cancel = self._cancel
        if cancel is not None:
            cancel()

    @property
    def wished(self) -> bool:
        """Whether somebody asked to stop."""
        return self._signal is not None

    def look(self) -> None:
        """Raise Interrupted when somebody asked to stop."""
        if self._signal is not None:
            raise self.interruption()

    def interruption(self, doing: str = "") -> Interrupted:
        """The error a wish to stop ends with: it knows the signal, whoever noticed it first.

        Args:
            doing: what was going on, such as "while merging rows"; "" between two steps.
        """
        return Interrupted(
            doing or "stopped on request; what was open was rolled back.",
            "run it again: what is loaded stays, the rest starts anew.",
            self._signal or 2,
        )
