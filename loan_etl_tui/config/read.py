"""A pipeline's YAML → a frozen config, or everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from loan_etl_tui.config.block import Block
from loan_etl_tui.config.literal_secrets import literal_secrets
from loan_etl_tui.config.models import PipelineConfig, WorkspaceConfig
from loan_etl_tui.config.overrides import apply_overrides
from loan_etl_tui.config.problems import ConfigProblems, Problem, quoted
from loan_etl_tui.config.text import decoded, read_text
from loan_etl_tui.config.transform_block import private_mentions
from loan_etl_tui.config.tree import Node, dotted, place_of, plain
from loan_etl_tui.config.upgrade import newer_than_program, upgraded
from loan_etl_tui.config.yaml_tree import read_tree

B = TypeVar("B", bound=Block)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline as read.

    Attributes:
        name: the file's stem.
        path: the file.
        config: what it says, options of the call included.
        warnings: what a person should know though nothing is wrong.
    """

    name: str
    path: Path
    config: PipelineConfig
    warnings: tuple[str, ...] = ()


def read_pipeline(path: Path, overrides: Sequence[tuple[str, str]] = ()) -> Pipeline:
    """Read one pipeline.

    Args:
        path: its YAML file.
        overrides: dotted key path and text of every `--set`; the last of a key wins.

    Raises:
        ConfigError: the file is missing or cannot be opened.
        ConfigProblems: everything that is wrong with it, with file, line and column.
    """
    file = shown_path(path)
    return parse_pipeline(read_text(path, file), path, overrides, file)


def parse_pipeline(
    text: str,
    path: Path,
    overrides: Sequence[tuple[str, str]] = (),
    file: str | None = None,
) -> Pipeline:
    """Read a pipeline from its text, such as a draft that is not saved yet.

    Args:
        text: the YAML.
        path: the file it is, or will be.
        overrides: dotted key path and text of every `--set`.
        file: the file's name as complaints show it; by default the path.

    Raises:
        ConfigProblems: everything that is wrong with it.
    """
    config, warnings = _parse(PipelineConfig, text, file or shown_path(path), overrides)
    return Pipeline(path.stem, path, config, warnings)


def read_settings(path: Path) -> WorkspaceConfig:
    """Read a workspace's `loan-etl.yaml`.

    Raises:
        ConfigError: the file cannot be opened.
        ConfigProblems: everything that is wrong with it.
    """
    file = shown_path(path)
    settings, _ = _parse(WorkspaceConfig, read_text(path, file), file, ())
    return settings


def shown_path(path: Path) -> str:
    """Show a file from where the person stands, so that a click on it finds it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _parse(
    model: type[B], text: str, file: str, overrides: Sequence[tuple[str, str]]
) -> tuple[B, tuple[str, ...]]:
    checked = decoded(text.encode("utf-8", "surrogatepass"), file)
    root, problems = read_tree(checked, file)
    if root is None:
        raise ConfigProblems(problems)
    root, refused = apply_overrides(root, overrides)
    newer = newer_than_program(root)
    if newer is not None:
        raise ConfigProblems([newer])
    root, note = upgraded(root)
    problems += [*refused, *literal_secrets(root)]
    config = _validated(model, root, problems)
    notes = [note] if note else []
    return config, (*notes, *_warnings(root))


def _validated(model: type[B], root: Node, problems: list[Problem]) -> B:
    raw = plain(root)
    try:
        # By the file's own names only: `from_` and `validate_` are Python's spellings.
        config = model.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        raise ConfigProblems([*problems, *_located(error, root)]) from None
    if problems:
        raise ConfigProblems(problems)
    return config


def _located(error: ValidationError, root: Node) -> list[Problem]:
    """Give every complaint of the models its place in the file."""
    located = []
    for found in error.errors(include_url=False):
        said, path = found["ctx"], found["loc"]
        place = place_of(root, path, key=said["at_key"])
        located.append(Problem.at(place, dotted(path), said["words"], said["hint"]))
    return located


def _warnings(root: Node) -> tuple[str, ...]:
    raw = plain(root)
    transform = raw.get("transform") if isinstance(raw, dict) else None
    if not isinstance(transform, dict):
        return ()
    columns = dict.fromkeys(mention.column for mention in private_mentions(transform))
    return tuple(
        f"private column {quoted(column)} is stored, as allow_private says" for column in columns
    )
