"""Where a secret is kept, as a config writes it: `${env:NAME}`, `${file:/path}`, `${keyring:…}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loan_etl_tui.model.errors import ConfigError

SCHEMES = ("env", "file", "keyring")
FORMS = "${env:NAME}, ${file:/path} or ${keyring:service/user}"

_REFERENCE = re.compile(r"\$\{(?P<inside>[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where a secret is kept.

    Attributes:
        scheme: env, file or keyring.
        name: the variable, the path, or service/user.
        start, end: where the reference stands in its text.
    """

    scheme: str
    name: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"${{{self.scheme}:{self.name}}}"


def references(text: str) -> tuple[Reference, ...]:
    """Find the references in a text.

    Raises:
        ConfigError: something in `${…}` is none of the three forms.
    """
    return tuple(_reference(found) for found in _REFERENCE.finditer(text))


def is_reference(text: str) -> bool:
    """Whether a text is one reference and nothing else."""
    return _REFERENCE.fullmatch(text) is not None


def _reference(found: re.Match[str]) -> Reference:
    scheme, colon, name = found["inside"].partition(":")
    if scheme not in SCHEMES or not colon or not name:
        # What is inside may be the secret itself: it is not shown.
        raise ConfigError(f"a reference in ${{…}} has none of the known forms; write {FORMS}.")
    return Reference(scheme, name, found.start(), found.end())
