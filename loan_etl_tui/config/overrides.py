"""`--set KEY=VALUE` as a change to a config's tree, under the same strict rules as the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loan_etl_tui.config.problems import Place, Problem, quoted
from loan_etl_tui.config.tree import Entry, MappingNode, Node, ScalarNode, SequenceNode, dotted
from loan_etl_tui.config.yaml_tree import DEEPEST, NOTHING, read_tree

# A value that begins so is YAML: a list, a block or a quoted text. Any other stands for itself,
# so that `--set source.delimiter=|` and a pattern with colons mean what they say.
_YAML_SIGNS = ("[", "{", '"', "'")
_PART = re.compile(
    r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>[^."']+?))\s*(?:\.|$)"""
)


class _RefusedError(Exception):
    """A value that cannot be put where its key leads."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def apply_overrides(root: Node, overrides: Sequence[tuple[str, str]]) -> tuple[Node, list[Problem]]:
    """Put every `--set` into the tree, in order: the last one of a key wins.

    Args:
        root: the tree of the file.
        overrides: dotted key path and text of each.

    Returns:
        The changed tree, whose new values are placed at `--set KEY`, and the complaints. Whether
        a key is known is not asked here: an unknown one is found like any other in the file.
    """
    problems: list[Problem] = []
    for key, text in overrides:
        try:
            root = _set(root, _split(key), _value(key, text), key)
        except _RefusedError as refused:
            problems.append(refused.problem)
    return root, problems


def split_key(key: str) -> tuple[str, ...] | None:
    """Split a dotted key path; a part with dots of its own stands in quotes.

    `transform.loan_status.words."In arrears (1.5 months)".status` has five parts.

    Returns:
        The parts, or None where the path cannot be told apart.
    """
    parts: list[str] = []
    position = 0
    while position < len(key) or not parts or key[position - 1] == ".":
        found = _PART.match(key, position)
        if found is None:
            return None
        parts.append(next(part for part in found.groups() if part is not None))
        position = found.end()
    return tuple(parts)


def _place(key: str) -> Place:
    return Place(f"--set {key}")


def _refused(key: str, words: str, hint: str = "") -> _RefusedError:
    return _RefusedError(Problem.at(_place(key), "", words, hint))


def _split(key: str) -> tuple[str, ...]:
    parts = split_key(key)
    if parts is None or len(parts) > DEEPEST:
        hint = 'write it as validate.max_rejected; a name with dots in quotes: words."1.5".dpd'
        raise _refused(key, "is no key path.", hint)
    return parts


def _value(key: str, text: str) -> Node:
    place = _place(key)
    if not text.lstrip().startswith(_YAML_SIGNS):
        plain = text.strip()
        return ScalarNode(None if plain in NOTHING else plain, place)
    root, problems = read_tree(text, place.file)
    if problems or root is None:
        words = problems[0].message if problems else "is empty."
        raise _refused(key, words, "quote the value where it is no list or block.")
    return _moved(root, place)


def _moved(node: Node, place: Place) -> Node:
    """Place a whole value at the option it came with."""
    if isinstance(node, ScalarNode):
        return ScalarNode(node.text, place)
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_moved(item, place) for item in node.items), place)
    entries = {
        key: Entry(key, place, _moved(entry.value, place)) for key, entry in node.entries.items()
    }
    return MappingNode(entries, place)


def _set(node: Node | None, path: Sequence[str], value: Node, key: str) -> Node:
    """Return the node with the value at the path; blocks that are missing on the way are made."""
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(node, SequenceNode):
        return _set_item(node, name, rest, value, key)
    if isinstance(node, ScalarNode) and node.text is not None:
        words = f"leads into {quoted(node.text)}, which is a single value, no block."
        raise _refused(key, words, f"set the whole block: {dotted(_above(key, rest))}={{…}}")
    block = node if isinstance(node, MappingNode) else MappingNode({}, _place(key))
    old = block.entries.get(name)
    new = _set(old.value if old else None, rest, value, key)
    # A key of the file stays where it is; only what is new, or replaced whole, is the option's.
    place = old.place if old and rest else _place(key)
    return block.with_entry(Entry(name, place, new))


def _set_item(
    node: SequenceNode, name: str, rest: Sequence[str], value: Node, key: str
) -> SequenceNode:
    if not re.fullmatch(r"\d{1,6}", name) or int(name) >= len(node.items):
        words = (
            f"has {quoted(name)} where a list stands; its entries are 0 to {len(node.items) - 1}."
        )
        raise _refused(key, words, "set the whole list: [a, b]")
    number = int(name)
    new = _set(node.items[number], rest, value, key)
    items = (*node.items[:number], new, *node.items[number + 1 :])
    return SequenceNode(items, node.place)


def _above(key: str, rest: Sequence[str]) -> tuple[str, ...]:
    parts = split_key(key) or ()
    return parts[: len(parts) - len(rest) - 1]
