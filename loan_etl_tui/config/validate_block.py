"""What must hold before anything is loaded, as a config says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator

from loan_etl_tui.config.block import Block, Complaint, Path, Said
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.values import Amount, Count, YesNo
from loan_etl_tui.config.wording import RefusedValueError, given
from loan_etl_tui.model.issues import CATALOGUE, RuleProblem, RulesError, activate
from loan_etl_tui.model.sanitizers import DATE_FORMATS

SEVERITIES = ("off", "W", "R", "F")
_SHARE = r"(100(\.0+)?|\d{1,2}(\.\d+)?)%"


class ControlTotal(Block):
    """A total the delivery must reconcile with."""

    measure: Literal["rows", "sum_original_balance", "sum_principal_paid", "sum_outstanding"]
    where: dict[str, str | int] = Field(default_factory=dict)
    from_: Literal["skipped", "argument", "const"] = Field(default="skipped", alias="from")
    skipped: str | None = None
    key: Count | None = None
    value: int | Amount | None = None
    tolerance: str = "0"
    if_missing: Literal["fail", "warn"] = "fail"
    unprovable: Literal["fail", "warn"] = "fail"

    @field_validator("tolerance", mode="before")
    @classmethod
    def _tolerance_form(cls, value: Any) -> str:  # noqa: ANN401 - raw YAML
        text = str(value)
        if not re.fullmatch(r"\d{1,14}(\.\d{1,9})?(%|/row)?", text):
            raise RefusedValueError(
                "give an amount like 5, a share like 0.01% or an amount per row like 0.005/row"
            )
        return text

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say what a total of this origin needs."""
        origin = said.get("from", "skipped")
        if origin == "skipped":
            yield from _from_skipped_line(said)
        elif origin == "const" and said.get("value") is None:
            yield Complaint(("value",), "is missing; a total from const needs it.")
        elif origin == "argument":
            for key in said.keys() & {"skipped", "key", "value"}:
                words = "has no effect; the total comes with --control-total."
                yield Complaint((key,), words, at_key=True)


def _from_skipped_line(said: Said) -> Iterator[Complaint]:
    for key in ("skipped", "value"):
        if said.get(key) is None:
            yield Complaint((key,), "is missing; a total from skipped lines needs it.")
    if said.get("where") and said.get("key") is None:
        words = "is missing; it numbers the group that must equal the where value."
        yield Complaint(("key",), words)
    value = said.get("value")
    if re.fullmatch(r"-?\d+(\.\d+)?", str(value)) and not re.fullmatch(r"[1-9]\d?", str(value)):
        words = f"{given(value)}; give the number of a group of the skip pattern."
        yield Complaint(("value",), words)


class RuleOverride(Block):
    """How a rule of the catalogue is set for this pipeline; further keys are its parameters."""

    model_config = ConfigDict(extra="allow", frozen=True)

    severity: str | None = Field(default=None, json_schema_extra={"enum": [*SEVERITIES, None]})
    gate: YesNo = False


class Validate(Block):
    """What must hold before anything is loaded."""

    max_rejected: str = "0"
    max_corrections: str | None = None
    rejects_ok: YesNo = False
    control_totals: tuple[ControlTotal, ...] = ()
    rules: dict[str, RuleOverride] = Field(default_factory=dict)

    @field_validator("max_rejected", "max_corrections", mode="before")
    @classmethod
    def _count_or_share(cls, value: Any) -> Any:  # noqa: ANN401 - raw YAML
        if value is None:
            return None
        text = str(value)
        if not re.fullmatch(rf"\d{{1,12}}|{_SHARE}", text):
            raise RefusedValueError("give a count like 20 or a share like 1%")
        return text

    @field_validator("rules", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:  # noqa: ANN401 - raw YAML
        if isinstance(value, dict):
            return {k: {"severity": v} if isinstance(v, str) else v for k, v in value.items()}
        return value

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say what the catalogue of rules has against the rules as set here."""
        rules = said.get("rules")
        if not isinstance(rules, dict):
            return
        overrides = {code: _override(one) for code, one in rules.items() if code in CATALOGUE}
        for code in rules:
            if code not in CATALOGUE:
                hint = did_you_mean(code, CATALOGUE) or "loan-etl rules lists them."
                yield Complaint(("rules", code), "is no rule.", hint, at_key=True)
        try:
            activate(overrides)
        except RulesError as refused:
            for problem in refused.problems:
                yield _of_rule(problem, rules)
        for code, one in overrides.items():
            yield from _date_formats(("rules", code, "formats"), one.model_extra)


@dataclass(frozen=True, slots=True)
class _Override:
    """A rule as written, whatever form its values have."""

    severity: str | None
    model_extra: dict[str, Any]


def _override(said: object) -> _Override:
    if isinstance(said, str):
        return _Override(said, {})
    if isinstance(said, RuleOverride):
        return _Override(said.severity, said.model_extra or {})
    keys = said if isinstance(said, dict) else {}
    severity = keys.get("severity")
    parameters = {k: v for k, v in keys.items() if k not in RuleOverride.model_fields}
    return _Override(severity if isinstance(severity, str) else None, parameters)


def _of_rule(problem: RuleProblem, rules: Said) -> Complaint:
    """Hand on what the catalogue says, with its suggestion as the hint."""
    words, _, near = problem.message.partition("; did you mean ")
    path: Path = ("rules", problem.code)
    # In the short form the value of the rule is its severity.
    if isinstance(rules[problem.code], dict) or problem.parameter != "severity":
        path = (*path, problem.parameter)
    hint = f"did you mean {near.rstrip('?')!r}?" if near else ""
    return Complaint(path, f"{words}.", hint, at_key="is no parameter" in words)


def _date_formats(path: Path, parameters: Said) -> Iterator[Complaint]:
    """Check the formats a rule reads dates with, as a field's own are checked."""
    formats = parameters.get("formats")
    for number, one in enumerate(formats if isinstance(formats, list | tuple) else ()):
        if isinstance(one, str) and one not in DATE_FORMATS:
            words = f"{given(one)}; choose {listed(DATE_FORMATS)}."
            yield Complaint((*path, number), words, did_you_mean(one, DATE_FORMATS))
