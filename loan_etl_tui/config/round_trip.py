"""ruamel's round trip, set up so that a person's file comes back as it was but for the change."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    PlainScalarString,
    SingleQuotedScalarString,
)
from ruamel.yaml.tag import Tag

from loan_etl_tui.config.changes import Removed, as_plain, parts_of
from loan_etl_tui.config.yaml_tree import NOTHING

_TEXT = Tag(suffix="tag:yaml.org,2002:str")
# Wide enough that no line is broken that a person wrote in one.
_WIDTH = 1_000_000
# A block of single values no longer than this stands in one line, as in the built-in configs.
_SHORT_BLOCK = 80
# Texts that need no quotes for anybody; ruamel leaves quotes off where its own parser wants them.
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./*%+()$-]*( [A-Za-z0-9_./*%+()$-]+)*")
# Texts that another YAML reader, such as an editor's, would take for a number or a yes.
_LOOKS_TYPED = re.compile(
    r"(?i)[-+]?\.?\d[-+\d_.,:xoe]*|[-+]?\.(inf|nan)|true|false|yes|no|on|off|y|n|=|<<"
)
_GAP = r"[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*"
_DEEPER = re.compile(rf"(?m)^[^\s#-][^\n]*:{_GAP}( +)[^\s#-]")
_DASHES = re.compile(rf"(?m)^( *)[^\s#-][^\n]*:{_GAP}\1( *)- ")


class _TextOnly(VersionedResolver):
    """Leaves every plain value the text it is, so that `0123` is written back as `0123`."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:  # noqa: ANN401 - ruamel's types
        return _TEXT if kind is ScalarNode else super().resolve(kind, value, implicit)


class Document:
    """A YAML text under change."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._yaml = _yaml(text)
        loaded = self._yaml.load(text)
        self._root = loaded if isinstance(loaded, CommentedMap) else CommentedMap()
        _spell_out_nothing(self._root)

    def change(self, key: str, value: object, *, in_one_line: bool = False) -> None:
        """Make one change that `changes.with_change` accepts.

        Args:
            key: dotted key path.
            value: the new value, or REMOVED.
            in_one_line: whether lists and blocks stand in one line, however long.
        """
        *above, last = parts_of(key)
        node: Any = self._root
        for part in above:
            step = _step(node, part)
            if not isinstance(node, CommentedSeq) and not _is_block(node.get(step)):
                node[step] = CommentedMap()
            node = node[step]
        if isinstance(value, Removed):
            del node[_step(node, last)]
        else:
            node[_step(node, last)] = _written(value, sys.maxsize if in_one_line else _SHORT_BLOCK)

    def written(self) -> str:
        """Write the document as ruamel does: comments and order kept, spacing its own."""
        stream = StringIO()
        self._yaml.dump(self._root, stream)
        return stream.getvalue()

    def written_alike(self) -> str:
        """Write the document with every line that only changed its spacing as it was before."""
        return _alike(self._text, self.written())


def _yaml(text: str) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.Resolver = _TextOnly
    yaml.explicit_start = re.search(r"(?m)^---(\s|$)", text) is not None
    deeper, dashes = _DEEPER.search(text), _DASHES.search(text)
    offset = len(dashes[2]) if dashes else 2
    yaml.indent(mapping=len(deeper[1]) if deeper else 2, sequence=offset + 2, offset=offset)
    return yaml


def _spell_out_nothing(node: object) -> None:
    """Write null where nothing stands inside braces: ruamel would write an empty text."""
    if not isinstance(node, CommentedMap | CommentedSeq):
        return
    places = list(node) if isinstance(node, CommentedMap) else range(len(node))
    for place in places:
        # An empty text in quotes is of a type of its own.
        if type(node[place]) is str and not node[place] and node.fa.flow_style():
            node[place] = PlainScalarString("null")
        _spell_out_nothing(node[place])


def _is_block(value: object) -> bool:
    return isinstance(value, CommentedMap | CommentedSeq)


def _step(node: object, part: str) -> str | int:
    return int(part) if isinstance(node, CommentedSeq) else part


def _written(value: object, short: int) -> object:
    """Give a new value the form a person would give it: quotes where they change its meaning.

    Args:
        value: what `changes.as_plain` accepts.
        short: how many characters a list or block in one line may have.
    """
    node: CommentedMap | CommentedSeq
    if isinstance(value, Mapping | list | tuple):
        if isinstance(value, Mapping):
            node = CommentedMap((str(key), _written(one, short)) for key, one in value.items())
        else:
            node = CommentedSeq(_written(one, short) for one in value)
        if len(str(value)) <= short:
            node.fa.set_flow_style()
        return node
    if isinstance(value, str):
        return _text(value)
    # Plain by type, not by chance: ruamel would keep the quotes of the text that stood here.
    return PlainScalarString("null" if value is None else str(as_plain(value)))


def _text(value: str) -> object:
    typed = value in NOTHING or _LOOKS_TYPED.fullmatch(value) is not None
    if not typed and _NEEDS_NO_QUOTES.fullmatch(value):
        return value
    return (
        SingleQuotedScalarString(value) if value.isprintable() else DoubleQuotedScalarString(value)
    )


def _alike(old: str, new: str) -> str:
    """Take the old text of every line of the new one that differs in its spacing alone.

    Comments and blank lines at the end of a part that goes belong to what comes next and stay;
    what comes in stands before them.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = SequenceMatcher(None, [_folded(a) for a in before], [_folded(b) for b in after])
    lines: list[str] = []
    for kind, low, high, new_low, new_high in matcher.get_opcodes():
        if kind == "equal":
            lines += before[low:high]
            continue
        kept = high
        while kept > low and _is_remark(before[kept - 1]):
            kept -= 1
        waiting = [] if kind != "insert" else _taken_remarks(lines)
        lines += [*after[new_low:new_high], *waiting, *before[kept:high]]
    return "".join(lines)


def _taken_remarks(lines: list[str]) -> list[str]:
    """Take the comments and blank lines off the end."""
    start = len(lines)
    while start and _is_remark(lines[start - 1]):
        start -= 1
    taken = lines[start:]
    del lines[start:]
    return taken


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _folded(line: str) -> str:
    return " ".join(line.split())
