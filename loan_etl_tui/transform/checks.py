"""Columns that only rules look at: reported balances, identity parts, closing dates, hints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import Columns, FieldSpec, Hint
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ISSUES
from loan_etl_tui.transform.fields import read_source
from loan_etl_tui.transform.findings import Positions, column_findings, expected_of


def check_inputs(rules: Mapping[str, Any]) -> dict[str, FieldSpec]:
    """List the columns that the rules in force look at, by the name they get among the rows."""
    wanted: dict[str, FieldSpec] = {}
    if "X-BAL" in rules:
        said = rules["X-BAL"].parameters
        wanted["check.balance"] = _money(said["from"], said.get("via") or "money")
    if "V-IDENT" in rules:
        said = rules["V-IDENT"].parameters
        wanted["check.total"] = _money(said["total"])
        for number, part in enumerate(said["parts"], start=1):
            wanted[f"check.part_{number}"] = _money(part)
    for code, name in (("V-CLOSED", "check.closed_date"), ("V-DEFDATE", "check.default_date")):
        if code in rules:
            wanted[name] = _date(rules[code].parameters)
    return wanted


def _money(columns: Columns, via: str = "money") -> FieldSpec:
    return FieldSpec.model_validate({"from": columns, "via": via})


def _date(parameters: Mapping[str, Any]) -> FieldSpec:
    formats = parameters.get("formats") or ("ISO",)
    said = {"from": parameters["from"], "via": "date", "formats": formats}
    return FieldSpec.model_validate(said)


def check_columns(
    raw: pa.Table, plan: Plan, where: Positions
) -> tuple[dict[str, pa.Array], pa.Table]:
    """Read the columns of the rules in force; a cell that cannot be read is a warning.

    Returns:
        (n,) columns named `check.…` (absent where the tape lacks one), and (m,) findings.
    """
    columns: dict[str, pa.Array] = {}
    found = [ISSUES.empty_table()]
    for name, spec in check_inputs(plan.rules).items():
        if spec.from_ is None or plan.find(spec.from_) is None:
            continue
        read = read_source(spec.from_, spec, raw, plan)
        columns[name] = read.value
        field = str(spec.from_[0] if isinstance(spec.from_, tuple) else spec.from_)
        expected = expected_of(spec)
        found.append(
            column_findings(where, field, read, expected, dict(plan.rules), only_warn=True)
        )
    hint = plan.transform.record_date.hint if plan.transform.record_date else None
    if hint is not None:
        columns |= _hint(hint, raw, plan)
    return columns, pa.concat_tables(found)


def hint_columns(hint: Hint) -> tuple[str | int, ...]:
    """Source columns a record date hint looks at."""
    named = (hint.from_, hint.month_of, hint.plus_months)
    return tuple(name for name in named if name is not None)


def _hint(hint: Hint, raw: pa.Table, plan: Plan) -> dict[str, pa.Array]:
    first = hint.from_ if hint.from_ is not None else hint.month_of
    if first is None or any(plan.find(name) is None for name in hint_columns(hint)):
        return {}
    said = {"from": first, "via": "date", "formats": hint.formats}
    dates = read_source(first, FieldSpec.model_validate(said), raw, plan).value
    if hint.plus_months is not None:
        months = FieldSpec.model_validate({"from": hint.plus_months, "via": "int"})
        dates = _plus_months(dates, read_source(hint.plus_months, months, raw, plan).value)
    return {"check.hint": dates}


def _plus_months(dates: pa.Array, months: pa.Array) -> pa.Array:
    """First day of the month that lies so many months after each date's month."""
    known = pc.and_(pc.is_valid(dates), pc.is_valid(months)).to_numpy(zero_copy_only=False)
    start = pc.fill_null(dates.cast(pa.int32()), 0).to_numpy().astype("datetime64[D]")
    # Bounded, so that a nonsense count of months cannot leave the calendar.
    step = np.clip(pc.fill_null(months, 0).to_numpy(), -1200, 1200)
    moved = (start.astype("datetime64[M]") + step.astype("timedelta64[M]")).astype("datetime64[D]")
    return pa.array(moved.astype("int32"), pa.int32(), mask=~known).cast(pa.date32())
