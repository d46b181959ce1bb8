"""What the heart needs to know of one delivery: a frozen, picklable plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from loan_etl_tui.config.models import Columns, Transform
from loan_etl_tui.model.issues import ActiveRule


@dataclass(frozen=True, slots=True)
class Plan:
    """Mapping, units, rules and dates of one delivery.

    Attributes:
        platform: value of `platform_name` in both tables.
        transform: the config's transform block.
        rules: the rules in force, by code; a rule that is off is absent.
        header: the source columns the delivery has and the config names: the config's spelling
            (str(position) when headerless) to the header's own spelling. Optional columns that
            the file lacks are absent.
        record_date: the record date of the whole delivery, or None where each row carries its
            own (or the shape has none).
        today: the date of the run in the workspace's time zone; the heart knows no clock.
        decimal_digits: exact decimal digits the target keeps (15 for SQLite, 18 elsewhere).
    """

    platform: str
    transform: Transform
    rules: Mapping[str, ActiveRule]
    header: Mapping[str, str] = field(default_factory=dict)
    record_date: date | None = None
    today: date = date(1970, 1, 1)
    decimal_digits: int = 18

    def find(self, columns: Columns) -> str | None:
        """Name of the first of these source columns that the delivery has, or None."""
        names = columns if isinstance(columns, tuple) else (columns,)
        for name in names:
            if str(name) in self.header:
                return self.header[str(name)]
        return None
