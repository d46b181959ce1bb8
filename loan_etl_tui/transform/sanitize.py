"""Clean source text before it is read, and know the words that mean "nothing here".

Spreadsheets and web exports leave invisible characters, odd spaces, typographic minus signs and
full-width digits in cells. They are put right here, in one visible step, so that every parser
after it can insist on plain ASCII numbers and dates.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
_SPACES = (
    "\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
_MINUSES = "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"
# Only this block, not NFKC: under NFKC a half sign would turn into digits and change the amount.
_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}

_REPLACED: dict[int, int | str | None] = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _MINUSES), "-"),
}

# What the steps below would change, in RE2's spelling: the one test that a clean column pays.
_DIRTY = '^ | $|^="[^"]*"$|[' + "".join(f"\\x{{{point:x}}}" for point in sorted(_REPLACED)) + "]"
_EXCEL_GUARD = re.compile(r'="([^"]*)"')

_WITHHELD = frozenset({"ND", *(f"ND{n}" for n in (1, 2, 3, 5)), *(f"ND,{n}" for n in range(1, 7))})
_WITHHELD_WITH_DATE = re.compile(r"ND4-[0-9]{4}-[0-9]{2}-[0-9]{2}|ND,4,[0-9]{4}-[0-9]{2}")

_ABSENT = frozenset({"", "NULL", "NaN", "\\N"})
_NOT_STATED = (
    _ABSENT
    | _WITHHELD
    | {"NA", "N/A", "n/a", "#N/A", "nan", "null", "None", "nil", "-", "--", ".", "?"}
    | {"Not available", "Not displayed", "Missing", "Unknown"}
)

# Text keeps words that are answers: NONE is a home ownership, NA is Namibia.
_NULL_WORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("text", "slug", "zip3", "state", "code"), _ABSENT),
    "grade": _ABSENT | {"N/A", "-"},
    "emp_length": _ABSENT | {"n/a", "N/A"},
}


def null_words(via: str) -> frozenset[str]:
    """List the words that mean "no value" for one kind of column.

    Args:
        via: a sanitizer's name; anything that is not text has the long list of numbers, dates
            and ids.

    Returns:
        The words, cleaned and case-sensitive. Where `ND` is one of them, `is_null` also
        recognises its dated forms (`ND4-2014-06-30`).
    """
    return _NULL_WORDS.get(via, _NOT_STATED)


def is_null(text: str, words: frozenset[str]) -> bool:
    """Tell whether a cleaned cell says that there is no value."""
    if text in words:
        return True
    return text.startswith("ND") and "ND" in words and bool(_WITHHELD_WITH_DATE.fullmatch(text))


def clean_cell(text: str) -> str:
    """Clean one cell: the reference for `clean`.

    Invisible characters go, every kind of space becomes an ordinary one, the ends are trimmed,
    typographic minus signs and full-width characters become ASCII, and Excel's text guard
    (`="00123"`) is unwrapped. Cleaning twice changes nothing.
    """
    text = text.translate(_REPLACED).strip(" ")
    guarded = _EXCEL_GUARD.fullmatch(text)
    return guarded[1].strip(" ") if guarded else text


def is_dirty(text: pa.Array) -> pa.Array:
    """Tell which cells cleaning would change; a null cell is not dirty."""
    return pc.fill_null(pc.match_substring_regex(text, _DIRTY), False)


def clean(text: pa.Array) -> pa.Array:
    """Clean a column of source text.

    A column that is clean already costs one test and is handed back as it is; otherwise each
    distinct dirty text is cleaned once.

    Args:
        text: (n,) string; null where the record is faulty.

    Returns:
        (n,) string, null where it was null.
    """
    dirty = is_dirty(text)
    if not pc.any(dirty, min_count=0).as_py():
        return text
    words = text.filter(dirty).dictionary_encode()
    cleaned = [clean_cell(word) for word in words.dictionary.to_pylist()]
    cells = pa.array(cleaned, pa.string()).take(words.indices)
    return pc.replace_with_mask(text, dirty, cells)
