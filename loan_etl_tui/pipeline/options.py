"""What one call may say beyond the config."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of `run` and `plan`.

    Attributes:
        file: load this file once, in place of the config's path.
        record_date: the date the rows describe, in place of the config's.
        max_rejected: the gate, as a count or share, in place of the config's.
        rejects_ok: end with 0 in place of 3 when rejects are inside the gate.
        control_totals: totals that the caller declares, (measure, value).
        target: name of a database of the workspace.
        database: URL of a database, before every other choice.
        correct: take this delivery as a correction: it gets a new version.
        reason: why it is corrected; goes into every `correction` row.
        wait_s: how long to wait for another run's lock, seconds.
        dry_run: do all of it and roll back.
    """

    file: Path | None = None
    record_date: date | None = None
    max_rejected: str | None = None
    rejects_ok: bool = False
    control_totals: tuple[tuple[str, Decimal], ...] = ()
    target: str | None = None
    database: str | None = None
    correct: bool = False
    reason: str | None = None
    wait_s: float = 0.0
    dry_run: bool = False
