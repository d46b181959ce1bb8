"""Which delivery each fact of a loan came from, and whether another one has a better claim.

`loan.static_origin` holds `[record date, version]` per column, kept short: `"*"` stands for every
fact not named, `null` for one that was never given, and `"extra"` lists the extras that share the
origin of `"*"`:

    {"*":["2017-08-17",1],"extra":["policy_code"],"purpose":null,"region":["2018-01-31",3]}

The record date is null for an origination file. `loan_status` is named only where such a file
gave it; for every other loan it follows from its status rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from loan_etl_tui.model.loan import LOAN_FACTS

Static = Literal["first", "last"]

EXTRA = "extra."
OVERALL_STATUS = "loan_status"
FACTS: tuple[str, ...] = tuple(field.name for field in LOAN_FACTS if field.name != "extra")


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a value comes from: the row's record date (None: origination) and its version."""

    record_date: date | None
    version: int

    def beats(self, other: Claim | None, static: Static) -> bool:
        """Whether this claim's value stands rather than the other's.

        The first record date wins, an origination file before all; with `last` the latest does.
        Of one record date the later version wins either way, and the same delivery replaces what
        it gave before.
        """
        if other is None:
            return True
        mine, theirs = self.record_date or date.min, other.record_date or date.min
        if mine == theirs:
            return self.version >= other.version
        return mine < theirs if static == "first" else mine > theirs


Origin = Mapping[str, Claim]
"""Claim by column (`extra.KEY` for extras); a column never given is absent."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one delivery's row may change in the loans of one origin.

    Attributes:
        take: the columns whose value it sets.
        previous_versions: version each of them came from; None where never given.
        origin: the origin afterwards.
    """

    take: tuple[str, ...]
    previous_versions: Mapping[str, int | None]
    origin: Origin


def decide(origin: Origin, given: tuple[str, ...], claim: Claim, static: Static) -> Decision:
    """Choose, column by column, whether a row's values stand.

    Args:
        origin: where the stored values come from.
        given: the columns the row gives, NULL or not.
        claim: the row's record date and version.
        static: whose word counts, the first record date's or the last.
    """
    take = tuple(name for name in given if claim.beats(origin.get(name), static))
    before = {name: origin.get(name) for name in take}
    return Decision(
        take,
        {name: None if old is None else old.version for name, old in before.items()},
        {**origin, **dict.fromkeys(take, claim)},
    )


def as_json(origin: Origin) -> dict[str, Any]:
    """Write an origin in its short form; equal origins give equal JSON."""
    facts = {name: origin[name] for name in FACTS if name in origin}
    common = Counter(facts.values()).most_common(1)[0][0] if facts else None
    short: dict[str, Any] = {"*": _pair(common)} if common else {}
    for name in FACTS:
        if common and facts.get(name) != common:
            short[name] = _pair(facts.get(name))
    shared = sorted(
        name.removeprefix(EXTRA)
        for name, claim in origin.items()
        if name.startswith(EXTRA) and claim == common
    )
    if shared:
        short["extra"] = shared
    for name, claim in origin.items():
        if name == OVERALL_STATUS or (name.startswith(EXTRA) and claim != common):
            short[name] = _pair(claim)
    return short


def from_json(short: Mapping[str, Any]) -> Origin:
    """Read an origin back from its short form."""
    common = _claim(short.get("*"))
    named = {name: _claim(pair) for name, pair in short.items() if name not in {"*", "extra"}}
    whole: dict[str, Claim | None] = dict.fromkeys(FACTS, common)
    whole |= {EXTRA + key: common for key in short.get("extra", ())}
    whole |= named
    return {name: claim for name, claim in whole.items() if claim is not None}


def _pair(claim: Claim | None) -> list[Any] | None:
    if claim is None:
        return None
    day = claim.record_date
    return [None if day is None else day.isoformat(), claim.version]


def _claim(pair: Any) -> Claim | None:  # noqa: ANN401 - a JSON value
    if pair is None:
        return None
    day, version = pair
    return Claim(None if day is None else date.fromisoformat(day), version)
