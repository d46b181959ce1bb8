"""What is staged is what was sent: every digit, every character, nothing twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.errors import LawBroken
from loan_etl_tui.model.frames import LOAN_ROWS, STATUS_ROWS
from tests.fixtures.deliveries import (
    PLATFORM,
    Delivery,
    frames,
    load_into,
    run_row,
    simple_delivery,
    simple_row,
    stage,
)
from tests.fixtures.stored import rows_of

DAY = date(2018, 12, 31)
AMOUNTS = [
    Decimal(text)
    for text in (
        "0.0000",
        "0.0001",
        "-0.0001",
        "0.1000",
        "1.0050",
        "4035.5500",
        "99999999999.9999",
        "-99999999999.9999",
        "12345678901.2345",
    )
]
TEXTS = [
    "\\",
    "\\.",
    "\\N",
    "\\\\n",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\r",
    "\"quoted\", 'both'",
    "",
    " ",
    "NULL",
    "🏦💶",
    "Łódź",
    "е́",
    "\u202e",
    "\x7f\x1b[31m",
    "x" * 64,
]


def one_delivery(**columns: list[Any]) -> Delivery:
    """As many loans as there are values, each with one of them."""
    length = len(next(iter(columns.values())))
    rows = [
        simple_row(f"L{at:03d}", DAY, **{name: values[at] for name, values in columns.items()})
        for at in range(length)
    ]
    return simple_delivery(rows)


def stored(target: SqlTarget, table: str, column: str) -> list[Any]:
    return [row[column] for row in rows_of(target, table, platform_name=PLATFORM)]


def test_amounts_come_back_to_the_last_digit(target: SqlTarget) -> None:
    load_into(target, one_delivery(principal_paid=AMOUNTS))
    assert stored(target, "status", "principal_paid") == AMOUNTS


def test_eighteen_digits_come_back_from_a_server(server: SqlTarget) -> None:
    amounts = [Decimal("99999999999999.9999"), Decimal("-99999999999999.9999")]
    load_into(server, one_delivery(principal_paid=amounts))
    assert stored(server, "status", "principal_paid") == amounts


def test_more_digits_than_the_file_keeps_never_reach_it(target: SqlTarget) -> None:
    if target.caps.decimal_digits == 18:
        pytest.skip("a server keeps all 18 digits")
    with target.begin(PLATFORM, 0) as load, pytest.raises(LawBroken, match="15 digits"):
        stage(load, one_delivery(principal_paid=[Decimal("123456789012.3456")]))


def test_rates_and_dates_come_back(target: SqlTarget) -> None:
    rates = [Decimal("0.106500"), Decimal("0.000001"), Decimal("999.999999"), None]
    days = [date(1, 1, 1), date(1970, 1, 1), date(2016, 2, 29), date(9999, 12, 31)]
    load_into(target, one_delivery(interest_rate=rates, issue_date=days))
    assert stored(target, "loan", "interest_rate") == rates
    assert stored(target, "loan", "issue_date") == days


def test_any_text_comes_back_and_nothing_ends_the_data(target: SqlTarget) -> None:
    load_into(target, one_delivery(status_raw=TEXTS, purpose=TEXTS))
    assert stored(target, "status", "status_raw") == TEXTS
    assert stored(target, "loan", "purpose") == TEXTS


def test_ids_are_told_apart_byte_by_byte(target: SqlTarget) -> None:
    ids = ["a", "A", "ä", "a ", "a\u0301", "00012", "12", "\\.", "ｆ", "😀"]
    load_into(target, simple_delivery([simple_row(one, DAY) for one in ids]))
    found = stored(target, "loan", "loan_id")
    assert found == sorted(ids, key=str.encode)


def test_extras_keep_their_types_and_a_megabyte_of_text(target: SqlTarget) -> None:
    long = 'x"\\\n😀' * 200_000
    extra = {"a": "0.50", "b": 7, "c": True, "d": False, "long": long, "e": "\\."}
    load_into(target, one_delivery(status_extra=[extra, {}, {"a": "1"}]))
    assert stored(target, "status", "extra") == [extra, None, {"a": "1"}]


def test_json_nulls_are_no_extras(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row("L1", DAY, status_extra={"a": 1})])
    loan, status = frames(delivery)
    at = status.schema.get_field_index("extra")
    odd = pa.array(['{ "b": null, "a": "\\u00e9" }'])
    with target.begin(PLATFORM, 0) as load:
        load.stage(loan, status.set_column(at, STATUS_ROWS.field("extra"), odd))
        load.duplicates(delivery.mapped)
        load.merge(delivery.spec())
        load.write_run(run_row("run-d1"))
        load.commit()
    assert stored(target, "status", "extra") == [{"a": "é"}]


def test_totals_of_the_stage_are_exact(target: SqlTarget) -> None:
    paid = [Decimal("0.1000")] * 1_000 + [Decimal("99999999999.9999")] * 1_000
    with target.begin(PLATFORM, 0) as load:
        stage(load, one_delivery(principal_paid=paid), cuts=[7, 999])
        totals = load.stage_totals()
    assert totals.rows == 2_000
    assert totals.sums["status.principal_paid"] == sum(paid)
    assert totals.sums["loan.original_balance"] == Decimal(2_000_000)
    assert totals.sums["status.recoveries"] == 0


def test_an_empty_stage_has_totals_and_no_duplicates(target: SqlTarget) -> None:
    delivery = simple_delivery([simple_row("L1", DAY)])
    with target.begin(PLATFORM, 0) as load:
        load.stage(LOAN_ROWS.empty_table(), STATUS_ROWS.empty_table())
        assert load.duplicates(delivery.mapped).issues.num_rows == 0
        assert load.currencies().num_rows == 0
        assert load.stage_totals().rows == 0
        assert set(load.stage_totals().sums.values()) == {Decimal(0)}


def test_rows_may_be_staged_from_another_thread(target: SqlTarget) -> None:
    delivery = one_delivery(principal_paid=AMOUNTS)
    with target.begin(PLATFORM, 0) as load, ThreadPoolExecutor(1) as worker:
        worker.submit(stage, load, delivery).result()
        assert load.stage_totals().rows == len(AMOUNTS)


def test_the_order_of_the_two_tables_does_not_matter(target: SqlTarget) -> None:
    delivery = one_delivery(principal_paid=AMOUNTS, purpose=[f"p{n}" for n in range(len(AMOUNTS))])
    loan, status = frames(delivery)
    with target.begin(PLATFORM, 0) as load:
        load.stage(loan, status.take(list(reversed(range(len(AMOUNTS))))))
        load.duplicates(delivery.mapped)
        load.merge(delivery.spec())
        load.write_run(run_row("run-d1"))
        load.commit()
    assert stored(target, "status", "principal_paid") == AMOUNTS


def test_rows_of_different_records_are_refused(target: SqlTarget) -> None:
    loan, status = frames(one_delivery(principal_paid=AMOUNTS))
    with target.begin(PLATFORM, 0) as load, pytest.raises(LawBroken, match="same records"):
        load.stage(loan.slice(1), status)


def test_rows_of_another_platform_are_refused(target: SqlTarget) -> None:
    other = replace(one_delivery(principal_paid=AMOUNTS), platform="other")
    with target.begin(PLATFORM, 0) as load, pytest.raises(LawBroken, match="platforms"):
        stage(load, other)


def test_a_second_delivery_of_a_transaction_starts_with_an_empty_stage(target: SqlTarget) -> None:
    with target.begin(PLATFORM, 0) as load:
        stage(load, one_delivery(principal_paid=AMOUNTS))
        load.clear_stage()
        assert load.stage_totals().rows == 0
