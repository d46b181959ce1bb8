"""How the words of a tape become canonical statuses, as a config says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, field_validator

from loan_etl_tui.config.block import Block, Complaint, Said
from loan_etl_tui.config.problems import quoted
from loan_etl_tui.config.values import Amount, Bucket, Columns, Name, YesNo
from loan_etl_tui.model.loan import Status


class StatusWord(Block):
    """What a source word means."""

    status: Status
    dpd: Bucket | None = None


class Condition(Block):
    """Operators on one column of a status rule; all that are said must hold."""

    eq: str | int | None = None
    ne: str | int | None = None
    gt: Amount | None = None
    ge: Amount | None = None
    lt: Amount | None = None
    le: Amount | None = None
    in_: tuple[str, ...] | None = Field(default=None, alias="in")
    null: YesNo | None = None
    notnull: YesNo | None = None

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say that a condition without an operator would hold for every row."""
        if not said:
            yield Complaint((), "says nothing; give an operator such as {eq: Current}.")


class StatusRule(Block):
    """An ordered rule: the first whose conditions all hold decides."""

    when: dict[str, Condition]
    status: Status
    dpd: Bucket | None = None

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say that a rule without a condition would hold for every row."""
        if said.get("when") == {}:
            yield Complaint(("when",), "says nothing; name a column and what must hold for it.")


class LoanStatus(Block):
    """How the canonical status is found."""

    from_: Columns | None = Field(default=None, alias="from")
    const: Status | None = None
    strip_prefix: str | None = None
    prefix_flag: Name | None = None
    unknown: Literal["reject", "UNKNOWN"] = "reject"
    words: dict[str, StatusWord] = Field(default_factory=dict)
    rules: tuple[StatusRule, ...] = ()

    @field_validator("words", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:  # noqa: ANN401 - raw YAML
        if isinstance(value, dict):
            return {k: {"status": v} if isinstance(v, str) else v for k, v in value.items()}
        return value

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which keys do not go together."""
        if ("from" in said) == ("const" in said):
            yield Complaint((), "needs one of from and const.")
        if "from" in said and not said.get("words") and not said.get("rules"):
            yield Complaint((), "needs words or rules that say what the column's words mean.")
        yield from _same_words(said.get("words"))
        if "prefix_flag" in said and "strip_prefix" not in said:
            yield Complaint(
                ("prefix_flag",), "has an effect only beside strip_prefix.", at_key=True
            )


def folded_word(word: str) -> str:
    """Fold a status word for lookup: trimmed, single blanks, no case, no final punctuation."""
    return " ".join(word.split()).rstrip(" .,;:!").casefold()


def _same_words(words: object) -> Iterator[Complaint]:
    """Two spellings of one word would leave it to chance which meaning counts."""
    first: dict[str, str] = {}
    for word in words if isinstance(words, dict) else ():
        same = first.setdefault(folded_word(word), word)
        if same != word:
            told = f"is read as the same word as {quoted(same)}; keep one of them."
            yield Complaint(("words", word), told, at_key=True)
