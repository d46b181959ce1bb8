"""Synthetic tapes in the platforms' real layouts give exactly the expected tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.desk import FIXTURES, Desk, Ended
from tests.end_to_end.tables import ask, golden, stored

CLUB = "lendingclub_loanstats"
YEARS = ("2017-08-31", "2018-08-31")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, desk: Desk) -> str | Path:
    if request.param == "sqlite":
        return desk.root / "loans.db"
    return str(request.getfixturevalue("postgres_url"))


def load(
    desk: Desk, database: str | Path, pipeline: str, tape: str, record_date: str, *more: str
) -> Ended:
    url = () if isinstance(database, Path) else ("--database", database)
    return desk.load(pipeline, "--file", FIXTURES / tape, "--record-date", record_date, *url, *more)


@pytest.mark.parametrize("years", [YEARS, YEARS[::-1]], ids=["in order", "back-filled"])
def test_two_lendingclub_releases_give_the_golden_tables_in_any_order(
    desk: Desk, database: str | Path, years: tuple[str, ...]
) -> None:
    for year in years:
        ended = load(desk, database, CLUB, f"LoanStats3x_{year}.csv", year)
        assert ended.code == 0, ended.err
        assert ended.summary["control_totals"][0]["reconciled"] is True
    for table in ("loan", "status"):
        assert stored(database, table) == golden(FIXTURES / "golden" / f"lendingclub.{table}.csv")


def test_the_cut_prosper_export_gives_the_golden_tables_and_one_reject(
    desk: Desk, database: str | Path
) -> None:
    ended = load(
        desk, database, "prosper_2014", "prosperLoanData.part.csv", "2014-03-31",
        "--max-rejected", "1",
    )  # fmt: skip
    assert ended.code == 3, ended.err
    summary = ended.summary
    assert summary["status"] == "loaded_with_rejects"
    assert summary["counts"]["rejected"] == 1
    assert summary["issues_by_code"]["F-TRUNC"] == 1
    for table in ("loan", "status"):
        assert stored(database, table) == golden(FIXTURES / "golden" / f"prosper.{table}.csv")
    assert ask(database, "SELECT code FROM rejected_row") == [("F-TRUNC",)]
    lines = Path(summary["rejects_file"]).with_suffix(".jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["codes"] for line in lines.splitlines()] == [["F-TRUNC"]]


def test_a_held_tape_changes_nothing_and_leaves_its_review_package(
    desk: Desk, database: str | Path
) -> None:
    ended = load(desk, database, "prosper_2014", "prosperLoanData.part.csv", "2014-03-31")
    assert ended.code == 4
    summary = ended.summary
    assert (summary["status"], summary["retryable"]) == ("held", False)
    assert "1 of" in summary["message"]
    assert (Path(summary["review_package"]) / "summary.json").exists()
    assert ask(database, "SELECT COUNT(*) FROM loan") == [(0,)]
    assert ask(database, "SELECT status FROM load_run") == [("held",)]
    # The held run fixes the version the delivery keeps for good.
    assert ask(database, "SELECT version, last_run_id FROM delivery") == [(1, None)]


def test_the_same_record_date_again_with_other_values_is_a_restatement(
    desk: Desk, database: str | Path
) -> None:
    year = "2017-08-31"
    assert load(desk, database, CLUB, f"LoanStats3x_{year}.csv", year).code == 0
    tape = desk.root / "inbox" / "LoanStats_again.csv"
    text = (FIXTURES / f"LoanStats3x_{year}.csv").read_text(encoding="utf-8")
    rows = golden(FIXTURES / "golden" / "lendingclub.status.csv")
    paid = next(
        row["interest_paid"].rstrip("0") for row in rows
        if row["record_date"] == year and text.count(f'"{row["interest_paid"].rstrip("0")}"') == 1
    )  # fmt: skip
    tape.write_text(text.replace(f'"{paid}"', '"1.25"'), encoding="utf-8")
    ended = load(desk, database, CLUB, str(tape), year)
    assert ended.code == 0, ended.err
    assert ended.summary["counts"]["status_corrected"] == 1
    corrections = ask(database, "SELECT field, new_value, kind FROM correction")
    assert corrections == [("interest_paid", "1.2500", "restated")]


def test_a_plan_counts_exactly_what_the_run_then_does_and_leaves_nothing(
    desk: Desk, database: str | Path
) -> None:
    year = YEARS[0]
    url = () if isinstance(database, Path) else ("--database", database)
    options = ("--file", FIXTURES / f"LoanStats3x_{year}.csv", "--record-date", year, *url)
    planned = desk("plan", CLUB, "--output", "json", *options)
    assert planned.code == 0, planned.err
    assert ask(database, "SELECT COUNT(*) FROM loan") == [(0,)]
    assert ask(database, "SELECT COUNT(*) FROM delivery") == [(0,)]
    ran = desk.load(CLUB, *options)
    said = planned.summary
    assert said["dry_run"] is True
    assert said["counts"] == ran.summary["counts"]
    assert said["counts"]["status_inserted"] > 0
    assert said["control_totals"] == ran.summary["control_totals"]
