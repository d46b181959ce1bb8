"""From source columns to the two tables, as a config says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from loan_etl_tui.config.block import Block, Complaint, Said
from loan_etl_tui.config.field_blocks import LoanBlock, StatusBlock
from loan_etl_tui.config.loan_status import LoanStatus
from loan_etl_tui.config.mentions import Mention, mentions
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.problems import quoted
from loan_etl_tui.config.record_date import RecordDate
from loan_etl_tui.config.values import (
    Amount,
    Column,
    CountryCode,
    CurrencyCode,
    Text,
    TimeZone,
    YesNo,
)
from loan_etl_tui.model.loan import LOAN_FACTS, STATUS_FACTS, Kind

_AMOUNTS = tuple(f.name for f in (*LOAN_FACTS, *STATUS_FACTS) if f.kind is Kind.MONEY)


class OnDuplicate(Block):
    """What the same key twice in one delivery means."""

    key: tuple[Column, ...] = ()
    equal_mapped: Literal["keep_first"] = "keep_first"


class Transform(Block):
    """From source columns to the two tables."""

    shape: Literal["snapshot", "origination"] = "snapshot"
    coverage: Literal["full", "partial"] = "partial"
    currency: CurrencyCode
    country: CountryCode | None = None
    rate_basis: Literal["borrower", "investor"] = "borrower"
    time_zone: TimeZone = "UTC"
    date_precision: Literal["day", "month"] = "day"
    rounding: dict[str, Amount] = Field(default_factory=dict)
    record_date: RecordDate | None = None
    static: Literal["first", "last"] = "first"
    null_tokens: tuple[str, ...] = ()
    private: tuple[Text, ...] = ()
    allow_private: YesNo = False
    loan: LoanBlock
    status: StatusBlock = Field(default_factory=StatusBlock)
    loan_status: LoanStatus
    on_duplicate: OnDuplicate = Field(default_factory=OnDuplicate)

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which blocks do not go together."""
        yield from _shape(said)
        yield from _rounding(said)
        yield from _prefix_flag(said)
        if str(said.get("allow_private")).lower() != "true":
            for mention in private_mentions(said):
                words = f"reads {quoted(mention.column)}, which is private and would be stored."
                hint = "take it out, or say transform.allow_private: true."
                yield Complaint(mention.path, words, hint)


def private_mentions(said: Said) -> Iterator[Mention]:
    """Find the private columns whose own text would be stored.

    Args:
        said: the transform block as written.
    """
    named = said.get("private")
    private = {_folded(str(one)) for one in named} if isinstance(named, list | tuple) else set()
    return (m for m in mentions(said) if m.stored and _folded(m.column) in private)


def _folded(column: str) -> str:
    """Fold a column's name at least as far as the header is folded when columns are looked up."""
    return "".join(column.replace("\ufeff", "").split()).casefold()


def _shape(said: Said) -> Iterator[Complaint]:
    shape = said.get("shape", "snapshot")
    if shape == "snapshot" and said.get("record_date") is None:
        words = "is missing; shape snapshot describes a date."
        yield Complaint(("record_date",), words, "for example {from: argument}.")
    if shape == "origination" and "record_date" in said:
        words = "does not go with shape origination, which describes no date."
        yield Complaint(("record_date",), words, at_key=True)
    if shape == "origination" and said.get("status"):
        words = "does not go with shape origination, which fills the table loan alone."
        yield Complaint(("status",), words, at_key=True)


def _rounding(said: Said) -> Iterator[Complaint]:
    rounding = said.get("rounding")
    for name in rounding if isinstance(rounding, dict) else ():
        if name not in _AMOUNTS:
            words = f"is no amount of the two tables; choose {listed(_AMOUNTS)}."
            yield Complaint(("rounding", name), words, did_you_mean(name, _AMOUNTS), at_key=True)


def _prefix_flag(said: Said) -> Iterator[Complaint]:
    status, loan = said.get("loan_status"), said.get("loan")
    flag = status.get("prefix_flag") if isinstance(status, dict) else None
    extra = loan.get("extra") if isinstance(loan, dict) else None
    if isinstance(extra, dict) and isinstance(flag, str) and flag in extra:
        words = f"is {quoted(flag)}, which transform.loan.extra maps already."
        yield Complaint(("loan_status", "prefix_flag"), words)
