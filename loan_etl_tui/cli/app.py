"""The command `loan-etl` and its subcommands, in the order in which a newcomer meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command

from loan_etl_tui import __version__
from loan_etl_tui.cli import (
    check,
    config_schema,
    connectors,
    demo,
    history,
    init,
    pipelines,
    plan,
    preview,
    rejects,
    rules,
    run,
    schema,
)
from loan_etl_tui.cli import options as say
from loan_etl_tui.model.errors import Exit, UsageError

HELP = """Loan tapes from any lending platform into two tables, loan and status.

A pipeline is one YAML file in the configs/ folder of a workspace. The workspace is the current
folder, or the one that LOAN_ETL_WORKSPACE names.
"""

EXAMPLES = say.examples(
    "loan-etl demo                     # a workspace to try things on, with tapes",
    "loan-etl init                     # a workspace of your own",
    "loan-etl check prosper_2014       # is everything in place?",
    "loan-etl run prosper_2014 --headless",
    "loan-etl --headless               # every pipeline with enabled: true",
)


COMMANDS: dict[str, tuple[Callable[..., Exit], str, str]] = {
    "demo": (demo.demo, demo.EXAMPLES, "A workspace to try things on, loaded."),
    "init": (init.init, init.EXAMPLES, "Make a workspace."),
    "list": (pipelines.list_, pipelines.EXAMPLES, "Pipelines and how they ended last."),
    "check": (check.check, check.EXAMPLES, "Is everything in place for a run?"),
    "preview": (preview.preview, preview.EXAMPLES, "First rows, sanitized, and flagged cells."),
    "plan": (plan.plan, plan.EXAMPLES, "Count what a run would change."),
    "run": (run.run, run.EXAMPLES, "Load the new deliveries of pipelines."),
    "history": (history.history, history.EXAMPLES, "Past runs."),
    "rules": (rules.rules, rules.EXAMPLES, "Every issue code and what it means."),
    "schema": (schema.schema, schema.EXAMPLES, "The tables' SQL, and the tables."),
    "connectors": (connectors.connectors, connectors.EXAMPLES, "Sources and databases."),
    "config-schema": (
        config_schema.config_schema,
        config_schema.EXAMPLES,
        "JSON Schema of a pipeline config.",
    ),
}


def build() -> TyperGroup:
    """Put the commands together; a failing one tells nothing of what its variables held."""
    app = typer.Typer(
        help=HELP,
        epilog=EXAMPLES,
        # Plain help: the decorated one takes a fifth of a second before its first letter.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(invoke_without_command=True)(root)
    for name, (command, epilog, short) in COMMANDS.items():
        app.command(name, epilog=epilog, short_help=short)(command)
    app.add_typer(rejects.group, name="rejects", short_help="Rows that a run kept out.")
    group = get_command(app)
    assert isinstance(group, TyperGroup)  # noqa: S101 - an app with a callback is a group
    return group


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"loan-etl {__version__}")
        raise typer.Exit


def root(
    context: typer.Context,
    headless: say.Headless = False,
    record_date: say.RecordDate = None,
    max_rejected: say.MaxRejected = None,
    rejects_ok: say.RejectsOk = False,
    target: say.Target = None,
    database: say.Database = None,
    set_: say.Settings = None,
    wait: say.Wait = 0,
    summary_file: say.SummaryFile = None,
    log_file: say.LogFile = None,
    _version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
    _debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an internal error.")
    ] = False,
) -> Exit:
    """Without a command: every enabled pipeline, in the order of after:, with --headless."""
    if context.invoked_subcommand is not None:
        _refuse_stray(context)
        return Exit.OK
    if not headless:
        raise run.no_screen(())
    return run.run_enabled(
        say.run_options(
            record_date=record_date,
            max_rejected=max_rejected,
            rejects_ok=rejects_ok,
            target=target,
            database=database,
            wait_s=wait,
        ),
        say.overrides(set_),
        summary_file,
        log_file,
    )


def _refuse_stray(context: typer.Context) -> None:
    """Options of `loan-etl --headless` mean nothing in front of a command: say so."""
    given = [name for name in context.params if _is_given(context, name)]
    if given:
        option = "--" + given[0].rstrip("_").replace("_", "-")
        command = context.invoked_subcommand
        raise UsageError(
            f"{option} stands before the command {command!r}, where it has no effect.",
            f"options of a command stand behind it: loan-etl {command} … {option} …",
        )


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
