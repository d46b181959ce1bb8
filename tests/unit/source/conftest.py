"""Reading tapes as the csv connector does, small enough to be looked at whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.model.frames import raw_schema
from loan_etl_tui.source.base import Layout, SkippedLine
from loan_etl_tui.source.csv import CsvSource

SHARED = Path(os.environ.get("LOAN_ETL_SHARED", Path(__file__).parents[4] / "shared"))


@dataclass
class Tape:
    """Everything the reader says about a delivery."""

    layout: Layout
    rows: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)
    blank: int = 0

    def cells(self, name: str) -> list[str | None]:
        """One source column."""
        return [row[f"source.{name}"] for row in self.rows]

    @property
    def faults(self) -> list[tuple[int, str, str]]:
        """(line, code, what was seen) of each faulty record."""
        return [(r["line"], r["fault"], r["observed"]) for r in self.rows if r["fault"]]

    @property
    def skipped_names(self) -> list[tuple[int, str]]:
        """(line, name) of each skipped line."""
        return [(line.line, line.name) for line in self.skipped]


Make = Callable[..., CsvSource]
Read = Callable[..., Tape]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a source over a file with this content; `name` may be given, the rest is its spec."""

    def make_source(content: bytes | str, name: str = "tape.csv", **spec: Any) -> CsvSource:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(raw)
        own = {key: spec.pop(key) for key in ("limits", "block_bytes") if key in spec}
        return CsvSource(SourceSpec.model_validate({"path": name, **spec}), tmp_path, **own)

    return make_source


@pytest.fixture
def read(make: Make) -> Read:
    """Read a file with this content whole; arguments as for `make`."""

    def read_whole(content: bytes | str, name: str = "tape.csv", **spec: Any) -> Tape:
        return read_all(make(content, name, **spec))

    return read_whole


@pytest.fixture
def read_source() -> Callable[[CsvSource], Tape]:
    """Read the one delivery of a source whole."""
    return read_all


@pytest.fixture
def shared() -> Iterator[Path]:
    """The folder with real and hostile files beside the project."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there")
    return SHARED


def read_all(source: CsvSource) -> Tape:
    """Read the one delivery of a source, all columns of its (first) header."""
    (path,) = source.deliveries()
    delivery = source.fingerprint(path)
    tape = Tape(source.layout(delivery))
    names = tuple(dict.fromkeys(tape.layout.columns))
    for batch in source.batches(delivery, names):
        assert isinstance(batch.table, pa.Table)
        assert batch.table.schema == raw_schema(names)
        tape.rows += batch.table.to_pylist()
        tape.skipped += batch.skipped
        tape.blank += batch.blank
    return tape
