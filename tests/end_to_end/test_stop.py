"""A signal in any step leaves nothing half, and the exit code is the signal's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loan_etl_tui.config.read import read_pipeline
from loan_etl_tui.config.workspace import open_workspace
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.model.events import Event, Progress, StepStarted, Stop
from loan_etl_tui.pipeline import RunOptions, run
from tests.end_to_end.desk import FIXTURES, Desk
from tests.end_to_end.tables import ask

PIPELINE = "lendingclub_loanstats"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, desk: Desk) -> str | Path:
    if request.param == "sqlite":
        return desk.root / "loans.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize(("number", "code"), [(1, Exit.HANGUP), (15, Exit.TERMINATED)])
@pytest.mark.parametrize("moment", ["source", "staged", "validate", "load"])
def test_a_signal_in_any_step_rolls_back(
    desk: Desk, database: str | Path, moment: str, number: int, code: Exit
) -> None:

    stop = Stop()

    def listen(event: Event) -> None:
        reached = isinstance(event, StepStarted) and event.step == moment
        if reached or (moment == "staged" and isinstance(event, Progress)):
            stop.wish(number)

    options = RunOptions(
        file=FIXTURES / "LoanStats3x_2017-08-31.csv",
        record_date=date(2017, 8, 31),
        database=str(database),
    )
    workspace = open_workspace(desk.root)
    report = run(read_pipeline(workspace.pipeline_path(PIPELINE)), workspace, options, listen, stop)
    assert (report.status, report.exit_code) == ("interrupted", code)
    assert ask(database, "SELECT COUNT(*) FROM loan") == [(0,)]
    again = run(
        read_pipeline(workspace.pipeline_path(PIPELINE)), workspace, options, lambda _: None, Stop()
    )
    assert again.exit_code is Exit.OK
