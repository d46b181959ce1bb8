"""Amounts and numbers: exact, in the declared style and currency."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from loan_etl_tui.model.frames import MONEY
from loan_etl_tui.transform.parse.money import read_money, read_number
from tests.unit.transform.conftest import Read, ReadColumn

DOT = [
    ("$1,234.50", "1234.50"),
    ("(1,234.50)", "-1234.50"),
    ("-$133.18", "-133.18"),
    ("1,234.50-", "-1234.50"),
    ("−133.18", "-133.18"),
    ("1.0E+05", "100000"),
    ("1'234.50", "1234.50"),
    ("1’234.50", "1234.50"),
    ("1\u00a0234.50", "1234.50"),
    ("20 581.76", "20581.76"),
    ("51000.00000000", "51000"),
    ("USD 10,000", "10000"),
    ("10,000 USD", "10000"),
    ("USD10,000", "10000"),
    ("$-5", "-5"),
    ("$(5.00)", "-5"),
    ("($5.00)", "-5"),
    ("$ 5", "5"),
    ("US$5", "5"),
    ("- 5", "-5"),
    ("+5", "5"),
    ("5.", "5"),
    (".5", "0.5"),
    ("-.5", "-0.5"),
    ("-0.00", "0"),
    ("007", "7"),
    ("000000000000000007.5", "7.5"),
    ("1e5", "100000"),
    ("15E-1", "1.5"),
    ("0E999", "0"),
    ("１２３．４５", "123.45"),
    (" 5 ", "5"),
    ('="5"', "5"),
    ("999999999999.9999", "999999999999.9999"),
    ("-999999999999.9999", "-999999999999.9999"),
]

COMMA = [
    ("1\u202f234,50", "1234.50"),
    ("1 234,50 €", "1234.50"),
    ("1.234,50", "1234.50"),
    ("1,234", "1.234"),
    ("1.234", "1234"),
    ("1'234,50", "1234.50"),
    ("EUR 1.234.567,89", "1234567.89"),
    ("-1.234,50 €", "-1234.50"),
    (",5", "0.5"),
    ("1,0E+05", "100000"),
]

WRONG = [
    "12,34.5",
    "1.234.5",
    "abc",
    "1,2,3",
    "5%",
    "1_000",
    "nan5",
    "Infinity",
    "inf",
    "sNaN",
    "٣",
    "٣٫٥",
    "1,234 567",
    "1, 234",
    "1,,234",
    "12 34",
    "1  234",
    "--5",
    "-5-",
    "(-5)",
    "(5",
    "5)",
    "()",
    "$",
    "$$5",
    "USD",
    "+",
    "$5 USD",
    "5 5",
    "0x1F",
    "1E",
    "E5",
    "1E+",
    "1E1000",
    "1,234E5",
    "1/2",
    "½",
    "1e400",
    "1E12",
    "1000000000000",
    "999999999999.99995",
    "1.2.3",
    "5,",
    "Total",
    "1\x00",
]


@pytest.mark.parametrize(("raw", "amount"), DOT)
def test_amounts_are_read_exactly(read: Read, raw: str, amount: str) -> None:
    assert read("money", raw) == (Decimal(amount), None)


@pytest.mark.parametrize(("raw", "amount"), COMMA)
def test_amounts_with_a_decimal_comma_are_read_exactly(read: Read, raw: str, amount: str) -> None:
    assert read("money", raw, decimal="comma", currency="EUR") == (Decimal(amount), None)


def test_pounds_are_read_where_pounds_are_declared(read: Read) -> None:
    assert read("money", "£707,000,000", currency="GBP") == (Decimal(707000000), None)


@pytest.mark.parametrize("raw", WRONG)
def test_what_is_no_amount_is_refused(read: Read, raw: str) -> None:
    assert read("money", raw) == (None, "C-MONEY")


@pytest.mark.parametrize("raw", ["12.34,5", "1,234.50", "1,234,567", "1.23", "1,2,3", "1,234E5,1"])
def test_the_other_style_is_refused_where_a_comma_is_declared(read: Read, raw: str) -> None:
    assert read("money", raw, decimal="comma") == (None, "C-MONEY")


@pytest.mark.parametrize(
    "raw", ["£5,000", "€5", "5 €", "EUR 5", "5 GBP", "C$5", "5 kr", "R$ 5", "XYZ 5"]
)
def test_another_currency_than_the_declared_one_is_refused(read: Read, raw: str) -> None:
    assert read("money", raw) == (None, "C-CURR")


@pytest.mark.parametrize(
    ("raw", "currency"),
    [("$5", "CAD"), ("C$5", "CAD"), ("¥5", "JPY"), ("¥5", "CNY"), ("5 kr", "SEK"), ("5 zł", "PLN")],
)
def test_a_sign_fits_every_currency_it_can_stand_for(read: Read, raw: str, currency: str) -> None:
    assert read("money", raw, currency=currency) == (Decimal(5), None)


@pytest.mark.parametrize("raw", ["n/a", "-", "ND5", "ND,4,2014-06", "", "  ", "–", "NaN", None])
def test_null_words_are_null_and_no_issue(read: Read, raw: str | None) -> None:
    assert read("money", raw) == (None, None)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (".165160", "0.1652"),
        ("5861.07141425", "5861.0714"),
        ("0.00005", "0"),
        ("0.00015", "0.0002"),
        ("-0.00025", "-0.0002"),
        ("0.000150000000000000000000001", "0.0002"),
        ("0.00014999999999999999999999999999", "0.0001"),
        ("1E-400", "0"),
    ],
)
def test_more_decimals_are_rounded_half_to_even_and_counted(
    read_column: ReadColumn, raw: str, kept: str
) -> None:
    parsed = read_column("money", [raw])
    assert parsed.value[0].as_py() == Decimal(kept)
    assert parsed.issue.null_count == 1
    assert parsed.rounded == 1


def test_rounded_counts_cells_and_not_distinct_texts(read_column: ReadColumn) -> None:
    assert read_column("money", ["1.00001"] * 3 + ["1.5"] * 3 + [None]).rounded == 3


def test_the_plain_function_keeps_more_digits_than_pythons_context() -> None:
    text = "1." + "0" * 40 + "1"
    cell = read_money(text, "dot", "USD")
    assert (cell.value, cell.rounded) == (Decimal(1), True)


@pytest.mark.parametrize("raw", ["$5", "5 USD", "USD 5", "5%"])
def test_a_plain_number_has_no_currency(read: Read, raw: str) -> None:
    assert read("number", raw) == (None, "C-MONEY")


@pytest.mark.parametrize("raw", ["1,234.5", "1234.5", "(1,234.5)", "1234.5-"])
def test_a_plain_number_is_read_like_an_amount(raw: str) -> None:
    value = read_number(raw, "dot").value
    assert value is not None
    assert abs(value) == Decimal("1234.5")


def test_a_null_value_covers_every_way_to_write_it(read: Read) -> None:
    written = [read("money", raw, null_values=["0"]) for raw in (".000000", "0", "0.00", "$0")]
    assert written == [(None, None)] * 4


def test_a_word_taken_off_the_list_is_refused(read: Read) -> None:
    assert read("money", "-", not_null_values=["-"]) == (None, "C-MONEY")


def test_cells_from_every_path_end_up_in_their_own_rows(read_column: ReadColumn) -> None:
    cells = ["1.5", "$2,000.00", "n/a", "3.123456", None, "(4)", "oops", " 5 ", "€6", "7\u00a0000"]
    parsed = read_column("money", cells)
    wanted = ["1.5", "2000", None, "3.1235", None, "-4", None, "5", None, "7000"]
    assert parsed.value == pa.array(
        [w and Decimal(w).quantize(Decimal("0.0001")) for w in wanted], MONEY
    )
    assert parsed.issue.to_pylist() == [None] * 6 + ["C-MONEY", None, "C-CURR", None]


def test_a_cell_of_a_million_digits_is_refused_at_once(read: Read) -> None:
    for cell in ("9" * 1_000_000, "1" + " " * 1_000_000 + "x", "$" * 1_000_000, "1,111" * 200_000):
        assert read("money", cell) == (None, "C-MONEY")


def test_a_million_decimals_are_rounded_once(read: Read) -> None:
    assert read("money", "0." + "3" * 1_000_000) == (Decimal("0.3333"), None)
