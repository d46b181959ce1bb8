"""The record date is given, found in the name, or asked for; never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from loan_etl_tui.config.models import RecordDate
from loan_etl_tui.model.errors import ConfigError, UsageError
from loan_etl_tui.pipeline.record_date import resolve_record_date
from tests.property.tapes import plan_of

PLAN = plan_of()  # today is 2020-07-01


def resolve(
    said: dict[str, object] | None, given: date | None = None, name: str = "tape.csv"
) -> tuple[date | None, str]:
    spec = None if said is None else RecordDate.model_validate(said)
    return resolve_record_date(spec, given=given, file_name=name, plan=PLAN)


def test_the_file_name_is_read_by_its_pattern_and_format() -> None:
    said = {"from": "file_name", "pattern": r"_(\d{8})", "formats": ["YYYYMMDD"]}
    assert resolve(said, name="Loans_20200131.csv") == (date(2020, 1, 31), "file_name")


def test_a_name_without_the_pattern_is_refused_with_the_pattern() -> None:
    said = {"from": "file_name", "pattern": r"_(\d{8})", "formats": ["YYYYMMDD"]}
    with pytest.raises(ConfigError, match=r"d\{8\}"):
        resolve(said, name="Loans.csv")


def test_the_given_date_replaces_every_other() -> None:
    assert resolve({"const": "2019-12-31"}, date(2020, 1, 1)) == (date(2020, 1, 1), "argument")


def test_a_needed_argument_that_is_missing_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="record date"):
        resolve({"from": "argument"})


def test_a_date_in_the_future_is_refused() -> None:
    with pytest.raises(UsageError, match="future"):
        resolve({"from": "argument"}, date(2020, 7, 3))
    with pytest.raises(ConfigError, match="future"):
        resolve({"const": "2021-01-01"})


def test_today_is_taken_only_when_upload_is_said() -> None:
    assert resolve({"from": "upload"}) == (date(2020, 7, 1), "upload")


def test_of_several_the_first_that_says_something_counts() -> None:
    name = {"from": "file_name", "pattern": r"(\d{4}-\d{2}-\d{2})"}
    said = {"first_of": [name, {"from": "upload"}]}
    assert resolve(said, name="x_2020-02-29.csv") == (date(2020, 2, 29), "file_name")
    assert resolve(said, name="x.csv") == (date(2020, 7, 1), "upload")


def test_a_column_leaves_the_date_to_each_row() -> None:
    assert resolve({"from": "ReportAsOf"}) == (None, "column")


def test_origination_has_none_and_refuses_one() -> None:
    assert resolve(None) == (None, "none")
    with pytest.raises(UsageError):
        resolve(None, date(2020, 1, 1))
