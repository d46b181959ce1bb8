"""A refused connection carries no code, only words; a few of them decide."""

from __future__ import annotations

from types import SimpleNamespace

import psycopg2
import pytest

from loan_etl_tui.load.postgresql_errors import translate_error
from loan_etl_tui.model.errors import (
    ConfigError,
    DatabaseBusy,
    DatabaseUnavailable,
    DiskError,
    LawBroken,
    LoanEtlError,
    LoginRefused,
)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ('FATAL:  password authentication failed for user "etl"', LoginRefused),
        ("fe_sendauth: no password supplied", LoginRefused),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', LoginRefused),
        ('FATAL:  role "etl" does not exist', LoginRefused),
        ('FATAL:  database "loans" does not exist', ConfigError),
        ("could not translate host name", DatabaseUnavailable),
        ("Connection refused", DatabaseUnavailable),
        ("timeout expired", DatabaseUnavailable),
    ],
)
def test_words_decide_while_there_is_no_connection(words: str, kind: type[LoanEtlError]) -> None:
    error = translate_error(psycopg2.OperationalError(words), None, "connecting")
    assert type(error) is kind
    assert words not in str(error)


class Coded(psycopg2.Error):
    """An error with a code of its own."""

    def __init__(self, code: str) -> None:
        super().__init__("DETAIL: Failing row contains (canary)")
        self.code = code

    @property
    def pgcode(self) -> str:  # type: ignore[override]
        return self.code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("08006", DatabaseUnavailable),
        ("22003", LawBroken),
        ("23505", LawBroken),
        ("28P01", LoginRefused),
        ("42501", LoginRefused),
        ("3F000", ConfigError),
        ("40001", DatabaseBusy),
        ("40P01", DatabaseBusy),
        ("55P03", DatabaseBusy),
        ("57014", DatabaseBusy),
        ("53100", DiskError),
        ("53300", DatabaseUnavailable),
        ("57P01", DatabaseUnavailable),
        ("58030", DiskError),
        ("XX000", LoanEtlError),
    ],
)
def test_codes_decide_where_there_is_one(code: str, kind: type[LoanEtlError]) -> None:
    error = translate_error(Coded(code), SimpleNamespace(closed=0), "merging rows")
    assert type(error) is kind
    assert "canary" not in str(error)
    assert code in str(error)
    assert str(error).startswith("merging rows: ")


def test_a_closed_connection_counts_as_lost() -> None:
    error = translate_error(psycopg2.OperationalError("x"), SimpleNamespace(closed=2), "staging")
    assert type(error) is DatabaseUnavailable
