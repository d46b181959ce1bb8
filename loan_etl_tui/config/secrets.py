"""Secrets are looked up where a connection is made, and nowhere else.

A config only says where each is kept: `${env:NAME}`, `${file:/path}`, `${keyring:service/user}`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from loan_etl_tui.config.masking import Secret, mask_url
from loan_etl_tui.config.references import Reference, is_reference, references
from loan_etl_tui.model.errors import ConfigError

__all__ = ["DATABASE_URL", "DEFAULT_DATABASE", "Secret", "mask_url", "resolve", "resolve_url"]

# The one variable that has a default: the workspace's own database.
DATABASE_URL = "LOAN_ETL_DATABASE_URL"
DEFAULT_DATABASE = "sqlite:///loans.db"

_LARGEST_BYTES = 64 * 1024


def resolve(text: str) -> str:
    """Put the secrets in the place of their references.

    Args:
        text: a value of a config; without a reference it comes back as it is.

    Raises:
        ConfigError: a secret is not where the reference says; the message names the place, and
            no part of any secret.
    """
    return _replaced(text, lambda secret: secret)


def resolve_url(text: str) -> Secret:
    """Put the secrets into a database URL.

    A reference that is the whole URL brings it as it is; one inside stands for a part of it, so
    that what a password holds of `@`, `/` and `%` is encoded.

    Raises:
        ConfigError: as in `resolve`.
    """
    if is_reference(text.strip()):
        return Secret(resolve(text.strip()).strip())
    return Secret(_replaced(text.strip(), lambda secret: quote(secret, safe="")))


def _replaced(text: str, write: Callable[[str], str]) -> str:
    parts, end = [], 0
    for reference in references(text):
        parts += [text[end : reference.start], write(_look_up(reference))]
        end = reference.end
    return "".join([*parts, text[end:]])


def _look_up(reference: Reference) -> str:
    return _LOOK_UP[reference.scheme](reference)


def _from_environment(reference: Reference) -> str:
    value = os.environ.get(reference.name, "")
    if not value and reference.name == DATABASE_URL:
        return DEFAULT_DATABASE
    if not value:
        raise ConfigError(
            f"{reference}: the environment variable {reference.name} is not set.",
            f"set it for this call: export {reference.name}=…",
        )
    return value


def _from_file(reference: Reference) -> str:
    path = Path(reference.name)
    if not path.is_absolute():
        raise ConfigError(f"{reference}: give the whole path, from / on.")
    try:
        if not path.is_file():
            raise ConfigError(f"{reference}: there is no such file.")
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no name of a file"
        raise ConfigError(f"{reference}: cannot be read: {reason}.") from None
    return _as_secret(content, reference)


def _as_secret(content: bytes, reference: Reference) -> str:
    """Take a file's text without the line end that editors add."""
    try:
        text = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{reference}: the file is not UTF-8 text.") from None
    if not text or len(content) > _LARGEST_BYTES:
        raise ConfigError(
            f"{reference}: the file is empty or larger than {_LARGEST_BYTES:,} bytes."
        )
    return text


def _from_keyring(reference: Reference) -> str:
    # Imported here: it looks for the desktop's key store, which takes time nobody else needs.
    import keyring
    from keyring.errors import KeyringError

    service, slash, user = reference.name.partition("/")
    if not (service and slash and user):
        raise ConfigError(f"{reference}: write it as ${{keyring:service/user}}.")
    try:
        value = keyring.get_password(service, user)
    except KeyringError:
        raise ConfigError(
            f"{reference}: there is no key store on this machine, or it is locked.",
            "use ${env:NAME} or ${file:/path} where no desktop runs.",
        ) from None
    if not value:
        raise ConfigError(
            f"{reference}: the key store holds no such entry.",
            f"set it with: keyring set {service} {user}",
        )
    return value


_LOOK_UP: Mapping[str, Callable[[Reference], str]] = {
    "env": _from_environment,
    "file": _from_file,
    "keyring": _from_keyring,
}
