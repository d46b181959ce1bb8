"""One sound loan as a typed row, to be spoilt fact by fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from loan_etl_tui.config.models import RuleOverride, Transform
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import ARROW, MONEY, RATE
from loan_etl_tui.model.issues import activate
from loan_etl_tui.model.loan import LOAN_FACTS, STATUS_FACTS
from loan_etl_tui.validate.cells import check_cells
from loan_etl_tui.validate.rows import check_rows

TYPES: dict[str, pa.DataType] = {
    "file": pa.int32(),
    "record": pa.int64(),
    "line": pa.int64(),
    "loan_id": pa.string(),
    "record_date": pa.date32(),
    "rejected": pa.bool_(),
    **{f"loan.{fact.name}": ARROW[fact.kind] for fact in LOAN_FACTS},
    **{f"status.{fact.name}": ARROW[fact.kind] for fact in STATUS_FACTS},
    "loan.extra.ltv": RATE,
    "check.balance": MONEY,
    "check.total": MONEY,
    "check.part_1": MONEY,
    "check.part_2": MONEY,
    "check.word_dpd_min": pa.int16(),
    "check.word_dpd_max": pa.int16(),
    "check.closed_date": pa.date32(),
    "check.default_date": pa.date32(),
    "check.hint": pa.date32(),
}

# 10,000 over 36 months at 12 %: an instalment of 332.1431, a year on books, on schedule.
SOUND: dict[str, Any] = {
    "file": 0,
    "record": 1,
    "line": 2,
    "loan_id": "1077501",
    "record_date": date(2016, 1, 31),
    "rejected": False,
    "loan.issue_date": date(2015, 1, 15),
    "loan.original_balance": "10000",
    "loan.interest_rate": "0.12",
    "loan.term_months": 36,
    "loan.maturity_date": date(2018, 1, 15),
    "loan.monthly_payment": "332.14",
    "loan.credit_score": 700,
    "loan.dti": "0.2",
    "loan.country": "US",
    "loan.platform_rating": "B",
    "status.loan_status": "CURRENT",
    "status.principal_paid": "2943.95",
    "status.interest_paid": "1041.77",
    "status.fees_paid": "0",
    "status.recoveries": "0",
    "status.principal_charged_off": None,
    "status.dpd_min": 0,
    "status.dpd_max": 0,
    "status.last_payment_date": date(2016, 1, 15),
    "status.next_payment_date": date(2016, 2, 15),
}


def make_rows(*facts: Mapping[str, Any]) -> pa.Table:
    """One sound loan per mapping, with these facts changed; `...` takes a column away."""
    records = [
        SOUND | {"record": number, "line": number + 1} | dict(changed)
        for number, changed in enumerate(facts, start=1)
    ]
    names = [name for name in records[0] if records[0][name] is not ...]
    return pa.table({name: _column(name, [one[name] for one in records]) for name in names})


def make_plan(rules: Mapping[str, Mapping[str, Any]] | None = None, **said: Any) -> Plan:
    """The plan of a small tape; keyword arguments are keys of `transform:` or of the plan."""
    overrides = {code: RuleOverride.model_validate(one) for code, one in (rules or {}).items()}
    digits = said.pop("decimal_digits", 18)
    block = {
        "currency": "USD",
        "record_date": {"from": "argument"},
        "loan": {
            "loan_id": {"from": "id"},
            "issue_date": {"from": "issued", "via": "date", "formats": ["ISO"]},
            "original_balance": {"from": "amount", "via": "money"},
        },
        "loan_status": {"const": "CURRENT"},
    }
    if said.get("shape") == "origination":
        del block["record_date"]
    transform = Transform.model_validate(block | said)
    return Plan("lender", transform, activate(overrides), decimal_digits=digits)


def _column(name: str, values: list[Any]) -> pa.Array:
    kind = TYPES[name]
    if pa.types.is_decimal(kind):
        values = [None if one is None else Decimal(one) for one in values]
    return pa.array(values, kind)


@pytest.fixture
def sound() -> dict[str, Any]:
    """The facts of the sound loan."""
    return dict(SOUND)


@pytest.fixture
def rows() -> Callable[..., pa.Table]:
    """Typed rows: one sound loan per mapping of changed facts."""
    return make_rows


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """The plan of a small tape."""
    return make_plan


@pytest.fixture
def findings() -> Callable[..., list[dict[str, Any]]]:
    """What cell and row rules find in one loan with changed facts."""

    def find(facts: Mapping[str, Any], rules: Any = None, **said: Any) -> list[dict[str, Any]]:
        table, plan = make_rows(facts), make_plan(rules, **said)
        return [*check_cells(table, plan).to_pylist(), *check_rows(table, plan).to_pylist()]

    return find


@pytest.fixture
def codes(findings: Callable[..., list[dict[str, Any]]]) -> Callable[..., set[str]]:
    """The codes of what cell and row rules find in one loan with changed facts."""
    return lambda facts, rules=None, **said: {
        one["code"] for one in findings(facts, rules, **said)
    }
