"""Runs a job so that a signal can stop it cleanly: the job works, the main thread listens.

SIGINT, SIGTERM and SIGHUP become a wish; the job ends a commit that was already sent or rolls
back. A second signal is the first wish again, never an unclean end.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from loan_etl_tui.model.events import Stop

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DONE = b"\0"  # no signal has this number

Result = TypeVar("Result")


def run_stoppable(job: Callable[[Stop], Result]) -> Result:
    """Do the job in a thread and pass signals on to it as wishes to stop.

    Args:
        job: is given the `Stop` it looks at between batches.

    Returns:
        What the job returns; what it raises is raised here.
    """
    stop = Stop()
    first = 0
    with _pipe() as (reader, writer), _heard(writer), ThreadPoolExecutor(1) as thread:

        def end(_running: Future[Result]) -> None:
            os.write(writer, _DONE)

        running = thread.submit(job, stop)
        running.add_done_callback(end)
        while number := os.read(reader, 1)[0]:
            if number in _STOPPING:
                first = first or number
                stop.wish(first)
        return running.result()


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        yield reader, writer
    finally:
        os.close(reader)
        os.close(writer)


@contextmanager
def _heard(writer: int) -> Iterator[None]:
    """Have the number of every signal written to a pipe.

    Waiting for a lock or a queue is not enough: of two signals that come together, the kernel
    may give both to a thread that does not listen, and the main thread sleeps on.
    """

    def take_note(_number: int, _frame: FrameType | None) -> None:
        """Python's own C handler writes to the pipe; it is there while a handler is set."""

    before = {
        number: signal.signal(number, take_note)
        for number in _STOPPING
        # Under nohup or in a shell's background a signal is ignored on purpose; it stays so.
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    old_writer = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(old_writer)
        for number, handler in before.items():
            signal.signal(number, handler)
