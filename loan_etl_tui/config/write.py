"""Save a change to a config file: a person's comments, order and spacing stay as they are."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode as RuamelScalar
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import SingleQuotedScalarString
from ruamel.yaml.tag import Tag

from loan_etl_tui.config.overrides import split_key
from loan_etl_tui.config.problems import ConfigProblems, quoted
from loan_etl_tui.config.read import shown_path
from loan_etl_tui.config.text import read_text
from loan_etl_tui.config.tree import Plain, plain
from loan_etl_tui.config.yaml_tree import NOTHING, read_tree
from loan_etl_tui.model.errors import CannotCreate, ConfigError, DiskError


class _Removed:
    """The wish that a key goes."""


REMOVED: Final = _Removed()

_TEXT = Tag(suffix="tag:yaml.org,2002:str")
# Wide enough that no line is broken that a person wrote in one.
_WIDTH = 1_000_000
# Texts that another YAML reader, such as an editor's, would take for a number or a yes.
_LOOKS_TYPED = re.compile(
    r"(?i)[-+]?(\.?\d[\d_.,:xobe+-]*|\.inf|\.nan)|true|false|yes|no|on|off|y|n|=|<<"
)


class _TextOnly(VersionedResolver):
    """Leaves every plain value the text it is, so that `0123` is written back as `0123`."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:  # noqa: ANN401 - ruamel's types
        return _TEXT if kind is RuamelScalar else super().resolve(kind, value, implicit)


def save(path: Path, changes: Mapping[str, object]) -> None:
    """Save changes to a YAML file, whole or not at all.

    Comments, the order of keys, quotes and spacing of everything else stay. The file is replaced
    in one step, so that no reader ever sees half of it; a new file is made where there is none.

    Args:
        path: the file.
        changes: new value by dotted key path: text, numbers, booleans, dates, None, lists and
            dicts of these, or REMOVED. Blocks that are missing on the way are made.

    Raises:
        ConfigProblems: the file as it is cannot be read, so it cannot be changed with care.
        ConfigError: a key path leads nowhere, or the change would touch other keys.
        CannotCreate: the file cannot be written.
        DiskError: the disk is full or failed.
    """
    file = shown_path(path)
    old = read_text(path, file) if path.exists() else ""
    new = changed(old, changes, file)
    if new != old:
        _replace(path, new, file)


def changed(text: str, changes: Mapping[str, object], file: str) -> str:
    """Return a YAML text with changes; see `save`."""
    before = _read(text, file) if text.strip() else {}
    yaml = _yaml(text)
    loaded = yaml.load(text)
    document = loaded if isinstance(loaded, CommentedMap) else CommentedMap()
    wanted = before
    for key, value in changes.items():
        parts = _parts(key)
        wanted = _with(wanted, parts, value, key)
        _put(document, parts, value, key)
    stream = StringIO()
    yaml.dump(document, stream)
    for candidate in (_kept_lines(text, stream.getvalue()), stream.getvalue()):
        if _read(candidate, file) == wanted:
            return candidate
    raise ConfigError(
        f"{file}: {', '.join(changes)} cannot be saved without touching other keys.",
        "change it in an editor.",
    )


def _read(text: str, file: str) -> Plain:
    root, problems = read_tree(text, file)
    if problems or root is None:
        raise ConfigProblems(problems)
    return plain(root)


def _yaml(text: str) -> YAML:
    """Set ruamel up to write as the person did."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.Resolver = _TextOnly
    yaml.explicit_start = re.search(r"(?m)^---(\s|$)", text) is not None
    step, dash = _indents(text)
    yaml.indent(mapping=step, sequence=dash + 2, offset=dash)
    return yaml


def _indents(text: str) -> tuple[int, int]:
    """Read off how far blocks and the dashes of lists stand in."""
    deeper = re.search(r"(?m)^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( +)[^\s#-]", text)
    dashes = re.search(r"(?m)^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*\1( *)- ", text)
    step = len(deeper[1]) if deeper else 2
    return step, len(dashes[2]) if dashes else 2


def _parts(key: str) -> tuple[str, ...]:
    parts = split_key(key)
    if parts is None:
        raise ConfigError(f"{quoted(key)} is no key path.", "write it as validate.max_rejected.")
    return parts


def _put(node: CommentedMap | CommentedSeq, parts: tuple[str, ...], value: object, key: str) -> None:
    """Make one change to ruamel's document."""
    for part in parts[:-1]:
        inner = node[_step(node, part, key)] if _has(node, part) else None
        if not isinstance(inner, CommentedMap | CommentedSeq):
            inner = CommentedMap()
            node[_step(node, part, key)] = inner
        node = inner
    if isinstance(value, _Removed):
        del node[_step(node, parts[-1], key)]
    else:
        node[_step(node, parts[-1], key)] = _as_yaml(value)


def _has(node: CommentedMap | CommentedSeq, part: str) -> bool:
    return isinstance(node, CommentedSeq) or part in node


def _step(node: CommentedMap | CommentedSeq, part: str, key: str) -> Any:  # noqa: ANN401 - str or int
    if isinstance(node, CommentedMap):
        return part
    if part.isdecimal() and int(part) < len(node):
        return int(part)
    raise ConfigError(f"{quoted(key)} leads nowhere: the list has {len(node)} entries.")


def _with(root: Plain, parts: tuple[str, ...], value: object, key: str) -> Plain:
    """Make the same change to what the file says, to compare with what is written."""
    name, rest = parts[0], parts[1:]
    if isinstance(root, list):
        number = int(name) if name.isdecimal() else len(root)
        if number >= len(root):
            raise ConfigError(f"{quoted(key)} leads nowhere: the list has {len(root)} entries.")
        if not rest and isinstance(value, _Removed):
            return [*root[:number], *root[number + 1 :]]
        inner = _with(root[number], rest, value, key) if rest else _as_plain(value)
        return [*root[:number], inner, *root[number + 1 :]]
    block = dict(root) if isinstance(root, dict) else {}
    if not rest and isinstance(value, _Removed):
        if name not in block:
            raise ConfigError(f"{quoted(key)} leads nowhere: there is no such key.")
        del block[name]
        return block
    block[name] = _with(block.get(name), rest, value, key) if rest else _as_plain(value)
    return block
