"""Writes the demo workspace and says which runs make it complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loan_etl_tui.config.shipped import shipped
from loan_etl_tui.demo import harborlend, lendingclub, nordkapital, prosper
from loan_etl_tui.demo.book import draw_book
from loan_etl_tui.demo.planted import PLANTED, plant
from loan_etl_tui.model.errors import CannotCreate

SEED = 2024
MONTHS = (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31))

WORKSPACE = """\
# A demo workspace: synthetic loans, nothing real. Tables lie in loans.db beside this file.
version: 1
"""

# The tapes of the demo say their date in their names, so that every run is one short command.
_BY_ARGUMENT = "    from: argument\n    required: true\n"
_BY_NAME = "    from: file_name\n    pattern: '_(\\d{4}-\\d{2}-\\d{2})\\.csv'\n"


@dataclass(frozen=True, slots=True)
class DemoRun:
    """One run of the demo.

    Attributes:
        pipeline: name of the config.
        file: the tape.
        record_date: the date to give, or None where the tape's name says it.
        is_held: whether the gate closes.
    """

    pipeline: str
    file: Path
    record_date: date | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What was written and what to do with it.

    Attributes:
        folder: the workspace.
        runs: the runs, in order; all load but the last, which is held.
        planted: how many bad rows the held tape has.
        unmapped: the tape that no config knows.
    """

    folder: Path
    runs: tuple[DemoRun, ...]
    planted: int
    unmapped: Path


def write_workspace(folder: Path) -> DemoPlan:
    """Make a demo workspace; its files are the same bytes on every machine and day.

    Args:
        folder: created when missing; must be empty.

    Returns:
        The runs that load two months of three platforms and hold the third month of one.

    Raises:
        CannotCreate: the folder is not empty, or cannot be written.
    """
    try:
        _make_folders(folder)
        for name, text in _configs():
            (folder / "configs" / f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
        (folder / "loan-etl.yaml").write_text(WORKSPACE, encoding="utf-8", newline="\n")
        inbox = folder / "inbox"
        for name, content in _tapes():
            (inbox / name).write_bytes(content)
    except OSError as problem:
        raise CannotCreate(
            f"{str(folder)!r} cannot be made a demo workspace: {problem.strerror or problem}.",
            "name a folder you may write to.",
        ) from problem
    return plan_of(folder)


def plan_of(folder: Path) -> DemoPlan:
    """Say what to do with the demo workspace in a folder; touches nothing."""
    inbox = folder / "inbox"
    runs = tuple(_run(inbox, day, pipeline) for day in MONTHS for pipeline in _NAMES)
    return DemoPlan(folder, runs, len(PLANTED), inbox / _UNMAPPED)


def is_demo(folder: Path) -> bool:
    """Tell whether a folder is a demo workspace: its settings and every planned tape are there."""
    tapes = [run.file for run in plan_of(folder).runs]
    return all(path.is_file() for path in (folder / "loan-etl.yaml", *tapes))


def _make_folders(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CannotCreate(
            f"{str(folder)!r} is not empty; a demo workspace needs a folder of its own.",
            "name a new folder: loan-etl demo DIR.",
        )
    for name in ("configs", "inbox"):
        (folder / name).mkdir()


# In the order they run each month; the value makes a tape's name from its date.
_NAMES = {
    "lendingclub_loanstats": "LoanStats_{0:%Y-%m-%d}.csv",
    "prosper_2014": "prosperLoanData_{0:%Y-%m-%d}.csv",
    "harborlend": "HarborLend_loanbook_{0:%Y%m%d}.csv",
}
_UNMAPPED = f"nordkapital_lanebok_{MONTHS[-1]:%Y-%m-%d}.csv"


def _run(inbox: Path, day: date, pipeline: str) -> DemoRun:
    is_held = pipeline == "harborlend" and day == MONTHS[-1]
    return DemoRun(pipeline, inbox / _NAMES[pipeline].format(day), None, is_held)


def _configs() -> Iterator[tuple[str, str]]:
    for name in ("lendingclub_loanstats", "prosper_2014"):
        built_in = (shipped("configs") / f"{name}.yaml").read_text(encoding="utf-8")
        yield name, _adapted(name, built_in)
    yield "harborlend", harborlend.CONFIG


def _adapted(name: str, built_in: str) -> str:
    """Switch a built-in config on and let the tape's name say the record date."""
    text = built_in.replace("enabled: false\n", "enabled: true\n")
    text = text.replace("version: 1\n", f"version: 1\nbased_on: {name}@1\n", 1)
    return text.replace(_BY_ARGUMENT, _BY_NAME)


def _tapes() -> Iterator[tuple[str, bytes]]:
    clubs = draw_book(lendingclub.PROFILE, SEED)
    prosperous = draw_book(prosper.PROFILE, SEED)
    harbors = draw_book(harborlend.PROFILE, SEED)
    for day in MONTHS:
        club, pros, harbor = (pattern.format(day) for pattern in _NAMES.values())
        yield club, lendingclub.tape(lendingclub.rows_at(clubs, day))
        yield pros, prosper.tape(prosper.rows_at(prosperous, day))
        rows = harborlend.rows_at(harbors, day)
        spoil = day == MONTHS[-1]
        yield harbor, harborlend.tape_of_lines(plant(rows)) if spoil else harborlend.tape(rows)
    nordic = draw_book(nordkapital.PROFILE, SEED)
    yield _UNMAPPED, nordkapital.tape(nordic, MONTHS[-1])
