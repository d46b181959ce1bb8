"""Runs a job so that a signal can stop it cleanly: the job works, the main thread listens.

SIGINT, SIGTERM and SIGHUP become a wish; the job ends a commit that was already sent or rolls
back. A second signal is the first wish again, never an unclean end.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType
from typing import TypeVar

from loan_etl_tui.model.events import Stop

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Result = TypeVar("Result")


def run_stoppable(job: Callable[[Stop], Result]) -> Result:
    """Do the job in a thread and pass signals on to it as wishes to stop.

    Args:
        job: is given the `Stop` it looks at between batches.

    Returns:
        What the job returns; what it raises is raised here.
    """
    stop = Stop()
    # A SimpleQueue may be put to inside a signal handler: its put never waits for a lock.
    signals: SimpleQueue[int | None] = SimpleQueue()
    with _listening(signals), ThreadPoolExecutor(1, thread_name_prefix="run") as thread:
        running = thread.submit(job, stop)
        running.add_done_callback(lambda _: signals.put(None))
        first: int | None = None
        while (number := signals.get()) is not None:
            first = first or number
            stop.wish(first)
        return running.result()


@contextmanager
def _listening(signals: SimpleQueue[int | None]) -> Iterator[None]:
    def note(number: int, _frame: FrameType | None) -> None:
        signals.put(number)

    before = {
        number: signal.signal(number, note)
        for number in _STOPPING
        # Under nohup or in a shell's background a signal is ignored on purpose; it stays so.
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
