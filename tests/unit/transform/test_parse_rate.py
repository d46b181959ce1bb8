"""Rates: the unit is declared, a suffix overrides it, the result is a fraction."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.transform.conftest import Read, ReadColumn

GOLDEN = [
    ("10.65%", "percent", "dot", "0.1065"),
    (" 10.65 %", "percent", "dot", "0.1065"),
    ("10.65", "percent", "dot", "0.1065"),
    ("0.158", "fraction", "dot", "0.158"),
    (".158000", "fraction", "dot", "0.158"),
    ("1065 bps", "percent", "dot", "0.1065"),
    ("13,99", "percent", "comma", "0.1399"),
    ("0.05960000", "fraction", "dot", "0.0596"),
    ("0%", "percent", "dot", "0"),
    ("9%", "fraction", "dot", "0.09"),
    ("0.05999999865889549", "fraction", "dot", "0.06"),
    ("1065", "bps", "dot", "0.1065"),
    ("10.65%", "bps", "dot", "0.1065"),
    ("1065BP", "fraction", "dot", "0.1065"),
    ("-1", "percent", "dot", "-0.01"),
    ("(1.5)%", "percent", "dot", "-0.015"),
    ("13,99 %", "percent", "comma", "0.1399"),
    ("1.5E+01", "percent", "dot", "0.15"),
    ("１０％", "percent", "dot", "0.1"),
    ("999.999999", "fraction", "dot", "999.999999"),
    ("99999.9999", "percent", "dot", "999.999999"),
    ("9999999.99", "bps", "dot", "999.999999"),
]


@pytest.mark.parametrize(("raw", "unit", "decimal", "fraction"), GOLDEN)
def test_rates_become_fractions(
    read: Read, raw: str, unit: str, decimal: str, fraction: str
) -> None:
    assert read("rate", raw, unit=unit, decimal=decimal) == (Decimal(fraction), None)


@pytest.mark.parametrize(
    "raw", ["abc", "%", "10%%", "10 % bps", "$5", "1_0", "10.6.5", "1,06", "pct 5", "5 percent"]
)
def test_what_is_no_rate_is_refused(read: Read, raw: str) -> None:
    assert read("rate", raw, unit="percent") == (None, "C-RATE")


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("1000", "fraction"),
        ("999.9999995", "fraction"),
        ("100000", "percent"),
        ("99999.99999", "percent"),
        ("10000000", "bps"),
        ("100000%", "fraction"),
        ("1E900", "percent"),
    ],
)
def test_a_rate_too_large_for_its_column_is_refused(read: Read, raw: str, unit: str) -> None:
    assert read("rate", raw, unit=unit) == (None, "C-RATE")


@pytest.mark.parametrize("raw", ["", "n/a", "NA", "ND3", "-", None])
def test_a_blank_rate_is_null_and_no_issue(read: Read, raw: str | None) -> None:
    assert read("rate", raw, unit="percent") == (None, None)


@pytest.mark.parametrize("raw", ["999", "999.0", "999.00", "-1", "-1.0", "−1"])
def test_sentinels_are_null_however_they_are_written(read: Read, raw: str) -> None:
    assert read("rate", raw, unit="percent", null_values=["999", "-1"]) == (None, None)


def test_a_capped_rate_keeps_its_value(read: Read) -> None:
    assert read("rate", "10.01", unit="fraction", cap="10.01") == (Decimal("10.01"), None)


@pytest.mark.parametrize(
    ("raw", "unit", "kept"),
    [
        ("0.0000005", "fraction", "0"),
        ("0.0000015", "fraction", "0.000002"),
        ("10.00005", "percent", "0.1"),
        ("10.00015", "percent", "0.100002"),
        ("1000.005", "bps", "0.1"),
        ("1000.015", "bps", "0.100002"),
        ("10.00005%", "fraction", "0.1"),
    ],
)
def test_rates_are_rounded_once_half_to_even(
    read_column: ReadColumn, raw: str, unit: str, kept: str
) -> None:
    parsed = read_column("rate", [raw], unit=unit)
    assert (parsed.value[0].as_py(), parsed.rounded) == (Decimal(kept), 1)
