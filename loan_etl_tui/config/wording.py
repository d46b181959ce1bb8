"""pydantic's findings in the words of this project: what is wrong, what is allowed, nearest name.

The patterns that texts must match are here with the words that stand for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from loan_etl_tui.config.masking import is_secret_name
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.problems import quoted

# The type of a finding that already has its words.
COMPLAINT = "complaint"

SLUG = r"^[a-z][a-z0-9_]{1,63}$"
NAME = r"^[a-z][a-z0-9_]{0,63}$"
CURRENCY = r"^[A-Z]{3}$"
COUNTRY = r"^[A-Z]{2}$"
IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]{0,62}$"
PREFIX = r"^([A-Za-z_][A-Za-z0-9_]{0,30})?$"

_PATTERN_WORDS = {
    SLUG: "give 2 to 64 of a-z, 0-9 and _, a letter first",
    NAME: "give 1 to 64 of a-z, 0-9 and _, a letter first",
    CURRENCY: "give an ISO 4217 code such as USD",
    COUNTRY: "give an ISO 3166 code such as US",
    IDENTIFIER: "give 1 to 63 letters, digits and _, no digit first",
    PREFIX: "give at most 31 letters, digits and _, no digit first",
}

_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a number",
    "tuple_type": "a list",
    "dict_type": "a block of keys",
}


_AMOUNTS = {
    "greater_than_equal": ("ge", "give {} or more"),
    "less_than_equal": ("le", "give {} or less"),
    "decimal_max_digits": ("max_digits", "give a number of at most {} digits"),
    "decimal_max_places": ("decimal_places", "give a number with at most {} decimals"),
    "decimal_whole_digits": ("whole_digits", "give a number with at most {} digits before the dot"),
    "too_short": ("min_length", "give at least {}"),
    "too_long": ("max_length", "give at most {}"),
}


class RefusedValueError(ValueError):
    """What a field's own check has against a value.

    Attributes:
        wanted: what is allowed: "give …" or "choose …".
        hint: the nearest right name or the way on, or "".
    """

    def __init__(self, wanted: str, hint: str = "") -> None:
        super().__init__(wanted, hint)
        self.wanted = wanted
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Finding:
    """One of pydantic's findings, worded.

    Attributes:
        path: keys and list positions from the block to what is meant.
        kind: pydantic's type of the finding.
        words: what is wrong and what is allowed, going on from the key's name.
        hint: the nearest right name or the way on, or "".
        at_key: whether the key is meant, not its value.
    """

    path: tuple[str | int, ...]
    kind: str
    words: str
    hint: str = ""
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class _Located:
    """A finding with its place in the block as written.

    Attributes:
        error: pydantic's finding.
        path: the keys and positions that really stand there.
        stem: the path before pydantic's first word for one of several possibilities.
        value: what stands at the path.
    """

    error: ErrorDetails
    path: tuple[str | int, ...]
    stem: tuple[str | int, ...]
    value: Any


def worded(errors: Sequence[ErrorDetails], raw: Mapping[str, Any]) -> Iterator[Finding]:
    """Word the findings of one block.

    Where a key may hold this or that, pydantic finds fault with each possibility; they become one
    finding, about the innermost value that fits none.

    Args:
        errors: pydantic's findings, their places relative to the block.
        raw: the block as written.
    """
    groups: dict[tuple[str | int, ...], list[_Located]] = {}
    for error in errors:
        if error["type"] == COMPLAINT:
            yield _kept(error)
        else:
            located = _located(error, raw)
            groups.setdefault(located.stem, []).append(located)
    for group in groups.values():
        yield _one_of(group)


def given(value: object, key: str | int = "") -> str:
    """Say what stands there; never the value of a key that, by its name, holds a secret."""
    if value is None:
        return "is empty"
    if isinstance(value, dict):
        return "is a block of keys"
    if isinstance(value, list | tuple):
        return "is a list"
    if is_secret_name(str(key)):
        return "is not allowed"
    return f"is {quoted(str(value))}"


def _kept(error: ErrorDetails) -> Finding:
    said = error.get("ctx", {})
    return Finding(error["loc"], COMPLAINT, said["words"], said["hint"], said["at_key"])


def _located(error: ErrorDetails, raw: Mapping[str, Any]) -> _Located:
    value: Any = raw
    path: list[str | int] = []
    stem: tuple[str | int, ...] | None = None
    for part in error["loc"]:
        if _holds(value, part):
            value = value[part]
        elif error["type"] == "missing":
            value = None
        else:
            # No key of the file: pydantic's name of one possibility, such as "str".
            stem = tuple(path) if stem is None else stem
            continue
        path.append(part)
    return _Located(error, tuple(path), tuple(path) if stem is None else stem, value)


def _holds(value: object, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list | tuple) and isinstance(part, int) and part < len(value)


def _one_of(group: list[_Located]) -> Finding:
    depth = max(len(located.path) for located in group)
    inner = [located for located in group if len(located.path) == depth]
    # A check of our own knows best what is wanted: the type was right.
    first = next((one for one in inner if one.error["type"] == "value_error"), inner[0])
    at_key = "[key]" in first.error["loc"]
    if len(inner) == 1 or first.error["type"] == "value_error":
        words, hint = _sentence(first, at_key=at_key)
    else:
        words, hint = f"{given(first.value, first.path[-1])}; give {_any_of(inner)}.", ""
    return Finding(first.path, first.error["type"], words, hint, at_key)


def _any_of(group: list[_Located]) -> str:
    wanted = list(dict.fromkeys(_WANTED.get(located.error["type"], "") for located in group))
    if "text" in wanted:
        # In the file a number or a date is text like any other.
        wanted = [word for word in wanted if word in ("text", "a list", "a block of keys")]
    return listed(word for word in wanted if word)


def _sentence(located: _Located, *, at_key: bool) -> tuple[str, str]:
    """Word one finding: (words, hint)."""
    kind, value = located.error["type"], located.value
    key = located.path[-1] if located.path else ""
    if kind == "missing":
        return "is missing.", ""
    wanted, hint = _wanted(located.error, value)
    stands = "is no name" if at_key else given(value, key)
    if value is None and not at_key:
        wanted += ", or leave the key out"
    return f"{stands}; {wanted}.", hint


def _wanted(error: ErrorDetails, value: object) -> tuple[str, str]:
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("literal_error", "enum"):
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"choose {listed(choices)}", did_you_mean(str(value), choices) if value else ""
    if kind == "value_error" and isinstance(context["error"], RefusedValueError):
        return context["error"].wanted, context["error"].hint
    if kind == "string_pattern_mismatch":
        return _PATTERN_WORDS.get(context["pattern"], f"must match {context['pattern']}"), ""
    if kind in _AMOUNTS:
        name, words = _AMOUNTS[kind]
        return words.format(context[name]), ""
    if kind == "tuple_type" and isinstance(value, str):
        return "give a list", f"write [{quoted(value)}]."
    return f"give {_WANTED[kind]}" if kind in _WANTED else error["msg"], ""
