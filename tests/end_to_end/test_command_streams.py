"""stdout is the answer, stderr the talk; what happens when one of them does not work."""

import json
import os
import stat
import subprocess

from tests.end_to_end.desk import COMMAND, Desk, Ended


def test_a_wrong_call_says_nothing_on_stdout(loan_etl: Desk) -> None:
    done = loan_etl("rnu")
    assert done.out == ""
    assert done.err.startswith("loan-etl: error: ")
    assert "\n  hint: " in done.err


def test_an_answer_says_nothing_on_stderr(loan_etl: Desk) -> None:
    done = loan_etl("rules")
    assert done.err == ""
    assert "V-PRIN-1" in done.out


def test_a_table_is_also_json_and_csv(loan_etl: Desk) -> None:
    rows = json.loads(loan_etl("rules", "--output", "json").out)
    lines = loan_etl("rules", "--output", "csv").out.splitlines()
    assert {row["code"] for row in rows} >= {"V-PRIN-1", "C-MONEY"}
    assert lines[0].startswith("code,severity,")
    assert len(lines) == len(rows) + 1


def test_a_reader_that_leaves_early_is_no_error(loan_etl: Desk) -> None:
    for line in ("loan-etl rules | head -1", "loan-etl --help | true"):
        done = in_shell(loan_etl, line)
        assert (done.code, done.err) == (0, "")


def test_a_full_disk_under_stdout_is_said_and_ends_with_74(loan_etl: Desk) -> None:
    done = in_shell(loan_etl, "loan-etl rules > /dev/full")
    assert done.code == 74
    assert done.err == "loan-etl: error: stdout: No space left on device.\n"


def test_a_full_disk_under_stderr_changes_no_verdict(loan_etl: Desk) -> None:
    assert in_shell(loan_etl, "loan-etl rnu 2> /dev/full").code == 64


def test_closed_streams_change_no_verdict(loan_etl: Desk) -> None:
    assert in_shell(loan_etl, "loan-etl rules >&- 2>&-").code == 0
    assert in_shell(loan_etl, "loan-etl rnu <&- >&- 2>&-").code == 64


def test_a_poor_locale_loses_no_answer(loan_etl: Desk) -> None:
    done = loan_etl("rules", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert done.code == 0
    assert done.out.isascii()


def test_what_is_written_is_for_its_owner_alone(loan_etl: Desk) -> None:
    loan_etl("init")
    made = [loan_etl.root / "configs", loan_etl.root / "loan-etl.yaml"]
    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made] == [0, 0]


def test_without_a_terminal_nothing_waits_for_a_key(loan_etl: Desk) -> None:
    done = loan_etl()
    assert done.code == 64
    assert "--headless" in done.err


def test_with_a_terminal_the_missing_app_is_said(loan_etl: Desk) -> None:
    master, slave = os.openpty()
    with subprocess.Popen([COMMAND], stdin=slave, stdout=slave, stderr=slave) as running:
        os.close(slave)
        code = running.wait(timeout=60)
        told = os.read(master, 4096).decode()
    os.close(master)
    assert code == 64
    assert "not part of this version" in told
    assert "loan-etl --headless" in told


def test_a_crash_ends_with_70_and_tells_no_value(loan_etl: Desk) -> None:
    broken = loan_etl.root / "sitecustomize.py"
    broken.write_text(
        "import loan_etl_tui.cli.rules as rules\n"
        "def fail(*_): raise KeyError('123-45-6789')\n"
        "rules.show = fail\n"
    )
    done = loan_etl("rules", PYTHONPATH=str(loan_etl.root))
    assert done.code == 70
    assert "internal error" in done.err
    assert "123-45-6789" not in done.err
    debugged = loan_etl("rules", "--debug", PYTHONPATH=str(loan_etl.root))
    assert debugged.code == 70
    assert "KeyError: '123-45-6789'" in debugged.err


def in_shell(loan_etl: Desk, line: str) -> Ended:
    """Run a line of bash in which `loan-etl` is the command; any part of a pipe counts."""
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; loan-etl() {{ {COMMAND} "$@"; }}; {line}'],
        cwd=loan_etl.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
