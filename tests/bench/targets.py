"""What is compared with what, and how much better or worse it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PEAK_MB = 600.0
"""The most memory a load of the narrow tape may take, in millions of bytes."""


@dataclass(frozen=True, slots=True)
class Target:
    """One ratio of seconds per row.

    Attributes:
        work: key of the job that is judged.
        against: key of the job it is held against.
        most: the ratio `work / against` may have.
        least: the ratio `against / work` must have: times faster than a peer.
    """

    work: str
    against: str
    most: float | None = None
    least: float | None = None

    def ratio(self, per_row_s: Mapping[str, float]) -> float:
        """The ratio of one measurement.

        Args:
            per_row_s: seconds per row, by job.
        """
        work, against = per_row_s[self.work], per_row_s[self.against]
        return against / work if self.least is not None else work / against

    def holds(self, ratio: float) -> bool:
        """Whether a ratio is good enough."""
        if self.least is not None:
            return ratio >= self.least
        return self.most is None or ratio <= self.most

    @property
    def wanted(self) -> str:
        """The limit in words."""
        return f"≥ {self.least:g} × faster" if self.least is not None else f"≤ {self.most:g}"


TARGETS = (
    Target("postgresql.first", "postgresql.copy_file", most=1.0),
    Target("postgresql.first", "postgresql.copy_key", most=1.6),
    Target("postgresql.restated", "postgresql.copy_file", most=1.2),
    Target("postgresql.unchanged", "postgresql.first", most=0.8),
    Target("postgresql.again", "postgresql.first", most=0.05),
    Target("postgresql.first", "postgresql.pandas_copy", least=4),
    Target("postgresql.first", "postgresql.pandas_default", least=14),
    Target("sqlite.first", "sqlite.executemany", most=1.1),
    Target("sqlite.unchanged", "sqlite.first", most=0.8),
    Target("sqlite.again", "sqlite.first", most=0.05),
    Target("sqlite.bad", "sqlite.first", most=2),
    Target("heart.judge", "heart.arrow", most=5),
)
