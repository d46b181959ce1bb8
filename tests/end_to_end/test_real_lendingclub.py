"""The real LendingClub book of 2007-2011, two releases: the figures a right load shows."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.end_to_end.desk import Desk, shared_tape

FIRST, SECOND = "2017-08-17", "2018-08-20"
PIPELINE = "lendingclub_loanstats"

pytestmark = pytest.mark.real_data

LOAN = """SELECT platform_name, loan_id, issue_date, original_balance, interest_rate,
 platform_rating, loan_status, currency, term_months, maturity_date, monthly_payment, country,
 region, purpose, credit_score, dti, extra, first_record_date, last_record_date FROM loan
 ORDER BY platform_name, loan_id"""
STATUS = """SELECT platform_name, loan_id, record_date, loan_status, principal_paid,
 interest_paid, principal_charged_off, recoveries, fees_paid, dpd_min, dpd_max,
 last_payment_date, next_payment_date, status_raw, extra FROM status
 ORDER BY platform_name, loan_id, record_date"""


def tape(record_date: str) -> Path:
    return shared_tape("lendingclub", f"LoanStats3a_{record_date}.csv.gz")


def load(desk: Desk, record_date: str, url: str | None, *more: str) -> Any:
    database = () if url is None else ("--database", url)
    return desk.load(
        PIPELINE, "--file", tape(record_date), "--record-date", record_date, *database, *more
    )


def ask(desk: Desk, url: str | None, query: str) -> list[tuple[Any, ...]]:
    if url is None:
        return desk.rows(query)
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("postgres_url"))


def test_both_releases_load_with_the_published_figures_and_a_repeat_writes_nothing(
    desk: Desk, url: str | None
) -> None:
    for record_date in (FIRST, SECOND):
        ended = load(desk, record_date, url)
        summary = ended.summary
        assert ended.code == 0, summary
        assert summary["status"] == "loaded"
        counts = summary["counts"]
        assert counts["rejected"] == 0
        assert counts["status_inserted"] == 42_535
        assert counts["read"] == counts["blank"] + counts["skipped"] + counts["accepted"]
        assert counts["blank"] == 2
        assert sum(summary["skipped_by_name"].values()) == 4
        (total,) = summary["control_totals"]
        assert total["reconciled"] is True
        assert Decimal(total["declared"]) == 460_296_150
        assert Decimal(total["loaded"]) == 460_296_150
    assert ask(desk, url, "SELECT COUNT(*) FROM loan") == [(42_535,)]
    assert ask(desk, url, "SELECT COUNT(*) FROM status") == [(85_070,)]
    paid = ask(
        desk,
        url,
        "SELECT record_date, ROUND(SUM(principal_paid), 2), ROUND(SUM(interest_paid), 2)"
        " FROM status GROUP BY record_date ORDER BY record_date",
    )
    assert [Decimal(str(row[1])) for row in paid] == [Decimal("411554875.94")] * 2
    assert Decimal(str(paid[0][2])) == Decimal("95277610.71")
    overall = dict(ask(desk, url, "SELECT loan_status, COUNT(*) FROM loan GROUP BY loan_status"))
    assert overall == {"PAID_OFF": 36_104, "CHARGED_OFF": 6_431}
    recoveries = ask(
        desk,
        url,
        "SELECT SUM(recoveries) FROM status GROUP BY record_date ORDER BY record_date",
    )
    first, second = (Decimal(str(row[0])) for row in recoveries)
    assert abs(first - Decimal("4331520.892963")) < Decimal("4.3")
    assert abs(second - Decimal("4386748.892963")) < Decimal("4.3")
    changed = ask(
        desk,
        url,
        "SELECT COUNT(*) FROM status a JOIN status b ON a.loan_id = b.loan_id"
        f" AND a.record_date = '{FIRST}' AND b.record_date = '{SECOND}'"
        " WHERE a.recoveries <> b.recoveries",
    )
    assert changed == [(117,)]
    before = ask(desk, url, STATUS)
    for record_date in (SECOND, FIRST):
        ended = load(desk, record_date, url)
        assert (ended.code, ended.summary["status"]) == (0, "nothing_new")
        assert ended.summary["counts"]["read"] == 0
    assert ask(desk, url, STATUS) == before


def test_the_reverse_order_gives_the_same_two_tables(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other")
    other.root.mkdir()
    assert other("init", ".").code == 0
    for record_date in (FIRST, SECOND):
        assert load(desk, record_date, None).code == 0
    for record_date in (SECOND, FIRST):
        assert load(other, record_date, None).code == 0
    assert desk.rows(LOAN) == other.rows(LOAN)
    assert desk.rows(STATUS) == other.rows(STATUS)


def test_the_requested_amount_mapped_as_balance_is_held_by_the_control_total(desk: Desk) -> None:
    desk.config(
        PIPELINE,
        lambda text: text.replace(
            "original_balance: {from: funded_amnt,", "original_balance: {from: loan_amnt,"
        ),
    )
    ended = load(desk, FIRST, None)
    assert ended.code == 4
    assert ended.summary["status"] == "held"
    (total,) = ended.summary["control_totals"]
    assert Decimal(total["loaded"]) + Decimal(total["rejected"]) == 471_701_350
    assert "F-CONTROL" in ended.summary["message"]
    assert total["reconciled"] is False
    connection = sqlite3.connect(desk.root / "loans.db")
    assert connection.execute("SELECT COUNT(*) FROM loan").fetchone() == (0,)
    connection.close()
