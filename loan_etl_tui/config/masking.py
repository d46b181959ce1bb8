"""What must never be shown: secrets behind a masked type, passwords inside URLs and logs."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote_plus

MASK = "***"

# SQLAlchemy lets a database URL's password hold anything but an @; in an http address only what
# stands before the first slash belongs to the login.
_PASSWORD = re.compile(
    r"(?P<head>\b(?!https?:)[A-Za-z][A-Za-z0-9+.\-]*://[^\s:/@]*:)"
    r"(?P<word>[^\n@]*(?:@[^\s@]*)*?)@(?!\S*@)"
)
_HTTP_PASSWORD = re.compile(r"(?i)(?P<head>\bhttps?://[^\s:/?#@]*:)(?P<word>[^\s/?#]*)@")
_QUERY = re.compile(r"(?P<lead>[?&;])(?P<key>[^=&;#\s?]+)=(?P<word>[^&;#\s]*)")
_SECRET_NAME = re.compile(
    r"(?i)(^|[_.-]|ssl)(pass(word|wd|phrase|code)?|pwd|(access|auth|refresh)?token|secret"
    r"|(api|access|secret|private|account|storage)[_-]?key|credentials?|authorization|sig(nature)?)$"
)
# Shorter values stand in ordinary text too often to be struck out of it.
SHORTEST_REDACTED = 4


class Secret:
    """A value that shows itself as `***` wherever it is printed.

    It pickles with its value, so that it can cross to a worker process; `reveal` is the one way
    to read it and is called where a connection is made.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        return Secret, (self._value,)


def is_secret_name(name: str) -> bool:
    """Whether a key, by its name, holds a secret: `password`, `api_key`, `auth_token` and the like.

    A path to a secret (`passfile`, `sslkey`) is none.
    """
    return _SECRET_NAME.search(name) is not None


def password_of(url: str) -> str | None:
    """Find the password a URL carries before its host, or None."""
    found = _PASSWORD.match(url.strip()) or _HTTP_PASSWORD.match(url.strip())
    return found["word"] if found is not None and found["word"] else None


def secret_query_keys(url: str) -> tuple[str, ...]:
    """List the keys of a URL's query that, by their names, hold a secret."""
    if "://" not in url:
        return ()
    keys = (unquote_plus(found["key"]) for found in _QUERY.finditer(url))
    return tuple(key for key in keys if is_secret_name(key))


def mask_url(url: str) -> str:
    """Hide the password of a URL, and every secret in its query; other text stays as it is.

    `postgresql://etl:hunter2@db/loans?sslpassword=x` becomes
    `postgresql://etl:***@db/loans?sslpassword=***`.
    """
    if "://" in url:
        for pattern in (_PASSWORD, _HTTP_PASSWORD):
            url = pattern.sub(rf"\g<head>{MASK}@", url)
    return _QUERY.sub(_masked_pair, url) if "=" in url else url


def _masked_pair(found: re.Match[str]) -> str:
    if not is_secret_name(unquote_plus(found["key"])):
        return found[0]
    return f"{found['lead']}{found['key']}={MASK}"


def spellings(secret: str) -> tuple[str, ...]:
    """List the forms in which a secret turns up in logs: plain, in a URL, in base64."""
    encoded = secret.encode("utf-8", "surrogatepass")
    forms = (
        secret,
        quote(encoded, safe=""),
        quote(encoded),
        quote_plus(encoded),
        base64.b64encode(encoded).decode(),
        base64.urlsafe_b64encode(encoded).decode(),
    )
    return tuple(dict.fromkeys(forms))


class Redactor(logging.Filter):
    """A log filter that strikes out the secrets it knows, and any password inside a URL."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        super().__init__()
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Strike this secret out from now on, in each of its spellings."""
        value = secret.reveal()
        if len(value) < SHORTEST_REDACTED:
            return
        forms = {*self._forms, *spellings(value)}
        # The longest first: a part that is struck out would hide the rest of the whole.
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def redact(self, text: str) -> str:
        """Return the text without the known secrets."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return mask_url(text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact a record in place; every record passes."""
        record.msg = self.redact(record.getMessage())
        record.args = None
        return True
