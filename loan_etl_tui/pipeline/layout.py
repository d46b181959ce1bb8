"""The file's header against the config: which column is which, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from loan_etl_tui.config.models import Columns, FieldSpec, LoanStatus, Transform
from loan_etl_tui.model.errors import LayoutChanged, SourceUnreadable
from loan_etl_tui.model.issues import ActiveRule
from loan_etl_tui.source.base import Layout
from loan_etl_tui.transform.checks import check_inputs, hint_columns
from loan_etl_tui.transform.mapping import slots
from loan_etl_tui.transform.record_date import date_column

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\ufeff]+")
_SHOWN = 8
_DELIMITERS = ";|\t,"


@dataclass(frozen=True, slots=True)
class Header:
    """The columns a delivery is read by.

    Attributes:
        names: the config's spelling to the header's own.
        absent: optional columns, and inputs of rules, that the file lacks.
        unknown: columns of the file that the config does not name.
    """

    names: Mapping[str, str]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]


def fold(name: str) -> str:
    """Fold a column name for comparison: no case, single blanks, no-break spaces as blanks."""
    return _SPACES.sub(" ", name).strip().casefold()


@dataclass(frozen=True, slots=True)
class _Wish:
    columns: Columns
    optional: bool
    what: str


def match_header(layout: Layout, transform: Transform, rules: Mapping[str, ActiveRule]) -> Header:
    """Find every column the config names in the file's header.

    Args:
        layout: the header as the source found it.
        transform: the config's transform block.
        rules: the rules in force; their inputs are optional.

    Raises:
        LayoutChanged: a mapped column is missing (exit 5); the message names the likely new one.
        SourceUnreadable: a mapped column stands in the header twice (exit 65).
    """
    there = {fold(name): name for name in reversed(layout.columns)}
    names: dict[str, str] = {}
    absent: list[str] = []
    missing: list[_Wish] = []
    for wish in _wishes(transform, rules):
        spelled = _aliases(wish.columns)
        found = {name: there[fold(name)] for name in spelled if fold(name) in there}
        names |= found
        if not found and wish.optional:
            absent.append("/".join(spelled))
        elif not found:
            missing.append(wish)
    _refuse_missing(missing, layout, set(names.values()))
    _refuse_doubled(names, layout)
    used = set(names.values())
    unknown = tuple(name for name in layout.columns if name not in used)
    return Header(names, tuple(dict.fromkeys(absent)), unknown)


def _aliases(columns: Columns) -> tuple[str, ...]:
    group = columns if isinstance(columns, tuple) else (columns,)
    return tuple(str(name) for name in group)


def _wishes(transform: Transform, rules: Mapping[str, ActiveRule]) -> Iterator[_Wish]:
    for slot in slots(transform):
        yield from _of_field(slot.spec, slot.name)
    if transform.status.dpd is not None:
        yield from _of_field(transform.status.dpd, "dpd")
    yield from _of_status(transform.loan_status)
    dates = date_column(transform.record_date)
    if dates is not None and dates.from_ is not None:
        yield _Wish(dates.from_, False, "record_date")
    for name, group in _of_rules(transform, rules):
        yield _Wish(group, True, name)


def _of_status(status: LoanStatus) -> Iterator[_Wish]:
    if status.from_ is not None:
        yield _Wish(status.from_, False, "loan_status")
    for rule in status.rules:
        for named in rule.when:
            yield _Wish(named, False, "loan_status")


def _of_rules(
    transform: Transform, rules: Mapping[str, ActiveRule]
) -> Iterator[tuple[str, Columns]]:
    """Name what only rules and hints look at: the tape loads without it."""
    for name, spec in check_inputs(rules).items():
        for group in spec.columns():
            yield name, group
    if transform.record_date is not None and transform.record_date.hint is not None:
        for one in hint_columns(transform.record_date.hint):
            yield "record_date.hint", one


def _of_field(spec: FieldSpec, what: str, *, optional: bool = False) -> Iterator[_Wish]:
    optional = optional or spec.optional
    own: tuple[Columns | None, ...] = (spec.from_, *spec.diff_of, spec.plus)
    for column in own:
        if column is not None:
            yield _Wish(column, optional, what)
    for inner in spec.first_of:
        yield from _of_field(inner, what, optional=optional)


def _way_on(missing: list[_Wish], layout: Layout, used: set[str]) -> str:
    """Say what most likely happened: another delimiter, or columns with new names."""
    if len(layout.columns) == 1:
        (only,) = layout.columns
        apart = max(_DELIMITERS, key=only.count)
        if only.count(apart):
            name = {"\t": "tab"}.get(apart, apart)
            return f"the file seems to be delimited by {name!r}: set source.delimiter."
    left = {fold(name): name for name in layout.columns if name not in used}
    hints = []
    for wish in missing[:_SHOWN]:
        wanted = _aliases(wish.columns)[0]
        near = process.extractOne(fold(wanted), list(left), scorer=fuzz.ratio, score_cutoff=60)
        if near is not None:
            new = left.pop(near[0])
            hints.append(f"{wanted} ({wish.what}) may now be called {new[:80]!r}")
    return "; ".join(hints) or "map the new name in transform, or set optional: true on the field."


def _refuse_missing(missing: list[_Wish], layout: Layout, used: set[str]) -> None:
    if not missing:
        return
    names = tuple(dict.fromkeys("/".join(_aliases(wish.columns)) for wish in missing))
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    raise LayoutChanged(
        f"F-HEADER: {len(names)} mapped column(s) missing: {shown}; the file has "
        f"{len(layout.columns)} columns.",
        _way_on(missing, layout, used),
        names,
        layout.columns,
    )


def _refuse_doubled(names: Mapping[str, str], layout: Layout) -> None:
    folded = {fold(name) for name in layout.duplicated}
    doubled = sorted({name for name in names.values() if fold(name) in folded})
    if doubled:
        shown = ", ".join(repr(name) for name in doubled[:_SHOWN])
        raise SourceUnreadable(
            f"the header names {shown} more than once.",
            "ask the sender which column is meant, or map columns by position with header: none.",
        )
