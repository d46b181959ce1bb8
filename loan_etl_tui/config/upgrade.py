"""Older configs in memory: each step turns one version of the file into the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from loan_etl_tui.config.models import CONFIG_VERSION
from loan_etl_tui.config.problems import Problem
from loan_etl_tui.config.tree import Entry, MappingNode, Node, ScalarNode

Upgrade = Callable[[MappingNode], MappingNode]

# The step that reads version N, by N. Version 1 is the first, so there is no older one to read.
UPGRADES: Mapping[int, Upgrade] = {}


def version_of(root: Node) -> int | None:
    """Read the version a file declares; None where it declares none that can be read."""
    if not isinstance(root, MappingNode):
        return None
    entry = root.entries.get("version")
    text = entry.value.text if entry and isinstance(entry.value, ScalarNode) else None
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else None


def newer_than_program(root: Node, newest: int = CONFIG_VERSION) -> Problem | None:
    """Complain of a version this program does not know yet; nothing else in it can be judged."""
    version = version_of(root)
    if version is None or version <= newest or not isinstance(root, MappingNode):
        return None
    place = root.entries["version"].value.place
    words = f"is {version}, newer than this program, which reads up to {newest}."
    return Problem.at(place, "version", words, "upgrade loan-etl.")


def upgraded(
    root: Node,
    newest: int = CONFIG_VERSION,
    upgrades: Mapping[int, Upgrade] = UPGRADES,
) -> tuple[Node, str]:
    """Bring a file of an older version to the newest, step by step, in memory.

    Args:
        root: the tree of the file.
        newest: the version this program writes.
        upgrades: the step that reads each older version.

    Returns:
        The tree of the newest version, with the positions of the file, and a word for the person
        ("" where nothing was to do).
    """
    declared = version_of(root)
    if declared is None or declared >= newest or declared not in upgrades:
        return root, ""
    version = declared
    while version in upgrades and isinstance(root, MappingNode):
        root = upgrades[version](root)
        version += 1
        place = root.entries["version"].place
        root = root.with_entry(Entry("version", place, ScalarNode(str(version), place)))
    return root, f"config version {declared} was read as version {version}"
