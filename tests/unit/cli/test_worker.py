"""Signals reach the job as wishes and never end it uncleanly."""

import os
import signal
import threading
import time

import pytest

from loan_etl_tui.cli.worker import run_stoppable
from loan_etl_tui.model.errors import Exit, Interrupted
from loan_etl_tui.model.events import Stop

PATIENCE_S = 10.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_job_at_its_next_look(number: signal.Signals) -> None:
    with pytest.raises(Interrupted) as stopped:
        run_stoppable(lambda stop: kill_then_look(stop, number))
    assert stopped.value.exit_code == Exit(128 + number)


def test_a_second_signal_lets_the_job_finish_its_commit() -> None:
    def committing(stop: Stop) -> str:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
            wait_for(lambda: stop.wished)
        time.sleep(0.05)
        return "committed"

    assert run_stoppable(committing) == "committed"


def test_signals_that_another_thread_takes_are_heard() -> None:
    """The kernel gives a signal to any thread: here to one that waits in C, as Arrow's do."""

    def waiting(stop: Stop) -> bool:
        here = threading.get_ident()
        signal.pthread_kill(here, signal.SIGTERM)
        signal.pthread_kill(here, signal.SIGINT)
        wait_for(lambda: stop.wished)
        return True

    assert run_stoppable(waiting)


def test_a_signal_cancels_the_statement_that_is_running() -> None:
    cancelled = threading.Event()

    def waiting(stop: Stop) -> bool:
        stop.on_cancel(cancelled.set)
        os.kill(os.getpid(), signal.SIGINT)
        return cancelled.wait(PATIENCE_S)

    assert run_stoppable(waiting)


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        wished = run_stoppable(lambda stop: (os.kill(os.getpid(), signal.SIGHUP), stop.wished)[1])
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not wished


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run_stoppable(lambda stop: stop.wished)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_what_the_job_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        run_stoppable(lambda stop: 1 // int(stop.wished))


def kill_then_look(stop: Stop, number: int) -> None:
    os.kill(os.getpid(), number)
    wait_for(lambda: stop.wished)
    stop.look()


def wait_for(happened: object) -> None:
    assert callable(happened)
    deadline_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)
