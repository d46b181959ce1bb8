"""`init`, `demo`, `schema`, `connectors`: what a newcomer meets first."""

import json
import shlex
import sqlite3

from tests.end_to_end.desk import Desk


def test_init_makes_a_workspace_with_every_built_in_config_switched_off(loan_etl: Desk) -> None:
    made = loan_etl("init")
    assert made.code == 0
    rows = json.loads(loan_etl("list", "--output", "json").out)
    assert {row["pipeline"] for row in rows} >= {"lendingclub_loanstats", "prosper_2014"}
    assert {row["enabled"] for row in rows} == {False}
    assert loan_etl("--headless").code == 78


def test_init_again_overwrites_nothing_and_adds_what_is_missing(loan_etl: Desk) -> None:
    loan_etl("init", "there")
    kept = loan_etl.root / "there" / "configs" / "prosper_2014.yaml"
    kept.write_text("mine\n")
    (kept.parent / "lendingclub_loanstats.yaml").unlink()
    again = loan_etl("init", "there")
    assert again.out == "there/configs/lendingclub_loanstats.yaml\n"
    assert kept.read_text() == "mine\n"


def test_init_where_nothing_can_be_made_is_73(loan_etl: Desk) -> None:
    assert loan_etl("init", "/dev/null/loans").code == 73


def test_the_schema_of_configs_is_json(loan_etl: Desk) -> None:
    assert json.loads(loan_etl("config-schema").out)["type"] == "object"


def test_connectors_that_are_built_in_are_installed(loan_etl: Desk) -> None:
    rows = json.loads(loan_etl("connectors", "--output", "json").out)
    found = {(row["kind"], row["name"]) for row in rows if row["installed"]}
    assert found >= {("source", "csv"), ("database", "sqlite"), ("database", "postgresql")}


def test_the_printed_schema_makes_the_tables(loan_etl: Desk) -> None:
    script = loan_etl("schema", "--dialect", "sqlite").out
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert names >= {"loan", "status", "loan_panel", "delivery", "load_run"}


def test_an_unknown_dialect_is_wrong_usage(loan_etl: Desk) -> None:
    assert loan_etl("schema", "--dialect", "dbase").code == 64


def test_applying_the_schema_makes_the_tables_once(loan_etl: Desk) -> None:
    first, second = loan_etl("schema", "--apply"), loan_etl("schema", "--apply")
    assert (first.code, second.code) == (0, 0)
    assert "made" in first.out
    assert "current" in second.out
    assert loan_etl.rows("SELECT COUNT(*) FROM loan") == [(0,)]


def test_the_demo_loads_and_names_the_one_command_that_goes_on(loan_etl: Desk) -> None:
    done = loan_etl("demo", "demo")
    assert done.code == 0, done.err
    assert "1 tape needs you" in done.out
    [line] = [line for line in done.out.splitlines() if "rejects export" in line]
    *_, run_id = shlex.split(line)
    inside = Desk(loan_etl.root / "demo")
    assert inside("rejects", "export", run_id).out.count("\n") >= 13
    assert inside.rows("SELECT COUNT(DISTINCT platform_name) FROM loan") == [(3,)]


def test_the_demo_again_loads_nothing_new(loan_etl: Desk) -> None:
    loan_etl("demo", "demo")
    inside = Desk(loan_etl.root / "demo")
    before = inside.rows("SELECT COUNT(*), SUM(principal_paid) FROM status")
    again = loan_etl("demo", "demo")
    assert again.code == 0
    assert again.out.count("nothing new") == 8
    assert inside.rows("SELECT COUNT(*), SUM(principal_paid) FROM status") == before


def test_the_demo_touches_no_folder_that_is_not_its_own(loan_etl: Desk) -> None:
    (loan_etl.root / "mine").mkdir()
    (loan_etl.root / "mine" / "thesis.txt").write_text("x")
    assert loan_etl("demo", "mine").code == 64
    assert [path.name for path in (loan_etl.root / "mine").iterdir()] == ["thesis.txt"]
