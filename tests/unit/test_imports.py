"""What really gets imported, seen from a process of its own."""

import json
import subprocess
import sys

import pytest

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
import importlib, pkgutil
import loan_etl_tui
OUTER = ("loan_etl_tui.cli", "loan_etl_tui.tui", "loan_etl_tui.serve", "loan_etl_tui.__main__")
for found in pkgutil.walk_packages(loan_etl_tui.__path__, "loan_etl_tui."):
    if not found.name.startswith(OUTER):
        importlib.import_module(found.name)
"""

TELL = """
import json, os, sys
os.write(2, json.dumps(sorted({name.partition(".")[0] for name in sys.modules})).encode())
"""


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert imported(HELP.format(arguments=arguments)) & HEAVY == set()


def test_the_engine_imports_no_screen_and_no_command_line() -> None:
    assert imported(ENGINE) & SCREENS == set()


def imported(script: str) -> set[str]:
    """Names of the top-level packages a script has imported at its end."""
    done = subprocess.run(
        [sys.executable, "-c", script + TELL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr))
