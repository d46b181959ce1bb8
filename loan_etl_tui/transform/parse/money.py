"""Read amounts of money, and plain numbers kept with the same exactness."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.model.frames import MONEY
from loan_etl_tui.model.loan import MONEY_SCALE
from loan_etl_tui.transform.parse.base import Cell, Context, Reader, values_of, words_of
from loan_etl_tui.transform.parse.number import (
    DecimalStyle,
    Plain,
    decorated_kernel,
    exact_kernel,
    fit,
    read_signed,
    read_unsigned,
    rounding_kernel,
    signed,
    split_sign,
)

INTEGER_DIGITS = 12
_SMALLEST = Decimal(1).scaleb(-MONEY_SCALE)

_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "TWD"})
_CROWNS = frozenset({"SEK", "NOK", "DKK", "ISK"})

# Which currencies a sign can stand for: it must not contradict the declared one, no more.
SIGNS: dict[str, frozenset[str]] = {
    "$": _DOLLARS,
    "US$": frozenset({"USD"}),
    "C$": frozenset({"CAD"}),
    "CA$": frozenset({"CAD"}),
    "A$": frozenset({"AUD"}),
    "NZ$": frozenset({"NZD"}),
    "S$": frozenset({"SGD"}),
    "HK$": frozenset({"HKD"}),
    "R$": frozenset({"BRL"}),
    "£": frozenset({"GBP"}),
    "€": frozenset({"EUR"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "₽": frozenset({"RUB"}),
    "₸": frozenset({"KZT"}),
    "₾": frozenset({"GEL"}),
    "₴": frozenset({"UAH"}),
    "₺": frozenset({"TRY"}),
    "kr": _CROWNS,
    "zł": frozenset({"PLN"}),
    "Kč": frozenset({"CZK"}),
}

_MARK = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True)) + "|[A-Z]{3}"
_LONGEST_MARK = 3
_LEADING = re.compile(f"({_MARK}) *")
_TRAILING = re.compile(f"({_MARK})$")


def read_money(text: str, style: DecimalStyle, currency: str) -> Cell[Decimal]:
    """Read one amount.

    One currency sign or ISO code may stand before or after the number; it must agree with the
    declared currency.

    Args:
        text: a cleaned cell.
        style: which sign separates the decimals.
        currency: ISO 4217 code the column is declared in.

    Returns:
        The amount with 4 decimals, half to even; C-MONEY where the text is no amount or has
        more than 12 digits before the point, C-CURR where the currency is another.
    """
    sign, body = split_sign(text)
    mark, body = _split_currency(body)
    if mark and not sign:
        sign, body = split_sign(body)
    number = read_unsigned(body, style)
    if number is None:
        return _NO_AMOUNT
    if mark and currency not in SIGNS.get(mark, (mark,)):
        return _OTHER_CURRENCY
    return _amount(signed(sign, number))


def read_number(text: str, style: DecimalStyle) -> Cell[Decimal]:
    """Read one number that is no amount: as `read_money`, without any currency."""
    number = read_signed(text, style)
    return _amount(number) if number is not None else _NO_AMOUNT


def money_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare amounts in the field's currency, or in that of the tape."""
    currency = spec.currency or context.currency
    agreeing = (currency, *(sign for sign, known in SIGNS.items() if currency in known))
    marks = tuple(mark for mark in agreeing if _LEADING.fullmatch(mark))
    read = partial(read_money, style=spec.decimal, currency=currency)
    plain = Plain(spec.decimal, INTEGER_DIGITS, MONEY_SCALE, marks=marks)
    return _reader("money", spec, context, read, plain)


def number_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare plain numbers."""
    read = partial(read_number, style=spec.decimal)
    return _reader("number", spec, context, read, Plain(spec.decimal, INTEGER_DIGITS, MONEY_SCALE))


def _amount(number: Decimal) -> Cell[Decimal]:
    fitted = fit(number, INTEGER_DIGITS, _SMALLEST)
    return Cell(fitted[0], None, fitted[1]) if fitted else _NO_AMOUNT


_NO_AMOUNT: Cell[Decimal] = Cell(None, "C-MONEY")
_OTHER_CURRENCY: Cell[Decimal] = Cell(None, "C-CURR")


def _split_currency(text: str) -> tuple[str, str]:
    """Take one currency sign or code off: what it was ("" for none) and what is left."""
    leading = _LEADING.match(text)
    if leading:
        return leading[1], text[leading.end() :]
    trailing = _TRAILING.search(text, len(text) - _LONGEST_MARK)
    if trailing:
        return trailing[1], text[: trailing.start()].rstrip(" ")
    return "", text


def _reader(
    via: str, spec: FieldSpec, context: Context, read: partial[Cell[Decimal]], plain: Plain
) -> Reader:
    words = words_of(via, spec, context)
    kernels = (
        exact_kernel(plain, MONEY),
        rounding_kernel(plain, MONEY),
        decorated_kernel(plain, MONEY),
    )
    return Reader(MONEY, read, words, values_of(words, read), kernels)
