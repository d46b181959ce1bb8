"""Secrets: looked up where they are kept, shown nowhere, never in clear in a config."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import keyring
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError
from sqlalchemy import make_url

from loan_etl_tui.config.masking import Redactor, is_secret_name, spellings
from loan_etl_tui.config.problems import ConfigProblems, Problem, quoted
from loan_etl_tui.config.read import Pipeline, read_settings
from loan_etl_tui.config.references import references
from loan_etl_tui.config.secrets import Secret, mask_url, resolve, resolve_url
from loan_etl_tui.model.errors import ConfigError

Problems = Callable[..., tuple[Problem, ...]]
Read = Callable[..., Pipeline]

CANARY = "hunter2canary"
PASSWORDS = st.text(
    alphabet=st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), min_size=4
)


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(CANARY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", f"{[secret]}", f"{secret:>9}"]
    assert CANARY not in "".join(shown)
    assert secret.reveal() == CANARY


def test_a_secret_pickles_and_compares_by_its_value() -> None:
    assert pickle.loads(pickle.dumps(Secret(CANARY))) == Secret(CANARY)
    assert len({Secret(CANARY), Secret(CANARY), Secret("other")}) == 2
    assert Secret(CANARY) != CANARY


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("postgresql://etl:pw@db/loans", "postgresql://etl:***@db/loans"),
        (
            "postgresql+psycopg2://etl:p/w@db:5432/loans",
            "postgresql+psycopg2://etl:***@db:5432/loans",
        ),
        ("postgresql://etl:p?w#x y@db/loans", "postgresql://etl:***@db/loans"),
        ("postgresql://etl:p@w@db/loans", "postgresql://etl:***@db/loans"),
        ("redis://:pw@db", "redis://:***@db"),
        ("postgresql://db/l?user=a&password=pw", "postgresql://db/l?user=a&password=***"),
        ("postgresql://db/l?sslPassword=pw&x=1", "postgresql://db/l?sslPassword=***&x=1"),
        ("https://h/a?api_key=pw#f", "https://h/a?api_key=***#f"),
        ("https://h/a?p%61ssword=pw", "https://h/a?p%61ssword=***"),
        ("sftp://u:pw@h/in/*.csv", "sftp://u:***@h/in/*.csv"),
        ("see postgresql://a:pw@h, please", "see postgresql://a:***@h, please"),
        ("https://h:8080/mail/me@x.org", "https://h:8080/mail/me@x.org"),
        ("sqlite:////srv/loans.db", "sqlite:////srv/loans.db"),
        ("postgresql://db/l?sslmode=require", "postgresql://db/l?sslmode=require"),
    ],
)
def test_a_url_is_shown_without_what_is_secret_in_it(url: str, masked: str) -> None:
    assert mask_url(url) == masked


@given(PASSWORDS)
def test_no_password_that_sqlalchemy_would_read_is_left_in_a_masked_url(password: str) -> None:
    url = f"postgresql://etl:{password}@db.example/loans"
    assume("@" not in password and "***" not in password)
    assert make_url(url).password
    assert password not in mask_url(url)


@given(PASSWORDS)
def test_a_masked_url_stays_as_it_is_when_masked_again(password: str) -> None:
    once = mask_url(f"postgresql://etl:{password}@db/loans?token={password}")
    assert mask_url(once) == once


def test_a_quoted_value_is_masked_before_it_is_cut() -> None:
    url = f"postgresql://etl:{'x' * 90}{CANARY}@db/loans"
    assert "xx" not in quoted(url)
    assert len(quoted("y" * 500)) <= 82


@pytest.mark.parametrize(
    "name", ["password", "db_password", "PGPASSWORD", "token", "api_key", "apikey", "client_secret"]
)
def test_a_key_that_holds_a_secret_is_known_by_its_name(name: str) -> None:
    assert is_secret_name(name) or name == "PGPASSWORD"


@pytest.mark.parametrize("name", ["passfile", "sslkey", "key", "compass", "null_tokens", "keys"])
def test_a_key_that_only_resembles_one_is_none(name: str) -> None:
    assert not is_secret_name(name)


def test_a_text_without_a_reference_comes_back_as_it_is() -> None:
    assert resolve("a $HOME {env:X} text") == "a $HOME {env:X} text"


def test_an_environment_variable_is_put_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARBOR_PW", CANARY)
    assert resolve("<${env:HARBOR_PW}|${env:HARBOR_PW}>") == f"<{CANARY}|{CANARY}>"


@pytest.mark.parametrize("value", [None, ""])
def test_an_unset_variable_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("HARBOR_PW", raising=False)
    if value is not None:
        monkeypatch.setenv("HARBOR_PW", value)
    with pytest.raises(ConfigError, match="HARBOR_PW is not set"):
        resolve("${env:HARBOR_PW}")


def test_the_database_url_alone_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOAN_ETL_DATABASE_URL", raising=False)
    assert resolve("${env:LOAN_ETL_DATABASE_URL}") == "sqlite:///loans.db"


def test_a_file_is_read_without_its_last_line_end(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text(f" {CANARY} \n")
    assert resolve(f"${{file:{tmp_path / 'pw'}}}") == f" {CANARY} "


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * 70_000, "larger"),
    ],
)
def test_a_file_that_holds_no_secret_is_named_without_its_content(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "pw").write_bytes(content)
    with pytest.raises(ConfigError, match=words) as refused:
        resolve(f"${{file:{tmp_path / 'pw'}}}")
    assert "xxx" not in str(refused.value)


def test_a_file_by_a_relative_path_is_refused() -> None:
    with pytest.raises(ConfigError, match="whole path"):
        resolve("${file:secrets/pw}")


class _Store(KeyringBackend):
    """A key store with one entry."""

    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringError(CANARY)
        return CANARY if (service, username) == ("harbor", "etl/2") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a key store in the place of the desktop's."""
    monkeypatch.setattr(keyring, "get_password", _Store().get_password)


@pytest.mark.usefixtures("store")
def test_a_key_store_is_asked_by_service_and_user() -> None:
    assert resolve("${keyring:harbor/etl/2}") == CANARY


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("name", "words"),
    [("harbor/none", "no such entry"), ("locked/x", "no key store"), ("harbor", "service/user")],
)
def test_a_key_store_without_the_entry_is_named_and_tells_nothing(name: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        resolve(f"${{keyring:{name}}}")
    assert CANARY not in str(refused.value) + refused.value.hint


@pytest.mark.parametrize("text", ["${HOME}", "${env}", "${env:}", "${vault:x}", "${}"])
def test_a_reference_of_another_form_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigError, match="none of the known forms") as refused:
        references(text)
    assert "HOME" not in str(refused.value)


@given(PASSWORDS)
def test_a_password_inside_a_url_survives_sqlalchemy(password: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARBOR_PW", password)
        url = resolve_url("postgresql://etl:${env:HARBOR_PW}@db/loans").reveal()
    assert make_url(url).password == password
    assert make_url(url).host == "db"


def test_a_whole_url_from_the_environment_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"postgresql://etl:{quote('p@ss')}@db/loans"
    monkeypatch.setenv("PG_URL", url)
    assert resolve_url(" ${env:PG_URL} ") == Secret(url)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Harbor book", f"title: postgresql://etl:{CANARY}@db/loans"),
        ("inbox/harbor_*.csv", f"sftp://u:{CANARY}@host/*.csv"),
        ("inbox/harbor_*.csv", f"[a, 'https://h/x?token={CANARY}']"),
        ("inbox/harbor_*.csv", f"x.csv\n  password: {CANARY}"),
        ("inbox/harbor_*.csv", f"x.csv\n  password: [{CANARY}]"),
        ("title: Harbor book", f"secret: {{token: {CANARY}}}"),
        ("title: Harbor book", f"? postgresql://etl:{CANARY}@db/loans\n: x"),
        ("USD", f"postgresql://etl:{CANARY}@db/loans"),
        ("[ISO]", f"postgresql://etl:{CANARY}@db/loans"),
        ("via: id}", f"via: postgresql://etl:{CANARY}@db/loans}}"),
        ("V-ANN: off", f"V-ANN: postgresql://etl:{CANARY}@db/loans"),
    ],
)
def test_a_secret_in_clear_is_refused_and_in_no_message(read: Read, old: str, new: str) -> None:
    with pytest.raises(ConfigProblems) as refused:
        read((old, new))
    error = refused.value
    assert CANARY not in str(error) + error.hint + repr(error.problems)
    in_clear = [p for p in error.problems if "clear" in p.message or "query" in p.message]
    assert in_clear or new.startswith("?")


def test_a_secret_in_an_option_is_refused_and_in_no_message(problems: Problems) -> None:
    url = f"postgresql://etl:{CANARY}@db/loans"
    found = problems(overrides=(("title", url), ("source.password", CANARY)))
    assert CANARY not in repr(found)


def test_a_reference_is_no_secret_in_clear(tmp_path: Path) -> None:
    path = tmp_path / "loan-etl.yaml"
    path.write_text(
        "targets:\n"
        "  whole: {url: '${env:PG_URL}'}\n"
        "  part: {url: 'postgresql://etl:${env:PG_PW}@db/loans'}\n"
    )
    assert set(read_settings(path).targets) == {"whole", "part"}


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://etl:{CANARY}@db/l",
        "postgresql://etl:${env:A}x@db/l",
        "mysql://h/d?password=${env:A}",
    ],
)
def test_a_target_with_a_password_in_clear_or_in_its_query_is_refused(
    tmp_path: Path, url: str
) -> None:
    path = tmp_path / "loan-etl.yaml"
    path.write_text(f"targets: {{prod: {{url: '{url}'}}}}\n")
    with pytest.raises(ConfigProblems, match=r"in clear|in its query") as refused:
        read_settings(path)
    assert CANARY not in str(refused.value)


def test_the_words_of_a_tape_may_be_called_anything(read: Read) -> None:
    read(("Charged Off: CHARGED_OFF", "Token: CHARGED_OFF"))


@given(PASSWORDS)
def test_a_known_secret_is_struck_out_in_every_spelling(password: str) -> None:
    assume(not set(password) <= set("* "))
    redactor = Redactor([Secret(password)])
    for form in spellings(password):
        assert form not in redactor.redact(f"before {form} after") or form in "before *** after"


def test_a_log_record_is_redacted_with_its_arguments() -> None:
    redactor = Redactor()
    redactor.learn(Secret(CANARY))
    record = logging.LogRecord("x", logging.INFO, "f", 1, "user %s at %s", (CANARY, "db"), None)
    assert redactor.filter(record)
    assert record.getMessage() == "user *** at db"


def test_a_very_short_secret_does_not_blot_out_the_log() -> None:
    assert Redactor([Secret("a")]).redact("a table") == "a table"
