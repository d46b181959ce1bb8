"""How far a run is, in plain lines."""

import pytest

from loan_etl_tui.cli.progress import Lines
from loan_etl_tui.model.events import (
    DeliveryFinished,
    Event,
    Noted,
    Progress,
    RunStarted,
    StepStarted,
)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def told(
    caplog: pytest.LogCaptureFixture, *events: Event, seconds_between: float = 1.0
) -> list[str]:
    clock = Clock()
    lines = Lines("prosper", clock)
    with caplog.at_level("INFO", "loan_etl_tui"):
        for event in events:
            lines(event)
            clock.now_s += seconds_between
    return [record.getMessage() for record in caplog.records]


def test_start_and_end_of_a_delivery_are_told(caplog: pytest.LogCaptureFixture) -> None:
    assert told(
        caplog,
        RunStarted("01jc", "prosper", "prosper", 1),
        StepStarted("source", "a.csv"),
        StepStarted("load", "a.csv"),
        Noted("one optional column is absent"),
        DeliveryFinished("a.csv", "loaded_with_rejects", 1_234),
    ) == [
        "prosper: run 01jc, 1 file",
        "prosper: a.csv: reading",
        "prosper: one optional column is absent",
        "prosper: a.csv: loaded with rejects, 1,234 records",
    ]


def test_progress_is_told_every_five_seconds_at_most(caplog: pytest.LogCaptureFixture) -> None:
    steps = [Progress("a.csv", 100 * n, n, n, 20) for n in range(12)]
    lines = told(caplog, *steps, seconds_between=1.0)
    assert lines == [
        "prosper: a.csv: 500 records, 5 rejected, 25%",
        "prosper: a.csv: 1,000 records, 10 rejected, 50%",
    ]


def test_a_file_of_unknown_size_has_no_percentage(caplog: pytest.LogCaptureFixture) -> None:
    step = Progress("a.csv", 10, 0, 5, 0)
    assert told(caplog, Noted("x"), step, step, seconds_between=5.0)[-1].endswith("0 rejected")
