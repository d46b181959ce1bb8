"""How far a run is: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from loan_etl_tui.cli.safe import safe_text
from loan_etl_tui.cli.talk import talk
from loan_etl_tui.model.events import (
    DeliveryFinished,
    Event,
    Listener,
    Noted,
    Progress,
    RunStarted,
    StepStarted,
)

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_QUIET_S = 5.0  # at most one progress line in this time, where there is no terminal


@contextmanager
def watching(pipeline: str) -> Iterator[Listener]:
    """Give a listener that draws on stderr what a run tells.

    Args:
        pipeline: whose run it is; stands in front of every line.
    """
    lines = Lines(pipeline)
    if not sys.stderr.isatty():
        yield lines
        return
    with _bars() as bars:
        yield _Bar(bars, lines)


class Lines:
    """Tells a run in plain lines: each delivery's start and end, and its progress now and then."""

    def __init__(self, pipeline: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._pipeline = pipeline
        self._clock = clock
        self._last_s = clock()

    def __call__(self, event: Event) -> None:
        """Log the event, or leave it out."""
        line = self._words(event)
        if line:
            talk.info("%s: %s", self._pipeline, line)

    def _words(self, event: Event) -> str:
        match event:
            case RunStarted():
                files = "1 file" if event.deliveries == 1 else f"{event.deliveries} files"
                return f"run {event.run_id}, {files}"
            case StepStarted(step="source"):
                return f"{event.delivery}: reading"
            case Progress():
                return self._progress(event)
            case Noted():
                return event.message
            case DeliveryFinished():
                word = event.status.replace("_", " ")
                return f"{event.delivery}: {word}, {event.records:,} records"
            case _:
                return ""

    def _progress(self, event: Progress) -> str:
        now_s = self._clock()
        if now_s - self._last_s < _QUIET_S:
            return ""
        self._last_s = now_s
        share = f", {event.read_bytes / event.total_bytes:.0%}" if event.total_bytes else ""
        return f"{event.delivery}: {event.records:,} records, {event.rejected:,} rejected{share}"


class _Bar:
    """One bar for each delivery; everything but progress is told in lines above it."""

    def __init__(self, bars: Bars, lines: Lines) -> None:
        self._bars = bars
        self._lines = lines
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: Event) -> None:
        match event:
            case Progress():
                self._move(event)
            case DeliveryFinished():
                task = self._tasks.pop(event.delivery, None)
                if task is not None:
                    self._bars.remove_task(task)
                self._lines(event)
            case StepStarted():
                self._name(event.delivery, event.step)
            case _:
                self._lines(event)

    def _name(self, delivery: str, step: str) -> None:
        label = f"{safe_text(delivery, 40)} {step}"
        if delivery in self._tasks:
            self._bars.update(self._tasks[delivery], description=label)
        else:
            self._tasks[delivery] = self._bars.add_task(label, total=None, figures="")

    def _move(self, event: Progress) -> None:
        if event.delivery not in self._tasks:
            self._name(event.delivery, "transform")
        self._bars.update(
            self._tasks[event.delivery],
            completed=event.read_bytes,
            total=event.total_bytes or None,
            figures=f"{event.records:,} records, {event.rejected:,} rejected",
        )


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[figures]}", markup=False),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        redirect_stdout=False,
    )
