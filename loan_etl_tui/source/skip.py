r"""Lines that are no loans: titles, section headings, totals, told by the config's patterns.

Patterns are tried before the field count. On a line with too few fields, and before the header,
the first field is tested; on any other line the rule's column is (the first one where the rule
names none). `\d`, `\s` and `\w` mean ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.models import SkipRow


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that fits.

    Attributes:
        name: the rule's name.
        groups: what its groups matched; "" for a group that took no part.
    """

    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    pattern: re.Pattern[str]
    column: int | None  # None: the file has no such column

    def match(self, cell: str) -> Match | None:
        found = self.pattern.search(cell)
        if found is None:
            return None
        return Match(self.name, tuple(group or "" for group in found.groups()))


class SkipRules:
    """The patterns of a config, with their columns found in a header."""

    def __init__(self, rules: Iterable[SkipRow], columns: Sequence[str] = ()) -> None:
        places = {fold(name): index for index, name in reversed(list(enumerate(columns)))}
        self._rules = tuple(
            _Rule(
                rule.name,
                re.compile(rule.matches, re.ASCII),
                0 if rule.column is None else places.get(fold(str(rule.column))),
            )
            for rule in rules
        )
        self.columns = tuple(sorted({r.column for r in self._rules if r.column is not None}))

    def __bool__(self) -> bool:
        return bool(self._rules)

    def match_first(self, cell: str) -> Match | None:
        """Try the patterns in order on the first field of a line."""
        return next(filter(None, (rule.match(cell) for rule in self._rules)), None)

    def match_fields(self, fields: Sequence[str], width: int) -> Match | None:
        """Try the patterns in order on a line with another field count than the header's."""
        if len(fields) < width:
            return self.match_first(fields[0]) if fields else None
        placed = ((rule, rule.column) for rule in self._rules)
        tried = (rule.match(fields[column]) for rule, column in placed if column is not None)
        return next(filter(None, tried), None)

    def match_rows(self, table: pa.Table) -> dict[int, Match]:
        """Try the patterns on rows of full width.

        Args:
            table: string columns named by their index; those of `columns` must be there.

        Returns:
            The rows that match, with the first pattern in order that does.
        """
        found: dict[int, tuple[int, Match]] = {}
        for column in self.columns:
            cells = table.column(str(column))
            ranked = [(i, rule) for i, rule in enumerate(self._rules) if rule.column == column]
            rows = _candidates(cells, [rule for _, rule in ranked])
            for row, cell in zip(rows.tolist(), cells.take(rows).to_pylist(), strict=True):
                hits = ((i, match) for i, rule in ranked if (match := rule.match(cell)))
                hit = next(hits, None)
                if hit is not None:
                    found[row] = min(hit, found.get(row, hit), key=lambda ranked: ranked[0])
        return {row: match for row, (_, match) in found.items()}


def fold(name: str) -> str:
    """Fold a column name for comparison: no case, blanks of any kind as one space."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def _candidates(cells: pa.ChunkedArray, rules: list[_Rule]) -> npt.NDArray[np.int64]:
    """Narrow the rows down in Arrow's engine; Python's own decides among those left."""
    any_of = "|".join(f"(?:{rule.pattern.pattern})" for rule in rules)
    try:
        mask = pc.match_substring_regex(cells, any_of)
    except pa.ArrowInvalid:  # a pattern that only Python's engine knows, such as a look-ahead
        return np.arange(len(cells))
    return np.flatnonzero(mask.to_numpy())
