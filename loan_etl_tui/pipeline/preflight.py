"""Is everything in place for a run? Looks at what a run will need, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from loan_etl_tui.config.models import PipelineConfig
from loan_etl_tui.config.problems import ConfigProblems
from loan_etl_tui.config.read import Pipeline, read_pipeline
from loan_etl_tui.config.workspace import ResolvedTarget, Workspace
from loan_etl_tui.load.base import TablesState, open_target
from loan_etl_tui.model.errors import ConfigError, Exit, LoanEtlError, UsageError
from loan_etl_tui.pipeline.home import refuse_fallback
from loan_etl_tui.pipeline.layout import Header, match_header
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.prepare import date_delivery, files_of, rules_of, source_of
from loan_etl_tui.source.base import Delivery, Source

_EXACT_DIGITS = 18
_SHOWN = 5
_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        pipeline: whose; "" for the workspace itself.
        check: config, workspace, source, columns, record date, target, after or clash.
        verdict: ok, warn or error.
        message: what was found.
        hint: the way on, or "".
        exit_code: what a run would end with because of it.
    """

    pipeline: str
    check: str
    verdict: str
    message: str
    hint: str = ""
    exit_code: Exit = Exit.OK

    @classmethod
    def failed(cls, pipeline: str, check: str, error: LoanEtlError) -> Finding:
        """What an error that a run would end with looks like here."""
        return cls(pipeline, check, "error", error.message, error.hint, error.exit_code)


def examine(
    workspace: Workspace,
    names: Sequence[str],
    options: RunOptions,
    overrides: Sequence[tuple[str, str]] = (),
) -> Iterator[Finding]:
    """Look at everything that runs of these pipelines need.

    Args:
        workspace: where they live.
        names: the pipelines.
        options: `file`, `record_date`, `target` and `database` are looked at.
        overrides: keys of the configs, as with `--set`.

    Yields:
        Findings, the workspace's first, then each pipeline's in the order of the path.
    """
    yield from _workspace(workspace)
    readable = []
    for name in names:
        try:
            pipeline = read_pipeline(workspace.pipeline_path(name), overrides)
        except ConfigProblems as error:
            for problem in error.problems:
                one = ConfigError(str(problem), problem.hint)
                yield Finding.failed(name, "config", one)
            continue
        except LoanEtlError as error:
            yield Finding.failed(name, "config", error)
            continue
        readable.append(pipeline)
        yield from _pipeline(workspace, pipeline, options)
    yield from _clashes(readable)


def _workspace(workspace: Workspace) -> Iterator[Finding]:
    kind = file_system(workspace.root)
    if kind in _NETWORK:
        yield Finding(
            "",
            "workspace",
            "warn",
            f"{workspace.root} lies on a network drive ({kind}).",
            "an embedded database is safe on a local disk only; load into a server from here.",
        )


def file_system(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Name the kind of file system a folder lies on, or "" where nobody tells.

    Args:
        folder: an absolute path.
        mounts: the list of mounts the kernel keeps.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    kinds = {Path(where): kind for _, where, kind, *_ in map(str.split, lines)}
    above = [one for one in (folder, *folder.parents) if one in kinds]
    return kinds[above[0]] if above else ""


def _pipeline(workspace: Workspace, pipeline: Pipeline, options: RunOptions) -> Iterator[Finding]:
    name = pipeline.name
    yield Finding(name, "config", "ok", f"{pipeline.path} is valid.")
    for warning in pipeline.warnings:
        yield Finding(name, "config", "warn", warning)
    yield from _after(workspace, pipeline)
    yield from _source(workspace, pipeline, options)
    yield from _targets(workspace, pipeline.config, name, options)


def _after(workspace: Workspace, pipeline: Pipeline) -> Iterator[Finding]:
    known = workspace.pipeline_names()
    for earlier in pipeline.config.after:
        if earlier not in known:
            yield Finding.failed(
                pipeline.name,
                "after",
                ConfigError(
                    f"after: {earlier!r} is no pipeline of this workspace.",
                    f"there are {', '.join(known) or 'none'}.",
                ),
            )


def _source(workspace: Workspace, pipeline: Pipeline, options: RunOptions) -> Iterator[Finding]:
    name = pipeline.name
    try:
        source = source_of(pipeline, workspace, options)
        files = files_of(source, pipeline)
        if not files:
            yield Finding(name, "source", "ok", "no delivery is there; if_missing: ok.")
            return
        delivery = source.fingerprint(files[-1])
        yield Finding(
            name, "source", "ok", f"{delivery.name}, of {len(files)} found, is looked at."
        )
    except LoanEtlError as error:
        yield Finding.failed(name, "source", error)
        return
    yield _columns(pipeline, source, delivery)
    yield _record_date(pipeline, delivery, options)


def _columns(pipeline: Pipeline, source: Source, delivery: Delivery) -> Finding:
    config = pipeline.config
    try:
        layout = source.layout(delivery)
        header = match_header(layout, config.transform, rules_of(config))
    except LoanEtlError as error:
        return Finding.failed(pipeline.name, "columns", error)
    verdict = "warn" if header.absent else "ok"
    return Finding(pipeline.name, "columns", verdict, _of_columns(header))


def _of_columns(header: Header) -> str:
    parts = [f"{len(header.names)} columns of the config are in the file"]
    if header.absent:
        parts.append(f"optional ones it lacks: {_some(header.absent)}")
    if header.unknown:
        parts.append(f"columns that no config key names: {_some(header.unknown)}")
    return "; ".join(parts) + "."


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(repr(name) for name in names[:_SHOWN]) + more


def _record_date(pipeline: Pipeline, delivery: Delivery, options: RunOptions) -> Finding:
    name, check = pipeline.name, "record date"
    try:
        dated = date_delivery(pipeline, delivery, options, _EXACT_DIGITS)
    except LoanEtlError as error:
        if isinstance(error, UsageError) and options.record_date is None:
            # The call of a run must say it; here it may be left out.
            return Finding(name, check, "warn", error.message, error.hint)
        return Finding.failed(name, check, error)
    found = dated.plan.record_date
    words = "no date for the whole delivery" if found is None else str(found)
    return Finding(name, check, "ok", f"{words} ({dated.origin}).")


def _targets(
    workspace: Workspace, config: PipelineConfig, name: str, options: RunOptions
) -> Iterator[Finding]:
    try:
        targets = workspace.target(config, name=options.target, database=options.database)
        refuse_fallback(workspace, name, targets)
    except LoanEtlError as error:
        yield Finding.failed(name, "target", error)
        return
    for target in targets:
        try:
            yield _tables(name, target)
        except LoanEtlError as error:
            yield Finding.failed(name, "target", error)


def _tables(pipeline: str, resolved: ResolvedTarget) -> Finding:
    target = open_target(
        resolved.url.reveal(),
        name=resolved.name,
        schema=resolved.schema,
        table_prefix=resolved.table_prefix,
        create=resolved.create,
    )
    try:
        state = target.state()
        where = f"{resolved.name} ({target.display_url})"
    finally:
        target.close()
    hint = f"loan-etl schema --apply --target {resolved.name}"
    if state is TablesState.CURRENT:
        return Finding(pipeline, "target", "ok", f"{where}: tables are current.")
    if state is TablesState.MISSING and resolved.create == "auto":
        return Finding(pipeline, "target", "ok", f"{where}: the first run makes the tables.")
    wrong = {
        TablesState.MISSING: "there are no tables, and create: never",
        TablesState.OUTDATED: "the tables are of another version",
        TablesState.FOREIGN: "tables named loan or status are there that are not ours",
    }[state]
    return Finding.failed(pipeline, "target", ConfigError(f"{where}: {wrong}.", hint))


def _clashes(pipelines: Sequence[Pipeline]) -> Iterator[Finding]:
    """Two feeds of one platform's statuses must map the same columns: the merge replaces rows."""
    feeding = [one for one in pipelines if one.config.enabled and _feeds_status(one)]
    for one, other in combinations(feeding, 2):
        differing = _status_columns(one) ^ _status_columns(other)
        if one.config.platform == other.config.platform and differing:
            yield Finding.failed(
                one.name,
                "clash",
                ConfigError(
                    f"{one.name} and {other.name} feed the statuses of {one.config.platform} "
                    f"with different columns: {_some(sorted(differing))}.",
                    "map the same status fields in both, or enable only one of them.",
                ),
            )


def _feeds_status(pipeline: Pipeline) -> bool:
    return pipeline.config.transform.shape != "origination"


def _status_columns(pipeline: Pipeline) -> set[str]:
    status = pipeline.config.transform.status
    own = {name for name in type(status).model_fields if getattr(status, name) is not None}
    return own - {"extra"} | {f"extra.{key}" for key in status.extra}
