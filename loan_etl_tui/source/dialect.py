"""How a table writes its cells: delimiter and quotes, read by Python's strict csv reader."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.source.limits import MIB

# The csv module's limit is the process's own and 128 KiB; no cell longer than a record gets here.
csv.field_size_limit(max(csv.field_size_limit(), MIB))


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter and quoting of a table.

    Attributes:
        delimiter: one character.
        quoting: whether `"` encloses cells; where not, it is a character like any other.
    """

    delimiter: str
    quoting: bool = True

    @classmethod
    def of(cls, spec: SourceSpec) -> Dialect:
        """Take over what a config says."""
        return cls(spec.delimiter, spec.quoting == "double")

    @property
    def is_ascii(self) -> bool:
        """Whether the delimiter is one byte of UTF-8, as numpy and pyarrow need it."""
        return self.delimiter.isascii()

    def read(self, lines: Iterable[str], *, strict: bool = True) -> Iterator[list[str]]:
        """Read records from physical lines, line ends included.

        Raises:
            csv.Error: on the way, with `strict`, where quotes do not stand as they should.
        """
        if self.quoting:
            return csv.reader(lines, delimiter=self.delimiter, strict=strict)
        return csv.reader(
            lines, delimiter=self.delimiter, quotechar=None, quoting=csv.QUOTE_NONE, strict=strict
        )

    def fields(self, record: str) -> list[str]:
        """Split one whole record; [] for an empty line."""
        return next(self.read([record]), [])

    def first_field(self, line: str) -> str:
        """Give the first field of a physical line, however broken its quotes are."""
        return next(iter(next(self.read([line], strict=False), [])), "")

    def is_clean(self, record: str) -> bool:
        """Whether every quote of a record stands at the edge of a field or is doubled inside."""
        if not self.quoting or '"' not in record:
            return True
        return _clean(self.delimiter).fullmatch(record) is not None


@lru_cache(maxsize=8)
def _clean(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    cell = rf'(?>"(?:[^"]|"")*+"|[^"{mark}\r\n]*+)'
    return re.compile(rf"{cell}(?:{mark}{cell})*+(?:\r\n|\r|\n)?")
