"""What a database complains of reaches people in our words, with no value of a row in them."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from psycopg2 import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from loan_etl_tui.load.base import TablesState, open_target
from loan_etl_tui.load.dialect import Purpose
from loan_etl_tui.load.target import SqlTarget
from loan_etl_tui.model.errors import (
    ConfigError,
    DatabaseBusy,
    DatabaseUnavailable,
    LawBroken,
    LoanEtlError,
    LoginRefused,
)
from tests.fixtures.deliveries import (
    PLATFORM,
    delivery_row,
    load_into,
    merge,
    opened,
    run_row,
    simple_delivery,
    simple_row,
)
from tests.fixtures.postgres import administrator

DAY = date(2018, 12, 31)
CANARY = "123-45-6789"


def failing(target: SqlTarget, statement: str, purpose: Purpose = Purpose.WRITE) -> LoanEtlError:
    """Run a statement that must fail, and see how it is put."""
    with (
        pytest.raises(LoanEtlError) as caught,
        target.transaction("testing", purpose) as connection,
    ):
        connection.execute(text(statement))
    error = caught.value
    assert CANARY not in "".join([str(error), error.hint, repr(error), str(error.__cause__)])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    return error


def other_address(url: str, **changes: Any) -> SqlTarget:
    changed = make_url(url).set(**changes).render_as_string(hide_password=False)
    target = open_target(changed, name="t", schema=None, table_prefix="", create="auto")
    assert isinstance(target, SqlTarget)
    return target


INSERT_LOAN = (
    "INSERT INTO loan (platform_name, loan_id, issue_date, original_balance, loan_status, currency,"
    " static_origin, created_run_id, updated_run_id) VALUES ('p', '{id}', {day}, 1, 'CURRENT',"
    " 'EUR', '{{}}', 'r', 'r')"
)


def test_a_broken_constraint_is_our_defect_and_shows_no_row(target: SqlTarget) -> None:
    error = failing(target, INSERT_LOAN.format(id=CANARY, day="NULL"))
    assert isinstance(error, LawBroken)
    twice = INSERT_LOAN.format(id=CANARY, day="'2018-01-01'")
    with target.transaction("testing", Purpose.WRITE) as connection:
        connection.execute(text(twice))
    assert isinstance(failing(target, twice), LawBroken)


def test_a_value_that_does_not_fit_shows_no_value(server: SqlTarget) -> None:
    error = failing(server, f"SELECT CAST('{CANARY}' AS NUMERIC)")
    assert isinstance(error, LawBroken)
    assert "22P02" in str(error)


def test_a_text_in_a_strict_number_shows_no_value(tmp_path: Path) -> None:
    target = opened(str(tmp_path / "x.db"))
    assert isinstance(target, SqlTarget)
    error = failing(target, f"UPDATE schema_version SET version = '{CANARY}'")
    assert isinstance(error, LawBroken)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT * FROM nowhere", ConfigError),
        ("SELECT nothing FROM loan", ConfigError),
        ("CREATE TABLE loan (x INTEGER)", ConfigError),
        ("SET LOCAL statement_timeout = 50; SELECT pg_sleep(5)", DatabaseBusy),
        ("SELECT 1 / 0", LawBroken),
        ("SELECT pg_terminate_backend(pg_backend_pid())", DatabaseUnavailable),
        ("SELECT broken syntax here", LoanEtlError),
    ],
)
def test_a_servers_codes_become_our_errors(
    server: SqlTarget, statement: str, kind: type[LoanEtlError]
) -> None:
    assert type(failing(server, statement)) is kind


def test_a_missing_table_is_a_wrong_config(target: SqlTarget) -> None:
    with target.transaction("testing", Purpose.WRITE) as connection:
        connection.execute(text("DROP TABLE rule_hit"))
    assert isinstance(failing(target, "SELECT * FROM rule_hit"), ConfigError)


def test_a_read_transaction_cannot_write(server: SqlTarget) -> None:
    error = failing(server, "UPDATE schema_version SET version = 2", Purpose.READ)
    assert isinstance(error, ConfigError)


def test_a_server_that_is_not_there_is_unavailable(postgres_url: str, tmp_path: Path) -> None:
    target = other_address(postgres_url, host="127.0.0.1", port=1, query={})
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        target.state()
    with pytest.raises(DatabaseUnavailable):
        target.begin(PLATFORM, 0)


def test_a_database_that_does_not_exist_is_a_wrong_config(postgres_url: str) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        other_address(postgres_url, database="nobody_has_this").state()


def test_a_user_that_does_not_exist_is_refused(postgres_url: str) -> None:
    with pytest.raises(LoginRefused):
        other_address(postgres_url, username="nobody", password=CANARY).state()


def test_a_file_that_is_no_database_is_a_wrong_config(tmp_path: Path) -> None:
    path = tmp_path / "loans.db"
    path.write_bytes(b"loan_id,amount\n" * 500)
    target = open_target(str(path), name="t", schema=None, table_prefix="", create="auto")
    with pytest.raises(ConfigError, match="not a SQLite database"):
        target.prepare()


def test_a_busy_file_says_who_else_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "loans.db"
    target = opened(str(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy):
        target.begin(PLATFORM, 0)
    other.close()


@pytest.fixture
def loader(server: SqlTarget, postgres_url: str) -> Iterator[SqlTarget]:
    """A role that may read, insert and update, and nothing else; the tables are another's."""
    role = sql.Identifier("etl_loader_" + make_url(postgres_url).database[-8:])
    with administrator(postgres_url) as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(role))
        grant = "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {}"
        cursor.execute(sql.SQL(grant).format(role))
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield other_address(postgres_url, username=role.string, password="x")
    with administrator(postgres_url) as cursor:
        cursor.execute(sql.SQL("DROP OWNED BY {}").format(role))
        cursor.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_role_without_ddl_and_delete_can_do_a_whole_load(loader: SqlTarget) -> None:
    assert loader.state() is TablesState.CURRENT
    first = simple_delivery([simple_row(f"L{at}", DAY, loan_extra={"a": 1}) for at in range(3)])
    load_into(loader, first)
    rows = [simple_row("L1", DAY, principal_paid=11), simple_row("L1", DAY, principal_paid=11)]
    second = simple_delivery(rows, 2)
    with loader.begin(PLATFORM, 0) as load:
        counts = merge(load, second)
        load.write_rejects("run-d2", [{"file": 0, "record": 1, "line": 1, "code": "C-ID"}])
        load.write_delivery(delivery_row("a" * 64, 2, last_run_id="run-d2"))
        load.commit()
    assert (counts.status_corrected, counts.status_unchanged) == (1, 0)
    loader.record_failure(run_row("failed", status="failed"), delivery_row("b" * 64, None))


def test_a_role_that_may_not_write_is_refused(loader: SqlTarget) -> None:
    assert isinstance(failing(loader, "DELETE FROM loan"), LoginRefused)
    assert isinstance(failing(loader, "CREATE TABLE x (y INTEGER)"), LoginRefused)
