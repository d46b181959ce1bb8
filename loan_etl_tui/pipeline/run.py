"""The whole path for one pipeline: every new delivery, into every target."""

from __future__ import annotations

import json
import os
import secrets
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from loan_etl_tui import __version__
from loan_etl_tui.config.effective import config_sha256
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import ResolvedTarget, Workspace
from loan_etl_tui.load.base import Target, open_target
from loan_etl_tui.model.errors import CannotCreate, Exit, LoanEtlError, worst
from loan_etl_tui.model.events import DeliveryFinished, Listener, RunStarted, Stop
from loan_etl_tui.pipeline.deliveries import load_deliveries
from loan_etl_tui.pipeline.home import refuse_fallback, remember
from loan_etl_tui.pipeline.job import Job, who_runs
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.prepare import files_of, source_of
from loan_etl_tui.report import DeliveryReport, Report, TargetReport, status_of
from loan_etl_tui.review.rejects import RejectFile

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_run_id() -> str:
    """Make a run id: 26 characters, later runs sort behind earlier ones."""
    stamp = int(time.time() * 1000)
    return _in_base_32(stamp, 10) + _in_base_32(secrets.randbits(80), 16)


def _in_base_32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def run(
    pipeline: Pipeline,
    workspace: Workspace,
    options: RunOptions,
    listen: Listener,
    stop: Stop,
) -> Report:
    """Move one feed's new deliveries into its databases and say what happened.

    Args:
        pipeline: the config as read.
        workspace: where relative paths start and runs leave their files.
        options: what the call says; `dry_run` does all of it and rolls back.
        listen: hears what happens while it happens.
        stop: looked at between batches; its cancel stops a running statement.

    Returns:
        The report; a typed error is a verdict in it, never raised.
    """
    started = datetime.now(UTC)
    run_id = new_run_id()
    report = Report(
        run_id=run_id,
        pipeline=pipeline.name,
        platform=pipeline.config.platform,
        engine="inline",
        status="failed",
        exit_code=Exit.INTERNAL,
        message="",
        hint="",
        started_at=started,
        finished_at=started,
        config_sha256=config_sha256(pipeline.config),
        app_version=__version__,
        dry_run=options.dry_run,
    )
    try:
        report = _into_targets(report, pipeline, workspace, options, listen, stop)
    except LoanEtlError as error:
        report = _failed(report, error)
    report = replace(
        report,
        finished_at=datetime.now(UTC),
        timings_ms={"total": int((datetime.now(UTC) - started).total_seconds() * 1000)},
    )
    return _kept(report, workspace)


def _into_targets(
    report: Report,
    pipeline: Pipeline,
    workspace: Workspace,
    options: RunOptions,
    listen: Listener,
    stop: Stop,
) -> Report:
    chosen = workspace.target(pipeline.config, name=options.target, database=options.database)
    refuse_fallback(workspace, pipeline.name, chosen)
    source = source_of(pipeline, workspace, options)
    files = files_of(source, pipeline)
    listen(RunStarted(report.run_id, pipeline.name, pipeline.config.platform, len(files)))
    parts: list[_Part] = []
    for number, resolved in enumerate(chosen):
        stem = "rejects" if number == 0 else f"rejects-{resolved.name}"
        with ExitStack() as stack:
            folder = workspace.runs / report.run_id
            if options.dry_run:  # a plan leaves nothing behind
                folder = Path(stack.enter_context(TemporaryDirectory()))
            rejects = stack.enter_context(RejectFile(folder, stem))
            target = _open(resolved)
            stack.callback(target.close)
            job = Job(
                run_id=report.run_id,
                pipeline=pipeline,
                workspace=workspace,
                options=options,
                source=source,
                target=target,
                listen=listen,
                stop=stop,
                config_sha256=report.config_sha256,
                who=who_runs(),
            )
            done = _into_one(job, resolved, files, rejects)
        file = str(rejects.path) if rejects.count and not options.dry_run else None
        parts.append(_Part(resolved.name, target.display_url, done, file))
    return _told(report, parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """What became of the run in one database."""

    name: str
    url: str
    done: tuple[DeliveryReport, ...]
    rejects_file: str | None

    @property
    def exit_code(self) -> Exit:
        return worst([one.exit_code for one in self.done])

    @property
    def has_figures(self) -> bool:
        return any(one.name for one in self.done)


def _into_one(
    job: Job, resolved: ResolvedTarget, files: tuple[Path, ...], rejects: RejectFile
) -> tuple[DeliveryReport, ...]:
    """Run the path once; a target that fails as a whole does not keep the next one waiting."""
    try:
        done = load_deliveries(job, files, rejects)
        if not job.options.dry_run and any(one.status.startswith("loaded") for one in done):
            remember(job.workspace, job.pipeline.name, resolved)
    except LoanEtlError as error:
        failed = DeliveryReport(
            name="",
            run_id=job.run_id,
            status=status_of(error.exit_code),
            exit_code=error.exit_code,
            message=error.message,
            hint=error.hint,
        )
        return (failed,)
    for one in done:
        job.listen(DeliveryFinished(one.name, one.status, one.records))
    return done


def _open(resolved: ResolvedTarget) -> Target:
    return open_target(
        resolved.url.reveal(),
        name=resolved.name,
        schema=resolved.schema,
        table_prefix=resolved.table_prefix,
        create=resolved.create,
    )


def _told(report: Report, parts: list[_Part]) -> Report:
    """Put the targets' stories together; the figures are those of the worst target."""
    code = worst([part.exit_code for part in parts])
    chosen = next((part for part in parts if part.exit_code == code), None)
    every = () if chosen is None else chosen.done
    # A target that failed before its first delivery has no figures: those of another stand.
    told = next((part for part in (chosen, *parts) if part and part.has_figures), chosen)
    done = () if told is None else tuple(one for one in told.done if one.name)
    first = next((one for one in every if one.exit_code == code and one.message), None)
    return replace(
        report,
        status=_word(code, every),
        exit_code=code,
        message=first.message if first else _message(done),
        hint=first.hint if first else "",
        deliveries=done,
        targets=tuple(
            TargetReport(part.name, part.url, report.run_id, _word(part.exit_code, part.done))
            for part in parts
        ),
        rejects_file=next((part.rejects_file for part in parts if part.rejects_file), None),
    )


def _word(code: Exit, done: tuple[DeliveryReport, ...]) -> str:
    if code is Exit.OK and all(one.status == "nothing_new" for one in done):
        return "nothing_new"
    if code is Exit.OK and any(one.counts.rejected for one in done):
        return "loaded_with_rejects"
    return status_of(code)


def _message(done: tuple[DeliveryReport, ...]) -> str:
    loaded = [one for one in done if one.status.startswith("loaded")]
    if not loaded:
        return "nothing new to load"
    rejected = sum(one.counts.rejected for one in loaded)
    words = f"{len(loaded)} of {len(done)} deliveries loaded"
    return f"{words}, {rejected} rejects open" if rejected else words


def _failed(report: Report, error: LoanEtlError) -> Report:
    return replace(
        report,
        status=status_of(error.exit_code),
        exit_code=error.exit_code,
        message=error.message,
        hint=error.hint,
    )


def _kept(report: Report, workspace: Workspace) -> Report:
    """Leave the summary in `runs/<run_id>/`; a run that found nothing new leaves nothing."""
    if report.status == "nothing_new" or report.dry_run:
        return report
    folder = workspace.runs / report.run_id
    if report.exit_code in (Exit.HELD, Exit.NEEDS_MAPPING):
        report = replace(report, review_package=str(folder))
    try:
        write_summary(folder / "summary.json", report)
    except CannotCreate as error:
        # The database decided the outcome; a summary that cannot be kept only worsens the code.
        return report.with_exit(Exit.IO_ERROR, error.message)
    return report


def write_summary(path: Path, report: Report) -> None:
    """Write a summary so that a reader never sees half of one.

    Raises:
        CannotCreate: the folder cannot be made or written.
    """
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n"
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as sink:
            sink.write(text)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(path)
    except OSError as problem:
        raise CannotCreate(
            f"{path}: the summary cannot be written ({problem.strerror}).",
            "check the rights and the space of the folder.",
        ) from None
