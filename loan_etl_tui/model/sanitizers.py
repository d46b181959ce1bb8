"""The named sanitizers a config may use, with the parameters each understands.

One table for the config's validation, the JSON Schema, the docs and the wizard; the functions
themselves stand in `transform.parse`.
"""

from __future__ import annotations

from dataclasses import dataclass

from loan_etl_tui.model.loan import Kind


@dataclass(frozen=True, slots=True)
class Sanitizer:
    """One named way to read text.

    Attributes:
        name: the word after `via:`.
        kind: what the values become (`extra` values keep this kind, as JSON).
        parameters: keys allowed beside `from:` and `via:`.
        required: parameters without which the column's meaning is not known.
        issue: the code of a cell that cannot be read.
        meaning: one line for people.
    """

    name: str
    kind: Kind
    parameters: tuple[str, ...]
    required: tuple[str, ...]
    issue: str
    meaning: str


SANITIZERS: dict[str, Sanitizer] = {
    s.name: s
    for s in (
        Sanitizer(
            "money", Kind.MONEY, ("decimal", "currency"), (), "C-MONEY", "exact amount, 4 decimals"
        ),
        Sanitizer("number", Kind.MONEY, ("decimal",), (), "C-MONEY", "exact number, 4 decimals"),
        Sanitizer(
            "rate",
            Kind.RATE,
            ("unit", "decimal", "cap"),
            ("unit",),
            "C-RATE",
            "rate as a fraction; unit percent, fraction or bps",
        ),
        Sanitizer("term", Kind.SMALLINT, ("unit",), ("unit",), "C-TERM", "length in whole months"),
        Sanitizer(
            "date",
            Kind.DATE,
            ("formats", "precision", "pivot", "as", "add_months"),
            ("formats",),
            "C-DATE",
            "calendar date in a declared format",
        ),
        Sanitizer("id", Kind.ID, ("case", "pattern"), (), "C-ID", "identifier, zeros kept"),
        Sanitizer("int", Kind.BIGINT, ("decimal",), (), "C-INT", "whole number"),
        Sanitizer("bool", Kind.TEXT, ("null_codes",), (), "C-BOOL", "yes or no"),
        Sanitizer("score", Kind.SMALLINT, ("pick",), (), "C-SCORE", "credit score or band"),
        Sanitizer("state", Kind.TEXT, (), (), "C-STATE", "US state, two letters"),
        Sanitizer("grade", Kind.TEXT, ("cut_parenthesis",), (), "C-RATING", "platform grade"),
        Sanitizer("text", Kind.TEXT, ("max", "lower"), (), "C-TEXT", "text, white space folded"),
        Sanitizer("slug", Kind.TEXT, ("max",), (), "C-TEXT", "lower snake case word"),
        Sanitizer("zip3", Kind.TEXT, (), (), "C-TEXT", "first three digits of a zip code"),
        Sanitizer("emp_length", Kind.SMALLINT, (), (), "C-INT", "years employed, 0 to 10"),
        Sanitizer("code", Kind.TEXT, ("map", "unmapped"), ("map",), "C-CODE", "code in a list"),
    )
}

# The words a config may use in `formats:`. `ISO` reads full dates and stamps; `Mon` is an English
# month name of three letters; `excel` counts days from 1900, `excel1904` from 1904.
DATE_FORMATS: tuple[str, ...] = (
    "ISO",
    "YYYY-MM-DD",
    "YYYY-MM",
    "YYYYMM",
    "MMYYYY",
    "MM/YYYY",
    "MM-DD-YYYY",
    "DD.MM.YYYY",
    "DD-MM-YYYY",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "YYYYMMDD",
    "Mon-YYYY",
    "Mon-YY",
    "YY-Mon",
    "MonYYYY",
    "MMDDYYYY",
    "quarter",
    "excel",
    "excel1904",
    "epoch_s",
    "epoch_ms",
)
