"""A config as text with positions: scalars are strings, and every node knows its line and column.

Nothing is interpreted here: `no` stays "no", `0123` stays "0123", a date stays text. Only an
empty value, `~` and `null` are None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from loan_etl_tui.config.problems import SHOWN_CHARACTERS, Place, quoted

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value; None for an empty one."""

    text: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; `place` is the key's own."""

    key: str
    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A block of keys; each key stands once."""

    entries: Mapping[str, Entry]
    place: Place

    def with_entry(self, new: Entry) -> MappingNode:
        """Put a key in the place of its namesake, or behind the others."""
        return replace(self, entries={**self.entries, new.key: new})


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


def plain(node: Node) -> Plain:
    """Turn a tree into dicts, lists, strings and None."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def dotted(path: KeyPath) -> str:
    """Write a key path as a person would on the command line: `source.skip_rows.0.name`.

    A key with dots of its own stands in quotes; one that is no key at all is cut.
    """
    return ".".join(_part(str(part)) for part in path)


def _part(key: str) -> str:
    return quoted(key) if len(key) > SHOWN_CHARACTERS or not key or {*"./"} & {*key} else key


def place_of(root: Node, path: KeyPath, *, key: bool) -> Place:
    """Find where a key or its value stands; a path that leads nowhere is at its last known parent.

    Args:
        root: the whole tree.
        path: keys and list positions from the root.
        key: whether the key itself is meant, or what stands behind it. A block of several lines
            begins at its first key, which would point at the wrong one: its own key stands for it.
    """
    key_place, node = root.place, root
    for depth, part in enumerate(path):
        entry = _step(node, part)
        if entry is None:
            # Short forms (`Charged Off: CHARGED_OFF`) stand for the block that is meant.
            return node.place if isinstance(node, ScalarNode) and not key else key_place
        key_place, node = entry.place, entry.value
        if depth == len(path) - 1 and not key and not isinstance(node, MappingNode):
            return node.place
    return key_place


def _step(node: Node, part: str | int) -> Entry | None:
    if isinstance(node, MappingNode):
        return node.entries.get(str(part))
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items):
        item = node.items[part]
        return Entry(str(part), item.place, item)
    return None


def scalars(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, ScalarNode]]:
    """Walk every single value of a tree with its key path."""
    if isinstance(node, ScalarNode):
        yield path, node
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.items):
            yield from scalars(item, (*path, number))
    else:
        for key, entry in node.entries.items():
            yield from scalars(entry.value, (*path, key))
