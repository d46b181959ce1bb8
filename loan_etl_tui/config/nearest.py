"""The right name that comes closest to a wrong one: what every complaint offers as its hint."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

# Below this likeness (0 to 100) a suggestion would puzzle more than help.
LIKENESS = 60.0
# A longer word than any name is a mistake of another sort, and slow to compare.
LONGEST = 200


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Find the name most like a word, or None where none comes close.

    Args:
        word: what a person wrote.
        names: what may be written there; the first of equals wins.
    """
    found = process.extractOne(
        word[:LONGEST],
        list(names),
        scorer=fuzz.ratio,
        processor=_folded,
        score_cutoff=LIKENESS,
    )
    return None if found is None else str(found[0])


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """Word the suggestion, or "" where no name comes close."""
    found = nearest(word, names)
    return "" if found is None else f"did you mean {found!r}?"


def listed(names: Iterable[str], last: str = "or") -> str:
    """Write names as people do: `a, b or c`."""
    *first, final = list(names) or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
