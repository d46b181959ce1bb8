"""Runs pipelines without a screen: one JSON object each on stdout, the worst exit code of all."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from loan_etl_tui import __version__
from loan_etl_tui.cli.progress import watching
from loan_etl_tui.cli.selection import Chosen
from loan_etl_tui.cli.streams import silence
from loan_etl_tui.cli.talk import complaints, hide, talk, tell
from loan_etl_tui.cli.worker import run_stoppable
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import Workspace
from loan_etl_tui.model.errors import CannotCreate, Exit, Interrupted, LoanEtlError, worst
from loan_etl_tui.model.events import Stop
from loan_etl_tui.pipeline import RunOptions, run
from loan_etl_tui.report import Report


def load(
    chosen: Sequence[Chosen],
    workspace: Workspace,
    options: RunOptions,
    summary_file: Path | None = None,
) -> Exit:
    """Run pipelines one after another and print their summaries.

    One that fails does not stop the others; a signal stops them all.

    Args:
        chosen: the pipelines, in the order they run.
        workspace: where they live.
        options: what the call says beyond the configs.
        summary_file: gets the same JSON lines as stdout.

    Returns:
        The worst exit code.
    """
    if summary_file is not None:
        _refuse_unwritable(summary_file)
    with _Answer(workspace, summary_file) as answer:
        codes = run_stoppable(lambda stop: _each(chosen, workspace, options, stop, answer))
    return worst([*codes, answer.exit_code])


def run_one(pipeline: Pipeline, workspace: Workspace, options: RunOptions, stop: Stop) -> Report:
    """Run one pipeline, telling on stderr how it goes and how it ended."""
    _hide_passwords(pipeline, workspace, options)
    for warning in pipeline.warnings:
        talk.warning("%s", warning)
    try:
        with watching(pipeline.name) as listen:
            report = run(pipeline, workspace, options, listen, stop)
    except Exception as error:  # noqa: BLE001 - this pipeline ends here; the others still run
        return _crashed(pipeline, error)
    _verdict(report)
    return report


def _crashed(pipeline: Pipeline, error: Exception) -> Report:
    """The report of a pipeline that a defect of the program ended."""
    from loan_etl_tui.cli.crash import report_crash

    code = report_crash(error, debug="--debug" in sys.argv)
    message = "internal error; what was open was rolled back."
    report = not_started(pipeline.name, LoanEtlError(message, "stderr names the incident."))
    return replace(report, platform=pipeline.config.platform, exit_code=code)


def _hide_passwords(pipeline: Pipeline, workspace: Workspace, options: RunOptions) -> None:
    # What is wrong with a target is the run's to say.
    with contextlib.suppress(LoanEtlError):
        for target in workspace.target(
            pipeline.config, name=options.target, database=options.database
        ):
            hide(target.url)


def not_started(name: str, problem: LoanEtlError) -> Report:
    """The report of a pipeline whose config could not be read."""
    now = datetime.now(UTC)
    return Report(
        run_id="",
        pipeline=name,
        platform="",
        engine="inline",
        status="failed",
        exit_code=problem.exit_code,
        message=" ".join(message for message, _ in complaints(problem)),
        hint=next((hint for _, hint in complaints(problem) if hint), ""),
        started_at=now,
        finished_at=now,
        app_version=__version__,
    )


def _each(
    chosen: Sequence[Chosen],
    workspace: Workspace,
    options: RunOptions,
    stop: Stop,
    answer: _Answer,
) -> list[Exit]:
    codes: list[Exit] = []
    for one in chosen:
        try:
            stop.look()
        except Interrupted as stopped:
            tell(stopped)
            return [*codes, stopped.exit_code]
        if isinstance(one.outcome, LoanEtlError):
            tell(one.outcome)
            report = not_started(one.name, one.outcome)
        else:
            report = run_one(one.outcome, workspace, options, stop)
        answer.give(report)
        codes.append(report.exit_code)
    return codes


def _verdict(report: Report) -> None:
    if report.exit_code in {Exit.OK, Exit.REJECTS_OPEN}:
        talk.info("%s", report.summary_line())
        if report.exit_code is Exit.REJECTS_OPEN and not report.dry_run:
            talk.info("the rejected lines: loan-etl rejects export %s", report.run_id)
    else:
        talk.error("%s: %s", report.pipeline, report.message, extra={"hint": report.hint})


class _Answer:
    """Gives summaries to whoever asked: stdout, and a file that appears whole at the end."""

    def __init__(self, workspace: Workspace, file: Path | None) -> None:
        self._runs = workspace.runs
        self._file = file
        self._lines: list[str] = []
        self.exit_code = Exit.OK

    def __enter__(self) -> _Answer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._write(self._file)

    def give(self, report: Report) -> None:
        """Print one summary; a stdout that fails changes no verdict while the run kept its own."""
        line = json.dumps(report.as_dict())
        self._lines.append(line)
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except OSError as problem:
            silence(1)
            kept = self._runs / report.run_id / "summary.json"
            if report.run_id and kept.is_file():
                talk.warning("stdout: %s; the summary is in %s.", problem.strerror, kept)
            else:
                talk.error("stdout: %s; the summary is lost.", problem.strerror)
                self.exit_code = Exit.IO_ERROR

    def _write(self, file: Path) -> None:
        try:
            _replace(file, "".join(line + "\n" for line in self._lines))
        except OSError as problem:
            talk.error("--summary-file %s: %s.", file, problem.strerror)
            self.exit_code = worst([self.exit_code, Exit.CANNOT_CREATE])


def _replace(file: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8") as new:  # noqa: PTH123 - from a descriptor
            new.write(text)
            new.flush()
            os.fsync(descriptor)
        Path(name).replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _refuse_unwritable(file: Path) -> None:
    if file.is_dir() or not os.access(file.parent, os.W_OK | os.X_OK):
        raise CannotCreate(
            f"--summary-file {str(file)!r} cannot be created there.",
            "name a file in a folder that exists and that you may write to.",
        )
