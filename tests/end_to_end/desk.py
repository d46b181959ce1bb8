"""The installed command in a subprocess, and the databases it leaves behind."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("loan-etl")
SHARED = Path(os.environ.get("LOAN_ETL_SHARED", Path(__file__).parents[3] / "shared"))
FIXTURES = Path(__file__).parents[1] / "fixtures"


@dataclass(frozen=True)
class Ended:
    """A finished call."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        lines = self.out.strip().splitlines()
        assert len(lines) == 1, self.out + self.err
        return json.loads(lines[0])


@dataclass(frozen=True)
class Desk:
    """A workspace and the command run in it."""

    root: Path

    def __call__(self, *arguments: str | Path, **environment: str) -> Ended:
        """Run `loan-etl ARGUMENTS` in the workspace."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LOAN_ETL_")}
        done = subprocess.run(
            [str(COMMAND), *map(str, arguments)],
            cwd=self.root,
            env=kept | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def load(self, pipeline: str, *arguments: str | Path, **environment: str) -> Ended:
        """Run one pipeline headless."""
        return self("run", pipeline, "--headless", *arguments, **environment)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the embedded database."""
        connection = sqlite3.connect(self.root / "loans.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def config(self, name: str, change: Callable[[str], str]) -> None:
        """Rewrite a config's text; a change that changes nothing is a mistake of the test."""
        path = self.root / "configs" / f"{name}.yaml"
        old = path.read_text(encoding="utf-8")
        new = change(old)
        assert new != old
        path.write_text(new, encoding="utf-8")


def money(value: object) -> Decimal:
    """Bring an amount of any engine to four decimals."""
    return Decimal(str(value)).quantize(Decimal("0.0001"))


def shared_tape(*parts: str) -> Path:
    """Name a real tape beside the project, or skip the test with the reason."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"the real tape {'/'.join(parts)} is not beside the project")
    return path
