"""The canonical hash: equal content, equal hash, whatever the database and the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from loan_etl_tui.load.base import Target
from loan_etl_tui.load.state import canonical_hash
from tests.fixtures.deliveries import Row, load_into, opened, simple_delivery, simple_row
from tests.fixtures.postgres import empty_database

JAN, FEB = date(2018, 1, 31), date(2018, 2, 28)

FILES = [
    simple_delivery(
        [
            simple_row("L1", JAN, principal_paid=Decimal("0.1"), loan_extra={"b": 1, "a": "ä"}),
            simple_row("é", JAN, purpose="", interest_rate=Decimal("0.1065")),
            simple_row("Z", JAN, purpose=None, status_extra={"x": True, "y": "1.50"}),
        ],
        1,
    ),
    simple_delivery([simple_row("L1", FEB, loan_status="LATE"), simple_row("a", FEB)], 2),
    simple_delivery([simple_row("L1", JAN, principal_paid=Decimal("0.2"))], 3),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[list[Target]]:
    with empty_database(postgres_server) as url:
        targets = [opened(str(tmp_path_factory.mktemp("state") / "x.db")), opened(url)]
        for target in targets:
            for file in FILES:
                load_into(target, file)
        yield targets
        for target in targets:
            target.close()


def loaded(folder: Path, *files: Any) -> str:
    """Hash of a new file after some deliveries."""
    target = opened(str(folder / f"{len(list(folder.iterdir()))}.db"))
    for number, file in enumerate(files):
        load_into(target, file, f"run-{number}")
    return canonical_hash(target)


def test_both_databases_have_the_same_hash(both: list[Target]) -> None:
    hashes = {canonical_hash(target) for target in both}
    assert len(hashes) == 1
    assert len(hashes.pop()) == 64


def test_every_order_of_arrival_has_the_same_hash(tmp_path: Path, both: list[Target]) -> None:
    hashes = {loaded(tmp_path, *files) for files in permutations(FILES)}
    assert hashes == {canonical_hash(both[0])}


def test_an_empty_database_has_a_hash_of_its_own(tmp_path: Path) -> None:
    empty = loaded(tmp_path)
    assert empty == loaded(tmp_path)
    assert empty != loaded(tmp_path, FILES[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (simple_row("L1", JAN, purpose=None), simple_row("L1", JAN, purpose="")),
        (simple_row("L1", JAN, principal_paid=None), simple_row("L1", JAN, principal_paid=0)),
        (simple_row("L1", JAN), simple_row("L1", FEB)),
        (simple_row("L1", JAN), simple_row("l1", JAN)),
        (simple_row("L1", JAN, loan_extra={"a": 1}), simple_row("L1", JAN, loan_extra={"a": "1"})),
        (
            simple_row("L1", JAN, principal_paid=Decimal("0.0001")),
            simple_row("L1", JAN, principal_paid=Decimal("0.0002")),
        ),
    ],
)
def test_any_difference_changes_the_hash(tmp_path: Path, one: Row, other: Row) -> None:
    assert loaded(tmp_path, simple_delivery([one])) != loaded(tmp_path, simple_delivery([other]))


def test_runs_and_versions_do_not_change_the_hash(tmp_path: Path) -> None:
    row = simple_row("L1", JAN)
    assert loaded(tmp_path, simple_delivery([row], 1)) == loaded(
        tmp_path, simple_delivery([row], 7), simple_delivery([row], 9)
    )
