"""Tables are made once, recognised again, and never taken from somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from loan_etl_tui.load.base import TablesState, Target, open_target, target_kind
from loan_etl_tui.load.dialect import Purpose
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.errors import CannotCreate, ConfigError
from tests.fixtures.deliveries import PLATFORM, load_into, opened, simple_delivery, simple_row
from tests.fixtures.stored import rows_of

DAY = date(2018, 12, 31)
Connect = Callable[..., SqlTarget]


def run_sql(target: SqlTarget, *statements: str) -> None:
    with target.transaction("testing", Purpose.WRITE) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_empty_database_is_missing_until_it_is_prepared(connect: Connect) -> None:
    target = connect()
    assert target.state() is TablesState.MISSING
    target.prepare()
    target.prepare()
    assert target.state() is TablesState.CURRENT
    assert connect().state() is TablesState.CURRENT


def test_every_target_keeps_the_promises_of_the_protocol(connect: Connect) -> None:
    target = connect()
    assert isinstance(target, Target)
    assert target.caps.transactional_ddl
    assert target.caps.decimal_digits == {"sqlite": 15, "postgresql": 18}[target.kind]
    assert target.caps.concurrent_writers == (target.kind == "postgresql")


def test_looking_at_a_missing_file_does_not_create_it(tmp_path: Path) -> None:
    path = tmp_path / "loans.db"
    target = open_target(str(path), name="t", schema=None, table_prefix="", create="auto")
    assert target.state() is TablesState.MISSING
    assert target.history(None, 10) == []
    assert target.last_runs() == []
    assert not path.exists()


def test_a_database_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "loans.db"
    target = opened(str(path))
    load_into(target, simple_delivery([simple_row("L1", DAY)]))
    files = sorted(tmp_path.iterdir())
    assert path in files
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_file_in_a_missing_folder_cannot_be_created(tmp_path: Path) -> None:
    target = open_target(
        str(tmp_path / "no" / "loans.db"), name="t", schema=None, table_prefix="", create="auto"
    )
    with pytest.raises(CannotCreate, match="No such file"):
        target.prepare()


def test_a_role_that_may_not_create_is_given_the_sql(connect: Connect) -> None:
    target = connect(create="never")
    if target.kind == "sqlite":
        Path(target.display_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(ConfigError) as caught:
        target.prepare()
    assert "loan-etl schema --target t" in caught.value.hint
    assert "CREATE TABLE" in target.ddl()
    assert "CREATE VIEW" in target.ddl()
    assert target.state() is TablesState.MISSING


def test_tables_made_by_hand_from_that_sql_are_current(connect: Connect) -> None:
    target = connect(table_prefix="x_")
    if target.kind == "sqlite":
        Path(target.display_url.removeprefix("sqlite:///")).touch()
    statements = target.ddl().split(";\n")
    run_sql(target, *(one for one in statements if one.strip() not in {"", "BEGIN", "COMMIT"}))
    assert target.state() is TablesState.CURRENT
    load_into(target, simple_delivery([simple_row("L1", DAY)]))


def test_somebody_elses_table_is_refused_with_its_columns(connect: Connect) -> None:
    target = connect()
    other = connect(table_prefix="other_")
    other.prepare()
    run_sql(other, "CREATE TABLE loan (id INTEGER, amount INTEGER)")
    assert target.state() is TablesState.FOREIGN
    with pytest.raises(ConfigError, match=r"loan: -platform_name .*\+id \+amount"):
        target.prepare()


def test_tables_of_a_newer_program_are_refused(connect: Connect) -> None:
    target = connect()
    target.prepare()
    run_sql(target, "UPDATE schema_version SET version = 99")
    assert target.state() is TablesState.OUTDATED
    with pytest.raises(ConfigError, match="schema version 99, this program knows 1"):
        target.prepare()


def test_a_lost_column_is_named(connect: Connect) -> None:
    target = connect()
    target.prepare()
    run_sql(target, "ALTER TABLE rule_hit DROP COLUMN observed")
    assert target.state() is TablesState.OUTDATED
    with pytest.raises(ConfigError, match="rule_hit: -observed"):
        target.prepare()


def test_a_column_that_somebody_added_does_no_harm(connect: Connect) -> None:
    target = connect()
    target.prepare()
    run_sql(target, "ALTER TABLE loan ADD COLUMN note TEXT")
    assert target.state() is TablesState.CURRENT
    load_into(target, simple_delivery([simple_row("L1", DAY)]))


@pytest.mark.parametrize("prefix", ["select", "Order_", "_", "user_", "a" * 30])
def test_any_allowed_prefix_works(connect: Connect, prefix: str) -> None:
    target = connect(table_prefix=prefix)
    target.prepare()
    load_into(target, simple_delivery([simple_row("L1", DAY)]))
    assert target.state() is TablesState.CURRENT
    assert connect().state() is TablesState.MISSING
    with target.transaction("testing", Purpose.READ) as connection:
        view = target.dialect.sql.identifier_preparer.quote_identifier(f"{prefix}loan_panel")
        assert connection.execute(text(f"SELECT COUNT(*) FROM {view}")).scalar() == 1


@pytest.mark.parametrize("name", ["a b", 'x"; DROP TABLE loan; --', "1st", "é", "a" * 64, "a.b"])
def test_other_names_are_refused(connect: Connect, name: str) -> None:
    with pytest.raises(ConfigError, match="letters, digits and _"):
        connect(table_prefix=name)


def test_a_prefix_that_a_server_would_cut_is_refused(postgres_url: str) -> None:
    with pytest.raises(ConfigError, match="too long"):
        open_target(postgres_url, name="t", schema=None, table_prefix="p" * 55, create="auto")


@pytest.mark.parametrize("schema", ["analytics", "select", "Mixed"])
def test_a_schema_is_made_and_used_for_everything(postgres_url: str, schema: str) -> None:
    target = opened(postgres_url, schema=schema, table_prefix="p_")
    load_into(target, simple_delivery([simple_row("L1", DAY)]))
    assert len(rows_of(target, "status")) == 1
    public = open_target(postgres_url, name="t", schema=None, table_prefix="p_", create="auto")
    assert public.state() is TablesState.MISSING


def test_a_sqlite_file_has_no_schemas(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no schemas"):
        open_target(
            str(tmp_path / "x.db"), name="t", schema="analytics", table_prefix="", create="auto"
        )


def test_two_prefixes_in_one_database_do_not_meet(connect: Connect) -> None:
    first, second = connect(table_prefix="a_"), connect(table_prefix="b_")
    first.prepare()
    second.prepare()
    load_into(first, simple_delivery([simple_row("L1", DAY)]))
    assert len(rows_of(first, "loan", platform_name=PLATFORM)) == 1
    assert rows_of(second, "loan") == []


def test_an_unknown_database_names_the_installed_connectors() -> None:
    with pytest.raises(ConfigError, match=r"'oracle'.*postgresql, sqlite"):
        open_target("oracle://h/d", name="t", schema=None, table_prefix="", create="auto")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("loans.db", "sqlite"),
        ("sqlite:///loans.db", "sqlite"),
        ("postgres://h/d", "postgresql"),
        ("postgresql+psycopg2://h/d", "postgresql"),
        ("POSTGRESQL://h/d", "postgresql"),
    ],
)
def test_the_scheme_names_the_connector(url: str, kind: str) -> None:
    assert target_kind(url) == kind


def test_a_password_is_never_shown() -> None:
    target = open_target(
        "postgresql://etl:canary@h/d", name="t", schema=None, table_prefix="", create="auto"
    )
    assert "canary" not in target.display_url
    assert "etl" in target.display_url


def test_a_password_in_the_query_is_refused() -> None:
    with pytest.raises(ConfigError, match="'password'") as caught:
        open_target(
            "postgresql://h/d?password=canary",
            name="t",
            schema=None,
            table_prefix="",
            create="auto",
        )
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///x.db?mode=ro"])
def test_a_sqlite_url_must_name_a_file_and_nothing_else(url: str) -> None:
    with pytest.raises(ConfigError):
        open_target(url, name="t", schema=None, table_prefix="", create="auto")
