"""Folders for the installed command to work in."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desk import COMMAND, Desk


@pytest.fixture(scope="session", autouse=True)
def _bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let calls share compiled modules where this machine keeps none."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        for name in [name for name in os.environ if name.startswith("LOAN_ETL_")]:
            patch.delenv(name)
        yield


@pytest.fixture
def loan_etl(tmp_path: Path) -> Desk:
    """The command in an empty folder."""
    if not COMMAND.exists():
        pytest.skip("the package is not installed in this environment: `make test` does it")
    return Desk(tmp_path)


@pytest.fixture
def desk(loan_etl: Desk, tmp_path: Path) -> Desk:
    """A workspace as `loan-etl init` makes it."""
    ended = loan_etl("init", "desk")
    assert ended.code == 0, ended.err
    return Desk(tmp_path / "desk")
