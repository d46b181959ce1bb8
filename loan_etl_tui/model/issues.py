"""Every finding: its code, severity, formula and words, in one place.

A finding is a row (`frames.ISSUES`); what its code means is said here once, for `loan-etl rules`,
the reject file, the app and the docs. The entries themselves stand in the `catalogue_…` modules:
`catalogue_file` files and batches (F-) · `catalogue_cells` single cells (C-) · `catalogue_money`
amounts of a row (V-, X-BAL) · `catalogue_life` statuses and dates of a row (V-) ·
`catalogue_cross` several rows (X-).
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, Protocol

from loan_etl_tui.model.catalogue_cells import CELL_RULES
from loan_etl_tui.model.catalogue_cross import CROSS_RULES
from loan_etl_tui.model.catalogue_file import FILE_RULES
from loan_etl_tui.model.catalogue_life import LIFE_RULES
from loan_etl_tui.model.catalogue_money import MONEY_RULES
from loan_etl_tui.model.rule import ActiveRule, Parameter, Rule

CATALOGUE: dict[str, Rule] = {
    rule.code: rule for rule in (*FILE_RULES, *CELL_RULES, *MONEY_RULES, *LIFE_RULES, *CROSS_RULES)
}


class Override(Protocol):
    """What a config says of one rule, as `config.models.RuleOverride` holds it."""

    @property
    def severity(self) -> str | None:
        """The severity it sets, or None."""

    @property
    def model_extra(self) -> dict[str, Any] | None:
        """The parameters it sets, as text or lists of text."""


class RuleProblem(NamedTuple):
    """One thing wrong with a config's rules.

    Attributes:
        code: the rule as the config names it.
        parameter: the key under it; "severity" also for the short form, "" for the code itself.
        message: what is wrong and what is allowed, to stand after the key's name.
    """

    code: str
    parameter: str
    message: str


class RulesError(ValueError):
    """A config's rules cannot be run; carries every problem, not only the first."""

    def __init__(self, problems: tuple[RuleProblem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        keys = (".".join(part for part in one[:2] if part) for one in self.problems)
        return "; ".join(
            f"{key} {one.message}" for key, one in zip(keys, self.problems, strict=True)
        )


def activate(overrides: Mapping[str, Override]) -> dict[str, ActiveRule]:
    """Decide which rules a pipeline runs, how strictly, and with which limits.

    Args:
        overrides: what the config says, by code.

    Returns:
        The rules in force, in the order of the catalogue. Rules that are off are not among them,
        nor are those whose parameters only a config can know and this one does not give.

    Raises:
        RulesError: an unknown code, parameter or severity, or a value that cannot be read.
    """
    problems = [
        RuleProblem(code, "", "is no rule" + _nearest(code, CATALOGUE))
        for code in overrides
        if code not in CATALOGUE
    ]
    active: dict[str, ActiveRule] = {}
    for code, rule in CATALOGUE.items():
        override = overrides.get(code)
        severity = _severity(rule, override, problems)
        parameters = _parameters(rule, override, problems)
        if severity != "off" and all(name in parameters for name in rule.needs):
            active[code] = ActiveRule(
                code, severity, parameters, bool(getattr(override, "gate", False))
            )
    if problems:
        raise RulesError(tuple(problems))
    return active


def _either(words: tuple[str, ...]) -> str:
    """Write a choice out: "off, W or F"."""
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _nearest(word: str, known: Mapping[str, object]) -> str:
    """Say which right word was probably meant; "" where none is near."""
    near = get_close_matches(word, list(known), n=1)
    near = near or get_close_matches(word.upper(), list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _severity(rule: Rule, override: Override | None, problems: list[RuleProblem]) -> str:
    said = override.severity if override is not None else None
    if said is None or said == rule.severity:
        return rule.severity
    if said not in rule.severities:
        allowed = f"choose {_either(rule.severities)}" if rule.severities else "it is fixed"
        problems.append(RuleProblem(rule.code, "severity", f"is {said!r}; {allowed}"))
    return said


def _parameters(
    rule: Rule, override: Override | None, problems: list[RuleProblem]
) -> dict[str, Any]:
    """Merge the defaults with what the config says; parameters nobody gave are absent."""
    values = {name: p.default for name, p in rule.parameters.items() if p.default is not None}
    if override is None:
        return values
    for name, given in (override.model_extra or {}).items():
        try:
            values[name] = _read(rule.parameters, name, given)
        except ValueError as problem:
            problems.append(RuleProblem(rule.code, name, str(problem)))
    said = override.model_extra or {}
    if override.severity != "off":
        problems += [
            RuleProblem(rule.code, name, f"is missing; it is a {rule.parameters[name].reads}")
            for name in rule.needs
            if name not in said
        ]
    if "min" in values and "max" in values and values["min"] > values["max"]:
        problems.append(RuleProblem(rule.code, "min", f"is above max, {values['max']}"))
    return values


def _read(parameters: Mapping[str, Parameter], name: str, given: object) -> Any:  # noqa: ANN401 - see Parameter.read
    if name not in parameters:
        allowed = f"choose {_either(tuple(parameters))}" if parameters else "this rule has none"
        raise ValueError(f"is no parameter; {allowed}{_nearest(name, parameters)}")
    return parameters[name].read(given)


__all__ = [
    "CATALOGUE",
    "ActiveRule",
    "Override",
    "Parameter",
    "Rule",
    "RuleProblem",
    "RulesError",
    "activate",
]
