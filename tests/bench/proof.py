"""Proofs that a timed command did its work: a figure of a load that loads nothing is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.bench.deliveries import RESTATED_EVERY, Tape
from tests.bench.measure import Used

Summary = dict[str, Any]
"""The one JSON object that a load prints."""


class NotDoneError(Exception):
    """A command ended without the result that was to be timed."""


def summary_of(used: Used) -> Summary:
    """Read the run summary a load printed."""
    ended_well(used)
    summary: Summary = json.loads(used.out)
    return summary


def loaded(tape: Tape, count: str) -> Callable[[Summary], None]:
    """Make the proof that every good row was counted as this, and every bad one was rejected."""

    def prove(summary: Summary) -> None:
        counts = summary["counts"]
        expected = {"accepted": tape.good, "rejected": tape.rows - tape.good, count: tape.good}
        _same({name: counts[name] for name in expected}, expected)

    return prove


def restated(tape: Tape) -> Callable[[Summary], None]:
    """Make the proof that about a twentieth of the rows was corrected and none is new."""

    def prove(summary: Summary) -> None:
        counts = summary["counts"]
        share = counts["status_corrected"] * RESTATED_EVERY / max(tape.good, 1)
        if not 0.7 < share < 1.1 or counts["status_inserted"]:
            raise NotDoneError(f"a twentieth of the rows was to be corrected: {counts}")

    return prove


def nothing_new(summary: Summary) -> None:
    """Prove that the delivery was known."""
    _same(summary["status"], "nothing_new")


def every_row(used: Used, tape: Tape) -> None:
    """Prove that a command with a clock of its own dealt with all good rows of a tape."""
    ended_well(used)
    rows = json.loads(used.out)["rows"]
    if rows < tape.good:
        raise NotDoneError(f"{rows} rows of {tape.good} were dealt with")


def ended_well(used: Used) -> None:
    """Prove that a command ended with exit code 0."""
    if used.code:
        raise NotDoneError(f"exit {used.code}: {used.err[-2_000:]}")


def _same(seen: object, expected: object) -> None:
    if seen != expected:
        raise NotDoneError(f"{seen} was counted, {expected} is right")
