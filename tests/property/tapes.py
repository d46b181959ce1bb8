"""Synthetic raw batches for the heart: a small config, and cells from clean to hostile."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import strategies as st

from loan_etl_tui.config.models import PipelineConfig
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import raw_schema
from loan_etl_tui.model.issues import activate

COLUMNS = ("id", "issued", "amount", "rate", "term", "state", "paid", "left", "state_word", "note")

CONFIG = {
    "platform": "testplatform",
    "source": {"path": "inbox/x.csv"},
    "transform": {
        "currency": "USD",
        "country": "US",
        "record_date": {"const": "2020-06-30"},
        "private": [],
        "loan": {
            "loan_id": {"from": "id", "via": "id"},
            "issue_date": {"from": "issued", "via": "date", "formats": ["ISO"]},
            "original_balance": {"from": "amount", "via": "money"},
            "interest_rate": {"from": "rate", "via": "rate", "unit": "percent"},
            "term_months": {"from": "term", "via": "term", "unit": "months"},
            "region": {"from": "state", "via": "state"},
            "extra": {"note": {"from": "note", "via": "text", "max": 20}},
        },
        "status": {
            "principal_paid": {"from": "paid", "via": "money", "as": "cumulative"},
            "principal_charged_off": {
                "when_status": ["CHARGED_OFF"],
                "formula": "original_minus_paid",
            },
            "extra": {"left": {"from": "left", "via": "money"}},
        },
        "loan_status": {
            "from": "state_word",
            "words": {
                "Current": {"status": "CURRENT", "dpd": [0, 0]},
                "Charged Off": "CHARGED_OFF",
                "Fully Paid": {"status": "PAID_OFF", "dpd": [0, 0]},
            },
        },
    },
    "validate": {"rules": {"X-BAL": {"from": "left", "via": "money", "tolerance": "0.02"}}},
}

BALANCE = {"principal_paid": {"from": "left", "via": "money", "as": "balance"}}


def config(*, balance: bool = False) -> PipelineConfig:
    """The synthetic pipeline, with paid principal cumulative or as a balance."""
    transform = dict(CONFIG["transform"])
    if balance:
        transform["status"] = BALANCE
    return PipelineConfig.model_validate(CONFIG | {"transform": transform})


def plan_of(*, balance: bool = False) -> Plan:
    """A plan over the synthetic columns."""
    pipeline = config(balance=balance)
    return Plan(
        platform=pipeline.platform,
        transform=pipeline.transform,
        rules=activate(pipeline.validate_.rules),
        header={name: name for name in COLUMNS},
        record_date=date(2020, 6, 30),
        today=date(2020, 7, 1),
        decimal_digits=15,
    )


_CLEAN = {
    "id": st.integers(1, 10**7).map(str),
    "issued": st.dates(date(2015, 1, 1), date(2020, 5, 31)).map(str),
    "amount": st.decimals(1, 40_000, places=2).map(str),
    "rate": st.decimals(5, 31, places=2).map(lambda rate: f"{rate}%"),
    "term": st.sampled_from([" 36 months", "60"]),
    "state": st.sampled_from(["CA", "ny", ""]),
    "paid": st.decimals(0, 40_000, places=4).map(str),
    "left": st.decimals(0, 40_000, places=2).map(str),
    "state_word": st.sampled_from(["Current", "Charged Off", "Fully Paid"]),
    "note": st.text(max_size=8),
}
_HOSTILE = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "n/a", "1e400", "NaN", "12,34.5", "=1+1", "９９", "٣", "1_000", "-", "31/02/2014"]
    ),
)


@st.composite
def raw_batches(draw: st.DrawFn, *, clean: bool = False) -> pa.Table:
    """Raw rows: mostly readable, some hostile, some broken records."""
    rows = draw(st.integers(0, 8))
    columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    faults: list[str | None] = []
    for _ in range(rows):
        broken = not clean and draw(st.integers(0, 9)) == 0
        faults.append("F-RAGGED" if broken else None)
        for name in COLUMNS:
            cell = _CLEAN[name] if clean else st.one_of(_CLEAN[name], _CLEAN[name], _HOSTILE)
            columns[name].append(None if broken else draw(cell))
    return raw_table(columns, faults)


def raw_table(columns: dict[str, list[str | None]], faults: list[str | None]) -> pa.Table:
    """Bring cells into the form of a raw batch."""
    rows = len(faults)
    numbers = list(range(1, rows + 1))
    return pa.table(
        {
            "file": [0] * rows,
            "record": numbers,
            "line": [n + 1 for n in numbers],
            "offset": [n * 100 for n in numbers],
            "length": [100] * rows,
            "text": [f"record {n}\n" for n in numbers],
            "fault": faults,
            "observed": [fault and "9 fields, 10 expected" for fault in faults],
            **{f"source.{name}": columns[name] for name in COLUMNS},
        },
        schema=raw_schema(COLUMNS),
    )
