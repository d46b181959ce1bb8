"""The one grammar of numbers, from text to exact decimals; no float ever stands between.

What counts as a number is decided here and not by Python or Arrow, which would also take
`1_000`, `NaN`, `Infinity` or Arabic digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.transform.parse.base import Found, Kernel, matches, only

DecimalStyle = Literal["dot", "comma"]

# Wide enough that quantizing never meets its precision: callers check the size before.
_EXACT = Context(prec=64, rounding=ROUND_HALF_EVEN)


_POINT: dict[DecimalStyle, str] = {"dot": ".", "comma": ","}
_SEPARATORS: dict[DecimalStyle, str] = {"dot": ", '\u2019", "comma": ". '\u2019"}


def _grammar(point: str, separators: str) -> re.Pattern[str]:
    return re.compile(
        rf"([0-9]{{1,3}}([{separators}])[0-9]{{3}}(?:\2[0-9]{{3}})*|[0-9]*)"
        rf"(?:{re.escape(point)}([0-9]*))?(?:[eE]([+-]?[0-9]{{1,3}}))?"
    )


_GRAMMAR: dict[DecimalStyle, re.Pattern[str]] = {
    style: _grammar(point, _SEPARATORS[style]) for style, point in _POINT.items()
}


def read_unsigned(text: str, style: DecimalStyle) -> Decimal | None:
    """Read an exact number without a sign; None where the text is none.

    Groups hold three digits and share one separator: the comma (or dot) that is not the decimal
    separator, a space, or an apostrophe.
    """
    match = _GRAMMAR[style].fullmatch(text)
    if match is None:
        return None
    whole, separator, places, exponent = match.groups()
    if not (whole or places):
        return None
    if separator:
        if exponent:
            return None
        whole = whole.replace(separator, "")
    return Decimal(f"{whole or 0}.{places or 0}E{exponent or 0}")


def split_sign(text: str) -> tuple[str, str]:
    """Take one sign off: parentheses or a leading or trailing minus, or a leading plus.

    Returns:
        "-", "+" or "" and what is left.
    """
    first, last = text[:1], text[-1:]
    if first == "(" and last == ")":
        return "-", text[1:-1].strip(" ")
    if first in ("-", "+"):
        return first, text[1:].lstrip(" ")
    if last == "-":
        return "-", text[:-1].rstrip(" ")
    return "", text


def read_signed(text: str, style: DecimalStyle) -> Decimal | None:
    """Read an exact number with at most one sign; None where the text is none."""
    sign, body = split_sign(text)
    number = read_unsigned(body, style)
    return signed(sign, number) if number is not None else None


def signed(sign: str, number: Decimal) -> Decimal:
    """Give a number its sign without rounding it to the context, as unary minus would."""
    return number.copy_negate() if sign == "-" else number


def fit(number: Decimal, integer_digits: int, unit: Decimal) -> tuple[Decimal, bool] | None:
    """Round half to even to the decimals a column keeps.

    Args:
        number: any exact number.
        integer_digits: digits before the point that fit the column.
        unit: the smallest step of the column, such as 0.0001.

    Returns:
        The number as the column keeps it, and whether it lost decimals; None where it is too
        large, before or after rounding.
    """
    if number and number.adjusted() >= integer_digits:
        return None
    fitted = number.quantize(unit, context=_EXACT)
    if fitted and fitted.adjusted() >= integer_digits:
        return None
    return fitted, fitted != number


@dataclass(frozen=True, slots=True)
class Plain:
    """The clean grammar of one column, for whole-column kernels.

    Attributes:
        style: which sign separates the decimals.
        integer_digits: how many digits before it fit the column.
        places: decimals that fit without rounding.
        marks: signs and codes of the column's currency.
        suffix: text that may end the number and is taken off.
    """

    style: DecimalStyle
    integer_digits: int
    places: int
    marks: tuple[str, ...] = ()
    suffix: str = ""

    @property
    def point(self) -> str:
        """Decimal separator."""
        return _POINT[self.style]

    @property
    def separators(self) -> str:
        """What may stand between groups of three."""
        return _SEPARATORS[self.style]

    def undecorated(self, text: pa.Array) -> pa.Array:
        """Rewrite matching cells to the plain form that Arrow reads."""
        if self.suffix:
            text = pc.replace_substring(text, self.suffix, "")
        return text if self.style == "dot" else pc.replace_substring(text, ",", ".")


def exact_kernel(plain: Plain, to_type: pa.DataType, shift: int = 0) -> Kernel:
    """Read plain numbers that fit the column as they are: the fastest way, nothing is rounded.

    Args:
        plain: the clean grammar; `places` before the shift.
        to_type: decimal type of the column.
        shift: decimal places the point moves to the left (2 for percent).
    """
    pattern = _pattern(plain, plain.integer_digits, plain.places)
    reading = pa.decimal128(to_type.precision, to_type.scale - shift)

    def kernel(text: pa.Array) -> Found:
        done = matches(text, pattern)
        number = plain.undecorated(only(text, done)).cast(reading)
        return Found(_with_scale(number, to_type), done)

    return kernel


def rounding_kernel(plain: Plain, to_type: pa.DataType, shift: int = 0) -> Kernel:
    """Read plain numbers with more decimals than the column keeps, half to even.

    Arguments as `exact_kernel`.
    """
    # One digit less than fits: rounding up can then never outgrow the column.
    pattern = _pattern(plain, plain.integer_digits - 1, _WIDE.scale)
    shifted = pa.decimal128(_WIDE.precision, _WIDE.scale + shift)

    def kernel(text: pa.Array) -> Found:
        done = matches(text, pattern)
        number = _with_scale(plain.undecorated(only(text, done)).cast(_WIDE), shifted)
        # Round before the cast: Arrow refuses to drop digits and would raise on customer data.
        fitted = pc.round(number, to_type.scale, round_mode="half_to_even")
        return Found(fitted.cast(to_type), done, pc.not_equal(fitted, number))

    return kernel


def decorated_kernel(plain: Plain, to_type: pa.DataType) -> Kernel:
    """Read numbers with groups of three, a currency sign or code before or after, or both."""
    groups = "|".join(
        f"(?:{re.escape(separator)}[0-9]{{3}}){{1,{(plain.integer_digits - 3) // 3}}}"
        for separator in plain.separators
    )
    whole = f"[0-9]{{1,3}}(?:{groups})|[0-9]{{1,{plain.integer_digits}}}"
    number = f"(?:{whole})(?:{re.escape(plain.point)}[0-9]{{0,{plain.places}}})?"
    mark = "|".join(re.escape(mark) for mark in plain.marks)
    pattern = f"^-?(?:(?:{mark}) ?)?{number}$|^-?{number} ?(?:{mark})$"
    dropped = f"{mark}|[{plain.separators}]" if mark else f"[{plain.separators}]"

    def kernel(text: pa.Array) -> Found:
        done = matches(text, pattern)
        bare = pc.replace_substring_regex(only(text, done), dropped, "")
        return Found(plain.undecorated(bare).cast(to_type), done)

    return kernel


_WIDE = pa.decimal128(38, 20)


def _pattern(plain: Plain, digits: int, places: int) -> str:
    point, suffix = re.escape(plain.point), f"(?:{plain.suffix})?" if plain.suffix else ""
    return (
        f"^-?(?:[0-9]{{1,{digits}}}(?:{point}[0-9]{{0,{places}}})?"
        f"|{point}[0-9]{{1,{places}}}){suffix}$"
    )


def _with_scale(number: pa.Array, to_type: pa.DataType) -> pa.Array:
    """Move the decimal point by reading the same integers under another scale: exact and free."""
    if number.type == to_type:
        return number
    return pa.Array.from_buffers(to_type, len(number), number.buffers(), offset=number.offset)
