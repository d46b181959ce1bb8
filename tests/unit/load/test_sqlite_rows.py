"""Decimals become the doubles next to them, and extras are merged key by key."""

from __future__ import annotations

import json
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.load.sqlite_rows import bind_rows, merged_json
from loan_etl_tui.model.errors import LawBroken
from loan_etl_tui.model.frames import MONEY, RATE

amounts = st.none() | st.integers(-(10**15) + 1, 10**15 - 1).map(lambda n: Decimal(n).scaleb(-4))


@given(st.lists(amounts, min_size=1), st.integers(0, 3))
def test_every_amount_is_the_double_nearest_to_it(values: list[Decimal | None], start: int) -> None:
    column = pa.array([None] * start + values, MONEY).slice(start)
    found = [row[0] for row in bind_rows(pa.table({"a": column}))]
    assert found == [None if value is None else float(value) for value in values]
    texts = [None if value is None else Decimal(f"{value:.4f}") for value in found]
    assert texts == values


@pytest.mark.parametrize("text", ["100000000000.0000", "-99999999999999.9999"])
def test_sixteen_digits_are_refused(text: str) -> None:
    with pytest.raises(LawBroken, match="15 digits"):
        list(bind_rows(pa.table({"a": pa.array([Decimal(text)], MONEY)})))


def test_rates_keep_their_six_places() -> None:
    column = pa.array([Decimal("0.106500"), Decimal("999.999999"), None], RATE)
    assert [row[0] for row in bind_rows(pa.table({"a": column}))] == [0.1065, 999.999999, None]


objects = st.none() | st.dictionaries(
    st.sampled_from("abc"), st.sampled_from([1, "x", True, "0.5"]), min_size=1
)


@given(objects, objects, st.sets(st.sampled_from("abc")))
def test_taken_keys_come_from_the_delivery_and_others_stay(
    stored: dict[str, object] | None, given: dict[str, object] | None, taken: set[str]
) -> None:
    before, new = stored or {}, given or {}
    expected = {key: value for key, value in before.items() if key not in taken}
    expected |= {key: value for key, value in new.items() if key in taken}
    texts = [None if one is None else json.dumps(one) for one in (stored, given)]
    merged = merged_json(*texts, json.dumps(sorted(taken)))
    assert (None if merged is None else json.loads(merged)) == (expected or None)
