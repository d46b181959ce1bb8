"""Chance that repeats: the same seed and name give the same draws on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A named stream of draws; two names never share one.

    Only `Random.random` is used: Python promises that its numbers never change, which it does not
    for the convenience methods built on it.
    """

    def __init__(self, *name: object) -> None:
        seed = ":".join(str(part) for part in name)
        self._random = Random(seed)  # noqa: S311 - synthetic tapes, nothing secret

    def share(self) -> float:
        """Draw a number from 0 up to, not including, 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """Say yes in this share of cases."""
        return self.share() < probability

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number; both ends are possible."""
        return low + int(self.share() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """Draw one of several; all are equally likely."""
        return choices[self.whole(0, len(choices) - 1)]
