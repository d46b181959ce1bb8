"""Seconds of the part of a process that is worth measuring."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Stopwatch:
    """Adds up wall and CPU seconds of everything inside `running`, and the rows done in it."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    rows: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what happens inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall_s += time.perf_counter() - wall
        self.cpu_s += time.process_time() - cpu

    def as_dict(self) -> dict[str, float]:
        """The figures, for JSON."""
        return {"wall_s": self.wall_s, "cpu_s": self.cpu_s, "rows": self.rows}
