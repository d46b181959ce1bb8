"""The contract of every source connector, and how one is opened by its name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

import pyarrow as pa

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.model.errors import ConfigError

ENTRY_POINTS = "loan_etl_tui.sources"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as it arrived.

    Attributes:
        path: absolute path.
        name: file name without folders.
        size_bytes: size on disk, compressed where the file is.
        sha256: hex digest of the bytes on disk.
        mtime_ns: last change, nanoseconds since 1970.
        inode: number of the file on its device; another one means the file was replaced.
        device: number of the device.
    """

    path: Path
    name: str
    size_bytes: int
    sha256: str
    mtime_ns: int
    inode: int
    device: int


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that is no loan: it matches a pattern of `skip_rows`, or stands before the header.

    Attributes:
        name: the pattern's name; `before_header` for a line above the header that matches none.
        file: index of the file inside the delivery.
        line: 1-based physical line.
        text: the line as it arrived, line end included, cut at 64 KiB.
        groups: what the pattern's groups matched; "" for a group that took no part.
    """

    name: str
    file: int
    line: int
    text: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a delivery.

    Attributes:
        columns: header cells as spelled, or "1" to "n" where the file has no header.
        header_line: 1-based physical line of the header; None without one.
        duplicated: spellings that stand in the header more than once (case and blanks ignored).
    """

    columns: tuple[str, ...]
    header_line: int | None
    duplicated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Some megabytes of a delivery.

    Attributes:
        table: (n, raw_schema(columns)) one row per record, in file order, faulty ones included.
        blank: lines with nothing but white space.
        skipped: lines that are no loans.
    """

    table: pa.Table
    blank: int
    skipped: tuple[SkippedLine, ...]


@runtime_checkable
class Source(Protocol):
    """Where rows come from; memory stays bounded however large a delivery is."""

    def deliveries(self) -> tuple[Path, ...]:
        """List the files the config names now, sorted by name.

        Raises:
            SourceMissing: there is none.
        """

    def fingerprint(self, path: Path) -> Delivery:
        """Hash a file's bytes and note its identity on disk."""

    def layout(self, delivery: Delivery) -> Layout:
        """Read the header.

        Raises:
            SourceMissing: the file is empty.
            SourceUnreadable: the file is not what it claims to be.
            LayoutChanged: the header is not found, or the number of fields is not accepted.
        """

    def batches(self, delivery: Delivery, columns: tuple[str, ...]) -> Iterator[RawBatch]:
        """Read all records in file order.

        Args:
            delivery: the fingerprinted file.
            columns: spellings of `Layout.columns` to deliver, each as `source.NAME`.

        Raises:
            SourceChanged: the file is no longer the one that was fingerprinted.
            SourceUnreadable: a byte cannot be decoded, or a compressed stream is broken.
        """

    def reread(self, delivery: Delivery, records: Collection[tuple[int, int]]) -> pa.Table:
        """Fetch the raw rows (frames.RAW) of these (file, record) pairs, in file order."""


def open_source(spec: SourceSpec, root: Path) -> Source:
    """Open the connector a config names.

    Args:
        spec: the config's source block.
        root: folder that relative paths start from.

    Raises:
        ConfigError: no installed distribution offers this connector, or it cannot be loaded.
    """
    offered = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    installed = {name: entry for name, entry in offered.items() if _is_installed(entry, root)}
    chosen = installed.get(spec.connector)
    if chosen is None:
        raise ConfigError(
            f"source.connector is {spec.connector[:80]!r}; "
            f"installed: {listed(sorted(installed), 'and') or 'none'}.",
            did_you_mean(spec.connector, sorted(installed)),
        )
    try:
        connector = cast("Callable[[SourceSpec, Path], Source]", chosen.load())
    except (ImportError, AttributeError) as problem:
        raise ConfigError(
            f"source.connector {spec.connector!r} cannot be loaded: {problem}.",
            "install the extra or the package it comes from.",
        ) from problem
    return connector(spec, root)


def _is_installed(entry: EntryPoint, root: Path) -> bool:
    """Tell an installed distribution from one that merely lies in the working or data folder."""
    if entry.dist is None:
        return False
    home = Path(str(entry.dist.locate_file(""))).resolve()
    if home.is_relative_to(Path(sys.prefix).resolve()):
        return True
    return not any(home.is_relative_to(folder.resolve()) for folder in (Path.cwd(), root))
