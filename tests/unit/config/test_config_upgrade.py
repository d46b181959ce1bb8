"""Older versions of the file are read step by step, in memory, and keep their positions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loan_etl_tui.config.models import CONFIG_VERSION
from loan_etl_tui.config.tree import Entry, MappingNode, Node, plain
from loan_etl_tui.config.upgrade import UPGRADES, newer_than_program, upgraded, version_of
from loan_etl_tui.config.yaml_tree import read_tree


def tree(text: str) -> Node:
    root, problems = read_tree(text, "f.yaml")
    assert root is not None
    assert not problems
    return root


def renamed(old: str, new: str, root: MappingNode) -> MappingNode:
    """Rename a key, as a step of an upgrade would."""
    entries = {key: entry for key, entry in root.entries.items() if key != old}
    moved = root.entries[old]
    return replace(root, entries={**entries, new: Entry(new, moved.place, moved.value)})


STEPS = {
    1: lambda root: renamed("name", "platform", root),
    2: lambda root: renamed("platform", "slug", root),
}


def test_every_step_up_to_the_newest_version_is_taken() -> None:
    root, note = upgraded(tree("version: 1\nname: harbor\n"), newest=3, upgrades=STEPS)
    assert plain(root) == {"version": "3", "slug": "harbor"}
    assert note == "config version 1 was read as version 3"


def test_an_upgraded_value_stays_where_the_file_has_it() -> None:
    root, _ = upgraded(tree("version: 1\nname: harbor\n"), newest=3, upgrades=STEPS)
    assert isinstance(root, MappingNode)
    assert root.entries["slug"].value.place.line == 2


def test_a_file_of_the_newest_version_is_not_touched() -> None:
    root = tree("version: 3\nslug: harbor\n")
    assert upgraded(root, newest=3, upgrades=STEPS) == (root, "")


@pytest.mark.parametrize("text", ["a: 1", "version: x", "version: [1]", "[a]", "version:", "x"])
def test_a_version_that_cannot_be_read_is_left_to_the_models(text: str) -> None:
    root = tree(text)
    assert version_of(root) is None
    assert newer_than_program(root) is None
    assert upgraded(root) == (root, "")


def test_a_newer_version_is_named_where_it_stands() -> None:
    problem = newer_than_program(tree(f"version: {CONFIG_VERSION + 1}\n"))
    assert problem is not None
    assert (problem.line, problem.column) == (1, 10)


def test_a_step_leads_from_every_older_version_to_the_newest() -> None:
    assert set(UPGRADES) == set(range(1, CONFIG_VERSION))
