"""ruamel's round trip, set up so that a person's file comes back as it was but for the change."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import SingleQuotedScalarString
from ruamel.yaml.tag import Tag

from loan_etl_tui.config.changes import Removed, as_plain, parts_of
from loan_etl_tui.config.tree import Plain
from loan_etl_tui.config.yaml_tree import NOTHING

_TEXT = Tag(suffix="tag:yaml.org,2002:str")
# Wide enough that no line is broken that a person wrote in one.
_WIDTH = 1_000_000
# A block of single values no longer than this stands in one line, as in the built-in configs.
_SHORT_BLOCK = 80
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

    def change(self, key: str, value: object) -> None:
        """Make one change that `changes.with_change` accepts."""
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
            node[_step(node, last)] = _written(as_plain(value))

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


def _is_block(value: object) -> bool:
    return isinstance(value, CommentedMap | CommentedSeq)


def _step(node: object, part: str) -> str | int:
    return int(part) if isinstance(node, CommentedSeq) else part


def _written(value: Plain) -> object:
    """Give a new value the form a person would give it."""
    if value is None:
        return "null"
    if isinstance(value, str):
        typed = value in NOTHING or _LOOKS_TYPED.fullmatch(value) is not None
        return SingleQuotedScalarString(value) if typed else value
    node: CommentedMap | CommentedSeq
    if isinstance(value, list):
        node = CommentedSeq(_written(one) for one in value)
        short = not any(isinstance(one, dict) for one in value)
    else:
        node = CommentedMap((key, _written(one)) for key, one in value.items())
        short = not any(isinstance(one, dict) for one in value.values())
    if short and len(str(value)) <= _SHORT_BLOCK:
        node.fa.set_flow_style()
    return node


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
