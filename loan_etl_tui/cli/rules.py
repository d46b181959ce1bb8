"""`loan-etl rules`: every issue code, with its meaning, severity, formula and an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from loan_etl_tui.cli import options as say
from loan_etl_tui.cli.table import Output, show
from loan_etl_tui.model.errors import Exit, UsageError

if TYPE_CHECKING:
    from loan_etl_tui.model.rule import Rule

EXAMPLES = say.examples(
    "loan-etl rules", "loan-etl rules V-PRIN-1", "loan-etl rules --output json > rules.json"
)
BRIEF = ("code", "severity", "level", "title")
FULL = (*BRIEF, "formula", "example", "way_on", "parameters")
SEVERITIES = {
    "R": "rejects the row",
    "W": "warns",
    "F": "stops the delivery",
    "-": "silent",
}


def rules(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Everything about this code.", show_default=False),
    ] = None,
    output: say.OutputOption = Output.TABLE,
) -> Exit:
    """List every issue code: R rejects the row, W warns, F stops the delivery.

    With a code: its formula, an example, what to do about it, and what a config may set.
    """
    from loan_etl_tui.model.issues import CATALOGUE

    if code is None:
        columns = BRIEF if output is Output.TABLE else FULL
        show([_row(rule) for rule in CATALOGUE.values()], output, columns)
        return Exit.OK
    rule = CATALOGUE.get(code.upper())
    if rule is None:
        raise _unknown(code)
    if output is Output.TABLE:
        details = [{"": name, "rule": value} for name, value in _row(rule).items() if value]
        show(details, output, ("", "rule"))
    else:
        show([_row(rule)], output, FULL)
    return Exit.OK


def _row(rule: Rule) -> dict[str, Any]:
    row = {name: getattr(rule, name) for name in FULL}
    row["severity"] = f"{rule.severity} ({SEVERITIES[rule.severity]})"
    row["parameters"] = "; ".join(
        f"{name}: {parameter.meaning} ({parameter})" for name, parameter in rule.parameters.items()
    )
    return row


def _unknown(code: str) -> UsageError:
    from loan_etl_tui.config.nearest import did_you_mean
    from loan_etl_tui.model.issues import CATALOGUE

    near = did_you_mean(code.upper(), CATALOGUE)
    return UsageError(f"{code!r} is no issue code.", near or "loan-etl rules lists all of them.")
