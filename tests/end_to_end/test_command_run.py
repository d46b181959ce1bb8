"""`run`, `plan`, `preview`, `check` and `rejects export` on a small feed of our own."""

import json
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.desk import COMMAND, Desk

CONFIG = """\
version: 1
platform: {name}
enabled: true
{more}
source: {{path: inbox/{name}_*.csv}}
transform:
  currency: USD
  record_date: {{from: file_name, pattern: '_(\\d{{4}}-\\d{{2}}-\\d{{2}})'}}
  loan:
    loan_id: {{from: id, via: id}}
    issue_date: {{from: issued, via: date, formats: [ISO]}}
    original_balance: {{from: amount, via: money}}
  status:
    principal_paid: {{from: paid, via: money, as: cumulative}}
  loan_status: {{from: status, words: {{current: {{status: CURRENT, dpd: [0, 0]}}}}}}
"""
HEADER = "id,issued,amount,paid,status\n"
GOOD = "".join(f"L{number},2023-05-01,1000.00,{number}.00,current\n" for number in range(1, 6))
BAD = "L9,2023-05-01,a lot,0.00,current\n"


@pytest.fixture
def feed(loan_etl: Desk) -> Desk:
    """A workspace with the pipeline `acme` and one good tape."""
    (loan_etl.root / "configs").mkdir()
    (loan_etl.root / "inbox").mkdir()
    pipeline(loan_etl, "acme")
    tape(loan_etl, HEADER + GOOD)
    return loan_etl


def pipeline(desk: Desk, name: str, more: str = "") -> None:
    (desk.root / "configs" / f"{name}.yaml").write_text(CONFIG.format(name=name, more=more))


def tape(desk: Desk, text: str, name: str = "acme", date: str = "2024-01-31") -> Path:
    path = desk.root / "inbox" / f"{name}_{date}.csv"
    path.write_text(text)
    return path


def test_a_good_tape_loads_and_its_repeat_finds_nothing_new(feed: Desk) -> None:
    first, second = feed.load("acme"), feed.load("acme")
    assert (first.code, first.summary["status"]) == (0, "loaded")
    assert (second.code, second.summary["status"]) == (0, "nothing_new")
    assert first.summary["counts"]["read"] == first.summary["counts"]["accepted"] == 5
    assert feed.rows("SELECT COUNT(*) FROM loan") == [(5,)]


def test_the_summary_is_one_line_of_stdout_and_the_talk_is_stderr(feed: Desk) -> None:
    done = feed.load("acme")
    assert done.out.count("\n") == 1
    assert "acme_2024-01-31.csv: reading" in done.err
    assert "\x1b" not in done.out + done.err


def test_open_rejects_inside_the_gate_end_with_3_or_0_where_that_is_fine(feed: Desk) -> None:
    tape(feed, HEADER + GOOD + BAD)
    done = feed.load("acme", "--max-rejected", "1")
    assert (done.code, done.summary["status"]) == (3, "loaded_with_rejects")
    assert feed.load("acme", "--max-rejected", "1", "--rejects-ok").code == 0


def test_too_many_rejects_hold_the_tape_and_load_nothing(feed: Desk) -> None:
    tape(feed, HEADER + GOOD + BAD)
    done = feed.load("acme")
    assert (done.code, done.summary["status"]) == (4, "held")
    assert feed.rows("SELECT COUNT(*) FROM loan") == [(0,)]


def test_the_rejected_lines_come_back_as_they_arrived(feed: Desk) -> None:
    tape(feed, HEADER + GOOD + BAD)
    run_id = feed.load("acme").summary["run_id"]
    by_name = feed("rejects", "export", "acme")
    assert (by_name.code, by_name.err) == (0, "")
    assert "C-MONEY" in by_name.out
    assert by_name.out == feed("rejects", "export", run_id[:12]).out
    assert feed("rejects", "export", run_id, "--to", "rejects.jsonl").code == 0
    copy = feed.root / "rejects.jsonl"
    assert json.loads(copy.read_text())["original"] == BAD
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_missing_column_is_5_and_a_missing_tape_66(feed: Desk) -> None:
    tape(feed, (HEADER + GOOD).replace("amount", "amt"))
    assert feed.load("acme").code == 5
    (feed.root / "inbox" / "acme_2024-01-31.csv").unlink()
    assert feed.load("acme").code == 66


def test_a_config_with_mistakes_is_78_and_each_has_its_line(feed: Desk) -> None:
    feed.config("acme", lambda text: text.replace("currency: USD", "curency: USD\n  shape: x"))
    done = feed.load("acme")
    assert done.code == 78
    assert done.summary["exit_code"] == 78
    assert done.err.count("loan-etl: error: configs/acme.yaml:") >= 2


def test_of_several_pipelines_each_has_its_line_and_the_worst_counts(feed: Desk) -> None:
    pipeline(feed, "zeta")
    (feed.root / "configs" / "broken.yaml").write_text("version: [")
    done = feed("run", "zeta", "broken", "acme", "--headless")
    ends = {one["pipeline"]: one["exit_code"] for one in summaries(done.out)}
    assert ends == {"zeta": 66, "broken": 78, "acme": 0}
    assert done.code == 78


def test_without_a_name_every_enabled_pipeline_runs_in_the_order_of_after(feed: Desk) -> None:
    pipeline(feed, "base")
    pipeline(feed, "off")
    tape(feed, HEADER + GOOD, "base")
    feed.config("acme", lambda text: text.replace("enabled: true", "enabled: true\nafter: [base]"))
    feed.config("off", lambda text: text.replace("enabled: true", "enabled: false"))
    done = feed("--headless")
    assert [one["pipeline"] for one in summaries(done.out)] == ["base", "acme"]
    assert done.code == 0


def test_a_plan_counts_what_a_run_would_do_and_leaves_nothing(feed: Desk) -> None:
    done = feed("plan", "acme", "--output", "json")
    planned = json.loads(done.out)
    assert done.code == 0
    assert planned["counts"]["loan_inserted"] == 5
    assert not list((feed.root).glob("runs/*"))
    assert feed.rows("SELECT COUNT(*) FROM sqlite_master WHERE name = 'loan'") in ([(0,)], [(1,)])
    assert feed.load("acme").summary["counts"] == planned["counts"]


def test_a_plan_is_a_table_for_people(feed: Desk) -> None:
    assert "5     loan_inserted\n" in feed("plan", "acme").out


def test_a_preview_shows_rows_and_flagged_cells_and_no_database(feed: Desk) -> None:
    tape(feed, HEADER + GOOD + BAD)
    rows = json.loads(feed("preview", "acme", "--output", "json").out)
    assert len(rows) == 6
    assert rows[0]["original_balance"] == "1000.0000"
    issues = json.loads(feed("preview", "acme", "--issues", "--output", "json").out)
    assert [(one["code"], one["value"]) for one in issues] == [("C-MONEY", "a lot")]
    assert not (feed.root / "loans.db").exists()


def test_a_tape_cannot_steer_the_terminal_of_who_looks_at_it(feed: Desk) -> None:
    tape(feed, HEADER + "\x1b[31mL1\x9b,2023-05-01,\x1b]0;x\x07,1.00,current\n")
    done = feed("preview", "acme", "--issues")
    told = done.out + done.err
    assert done.code == 0
    assert not any(char in told for char in "\x1b\x07\x9b")


def test_a_check_looks_at_everything_and_writes_nothing(feed: Desk) -> None:
    done = feed("check", "--output", "json")
    verdicts = {one["check"]: one["verdict"] for one in json.loads(done.out)}
    assert done.code == 0
    assert verdicts == dict.fromkeys(("config", "source", "columns", "record date", "target"), "ok")
    assert not (feed.root / "loans.db").exists()


def test_a_check_ends_with_the_code_a_run_would_end_with(feed: Desk) -> None:
    tape(feed, (HEADER + GOOD).replace("amount", "amt"))
    assert feed("check", "acme").code == 5
    feed.config("acme", lambda text: text.replace("USD", "dollars"))
    assert feed("check", "acme").code == 78


def test_list_and_history_tell_the_last_run(feed: Desk) -> None:
    run_id = feed.load("acme").summary["run_id"]
    [listed] = json.loads(feed("list", "--output", "json").out)
    [past] = json.loads(feed("history", "acme", "--output", "json").out)
    assert listed["verdict"] == "loaded"
    assert (past["run_id"], past["read"]) == (run_id, 5)


def test_history_remembers_runs_whose_folder_is_gone(feed: Desk) -> None:
    run_id = feed.load("acme").summary["run_id"]
    (feed.root / "runs" / run_id / "summary.json").unlink()
    [past] = json.loads(feed("history", "--output", "json").out)
    assert (past["run_id"], past["accepted"]) == (run_id, 5)


def test_a_summary_file_holds_what_stdout_says(feed: Desk) -> None:
    done = feed.load("acme", "--summary-file", "summary.jsonl")
    assert (feed.root / "summary.jsonl").read_text() == done.out


def test_a_summary_file_that_cannot_be_made_is_said_before_anything_runs(feed: Desk) -> None:
    assert feed.load("acme", "--summary-file", "no/such/folder/x").code == 73
    assert not (feed.root / "loans.db").exists()


def test_a_full_disk_under_stdout_changes_no_verdict_of_a_run(feed: Desk) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [COMMAND, "run", "acme", "--headless"],
            cwd=feed.root,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 0
    assert "the summary is in" in done.stderr
    assert feed.rows("SELECT COUNT(*) FROM loan") == [(5,)]


def test_a_log_file_keeps_what_was_told_for_its_owner_alone(feed: Desk) -> None:
    feed.load("acme", "--log-file", "etl.log")
    log = feed.root / "etl.log"
    told = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    assert any("loaded" in message for message in told)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        ("--record-date", "31.01.2024"),
        ("--max-rejected", "many"),
        ("--control-total", "money=1"),
        ("--control-total", "rows=NaN"),
        ("--set", "validate.max_rejected"),
        ("--correct",),
        ("--reason", "because"),
        ("--target", "a", "--database", "b"),
        ("--target", "nowhere"),
        ("--wait", "-1"),
        ("--no-such-option",),
    ],
)
def test_a_wrong_option_is_64_before_anything_runs(feed: Desk, arguments: tuple[str, ...]) -> None:
    assert feed.load("acme", *arguments).code == 64
    assert not (feed.root / "loans.db").exists()


def test_options_about_one_delivery_refuse_several_pipelines(feed: Desk) -> None:
    assert feed("run", "acme", "zeta", "--headless", "--file", "x.csv").code == 64


def test_a_signal_rolls_back_and_the_summary_says_so(feed: Desk) -> None:
    rows = (f"L{number},2023-05-01,1000.00,1.00,current\n" for number in range(400_000))
    tape(feed, HEADER + "".join(rows))
    with subprocess.Popen(
        [COMMAND, "run", "acme", "--headless"],
        cwd=feed.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        assert any("reading" in line for line in running.stderr)
        running.send_signal(signal.SIGTERM)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    summary = json.loads(out)
    assert (summary["status"], summary["exit_code"]) == ("interrupted", running.returncode)
    # Which of two signals at once comes first is the kernel's choice.
    assert running.returncode in {128 + signal.SIGTERM, 128 + signal.SIGINT}
    assert feed.rows("SELECT COUNT(*) FROM loan") == [(0,)]


def summaries(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]
