"""What several suites need: a PostgreSQL server, and a database of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.postgres import empty_database, running_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server, started for the session unless one is given."""
    with running_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database that belongs to this test."""
    with empty_database(postgres_server) as url:
        yield url
