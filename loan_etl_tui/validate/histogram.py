"""How the values of a column are distributed, in little room and independent of batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from loan_etl_tui.model.loan import RATE_SCALE
from loan_etl_tui.validate.view import IntArray

# One bin is a ten-thousandth of one, a basis point of a rate.
BIN_UNITS = 10 ** (RATE_SCALE - 4)
# Fractions from 100 (10,000 %) up share the last bin, everything below 0 the first.
LAST_BIN = 100 * 10**4
FIRST_BIN = -1


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of rates by basis point; two of them add up to that of all the rows.

    Attributes:
        bins: rows per bin, by the bin's number; at most about a million entries, a few hundred
            in a real tape.
        least: the smallest value, in millionths; None while there is none.
        most: the largest one.
    """

    bins: Mapping[int, int] = field(default_factory=dict)
    least: int | None = None
    most: int | None = None

    @classmethod
    def of(cls, rates: IntArray) -> Histogram:
        """Count values.

        Args:
            rates: (n,) millionths; missing ones left out.
        """
        if not len(rates):
            return cls()
        numbers = np.clip(np.floor_divide(rates, BIN_UNITS), FIRST_BIN, LAST_BIN)
        bins, counts = np.unique(numbers, return_counts=True)
        counted = dict(zip(bins.tolist(), counts.tolist(), strict=True))
        return cls(counted, int(rates.min()), int(rates.max()))

    def __add__(self, other: Histogram) -> Histogram:
        """Count the rows of both."""
        bins = dict(self.bins)
        for number, rows in other.bins.items():
            bins[number] = bins.get(number, 0) + rows
        least = [one for one in (self.least, other.least) if one is not None]
        most = [one for one in (self.most, other.most) if one is not None]
        return Histogram(bins, min(least, default=None), max(most, default=None))

    def __len__(self) -> int:
        return sum(self.bins.values())

    def quantile_units(self, percent: int) -> int:
        """Find the value that so many percent of the rows do not exceed, to the bin it lies in.

        Of an even number of rows the median is the lower middle one.

        Args:
            percent: 1 to 100.

        Returns:
            Millionths, rounded down to a basis point, and never below the smallest value.

        Raises:
            ValueError: there are no rows.
        """
        if self.least is None:
            raise ValueError("an empty column has no quantiles")
        wanted = -(-len(self) * percent // 100)
        seen, reached = 0, FIRST_BIN
        for reached in sorted(self.bins):
            seen += self.bins[reached]
            if seen >= wanted:
                break
        return max(self.least, reached * BIN_UNITS)
