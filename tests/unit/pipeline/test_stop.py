"""A wish to stop ends with the signal it came by, whoever notices it first."""

from __future__ import annotations

import pytest

from loan_etl_tui.model.errors import Exit, Interrupted
from loan_etl_tui.model.events import Stop


@pytest.mark.parametrize(
    ("signal_number", "code"),
    [(1, Exit.HANGUP), (2, Exit.INTERRUPTED), (15, Exit.TERMINATED)],
)
def test_the_exit_code_is_that_of_the_signal(signal_number: int, code: Exit) -> None:
    stop = Stop()
    stop.look()
    stop.wish(signal_number)
    with pytest.raises(Interrupted) as caught:
        stop.look()
    assert caught.value.exit_code is code
    assert stop.interruption("stopped while merging rows").exit_code is code


def test_a_wish_stops_the_running_statement_at_once() -> None:
    stop, calls = Stop(), []
    stop.on_cancel(lambda: calls.append("cancel"))
    stop.wish(15)
    stop.on_cancel(None)
    stop.wish(15)
    assert calls == ["cancel"]
