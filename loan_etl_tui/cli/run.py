"""`loan-etl run`: load the new deliveries of named pipelines; `loan-etl --headless`: of all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from loan_etl_tui.cli import options as say
from loan_etl_tui.model.errors import Exit, UsageError

if TYPE_CHECKING:
    from loan_etl_tui.pipeline import RunOptions

EXAMPLES = say.examples(
    "loan-etl run prosper --headless",
    "loan-etl run prosper --headless --file march.csv --record-date 2024-03-31",
    "loan-etl run prosper --headless --max-rejected 1% --rejects-ok",
    "loan-etl run prosper --headless --control-total sum_original_balance=1250000.00",
    "loan-etl run prosper --headless --database postgresql://etl@db/loans",
)


def run(
    names: say.Names,
    headless: say.Headless = False,
    file: say.File = None,
    record_date: say.RecordDate = None,
    max_rejected: say.MaxRejected = None,
    rejects_ok: say.RejectsOk = False,
    control_total: say.ControlTotals = None,
    target: say.Target = None,
    database: say.Database = None,
    set_: say.Settings = None,
    correct: say.Correct = False,
    reason: say.Reason = None,
    wait: say.Wait = 0,
    summary_file: say.SummaryFile = None,
    log_file: say.LogFile = None,
) -> Exit:
    """Load the new deliveries of these pipelines.

    Prints one JSON object per pipeline on stdout, the run summary; progress and messages go to
    stderr. Exit codes: 0 loaded or nothing new, 3 loaded with open rejects, 4 and 5 held, others
    failed; with several pipelines the worst.
    """
    if not headless:
        raise no_screen(names)
    _refuse_shared(names, {"--file": file, "--control-total": control_total})
    options = say.run_options(
        file=file,
        record_date=record_date,
        max_rejected=max_rejected,
        rejects_ok=rejects_ok,
        control_totals=control_total,
        target=target,
        database=database,
        correct=correct,
        reason=reason,
        wait_s=wait,
    )
    return _load(names, options, say.overrides(set_), summary_file, log_file)


def run_enabled(
    options: RunOptions,
    overrides: Sequence[tuple[str, str]],
    summary_file: Path | None,
    log_file: Path | None,
) -> Exit:
    """Load the new deliveries of every pipeline with `enabled: true`."""
    return _load(None, options, overrides, summary_file, log_file)


def _load(
    names: Sequence[str] | None,
    options: RunOptions,
    overrides: Sequence[tuple[str, str]],
    summary_file: Path | None,
    log_file: Path | None,
) -> Exit:
    from loan_etl_tui.cli import headless, selection
    from loan_etl_tui.cli.logfile import open_log
    from loan_etl_tui.config.workspace import open_workspace

    open_log(log_file)
    workspace = open_workspace(None)
    if names is None:
        chosen = selection.enabled(workspace, overrides)
    else:
        chosen = selection.named(workspace, names, overrides)
    return headless.load(chosen, workspace, options, summary_file)


def no_screen(names: Sequence[str]) -> UsageError:
    """Say that there is no app to open, at once, instead of waiting for a key for ever."""
    call = f"loan-etl run {' '.join(names)} --headless" if names else "loan-etl --headless"
    if sys.stdin.isatty() and sys.stdout.isatty():
        reason = "the app is not part of this version yet"
    else:
        reason = "there is no terminal to draw on"
    return UsageError(f"no screen: {reason}.", f"load without one: {call}")


def _refuse_shared(names: Sequence[str], given: dict[str, object]) -> None:
    for option, value in given.items():
        if value and len(set(names)) > 1:
            raise UsageError(
                f"{option} is about one delivery, but {len(set(names))} pipelines are named.",
                "run them one by one.",
            )
