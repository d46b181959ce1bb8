"""`--help`, `--version` and the shell's completion."""

import statistics
import subprocess
import sys
import time

import pytest

from tests.end_to_end.desk import Desk

COMMANDS = (
    "demo",
    "init",
    "list",
    "check",
    "preview",
    "plan",
    "run",
    "history",
    "rules",
    "schema",
    "connectors",
    "config-schema",
    "rejects export",
)
LIMIT_S = 0.2


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_of_every_command_shows_a_call_to_copy(loan_etl: Desk, command: str) -> None:
    done = loan_etl(*command.split(), "--help")
    assert done.code == 0
    assert done.err == ""
    assert f"Usage: loan-etl {command}".rstrip() in done.out
    assert f"    loan-etl {command}".rstrip() in done.out.partition("Examples:")[2]


def test_help_lists_every_command(loan_etl: Desk) -> None:
    listed = loan_etl("--help").out.partition("Commands:")[2]
    assert [name for name in COMMANDS if f"  {name.split()[0]} " not in listed] == []


def test_the_version_is_that_of_the_package(loan_etl: Desk) -> None:
    from loan_etl_tui import __version__

    assert loan_etl("--version").out == f"loan-etl {__version__}\n"


def test_the_module_is_the_command(loan_etl: Desk) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "loan_etl_tui", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, loan_etl("--version").out)


def test_the_shell_completes_commands(loan_etl: Desk) -> None:
    done = loan_etl(_LOAN_ETL_COMPLETE="complete_bash", COMP_WORDS="loan-etl pr", COMP_CWORD="1")
    assert done.out.split() == ["preview"]


def test_the_shell_completes_pipelines_of_the_workspace(loan_etl: Desk) -> None:
    loan_etl("init")
    done = loan_etl(
        _LOAN_ETL_COMPLETE="complete_bash", COMP_WORDS="loan-etl run pros", COMP_CWORD="2"
    )
    assert done.out.split() == ["prosper_2014"]


@pytest.mark.gate
def test_help_is_there_at_once(loan_etl: Desk) -> None:
    loan_etl("--help")
    times_s = []
    for _ in range(9):
        start_s = time.perf_counter()
        loan_etl("--help")
        times_s.append(time.perf_counter() - start_s)
    assert statistics.median(times_s) <= LIMIT_S
