"""Every place of a transform block that names a source column, found in the block as written.

What is written may be wrong in any way, so nothing is taken for granted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loan_etl_tui.config.block import Path, Said

# The words of `record_date.from` that name no column.
NO_COLUMN = ("argument", "file_name", "upload")
# Keeps three digits of a zip code, which name nobody.
_ANONYMOUS = "zip3"


@dataclass(frozen=True, slots=True)
class Mention:
    """A source column where the config names it.

    Attributes:
        path: the key (and list position) that names it, from the transform block.
        column: the name, or the position in a headerless file.
        stored: whether the column's own text ends up in a table.
        at_key: whether the name is a key itself (`when: {COLUMN: …}`).
    """

    path: Path
    column: str
    stored: bool = True
    at_key: bool = False


def mentions(transform: Said) -> Iterator[Mention]:
    """List the source columns that a transform block names, in its order.

    Args:
        transform: the block as written.
    """
    for block in ("loan", "status"):
        fields = _keys(transform.get(block))
        for name, spec in fields.items():
            if name != "extra":
                yield from _of_field((block, name), spec)
        for name, spec in _keys(fields.get("extra")).items():
            yield from _of_field((block, "extra", name), spec)
    yield from _of_status(_keys(transform.get("loan_status")))
    yield from _of_date(("record_date",), transform.get("record_date"))
    duplicates = _keys(transform.get("on_duplicate"))
    yield from _unstored(_named(("on_duplicate", "key"), duplicates.get("key")))


def _of_field(path: Path, spec: object) -> Iterator[Mention]:
    keys = _keys(spec)
    found = [m for key in ("from", "diff_of", "plus") for m in _named((*path, key), keys.get(key))]
    yield from _unstored(found) if keys.get("via") == _ANONYMOUS else found
    yield from _inside(path, keys, _of_field)


def _of_status(keys: Mapping[str, Any]) -> Iterator[Mention]:
    yield from _named(("loan_status", "from"), keys.get("from"))
    rules = keys.get("rules")
    for number, rule in enumerate(rules if isinstance(rules, list | tuple) else ()):
        for column in _keys(_keys(rule).get("when")):
            path: Path = ("loan_status", "rules", number, "when", column)
            yield Mention(path, str(column), stored=False, at_key=True)


def _of_date(path: Path, spec: object) -> Iterator[Mention]:
    keys = _keys(spec)
    if keys.get("from") not in NO_COLUMN:
        yield from _named((*path, "from"), keys.get("from"))
    hint = _keys(keys.get("hint"))
    for key in ("from", "month_of", "plus_months"):
        yield from _unstored(_named((*path, "hint", key), hint.get(key)))
    yield from _inside(path, keys, _of_date)


def _inside(
    path: Path, keys: Mapping[str, Any], find: Callable[[Path, object], Iterator[Mention]]
) -> Iterator[Mention]:
    entries = keys.get("first_of")
    for number, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
        yield from find((*path, "first_of", number), entry)


def _named(path: Path, said: object) -> Iterator[Mention]:
    if isinstance(said, str | int):
        yield Mention(path, str(said))
    elif isinstance(said, list | tuple):
        for number, one in enumerate(said):
            yield from _named((*path, number), one)


def _unstored(found: Iterator[Mention] | list[Mention]) -> Iterator[Mention]:
    return (replace(mention, stored=False) for mention in found)


def _keys(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}
