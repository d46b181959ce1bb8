"""The fields of the two tables that a tape may fill, and which sanitizers each can take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from loan_etl_tui.config.block import Block, Complaint, Path, Said
from loan_etl_tui.config.field_spec import DEFAULT_SANITIZER, FieldSpec, kind_of
from loan_etl_tui.config.nearest import listed
from loan_etl_tui.config.values import Name, unfit
from loan_etl_tui.config.wording import given
from loan_etl_tui.model.loan import LOAN, STATUS, Kind, field
from loan_etl_tui.model.loan import Field as TableField
from loan_etl_tui.model.sanitizers import SANITIZERS

# What a canonical column can take without losing anything: kinds of sanitizers by its own kind.
_TAKES = {
    Kind.MONEY: {Kind.MONEY},
    Kind.RATE: {Kind.RATE},
    Kind.DATE: {Kind.DATE},
    Kind.SMALLINT: {Kind.SMALLINT, Kind.BIGINT},
    Kind.TEXT: {Kind.TEXT, Kind.ID},
    Kind.ID: {Kind.TEXT, Kind.ID},
}
_KIND_WORDS = {
    Kind.MONEY: "amount",
    Kind.RATE: "rate",
    Kind.DATE: "date",
    Kind.SMALLINT: "whole number",
    Kind.TEXT: "text",
    Kind.ID: "identifier",
}
# How the amounts of the status block may be counted, where it is not only `cumulative`.
_WAYS_TO_COUNT = {"principal_paid": ("cumulative", "balance")}


class LoanBlock(Block):
    """The loan's facts."""

    loan_id: FieldSpec
    issue_date: FieldSpec
    original_balance: FieldSpec
    interest_rate: FieldSpec | None = None
    platform_rating: FieldSpec | None = None
    term_months: FieldSpec | None = None
    maturity_date: FieldSpec | None = None
    monthly_payment: FieldSpec | None = None
    country: FieldSpec | None = None
    region: FieldSpec | None = None
    purpose: FieldSpec | None = None
    credit_score: FieldSpec | None = None
    dti: FieldSpec | None = None
    extra: dict[Name, FieldSpec] = Field(default_factory=dict)

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which fields their sanitizers or constants cannot fill."""
        for name, spec in _fields(cls, said):
            column = field(LOAN, name)
            yield from _fits((name,), spec, column)
            yield from _counted((name,), spec, ())
            yield from _computed((name,), spec)
            if not column.nullable and "const" in spec and spec["const"] is None:
                yield Complaint((name, "const"), "is empty; every loan has this value.")
        identifier = said.get("loan_id")
        if isinstance(identifier, dict) and identifier.get("const") is not None:
            words = "would give every loan the same id; take it from a column."
            yield Complaint(("loan_id", "const"), words, at_key=True)
        yield from _extras(said)


class StatusBlock(Block):
    """What is measured at the record date."""

    principal_paid: FieldSpec | None = None
    interest_paid: FieldSpec | None = None
    principal_charged_off: FieldSpec | None = None
    recoveries: FieldSpec | None = None
    fees_paid: FieldSpec | None = None
    dpd: FieldSpec | None = None
    last_payment_date: FieldSpec | None = None
    next_payment_date: FieldSpec | None = None
    extra: dict[Name, FieldSpec] = Field(default_factory=dict)

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which fields their sanitizers or constants cannot fill."""
        for name, spec in _fields(cls, said):
            column = field(STATUS, "dpd_min" if name == "dpd" else name)
            yield from _fits((name,), spec, column)
            yield from _counted((name,), spec, _WAYS_TO_COUNT.get(name, _as_money(column)))
            if name != "principal_charged_off":
                yield from _computed((name,), spec)
            # A balance read as a sum paid loads plausible nonsense: the config has to say.
            if name in _WAYS_TO_COUNT and "from" in spec and "as" not in spec:
                words = f"is missing; say what the column counts: {listed(_WAYS_TO_COUNT[name])}."
                yield Complaint((name, "as"), words)
        yield from _extras(said)


def _fields(block: type[Block], said: Said) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in block.known_keys():
        spec = said.get(name)
        if name != "extra" and isinstance(spec, dict):
            yield name, spec


def _fits(path: Path, spec: Said, column: TableField) -> Iterator[Complaint]:
    """Say whether what the field reads can stand in its column."""
    inner = spec.get("first_of")
    if isinstance(inner, list | tuple):
        for number, one in enumerate(inner):
            if isinstance(one, dict):
                yield from _fits((*path, "first_of", number), one, column)
    const = spec.get("const")
    wanted = unfit(const, column.kind, column.length) if isinstance(const, str) else ""
    if wanted:
        yield Complaint((*path, "const"), f"{given(const)}; {wanted}.")
    if "from" in spec or "diff_of" in spec:
        yield from _sanitizer_fits(path, spec, column)


def _sanitizer_fits(path: Path, spec: Said, column: TableField) -> Iterator[Complaint]:
    via = spec.get("via", DEFAULT_SANITIZER)
    sanitizer = SANITIZERS.get(via) if isinstance(via, str) else None
    choices = [
        name
        for name, one in SANITIZERS.items()
        if one.kind in _TAKES[column.kind] and name != "bool"
    ]
    if sanitizer is None or sanitizer.name in choices:
        return
    name, wanted = path[0], _KIND_WORDS[column.kind]
    if "via" in spec:
        words = f"{given(via)}, which reads no {wanted}; choose {listed(choices)}."
    else:
        words = f"is missing; {name} is no text but a {wanted}: choose {listed(choices)}."
    yield Complaint((*path, "via"), words)


def _as_money(column: TableField) -> tuple[str, ...]:
    return ("cumulative",) if column.kind is Kind.MONEY else ()


def _counted(path: Path, spec: Said, ways: tuple[str, ...]) -> Iterator[Complaint]:
    """Refuse `as: cumulative` and `as: balance` where there is no amount that adds up."""
    said = spec.get("as")
    if said in ("cumulative", "balance") and said not in ways:
        other = f"choose {listed(ways)}" if ways else "only amounts of the status block can be"
        yield Complaint((*path, "as"), f"is {said!r}; {other}.")


def _computed(path: Path, spec: Said) -> Iterator[Complaint]:
    if "formula" in spec:
        words = "computes status.principal_charged_off and no other field."
        yield Complaint((*path, "formula"), words, at_key=True)


def _extras(said: Said) -> Iterator[Complaint]:
    extra = said.get("extra")
    for key, spec in extra.items() if isinstance(extra, dict) else ():
        if isinstance(spec, dict):
            path: Path = ("extra", key)
            yield from _counted(path, spec, ())
            yield from _computed(path, spec)
            yield from _one_kind(path, spec)


def _one_kind(path: Path, spec: Said) -> Iterator[Complaint]:
    """An extra has no column to say its kind: the entries of first_of must agree on one."""
    inner = spec.get("first_of")
    entries = inner if isinstance(inner, list | tuple) else ()
    kinds = {kind_of(one) for one in entries if isinstance(one, dict) and "first_of" not in one}
    if len(kinds) > 1:
        words = f"mixes {listed(sorted(kinds), 'and')}; its entries must read the same kind."
        yield Complaint((*path, "first_of"), words, at_key=True)
