"""Laws that hold for every parser and every text, however hostile."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.model.frames import ARROW
from loan_etl_tui.model.sanitizers import SANITIZERS
from loan_etl_tui.transform.parse import READERS, parse_column
from loan_etl_tui.transform.parse.base import Context, Parsed, read_cell
from loan_etl_tui.transform.sanitize import clean_cell


@dataclass(frozen=True)
class Case:
    """One sanitizer with parameters, pieces of text that nearly fit it, and its spelling.

    `text_of` writes a value the way the column declares, so that it can be read again.
    """

    via: str
    pieces: tuple[str, ...]
    parameters: dict[str, Any] = field(default_factory=dict)
    text_of: Callable[[Any], str] = str
    currency: str = "USD"

    @property
    def spec(self) -> FieldSpec:
        return FieldSpec.model_validate({"from": "column", "via": self.via, **self.parameters})

    @property
    def context(self) -> Context:
        return Context(("TOKEN",), self.currency, date(2014, 3, 31))

    def parse(self, cells: list[str | None]) -> Parsed:
        return parse_column(self.via, pa.array(cells, pa.string()), self.spec, self.context)

    def __str__(self) -> str:
        said = "_".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.via}({said[:60]})"


def with_comma(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


def percent(rate: Decimal) -> str:
    return f"{rate * 100:f}"


def basis_points(rate: Decimal) -> str:
    return with_comma(rate * 10000)


def month_name(day: date) -> str:
    return f"{_MONTHS[day.month - 1]}-{day.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NUMBER = (
    "0",
    "7",
    "12",
    "123",
    "999",
    "000",
    ".",
    ",",
    " ",
    "'",
    "-",
    "+",
    "(",
    ")",
    "E+05",
    "99999",
)
MONEY = (*NUMBER, "$", "€", "USD", "EUR", "\u00a0", "−", "’", "%", "kr", "_", "US$", "１")
DATES = ("2014", "02", "-", "/", ".", "T", " ", "08:28:07", ".263", "Z", "+0000", "Dec", "31", "14")
WORDS = ("a", "B", " ", "  ", "_", "NULL", "NaN", "é", "İ", "ß", "Σ", "=", '"', "(", ")", "\x00")
IDS = (
    "1077501",
    ".0",
    "F20Q",
    "E+06",
    "e-5",
    "'",
    '="',
    '"',
    "{",
    "}",
    "abc",
    "ND4-",
    "-",
    "/",
    "NA",
)
IDS = (*IDS, "F0660C80-83F3-4A97-8DA0-9C250112D6EC", "\x01", "é", " ", "ı")

CODES = {"4": "four", "x": None}

CASES = [
    Case("money", MONEY),
    Case("money", MONEY, {"decimal": "comma"}, with_comma, "EUR"),
    Case("money", MONEY, {"null_values": ["0", "999"]}),
    Case("number", MONEY),
    Case("number", MONEY, {"decimal": "comma"}, with_comma),
    Case("rate", (*NUMBER, "%", "bps", " %"), {"unit": "percent"}, percent),
    Case("rate", (*NUMBER, "%", "bps", " %"), {"unit": "fraction", "null_values": ["999", "-1"]}),
    Case(
        "rate", (*NUMBER, "%"), {"unit": "bps", "decimal": "comma"}, lambda r: with_comma(r * 10000)
    ),
    Case("term", ("36", "3", ".5", " ", "months", "y", "P", "M", "d."), {"unit": "months"}),
    Case("term", ("36", "3", ".5", " ", "months", "days"), {"unit": "days"}, lambda m: f"{m} m"),
    Case("date", DATES, {"formats": ["ISO"]}),
    Case("date", DATES, {"formats": ["Mon-YYYY", "Mon-YY", "YYYY-MM"]}, month_name),
    Case("date", DATES, {"formats": ["ISO", "excel", "epoch_s"], "null_values": ["2014-02-14"]}),
    Case("date", DATES, {"formats": ["MM/DD/YYYY", "DD/MM/YYYY", "ISO"]}),
    Case("id", IDS),
    Case("id", IDS, {"pattern": r"^[0-9A-F]{3,12}"}),
    Case("id", IDS, {"pattern": r"(abc|\d)+$"}),
    Case("id", IDS, {"case": "keep"}),
    Case("id", IDS, {"case": "lower"}),
    Case("id", IDS, {"case": "upper"}),
    Case("int", NUMBER),
    Case("int", NUMBER, {"decimal": "comma", "null_values": ["12"]}),
    Case("bool", ("Y", "n", "1", "0", ".0", "true", "9", " "), {"null_codes": ["9"]}),
    Case("score", ("660", "-", "664", " to ", "+", "0", ".5", "9999", "NONE")),
    Case("state", ("CA", "US-", "new", " ", "york", "ND", "XX", "1")),
    Case("grade", ("A", "+", " ", "(low)", "(", ")", "N/A", "-", "B2" * 20)),
    Case("text", WORDS),
    Case("text", WORDS, {"lower": True, "max": 6}),
    Case("slug", WORDS, {"max": 6}),
    Case("slug", WORDS, {"null_values": ["a_b"]}),
    Case("zip3", ("941", "05", "xx", "-1234", ".0", "0", " ")),
    Case(
        "emp_length", ("< ", "1", "10", "+", " years", "year", "UpTo", "MoreThan", "Years", "n/a")
    ),
    Case(
        "code", ("0", "4", ".0", "-", "x", "NULL"), {"map": {"4": "four", "x": None}}, lambda _: "4"
    ),
]
# Each law runs once per case; a profile with more examples scales them all.
EXAMPLES = settings().max_examples

ALL = pytest.mark.parametrize("case", CASES, ids=str)

FULL_WIDTH = "".join(chr(ord(c) + 0xFEE0) for c in string.digits)
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\x00\x1b\u200b\u202e\ufeff\u2212\u2013½٣Ⅷ\U0001f4b0" + FULL_WIDTH),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)


def nearly(case: Case) -> st.SearchStrategy[str]:
    """Texts made of pieces that make sense to this sanitizer, and hostile ones."""
    made = st.lists(st.sampled_from(case.pieces), max_size=7).map("".join)
    return st.one_of(made, made, HOSTILE)


def columns(case: Case) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.one_of(st.none(), nearly(case)), max_size=25)


@ALL
@settings(deadline=None, max_examples=EXAMPLES // 2)
@given(data=st.data())
def test_a_column_says_what_its_cells_say(case: Case, data: st.DataObject) -> None:
    cells = data.draw(columns(case))
    reader = READERS[case.via](case.spec, case.context)
    singly = [
        (None, None, False) if cell is None else read_cell(clean_cell(cell), reader)
        for cell in cells
    ]
    parsed = case.parse(cells)
    assert parsed.value == pa.array([one[0] for one in singly], parsed.value.type)
    assert parsed.issue.to_pylist() == [one[1] for one in singly]
    assert parsed.rounded == sum(one[2] for one in singly)


@ALL
@settings(deadline=None, max_examples=EXAMPLES // 4)
@given(data=st.data())
def test_clean_stays_clean(case: Case, data: st.DataObject) -> None:
    parsed = case.parse(data.draw(columns(case)))
    clean = [
        value
        for value, issue in zip(parsed.value.to_pylist(), parsed.issue.to_pylist(), strict=True)
        if value is not None and issue is None
    ]
    again = case.parse([case.text_of(value) for value in clean])
    if case.text_of is month_name:
        clean = [day.replace(day=1) for day in clean]
    assert again.value.to_pylist() == clean
    assert again.issue.null_count == len(clean)
    assert again.rounded == 0


@ALL
@settings(deadline=None, max_examples=EXAMPLES // 6)
@given(data=st.data())
def test_cutting_a_column_changes_nothing(case: Case, data: st.DataObject) -> None:
    cells = data.draw(columns(case))
    cut = data.draw(st.integers(0, len(cells)))
    whole, first, second = case.parse(cells), case.parse(cells[:cut]), case.parse(cells[cut:])
    assert whole.value.to_pylist() == first.value.to_pylist() + second.value.to_pylist()
    assert whole.issue.to_pylist() == first.issue.to_pylist() + second.issue.to_pylist()
    assert whole.rounded == first.rounded + second.rounded


@ALL
@settings(deadline=None, max_examples=EXAMPLES // 6)
@given(data=st.data())
def test_how_the_column_lies_in_memory_changes_nothing(case: Case, data: st.DataObject) -> None:
    cells = data.draw(columns(case))
    text = pa.array(["before", *cells, None], pa.string()).slice(1, len(cells))
    plain = case.parse(cells)
    chunked = pa.chunked_array([text.slice(0, 2), text.slice(2)], pa.string())
    for shaped in (text, chunked, text.cast(pa.large_string()), text.dictionary_encode()):
        parsed = parse_column(case.via, shaped, case.spec, case.context)
        assert parsed.value == plain.value
        assert parsed.issue == plain.issue
    assert text.to_pylist() == cells


@ALL
@pytest.mark.parametrize("cells", [[], [None], [None] * 3, [""], ["", None]], ids=repr)
def test_a_column_without_values_has_the_declared_types(
    case: Case, cells: list[str | None]
) -> None:
    parsed = case.parse(cells)
    kind = pa.bool_() if case.via == "bool" else ARROW[SANITIZERS[case.via].kind]
    assert parsed.value.type == kind
    assert parsed.issue.type == pa.string()
    assert parsed.value.null_count == parsed.issue.null_count == len(cells)


@ALL
def test_a_token_of_the_feed_is_null_everywhere(case: Case) -> None:
    parsed = case.parse(["TOKEN", " TOKEN "])
    assert parsed.value.null_count == parsed.issue.null_count == 2


def test_every_named_sanitizer_has_a_reader_and_a_law_case() -> None:
    assert READERS.keys() == SANITIZERS.keys() == {case.via for case in CASES}


@ALL
@settings(deadline=None, max_examples=EXAMPLES // 10)
@given(data=st.data())
def test_a_column_that_repeats_itself_is_read_like_one_that_does_not(
    case: Case, data: st.DataObject
) -> None:
    cells = data.draw(columns(case))
    once, thrice = case.parse(cells), case.parse(cells * 3)
    assert thrice.value.to_pylist() == once.value.to_pylist() * 3
    assert thrice.issue.to_pylist() == once.issue.to_pylist() * 3
    assert thrice.rounded == once.rounded * 3
