"""Both databases, each test in an empty one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from loan_etl_tui.load.base import open_target
from loan_etl_tui.load.target import SqlTarget
from tests.fixtures.deliveries import opened

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'loans.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def connect(url: str) -> Iterator[Callable[..., SqlTarget]]:
    """Opens targets on the test's database, as other processes would; makes no tables."""
    targets: list[SqlTarget] = []

    def make(**changes: Any) -> SqlTarget:
        values: dict[str, Any] = {"name": "t", "schema": None, "table_prefix": "", "create": "auto"}
        target = open_target(url, **(values | changes))
        assert isinstance(target, SqlTarget)
        targets.append(target)
        return target

    yield make
    for target in targets:
        target.close()


@pytest.fixture
def target(url: str) -> Iterator[SqlTarget]:
    """A target whose tables are made."""
    made = opened(url)
    assert isinstance(made, SqlTarget)
    yield made
    made.close()


@pytest.fixture
def server(postgres_url: str) -> Iterator[SqlTarget]:
    """A PostgreSQL target, for what only a server does."""
    made = opened(postgres_url)
    assert isinstance(made, SqlTarget)
    yield made
    made.close()
