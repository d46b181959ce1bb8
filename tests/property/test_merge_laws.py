"""Laws of the merge: what is stored depends on the set of deliveries, never on their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loan_etl_tui.load.base import MappedColumns, MergeCounts, Target
from loan_etl_tui.load.origin import Claim, as_json, from_json
from tests.fixtures.book import LONG_AGO, Book
from tests.fixtures.deliveries import Delivery, Row, load_into, merge, opened
from tests.fixtures.postgres import empty_database
from tests.fixtures.stored import corrections, origins, shown

LOANS = ("L1", "L2", "ł3")
DAYS = (date(2018, 1, 31), date(2018, 2, 28), date(2018, 3, 31))
NEVER_NULL = ("issue_date", "original_balance", "currency")
OPTIONAL_LOAN = ("interest_rate", "purpose", "term_months", "monthly_payment")
OPTIONAL_STATUS = ("principal_paid", "interest_paid", "dpd_min", "next_payment_date")
KEYS = ("a", "b")

money = st.sampled_from(
    [Decimal(text) for text in ("0", "0.0001", "1.5", "-3.25", "99999999999.9999")]
).map(lambda value: value.quantize(Decimal("0.0001")))
words = st.sampled_from(
    ["car", "", "a\\.b", 'say "x"', "tab\there", "line\nend", "🏠", "NULL", "\\N"]
)
extras = st.sampled_from([None, "x", "0.50", 7, True, False, "y'z"])


def facts(columns: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Values of these loan columns; the required ones are never null."""
    pools: dict[str, st.SearchStrategy[Any]] = {
        "issue_date": st.sampled_from([date(2015, 1, 1), date(2016, 2, 29)]),
        "original_balance": st.sampled_from([Decimal("1000.0000"), Decimal("2500.5500")]),
        "currency": st.sampled_from(["EUR", "USD"]),
        "interest_rate": st.none() | st.sampled_from([Decimal("0.106500"), Decimal("0.000001")]),
        "purpose": st.none() | words,
        "term_months": st.none() | st.sampled_from([36, 60]),
        "monthly_payment": st.none() | money,
        "loan_status": st.sampled_from(["ISSUED", "CURRENT", "PAID_OFF"]),
        "status_raw": st.sampled_from(["Current", "Late"]),
        "principal_paid": st.none() | money,
        "interest_paid": st.none() | money,
        "dpd_min": st.none() | st.sampled_from([0, 31]),
        "next_payment_date": st.none() | st.sampled_from(DAYS),
    }
    return st.fixed_dictionaries({name: pools[name] for name in columns})


def some(columns: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Any part of the columns, in their order."""
    return st.sets(st.sampled_from(columns)).map(
        lambda kept: tuple(c for c in columns if c in kept)
    )


@st.composite
def delivery(draw: st.DrawFn, version: int, static: str, measured: MappedColumns) -> Delivery:
    """One file that maps any loan columns, and the status columns that all of them map."""
    shape = draw(st.sampled_from(["snapshot", "snapshot", "snapshot", "origination"]))
    columns = NEVER_NULL + draw(some(OPTIONAL_LOAN))
    keys = draw(some(KEYS))
    days = DAYS if shape == "snapshot" else (None,)
    places = draw(
        st.lists(st.tuples(st.sampled_from(LOANS), st.sampled_from(days)), min_size=1, unique=True)
    )
    rows = []
    for loan_id, day in places:
        measures = draw(facts(measured.status_columns))
        loan = draw(facts(columns)) | {"loan_status": measures["loan_status"]}
        loan_extra = {key: draw(extras) for key in keys}
        status_extra = {key: draw(extras) for key in measured.status_extra}
        rows.append(Row(loan_id, day, loan, loan_extra, measures, status_extra))
    mapped = replace(measured, loan_columns=columns, loan_extra=keys)
    return Delivery(f"v{version}", version, tuple(rows), mapped, shape, static)


@st.composite
def deliveries(draw: st.DrawFn) -> list[Delivery]:
    """Some files with declared versions that map the same status columns."""
    status = ("loan_status", "status_raw", *draw(some(OPTIONAL_STATUS)))
    measured = MappedColumns((), (), status, draw(some(KEYS)))
    static = draw(st.sampled_from(["first", "last"]))
    number = draw(st.integers(min_value=1, max_value=4))
    return [draw(delivery(version, static, measured)) for version in range(1, number + 1)]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A SQLite file; each example uses a platform of its own."""
    target = opened(str(tmp_path_factory.mktemp("laws") / "loans.db"))
    yield target
    target.close()


@pytest.fixture(scope="module")
def server(postgres_server: str) -> Iterator[Target]:
    """A PostgreSQL database; each example uses a platform of its own."""
    with empty_database(postgres_server) as url:
        target = opened(url)
        yield target
        target.close()


PLATFORM_NUMBERS = count()
often = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
seldom = settings(often, max_examples=12)


def load_all(target: Target, files: list[Delivery]) -> tuple[str, list[MergeCounts]]:
    """Load files into a fresh platform, each in its own transaction."""
    platform = f"p{next(PLATFORM_NUMBERS)}"
    counts = [
        load_into(target, replace(file, platform=platform), f"{platform}-{number}")
        for number, file in enumerate(files)
    ]
    return platform, counts


def check_against_the_book(target: Target, files: list[Delivery]) -> None:
    book = Book()
    expected = [book.merge(file) for file in files]
    platform, counts = load_all(target, files)
    assert counts == expected
    assert shown(target, platform) == book.shown()
    assert corrections(target, platform) == Counter(book.corrections)
    claims = {
        loan_id: {
            name: Claim(None if day == LONG_AGO else day, version)
            for name, (day, version) in loan.claims.items()
        }
        for loan_id, loan in book.loans.items()
    }
    assert origins(target, platform) == claims


@given(files=deliveries())
@often
def test_sqlite_holds_what_the_plain_merge_says(embedded: Target, files: list[Delivery]) -> None:
    check_against_the_book(embedded, files)


@given(files=deliveries())
@seldom
def test_postgresql_holds_what_the_plain_merge_says(server: Target, files: list[Delivery]) -> None:
    check_against_the_book(server, files)


def check_any_order(target: Target, files: list[Delivery], shuffled: list[Delivery]) -> None:
    first, _ = load_all(target, files)
    second, _ = load_all(target, shuffled)
    assert shown(target, first) == shown(target, second)
    assert origins(target, first) == origins(target, second)


@given(data=st.data(), files=deliveries())
@often
def test_the_order_of_deliveries_does_not_matter_in_sqlite(
    embedded: Target, data: st.DataObject, files: list[Delivery]
) -> None:
    check_any_order(embedded, files, data.draw(st.permutations(files)))


@given(data=st.data(), files=deliveries())
@seldom
def test_the_order_of_deliveries_does_not_matter_in_postgresql(
    server: Target, data: st.DataObject, files: list[Delivery]
) -> None:
    check_any_order(server, files, data.draw(st.permutations(files)))


@given(data=st.data(), files=deliveries())
@often
def test_a_delivery_loaded_again_changes_nothing(
    embedded: Target, data: st.DataObject, files: list[Delivery]
) -> None:
    platform, _ = load_all(embedded, files)
    before = shown(embedded, platform), origins(embedded, platform)
    told = corrections(embedded, platform)
    again = replace(data.draw(st.sampled_from(files)), platform=platform)
    counts = load_into(embedded, again, f"{platform}-again")
    assert (shown(embedded, platform), origins(embedded, platform)) == before
    assert corrections(embedded, platform) == told
    assert (counts.loan_inserted, counts.loan_updated) == (0, 0)
    assert (counts.status_inserted, counts.status_corrected) == (0, 0)


@given(files=deliveries())
@often
def test_deliveries_in_one_transaction_are_those_in_several(
    embedded: Target, files: list[Delivery]
) -> None:
    apart, counts = load_all(embedded, files)
    platform = f"p{next(PLATFORM_NUMBERS)}"
    joined = []
    with embedded.begin(platform, 0) as load:
        for number, file in enumerate(files):
            joined.append(merge(load, replace(file, platform=platform), f"{platform}-{number}"))
            load.clear_stage()
        load.commit()
    assert joined == counts
    assert shown(embedded, platform) == shown(embedded, apart)


@given(data=st.data(), file=deliveries().map(lambda files: files[0]))
@often
def test_cutting_a_delivery_into_batches_changes_nothing(
    embedded: Target, data: st.DataObject, file: Delivery
) -> None:
    whole, counts = load_all(embedded, [file])
    platform = f"p{next(PLATFORM_NUMBERS)}"
    cuts = data.draw(st.lists(st.integers(1, len(file.rows))))
    cut_up = replace(file, platform=platform)
    assert load_into(embedded, cut_up, f"{platform}-cut", cuts) == counts[0]
    assert shown(embedded, platform) == shown(embedded, whole)


claims = st.builds(Claim, st.none() | st.sampled_from(DAYS), st.integers(1, 3))


@given(
    st.dictionaries(
        st.sampled_from([*NEVER_NULL, *OPTIONAL_LOAN, "extra.a", "extra.b", "loan_status"]), claims
    )
)
def test_an_origin_written_short_reads_back_the_same(origin: dict[str, Claim]) -> None:
    assert from_json(as_json(origin)) == origin
