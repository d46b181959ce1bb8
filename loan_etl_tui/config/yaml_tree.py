"""YAML 1.2 text → a tree of strings with positions, and every complaint about its form.

ruamel's parser says what stands where; what it would make of it (numbers, dates, objects, shared
nodes) is left out on purpose: tags, anchors and aliases are complaints, and so is a doubled key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from loan_etl_tui.config.problems import Place, Problem, quoted
from loan_etl_tui.config.tree import Entry, MappingNode, Node, ScalarNode, SequenceNode

DEEPEST = 50
# The words that mean "nothing" in YAML 1.2, when they stand without quotes.
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class _UnreadableError(Exception):
    """The rest of the text cannot be taken apart."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_tree(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Take a YAML text apart.

    Args:
        text: the whole file.
        file: its name, as complaints show it.

    Returns:
        The tree, as far as it can be told (None where it cannot), and the complaints. Complaints
        with a tree are there too: a doubled key hides nothing else that is wrong.
    """
    builder = _Builder(file)
    try:
        for event in _events(text, file):
            builder.take(event)
    except _UnreadableError as unreadable:
        return None, [*builder.problems, unreadable.problem]
    if builder.root is None and not builder.problems:
        return None, [Problem.at(Place(file, 1, 1), "", "is empty; nothing stands in it.")]
    return builder.root, builder.problems


def _events(text: str, file: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as error:
        place = _place_of_character(text, error.position, file)
        words = f"holds a character that YAML does not allow: {_character(error.character)}."
        raise _UnreadableError(Problem.at(place, "", words)) from None
    except MarkedYAMLError as error:
        raise _UnreadableError(_syntax(error, file)) from None
    except YAMLError as error:
        raise _unreadable(file, str(error)) from None
    except (ValueError, OverflowError):
        # ruamel hands an escape such as "\UFFFFFFFF" to chr() unchecked.
        raise _unreadable(file, "an escape stands for no character") from None
    except AssertionError:
        # ruamel asserts that a %YAML directive says 1.1 or 1.2.
        raise _unreadable(file, "the %YAML line names another version than 1.2") from None


def _unreadable(file: str, reason: str) -> _UnreadableError:
    return _UnreadableError(Problem.at(Place(file, 1, 1), "", f"is not YAML: {reason}."))


def _syntax(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, 1, 1) if mark is None else _place(mark, file)
    reason = " ".join(str(error.problem or error.context or "cannot be read").split())
    hint = "indent with blanks, not tabs." if "\\t" in reason else ""
    return Problem.at(place, "", f"is not YAML: {reason}.", hint)


def _character(found: object) -> str:
    return f"U+{found:04X}" if isinstance(found, int) else repr(found)


def _place_of_character(text: str, position: int, file: str) -> Place:
    before = text[:position]
    return Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _place(mark: StreamMark, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


@dataclass(slots=True)
class _Open:
    """A list or block whose end has not come; `key` waits for its value."""

    place: Place
    items: list[Node] | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    key: tuple[str, Place] | None = None
    expects_key: bool = True

    def closed(self) -> Node:
        if self.items is not None:
            return SequenceNode(tuple(self.items), self.place)
        return MappingNode(self.entries, self.place)


class _Builder:
    """Puts events together to a tree, without recursion: depth is the text's, not Python's."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        """Take the next event."""
        if isinstance(event, NodeEvent):
            self._refuse_sharing(event)
        if isinstance(event, DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, SequenceStartEvent | MappingStartEvent):
            self._descend(event)
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            self._put(self._open.pop().closed())
        elif isinstance(event, ScalarEvent):
            self._put(self._scalar(event))
        elif isinstance(event, AliasEvent):
            self._put(ScalarNode(None, self._at(event)))

    def _at(self, event: Event) -> Place:
        return _place(event.start_mark, self.file)

    def _complain(self, place: Place, words: str, hint: str = "") -> None:
        self.problems.append(Problem.at(place, "", words, hint))

    def _refuse_sharing(self, event: NodeEvent) -> None:
        if event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            words = f"{quoted(sign + event.anchor)} is an anchor or alias; a config has none."
            self._complain(self._at(event), words, "write the value out where it is meant.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            words = f"{quoted(str(tag))} is a YAML tag; a config has none."
            self._complain(self._at(event), words, "a word that begins with ! needs quotes.")

    def _begin_document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            words = "begins a second document; a config is one document."
            raise _UnreadableError(Problem.at(self._at(event), "", words))

    def _descend(self, event: SequenceStartEvent | MappingStartEvent) -> None:
        if len(self._open) >= DEEPEST:
            words = f"is nested deeper than {DEEPEST} levels."
            raise _UnreadableError(Problem.at(self._at(event), "", words))
        items: list[Node] | None = [] if isinstance(event, SequenceStartEvent) else None
        self._open.append(_Open(self._at(event), items))

    def _scalar(self, event: ScalarEvent) -> ScalarNode:
        nothing = event.style is None and event.value in NOTHING
        return ScalarNode(None if nothing else str(event.value), self._at(event))

    def _put(self, node: Node) -> None:
        """Hand a finished node to the list or block it stands in."""
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.items is not None:
            parent.items.append(node)
        elif parent.expects_key:
            parent.key, parent.expects_key = self._key(node, parent), False
        else:
            if parent.key is not None:
                parent.entries[parent.key[0]] = _entry(*parent.key, node)
            parent.key, parent.expects_key = None, True

    def _key(self, node: Node, parent: _Open) -> tuple[str, Place] | None:
        """Accept a key; one that is refused takes its value with it."""
        if not isinstance(node, ScalarNode):
            self._complain(node.place, "is a list or block in the place of a key; keys are text.")
            return None
        if node.text is None:
            self._complain(node.place, "is an empty key.", "quote it where null is a word: 'null'.")
            return None
        first = parent.entries.get(node.text)
        if first is not None:
            words = f"{quoted(node.text)} is a doubled key; it stands in line {first.place.line}."
            self._complain(node.place, words, "keep one of them.")
            return None
        return node.text, node.place


def _entry(key: str, place: Place, value: Node) -> Entry:
    # ruamel finds an empty value where the next token stands, often lines below.
    moved = isinstance(value, ScalarNode) and value.text is None and value.place.line != place.line
    return Entry(key, place, ScalarNode(None, place) if moved else value)
