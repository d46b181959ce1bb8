"""Which pipelines a call means, read from their configs, in the order they must run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loan_etl_tui.config.read import Pipeline, read_pipeline
from loan_etl_tui.config.workspace import Workspace
from loan_etl_tui.model.errors import ConfigError, LoanEtlError


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pipeline that a call means.

    Attributes:
        name: what it is called: its file's stem.
        outcome: its config as read, or why it cannot be.
    """

    name: str
    outcome: Pipeline | LoanEtlError

    @property
    def after(self) -> tuple[str, ...]:
        """Names of the pipelines that run before it."""
        return self.outcome.config.after if isinstance(self.outcome, Pipeline) else ()

    @property
    def counts(self) -> bool:
        """Whether a run of everything means it; a broken one does, since nobody can tell."""
        return not isinstance(self.outcome, Pipeline) or self.outcome.config.enabled


def one(workspace: Workspace, name: str, overrides: Sequence[tuple[str, str]]) -> Pipeline:
    """Read the one pipeline that a call is about.

    Raises:
        LoanEtlError: there is none of that name, or its config is broken.
    """
    return read_pipeline(workspace.pipeline_path(name), overrides)


def every(workspace: Workspace) -> tuple[str, ...]:
    """Name every pipeline of the workspace.

    Raises:
        ConfigError: the folder is no workspace: it has no `configs/`.
    """
    if not workspace.configs.is_dir():
        raise ConfigError(
            f"{workspace.root} is no workspace: it has no folder configs/.",
            "loan-etl init makes one there; LOAN_ETL_WORKSPACE names another folder.",
        )
    return workspace.pipeline_names()


def named(
    workspace: Workspace, names: Sequence[str], overrides: Sequence[tuple[str, str]]
) -> list[Chosen]:
    """Read these pipelines, each once; a broken config counts for itself only."""
    return in_order([_read(workspace, name, overrides) for name in dict.fromkeys(names)])


def enabled(workspace: Workspace, overrides: Sequence[tuple[str, str]]) -> list[Chosen]:
    """Read every pipeline that says `enabled: true`; one that cannot be read is among them.

    Raises:
        ConfigError: there is none.
    """
    every = [_read(workspace, name, overrides) for name in workspace.pipeline_names()]
    chosen = [pipeline for pipeline in every if pipeline.counts]
    if not chosen:
        raise ConfigError(
            f"{workspace.configs}: no pipeline is enabled; there is nothing to run.",
            "set enabled: true in a config there, or name a pipeline: loan-etl run NAME.",
        )
    return in_order(chosen)


def in_order(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Put pipelines behind those of `after:` that run as well; otherwise keep the order.

    Raises:
        ConfigError: two pipelines wait for each other.
    """
    by_name = {pipeline.name: pipeline for pipeline in chosen}
    ordered: dict[str, Chosen] = {}

    def place(name: str, waiting: tuple[str, ...]) -> None:
        if name in waiting:
            circle = " after ".join([*waiting[waiting.index(name) :], name])
            raise ConfigError(
                f"after: pipelines wait for each other: {circle}.",
                "remove one of these names from an after: list.",
            )
        if name in ordered or name not in by_name:
            return
        for earlier in by_name[name].after:
            place(earlier, (*waiting, name))
        ordered[name] = by_name[name]

    for name in by_name:
        place(name, ())
    return list(ordered.values())


def _read(workspace: Workspace, name: str, overrides: Sequence[tuple[str, str]]) -> Chosen:
    try:
        return Chosen(name, one(workspace, name, overrides))
    except LoanEtlError as problem:
        return Chosen(name, problem)
