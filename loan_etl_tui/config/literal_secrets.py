"""No secret stands in a config in clear: only the name of where it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from loan_etl_tui.config.masking import is_secret_name, password_of, secret_query_keys
from loan_etl_tui.config.problems import Problem
from loan_etl_tui.config.references import is_reference
from loan_etl_tui.config.tree import KeyPath, Node, dotted, scalars

_WAY_ON = "write ${env:NAME}, ${file:/path} or ${keyring:service/user} in its place."
# Below these keys stand the words of a tape, which may be called anything.
_WORDS_OF_THE_TAPE = frozenset({"words", "map", "when", "where"})


def literal_secrets(root: Node) -> Iterator[Problem]:
    """Find every secret that stands in a config in clear; no message shows it.

    Args:
        root: the whole file.
    """
    for path, scalar in scalars(root):
        words = _complaint(path, scalar.text or "")
        if words:
            yield Problem.at(scalar.place, dotted(path), words, _WAY_ON)


def _complaint(path: KeyPath, text: str) -> str:
    password = password_of(text)
    if password is not None and not is_reference(password):
        return "has a password in clear."
    keys = secret_query_keys(text)
    if keys:
        return f"carries a secret in its query ({keys[0]}), which databases and logs print."
    if _names_a_secret(path) and text and not is_reference(text):
        return "holds a secret in clear."
    return ""


def _names_a_secret(path: KeyPath) -> bool:
    names = [part for part in path if isinstance(part, str)]
    if not names or _WORDS_OF_THE_TAPE & set(names[:-1]):
        return False
    return is_secret_name(names[-1])
