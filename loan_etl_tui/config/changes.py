"""A change to what a config says: new values at dotted key paths, apart from how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from loan_etl_tui.config.overrides import split_key
from loan_etl_tui.config.problems import quoted
from loan_etl_tui.config.tree import Plain
from loan_etl_tui.model.errors import ConfigError


class Removed:
    """The wish that a key goes."""


REMOVED: Final = Removed()


def parts_of(key: str) -> tuple[str, ...]:
    """Split a dotted key path.

    Raises:
        ConfigError: it is none.
    """
    parts = split_key(key)
    if parts is None:
        raise ConfigError(f"{quoted(key)} is no key path.", "write it as validate.max_rejected.")
    return parts


def with_change(root: Plain, key: str, value: object) -> Plain:
    """Return what a config says once one key is changed.

    Args:
        root: what it says now.
        key: dotted key path; blocks that are missing on the way are made.
        value: the new value, or REMOVED.

    Raises:
        ConfigError: the path leads into a single value, past the end of a list, or nowhere.
    """
    return _changed(root, parts_of(key), value, key)


def as_plain(value: object) -> Plain:
    """Write a value as the file holds it: text, None, lists and blocks of these.

    Raises:
        ConfigError: a value of this type has no place in a config.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | date):
        return str(value)
    if isinstance(value, list | tuple):
        return [as_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): as_plain(one) for key, one in value.items()}
    raise ConfigError(f"a {type(value).__name__} has no place in a config.")


def _changed(root: Plain, parts: tuple[str, ...], value: object, key: str) -> Plain:
    if isinstance(root, str):
        raise ConfigError(f"{quoted(key)} leads into {quoted(root)}, which is a single value.")
    if isinstance(root, list):
        return _changed_list(root, parts, value, key)
    return _changed_block(root or {}, parts, value, key)


def _changed_list(
    root: list[Plain], parts: tuple[str, ...], value: object, key: str
) -> list[Plain]:
    number = int(parts[0]) if re.fullmatch(r"\d{1,6}", parts[0]) else len(root)
    if number >= len(root):
        raise ConfigError(f"{quoted(key)} leads nowhere: the list has {len(root)} entries.")
    if len(parts) > 1:
        new = [_changed(root[number], parts[1:], value, key)]
    else:
        new = [] if isinstance(value, Removed) else [as_plain(value)]
    return [*root[:number], *new, *root[number + 1 :]]


def _changed_block(
    root: dict[str, Plain], parts: tuple[str, ...], value: object, key: str
) -> dict[str, Plain]:
    name = parts[0]
    if len(parts) > 1:
        return {**root, name: _changed(root.get(name), parts[1:], value, key)}
    if not isinstance(value, Removed):
        return {**root, name: as_plain(value)}
    if name not in root:
        raise ConfigError(f"{quoted(key)} leads nowhere: there is no such key.")
    return {one: said for one, said in root.items() if one != name}
