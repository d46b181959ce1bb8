"""Every option of the command, declared once: name, meaning, check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loan_etl_tui.cli.table import Output
from loan_etl_tui.model.errors import LoanEtlError, UsageError

if TYPE_CHECKING:
    from loan_etl_tui.pipeline import RunOptions

MEASURES = ("rows", "sum_original_balance", "sum_principal_paid", "sum_outstanding")


def examples(*calls: str) -> str:
    """Word a help text's last section: one call a line, a meaning behind "#" where it helps."""
    return "\b\nExamples:\n" + "\n".join(f"  {call}" for call in calls)


def pipeline_names(incomplete: str) -> list[str]:
    """Complete the name of a pipeline of this workspace in the shell."""
    from loan_etl_tui.config.workspace import open_workspace

    try:
        names = open_workspace(None).pipeline_names()
    except LoanEtlError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write it as 2024-03-31.") from None


def _tolerance(text: str) -> str:
    shaped = re.fullmatch(r"\d+|\d+(\.\d+)?%", text)
    if not shaped or (text.endswith("%") and float(text[:-1]) > 100):
        raise typer.BadParameter(f"{text!r} is not a count like 20 or a share like 1%.")
    return text


_NAME = typer.Argument(
    metavar="NAME",
    help="A pipeline: the name of its file in configs/, without .yaml.",
    autocompletion=pipeline_names,
    show_default=False,
)
Name = Annotated[str, _NAME]
Names = Annotated[list[str], _NAME]
SomeNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        help="Pipelines; all of the workspace when none is named.",
        autocompletion=pipeline_names,
        show_default=False,
    ),
]
OutputOption = Annotated[Output, typer.Option("--output", "-o", help="How the answer is printed.")]
Headless = Annotated[
    bool, typer.Option("--headless", help="Without a screen: for schedulers and pipes.")
]
File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="This delivery, in place of the config's path."),
]
RecordDate = Annotated[
    date | None,
    typer.Option("--record-date", metavar="DATE", parser=_date, help="The date the rows describe."),
]
MaxRejected = Annotated[
    str | None,
    typer.Option(
        "--max-rejected",
        metavar="N|P%",
        parser=_tolerance,
        help="Hold a delivery that has more rejects than this.",
    ),
]
RejectsOk = Annotated[
    bool, typer.Option("--rejects-ok", help="Open rejects inside the gate end with 0, not 3.")
]
ControlTotals = Annotated[
    list[str] | None,
    typer.Option(
        "--control-total",
        metavar="MEASURE=VALUE",
        help=f"A total the delivery must reconcile with; MEASURE is {', '.join(MEASURES)}.",
    ),
]
Target = Annotated[
    str | None,
    typer.Option("--target", metavar="NAME", help="A database named in loan-etl.yaml."),
]
Database = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="A database, before every other choice."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Any key of the config; repeatable, the last wins."
    ),
]
SummaryFile = Annotated[
    Path | None,
    typer.Option("--summary-file", metavar="FILE", help="Write the run summaries here as well."),
]
Correct = Annotated[
    bool,
    typer.Option("--correct", help="This delivery corrects what is stored; needs --reason."),
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Why; kept with every corrected value."),
]
Wait = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", min=0, help="Wait for another run to end."),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Keep what is told on stderr here too, as JSON lines; 10 files of 10 MB rotate.",
    ),
]


def overrides(settings: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """Split `--set KEY=VALUE` texts into pairs."""
    pairs = []
    for text in settings or ():
        key, equals, value = text.partition("=")
        if not (key.strip() and equals):
            raise UsageError(
                f"--set {text!r} is not KEY=VALUE.",
                "for example: --set validate.max_rejected=1%",
            )
        pairs.append((key.strip(), value))
    return tuple(pairs)


def run_options(
    *,
    file: Path | None = None,
    record_date: date | None = None,
    max_rejected: str | None = None,
    rejects_ok: bool = False,
    control_totals: Sequence[str] | None = None,
    target: str | None = None,
    database: str | None = None,
    correct: bool = False,
    reason: str | None = None,
    wait_s: float = 0,
    dry_run: bool = False,
) -> RunOptions:
    """Bring the options of one call together, refusing those that do not fit each other."""
    from loan_etl_tui.pipeline import RunOptions

    if target is not None and database is not None:
        raise UsageError("--target and --database exclude each other.", "say one of them.")
    if correct != (reason is not None):
        raise UsageError(
            "--correct and --reason TEXT go together.",
            "for example: --correct --reason 'servicer sent a restated March tape'",
        )
    return RunOptions(
        file=file,
        record_date=record_date,
        max_rejected=max_rejected,
        rejects_ok=rejects_ok,
        control_totals=tuple(_control_total(text) for text in control_totals or ()),
        target=target,
        database=database,
        correct=correct,
        reason=reason,
        wait_s=wait_s,
        dry_run=dry_run,
    )


def _control_total(text: str) -> tuple[str, Decimal]:
    measure, equals, value = text.partition("=")
    if not equals or measure not in MEASURES:
        raise UsageError(
            f"--control-total {text!r} is not MEASURE=VALUE; MEASURE is one of "
            f"{', '.join(MEASURES)}.",
            "for example: --control-total sum_original_balance=1250000.00",
        )
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(
            f"--control-total {text!r}: {value!r} is not a number.",
            "write it with a decimal point and without thousands separators: 1250000.00",
        )
    return measure, number
