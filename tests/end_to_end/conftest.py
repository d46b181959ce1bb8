"""A fresh workspace for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace as `loan-etl init` makes it."""
    made = Desk(tmp_path / "desk")
    made.root.mkdir()
    ended = made("init", ".")
    assert ended.code == 0, ended.err
    return made
