"""What really gets imported, seen from a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import loan_etl_tui

# typer itself uses pydantic where a command has options.
HEAVY = {"pandas", "numpy", "pyarrow", "sqlalchemy", "psycopg2", "rich", "textual", "ruamel"}
SCREENS = {"rich", "textual", "typer", "click"}

HELP = """
import sys
from loan_etl_tui.cli import main
sys.argv = ["loan-etl", *{arguments!r}]
assert main() == 0
"""

ENGINE = """
import importlib
for name in {names!r}:
    importlib.import_module(name)
"""

TELL = """
import json, os, sys
os.write(2, json.dumps(sorted({name.partition(".")[0] for name in sys.modules})).encode())
"""


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert imported(HELP.format(arguments=arguments)) & HEAVY == set()


def test_the_engine_imports_no_screen_and_no_command_line() -> None:
    assert imported(ENGINE.format(names=list(engine_modules()))) & SCREENS == set()


def engine_modules() -> Iterator[str]:
    """Every module of the package but those of the command line and the app."""
    root = Path(loan_etl_tui.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        if parts[1] not in {"cli", "tui", "serve", "__main__", "_shipped"}:
            yield ".".join(parts).removesuffix(".__init__")


def imported(script: str) -> set[str]:
    """Names of the top-level packages a script has imported at its end."""
    done = subprocess.run(
        [sys.executable, "-c", script + TELL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr))
