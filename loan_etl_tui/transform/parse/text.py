"""Read text: plain words, slugs and the first digits of zip codes."""

from __future__ import annotations

import re
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import (
    BLANK,
    Cell,
    Context,
    Found,
    Reader,
    matches,
    words_of,
)
from loan_etl_tui.transform.sanitize import is_dirty

_RUN_OF_SPACES = re.compile(" {2,}")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ZIP = re.compile(r"([0-9]{3})(?:[0-9]{0,2}[xX*]{1,2})?|([0-9]{4,5})(?:-[0-9]{4})?|([0-9]{8,9})")
_ZIP_AS_NUMBER = re.compile(r"([0-9]{3,5})\.0*")

_UNFOLDED_OR_NUL = r"  |\x00"
_ASCII = r"^[\x00-\x7f]*$"


def fold(text: str) -> str:
    """Make every run of spaces one space."""
    return _RUN_OF_SPACES.sub(" ", text)


def read_text(text: str, longest: int | None = None, lower: bool = False) -> Cell[str]:
    """Read free text: white space folded, nothing else changed.

    Args:
        text: a cleaned cell.
        longest: characters kept; None keeps all.
        lower: whether it becomes lower case.

    Returns:
        The text, cut with C-TEXT where it is longer; null with C-TEXT where it holds a NUL,
        which no database stores.
    """
    if "\0" in text:
        return Cell(None, "C-TEXT")
    words = fold(text)
    if lower:
        words = words.lower()
    if longest is not None and len(words) > longest:
        return Cell(words[:longest].rstrip(" "), "C-TEXT")
    return Cell(words)


def read_slug(text: str, longest: int | None = None) -> Cell[str]:
    """Read a word of a list in lower snake case; the same word however it is spelled.

    Args:
        text: a cleaned cell: `Debt Consolidation`, `Household & Family`.
        longest: characters kept; None keeps all.

    Returns:
        The slug, null where no letter or digit is left; cut with C-TEXT where it is longer.
    """
    slug = _BETWEEN_WORDS.sub("_", text.lower()).strip("_")
    if not slug:
        return BLANK
    if longest is not None and len(slug) > longest:
        return Cell(slug[:longest].rstrip("_"), "C-TEXT")
    return Cell(slug)


def read_zip3(text: str) -> Cell[str]:
    """Read the first three digits of a US zip code; more is never kept.

    Leading zeros that a spreadsheet took are put back (`2109.0` is 02109); three bare digits are
    the first three already.

    Args:
        text: a cleaned cell: `94105`, `94105-1234`, `860xx`.

    Returns:
        Three digits; C-TEXT where the text is no zip code.
    """
    number = _ZIP_AS_NUMBER.fullmatch(text)
    if number:
        return Cell(number[1].zfill(5)[:3])
    code = _ZIP.fullmatch(text)
    if code is None:
        return Cell(None, "C-TEXT")
    first, five, nine = code.groups()
    return Cell(first or (five.zfill(5) if five else nine.zfill(9))[:3])


def text_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare free text."""
    lower = bool(spec.lower)
    read = partial(read_text, longest=spec.max, lower=lower)
    words = words_of("text", spec, context)

    kernel = partial(_tidy_text, longest=spec.max, lower=lower)
    return Reader(pa.string(), read, words, words, (kernel,))


def slug_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare words in lower snake case."""
    words = words_of("slug", spec, context)
    return Reader(pa.string(), partial(read_slug, longest=spec.max), words, words)


def zip3_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare zip codes."""
    return Reader(pa.string(), read_zip3, words_of("zip3", spec, context))


def _tidy_text(text: pa.Array, longest: int | None, lower: bool) -> Found:
    """Take texts as they are where cleaning and folding would change nothing."""
    done = pc.invert(pc.or_(is_dirty(text), matches(text, _UNFOLDED_OR_NUL)))
    if longest is not None:
        done = pc.and_(done, pc.fill_null(pc.less_equal(pc.utf8_length(text), longest), False))
    if not lower:
        return Found(text, done)
    # Arrow and Python disagree on the lower case of a few letters outside ASCII.
    return Found(pc.ascii_lower(text), pc.and_(done, matches(text, _ASCII)))
