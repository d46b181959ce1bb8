"""Save a change to a config file: a person's comments, order and spacing stay as they are."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from loan_etl_tui.config.changes import REMOVED, with_change
from loan_etl_tui.config.problems import ConfigProblems
from loan_etl_tui.config.read import shown_path
from loan_etl_tui.config.round_trip import Document
from loan_etl_tui.config.text import read_text
from loan_etl_tui.config.tree import Plain, plain
from loan_etl_tui.config.yaml_tree import read_tree
from loan_etl_tui.model.errors import CannotCreate, ConfigError, DiskError

__all__ = ["REMOVED", "changed", "save", "write_text"]

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})


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
        write_text(path, new)


def changed(text: str, changes: Mapping[str, object], file: str) -> str:
    """Return a YAML text with changes; see `save`."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n")
    wanted = _read(lines, file) if lines.strip() else {}
    for key, value in changes.items():
        wanted = with_change(wanted, key, value)
    for candidate in _candidates(lines, changes):
        root, problems = read_tree(candidate, file)
        if root is not None and not problems and plain(root) == wanted:
            return candidate.replace("\n", line_end)
    raise ConfigError(
        f"{file}: {', '.join(changes)} cannot be saved without touching other keys.",
        "change it in an editor.",
    )


def _candidates(text: str, changes: Mapping[str, object]) -> Iterator[str]:
    """Write the changed text in several ways, the most like the old one first.

    ruamel can lose or misplace a line where comments stand in odd places, so each is read again.
    """
    for in_one_line in (False, True):
        document = Document(text)
        for key, value in changes.items():
            document.change(key, value, in_one_line=in_one_line)
        yield document.written_alike()
        yield document.written()


def write_text(path: Path, text: str) -> None:
    """Write a file whole, in one step: it is the old one or the new one, never a part.

    A link stays a link, and the file keeps its permissions.

    Raises:
        CannotCreate: the folder or file cannot be written.
        DiskError: the disk is full or failed.
    """
    try:
        target = path.resolve()
        mode = target.stat().st_mode if target.exists() else None
        part = target.with_name(f".{target.name}.{uuid4().hex}.part")
        try:
            with part.open("xb") as stream:
                stream.write(text.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
            if mode is not None:
                part.chmod(mode)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        kind = DiskError if error.errno in _DISK else CannotCreate
        raise kind(f"{shown_path(path)}: cannot be written: {error.strerror}.") from None


def _read(text: str, file: str) -> Plain:
    root, problems = read_tree(text, file)
    if problems or root is None:
        raise ConfigProblems(problems)
    return plain(root)
