"""The tapes of a measurement: written once, kept for the next one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import tapes

RESTATED_EVERY = 20

Writer = Callable[[Path], int]


@dataclass(frozen=True, slots=True)
class Tape:
    """A tape and what a right load of it counts.

    Attributes:
        path: the file.
        rows: data rows.
        good: rows that load; the others are rejected.
    """

    path: Path
    rows: int
    good: int


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Every tape that is measured with.

    Attributes:
        first: 1 % bad rows of ten kinds.
        longer: the same rows with a blank line at the end: another hash, nothing new.
        restated: the same loans, every 20th with another date of its last payment.
        clean: no bad row.
        bad: nothing but bad rows.
    """

    first: Tape
    longer: Tape
    restated: Tape
    clean: Tape
    bad: Tape


def deliver(folder: Path, rows: int) -> Deliveries:
    """Write the tapes that are not in the folder yet.

    Args:
        folder: where they are kept, by size and by the text of the generator.
        rows: data rows of each.
    """
    generator = hashlib.sha256(Path(tapes.__file__).read_bytes()).hexdigest()[:12]
    kept = folder / f"{rows}-{generator}"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)

    def tape(name: str, writer: Writer) -> Tape:
        return _kept(kept / f"narrow_{name}.csv", rows, writer)

    first = tape("first", lambda path: _generated(path, rows, 0.01))
    return Deliveries(
        first=first,
        longer=tape("longer", lambda path: _longer(path, first)),
        restated=tape("restated", lambda path: _restated(path, first)),
        clean=tape("clean", lambda path: _generated(path, rows, 0.0)),
        bad=tape("bad", lambda path: _generated(path, rows, 1.0)),
    )


def _kept(path: Path, rows: int, writer: Writer) -> Tape:
    note = path.with_suffix(".json")
    if not note.exists():
        good = writer(path)
        note.write_text(json.dumps({"good": good}), encoding="utf-8")
    good = json.loads(note.read_text(encoding="utf-8"))["good"]
    return Tape(path, rows, good)


def _generated(path: Path, rows: int, bad_share: float) -> int:
    return tapes.write_lendingclub_like(path, rows, bad_share=bad_share).good


def _longer(path: Path, first: Tape) -> int:
    path.write_bytes(first.path.read_bytes() + b"\n")
    return first.good


def _restated(path: Path, first: Tape) -> int:
    """Give every 20th loan November 2018 as the month of its last payment."""
    place = tapes.COLUMNS.index("last_pymnt_d") - len(tapes.COLUMNS)
    with first.path.open("rb") as source, path.open("wb") as sink:
        for number, line in enumerate(source):
            cells = line.split(b",")
            if number % RESTATED_EVERY == 0 and len(cells) == len(tapes.COLUMNS):
                cells[place] = b'"Nov-2018"'
            sink.write(b",".join(cells))
    return first.good
