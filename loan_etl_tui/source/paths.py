"""Which files a config's `source.path` names: file, folder, glob, or a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from loan_etl_tui.model.errors import ConfigError, LoginRefused, SourceMissing, SourceUnreadable

COMPRESSED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zip")

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_MAGIC = re.compile(r"[*?\[]")


def find_files(paths: str | tuple[str, ...], root: Path) -> tuple[Path, ...]:
    """List the regular files that these paths name, each once, sorted by name.

    A folder means all its files but hidden ones; a pattern such as `X*.csv` means its compressed
    forms `X*.csv.gz`, `.bz2`, `.xz`, `.zst` and `.zip` too.

    Args:
        paths: `source.path` of a config.
        root: folder that relative paths start from.

    Raises:
        SourceMissing: nothing matches.
        SourceUnreadable: a path names something that is no file.
        LoginRefused: a folder may not be listed.
        ConfigError: a path is remote, or no path at all.
    """
    patterns = (paths,) if isinstance(paths, str) else paths
    found: dict[Path, None] = {}
    for pattern in patterns:
        found |= dict.fromkeys(_matches(pattern, root))
    if not found:
        shown = ", ".join(repr(pattern[:80]) for pattern in patterns[:8])
        raise SourceMissing(
            f"no file matches {shown} in {root}.",
            "put the tape there, or correct source.path; compressed forms are found too.",
        )
    return tuple(sorted(found, key=lambda path: (path.name, str(path))))


def _matches(pattern: str, root: Path) -> Iterator[Path]:
    if _REMOTE.match(pattern):
        raise ConfigError(
            f"source.path {pattern[:80]!r} is remote; this connector reads local files.",
            "fetch the file into the inbox first.",
        )
    if not pattern.strip() or "\0" in pattern:
        raise ConfigError(f"source.path {pattern[:80]!r} is no path; name a file, folder or glob.")
    exact = root / pattern
    try:
        if exact.is_dir():
            yield from _in_folder(exact)
        elif exact.exists():
            yield _regular(exact)
        else:
            yield from _globbed(Path(pattern), root)
    except PermissionError as problem:
        raise LoginRefused(
            f"{problem.filename or exact}: permission to look for {pattern[:80]!r} is refused.",
            "ask for read access to the folder.",
        ) from problem


def _in_folder(folder: Path) -> Iterator[Path]:
    return (path.absolute() for path in folder.iterdir() if _is_visible_file(path, folder))


def _regular(path: Path) -> Path:
    if not path.is_file():
        raise SourceUnreadable(f"{path} is not a regular file.", "name a file, a folder or a glob.")
    return path.absolute()


def _globbed(pattern: Path, root: Path) -> Iterator[Path]:
    base, rest = _split(pattern, root)
    if not base.is_dir():
        return
    # A glob passes over folders it may not list: ask for the one that must be there.
    next(base.iterdir(), None)
    for suffix in _suffixes(rest):
        try:
            yield from (
                path.absolute() for path in base.glob(rest + suffix) if _is_visible_file(path, base)
            )
        except ValueError as problem:
            raise ConfigError(
                f"source.path {str(pattern)[:80]!r} is no glob: {problem}.",
                "** stands alone between slashes; * and ? stand for parts of a name.",
            ) from problem


def _split(pattern: Path, root: Path) -> tuple[Path, str]:
    """Part a pattern into the deepest folder without a wildcard, and the rest."""
    base = Path(pattern.anchor) if pattern.is_absolute() else root
    parts = pattern.relative_to(base).parts if pattern.is_absolute() else pattern.parts
    fixed = 0
    while fixed < len(parts) - 1 and not _MAGIC.search(parts[fixed]):
        fixed += 1
    rest = "/".join(parts[fixed:])
    return base.joinpath(*parts[:fixed]), f"{rest}/*" if parts[-1] == "**" else rest


def _suffixes(pattern: str) -> tuple[str, ...]:
    closed = pattern.endswith((*COMPRESSED_SUFFIXES, "*"))
    return ("",) if closed else ("", *COMPRESSED_SUFFIXES)


def _is_visible_file(path: Path, base: Path) -> bool:
    inside = path.relative_to(base).parts
    return path.is_file() and not any(part.startswith(".") for part in inside)
