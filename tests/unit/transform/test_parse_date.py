"""Dates: only what a declared format says, and only days that exist."""

from __future__ import annotations

from datetime import date

import pytest

from loan_etl_tui.model.sanitizers import DATE_FORMATS
from loan_etl_tui.transform.parse.base import Context
from loan_etl_tui.transform.parse.dateformat import date_format, with_century
from tests.unit.transform.conftest import Read, ReadColumn

GOLDEN = [
    ("Dec-2011", "Mon-YYYY", date(2011, 12, 1)),
    ("DEC2011", "Mon-YYYY", date(2011, 12, 1)),
    ("DEC2011", "MonYYYY", date(2011, 12, 1)),
    ("dec-2011", "Mon-YYYY", date(2011, 12, 1)),
    ("Dec-11", "Mon-YY", date(2011, 12, 1)),
    ("11-Dec", "YY-Mon", date(2011, 12, 1)),
    ("Jan-62", "Mon-YY", date(1962, 1, 1)),
    ("Mar-14", "Mon-YY", date(2014, 3, 1)),
    ("2011-12-01", "ISO", date(2011, 12, 1)),
    ("2011-12-01T00:00:00", "ISO", date(2011, 12, 1)),
    ("2014-02-27T08:28:07Z", "ISO", date(2014, 2, 27)),
    ("2014-02-27T23:59:60.5+05:30", "ISO", date(2014, 2, 27)),
    ("2007-08-26 19:09:29.263000000", "ISO", date(2007, 8, 26)),
    ("2014-01-01 08:32:21.000 +0000", "ISO", date(2014, 1, 1)),
    ("2014-01-01 23:32:21-08", "ISO", date(2014, 1, 1)),
    ("2014-01-01 08:32", "ISO", date(2014, 1, 1)),
    ("201112", "YYYYMM", date(2011, 12, 1)),
    ("122011", "MMYYYY", date(2011, 12, 1)),
    ("01/2020", "MM/YYYY", date(2020, 1, 1)),
    ("07-31-2026", "MM-DD-YYYY", date(2026, 7, 31)),
    ("24.07.2018", "DD.MM.YYYY", date(2018, 7, 24)),
    ("27-02-2014", "DD-MM-YYYY", date(2014, 2, 27)),
    ("2/3/2014", "MM/DD/YYYY", date(2014, 2, 3)),
    ("2/3/2014", "DD/MM/YYYY", date(2014, 3, 2)),
    ("20200131", "YYYYMMDD", date(2020, 1, 31)),
    ("01312020", "MMDDYYYY", date(2020, 1, 31)),
    ("2014-06", "YYYY-MM", date(2014, 6, 1)),
    ("Q3 2007", "quarter", date(2007, 7, 1)),
    ("2007Q3", "quarter", date(2007, 7, 1)),
    ("14Q1", "quarter", date(2014, 1, 1)),
    ("43466", "excel", date(2019, 1, 1)),
    ("43466.0", "excel", date(2019, 1, 1)),
    ("43466.5", "excel", date(2019, 1, 1)),
    ("42004", "excel1904", date(2019, 1, 1)),
    ("1393462087", "epoch_s", date(2014, 2, 27)),
    ("1393462087000", "epoch_ms", date(2014, 2, 27)),
    ("1970-01-01", "ISO", date(1970, 1, 1)),
    ("1900-01-01", "ISO", date(1900, 1, 1)),
    ("2012-02-29", "ISO", date(2012, 2, 29)),
    ("1950-01-01", "ISO", date(1950, 1, 1)),
    ("2100-12-31", "ISO", date(2100, 12, 31)),
]


@pytest.mark.parametrize(("raw", "declared", "day"), GOLDEN)
def test_dates_are_read_in_their_declared_format(
    read: Read, raw: str, declared: str, day: date
) -> None:
    assert read("date", raw, formats=[declared]) == (day, None)


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        ("11-Dec", "Mon-YY"),
        ("11-Dec", "Mon-YYYY"),
        ("Dec-2011", "Mon-YY"),
        ("Dec-11", "Mon-YYYY"),
        ("201112", "MMYYYY"),
        ("2/3/2014", "ISO"),
        ("42:55.3", "ISO"),
        ("42:55.3", "Mon-YYYY"),
        ("42:55.3", "excel"),
        ("31/02/2014", "DD/MM/YYYY"),
        ("2014-13-01", "ISO"),
        ("2014-00-10", "ISO"),
        ("2011-02-29", "ISO"),
        ("2100-02-29", "ISO"),
        ("1949-12-31", "ISO"),
        ("2101-01-01", "ISO"),
        ("1899-12-31", "ISO"),
        ("2014-2-3", "ISO"),
        ("2014-02-03T24:00:00", "ISO"),
        ("2014-02-03T10:61", "ISO"),
        ("2014-02-03x", "ISO"),
        ("2014-02-03 10:00:00 PM", "ISO"),
        ("20140203", "ISO"),
        ("٢٠١٤-٠٢-٠٣", "ISO"),
        ("Foo-2011", "Mon-YYYY"),
        ("December-2011", "Mon-YYYY"),
        ("1312020", "MMDDYYYY"),
        ("Q5 2007", "quarter"),
        ("60", "excel"),
        ("1", "excel1904"),
        ("99999999", "excel"),
        ("-5", "excel"),
        ("999999", "excel"),
        ("99999999999999", "epoch_s"),
        ("Jan-15", "Mon-YY"),
        ("yesterday", "ISO"),
    ],
)
def test_what_the_declared_format_does_not_say_is_refused(
    read: Read, raw: str, declared: str
) -> None:
    assert read("date", raw, formats=[declared]) == (None, "C-DATE")


@pytest.mark.parametrize("declared", ["ISO", "MM/DD/YYYY", "excel"])
@pytest.mark.parametrize(
    "raw",
    ["0001-01-01T00:00:00", "0001-01-01", "9999-12-31", "1900-01-00", "00/00/0000", "", "NULL"],
)
def test_sentinels_are_null_in_every_format(read: Read, raw: str, declared: str) -> None:
    assert read("date", raw, formats=[declared]) == (None, None)


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        ("12/31/9999", "MM/DD/YYYY"),
        ("01/01/0001", "DD/MM/YYYY"),
        ("99991231", "YYYYMMDD"),
        ("00000000", "YYYYMMDD"),
        ("000000", "YYYYMM"),
        ("999912", "YYYYMM"),
        ("0", "excel"),
        ("9999-12-31 23:59:59", "ISO"),
    ],
)
def test_sentinels_are_null_in_the_declared_spelling(read: Read, raw: str, declared: str) -> None:
    assert read("date", raw, formats=[declared]) == (None, None)


def test_formats_are_tried_in_the_declared_order(read: Read) -> None:
    formats = ["MM/DD/YYYY", "DD/MM/YYYY"]
    assert read("date", "02/03/2014", formats=formats) == (date(2014, 2, 3), None)
    assert read("date", "24/07/2018", formats=formats) == (date(2018, 7, 24), None)
    assert read("date", "02/03/2014", formats=formats[::-1]) == (date(2014, 3, 2), None)


def test_month_end_and_added_months_stay_inside_the_month(read: Read) -> None:
    assert read("date", "201401", formats=["YYYYMM"], **{"as": "month_end"}) == (
        date(2014, 1, 31),
        None,
    )
    assert read("date", "2014-03-31", formats=["ISO"], add_months=-1) == (date(2014, 2, 28), None)
    assert read("date", "201401", formats=["YYYYMM"], add_months=-1) == (date(2013, 12, 1), None)
    assert read("date", "2014-01-31", formats=["ISO"], add_months=1, **{"as": "month_end"}) == (
        date(2014, 2, 28),
        None,
    )


def test_a_date_moved_out_of_range_is_refused(read: Read) -> None:
    assert read("date", "2100-12-31", formats=["ISO"], add_months=1) == (None, "C-DATE")
    assert read("date", "2014-01-01", formats=["ISO"], add_months=1200) == (None, "C-DATE")


def test_a_declared_pivot_wins_over_the_record_date(read_column: ReadColumn) -> None:
    context = Context((), "USD", date(2030, 1, 1))
    cells = ["Jan-29", "Jan-31", "Jan-62"]
    by_record = read_column("date", cells, context, formats=["Mon-YY"])
    by_pivot = read_column("date", cells, context, formats=["Mon-YY"], pivot=2062)
    assert [d and d.year for d in by_record.value.to_pylist()] == [2029, None, 1962]
    assert [d.year for d in by_pivot.value.to_pylist()] == [2029, 2031, 2062]


@pytest.mark.parametrize("pivot", [1999, 2000, 2014, 2099])
@pytest.mark.parametrize("short_year", range(100))
def test_a_two_digit_year_is_the_latest_one_up_to_the_pivot(short_year: int, pivot: int) -> None:
    year = with_century(short_year, pivot)
    assert year % 100 == short_year
    assert pivot - 100 < year <= pivot


def test_a_null_date_covers_every_stamp_of_that_day(read: Read) -> None:
    nulls = ["1970-01-01"]
    assert read("date", "1970-01-01T00:00:00Z", formats=["ISO"], null_values=nulls) == (None, None)


def test_stamps_of_one_day_are_one_day(read_column: ReadColumn) -> None:
    cells = [f"2014-02-27 08:28:07.{n:09d}" for n in range(5000)] + ["2014-02-30 08:28:07"]
    parsed = read_column("date", cells, formats=["ISO"])
    assert set(parsed.value.to_pylist()) == {date(2014, 2, 27), None}
    assert parsed.issue.drop_null().to_pylist() == ["C-DATE"]


@pytest.mark.parametrize("name", DATE_FORMATS)
def test_every_format_a_config_may_declare_is_known(name: str) -> None:
    assert date_format(name)("no date", 2014) is None


@pytest.mark.parametrize("name", ["", "Mon", "DD", "YYYYYY", "YYYY-QQ", "iso", "YYYY-YY", "%Y"])
def test_an_unknown_format_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no date format"):
        date_format(name)
