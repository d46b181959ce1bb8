"""The figures of a measurement as a Markdown page and as JSON."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.bench.targets import PEAK_MB, TARGETS

_CPUS = Path("/proc/cpuinfo")
_LOADS = (".first", ".unchanged", ".restated", ".bad")
_PACKAGES = ("loan-etl-tui", "pyarrow", "pandas", "numpy", "SQLAlchemy", "psycopg2-binary")


@dataclass(frozen=True, slots=True)
class Figure:
    """One run of one job.

    Attributes:
        wall_s: seconds.
        cpu_s: CPU seconds of the command.
        server_cpu_s: CPU seconds of the database server; None where there is none to be seen.
        peak_mb: largest resident memory of the command, millions of bytes.
    """

    wall_s: float
    cpu_s: float
    server_cpu_s: float | None
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Result:
    """A job's figures, one per round."""

    key: str
    title: str
    rows: int
    figures: tuple[Figure, ...]

    @property
    def wall_s(self) -> float:
        """Median seconds."""
        return median(one.wall_s for one in self.figures)

    @property
    def all_cpu_s(self) -> float:
        """Median CPU seconds of command and server together."""
        return median(one.cpu_s + (one.server_cpu_s or 0.0) for one in self.figures)

    @property
    def typical(self) -> Figure:
        """Every figure's own median; of peak memory the largest."""
        server = [one.server_cpu_s for one in self.figures if one.server_cpu_s is not None]
        return Figure(
            self.wall_s,
            median(one.cpu_s for one in self.figures),
            median(server) if server else None,
            max(one.peak_mb for one in self.figures),
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A target and what was measured of it; by CPU seconds other work on the machine counts less.

    Attributes:
        by_cpu: None where a server's share is not to be seen.
    """

    work: str
    against: str
    wanted: str
    by_wall: float
    by_cpu: float | None
    holds: bool


def judge(results: Sequence[Result]) -> list[Judged]:
    """Hold the medians against every target whose two jobs were measured."""
    by_key = {one.key: one for one in results}
    wall = {one.key: one.wall_s / one.rows for one in results}
    cpu = {one.key: one.all_cpu_s / one.rows for one in results}
    judged = []
    for target in TARGETS:
        if target.work not in by_key or target.against not in by_key:
            continue
        ratio = target.ratio(wall)
        seen = _is_seen(by_key[target.work]) and _is_seen(by_key[target.against])
        by_cpu = target.ratio(cpu) if seen else None
        names = (by_key[target.work].title, by_key[target.against].title)
        holds = target.holds(ratio)
        judged.append(
            Judged(_full(target.work, names[0]), names[1], target.wanted, ratio, by_cpu, holds)
        )
    return judged


def _is_seen(result: Result) -> bool:
    is_served = result.key.startswith("postgresql.")
    return not is_served or result.typical.server_cpu_s is not None


def _full(key: str, title: str) -> str:
    place = {"sqlite": "SQLite, ", "postgresql": "PostgreSQL, "}
    return place.get(key.partition(".")[0], "") + title


def machine(postgresql: str | None) -> dict[str, Any]:
    """Describe machine and versions.

    Args:
        postgresql: version of the server, or None where none was measured.
    """
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "versions": {
            "Python": platform.python_version(),
            **versions,
            "SQLite": sqlite3.sqlite_version,
            "PostgreSQL": postgresql or "not measured",
        },
    }


def _processor() -> str:
    if not _CPUS.exists():
        return platform.processor()
    lines = _CPUS.read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def as_json(about: Mapping[str, Any], results: Sequence[Result]) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        **about,
        "results": [asdict(one) for one in results],
        "ratios": [asdict(one) for one in judge(results)],
    }


def as_markdown(about: Mapping[str, Any], results: Sequence[Result]) -> str:
    """The page for people."""
    return "\n".join([*_head(about), "", *_figures(results), "", *_ratios(results), ""])


def _head(about: Mapping[str, Any]) -> list[str]:
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return [
        f"# Measured {about['measured_at']}",
        "",
        f"{about['rows']:,} rows × 20 columns ({about['tape_mb']:.0f} MB, 1 % of them bad), "
        f"{about['repeats']} round(s), each job once a round in the order of the table; medians.",
        "",
        f"{about['cores']} cores ({about['processor']}), {about['memory_gb']} GB, "
        f"{about['system']}; load {about['load_before']} before the start.",
        "",
        f"{versions}.",
        "",
        "Loads and peers are timed from the start of their process to its end; limits and heart "
        "without start and imports. CPU seconds are user and system; server: all of its "
        "processes. Peak: largest resident memory of the command in any round, shared libraries "
        "included.",
    ]


def _figures(results: Sequence[Result]) -> list[str]:
    lines = [
        "| job | wall s | µs a row | CPU s | server CPU s | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        typical = one.typical
        server = "" if typical.server_cpu_s is None else f"{typical.server_cpu_s:.2f}"
        lines.append(
            f"| {_full(one.key, one.title)} | {typical.wall_s:.2f} | "
            f"{typical.wall_s / one.rows * 1e6:.1f} | {typical.cpu_s:.2f} | {server} | "
            f"{typical.peak_mb:.0f} |"
        )
    return lines


def _ratios(results: Sequence[Result]) -> list[str]:
    lines = ["| per row | against | target | wall | CPU | |", "|---|---|---:|---:|---:|---|"]
    for one in judge(results):
        by_cpu = "" if one.by_cpu is None else f"{one.by_cpu:.2f}"
        verdict = "holds" if one.holds else "**missed**"
        lines.append(
            f"| {one.work} | {one.against} | {one.wanted} | {one.by_wall:.2f} | {by_cpu} | "
            f"{verdict} |"
        )
    return [*lines, *_peaks(results)]


def _peaks(results: Sequence[Result]) -> Iterator[str]:
    for one in results:
        if one.key.endswith(_LOADS):
            peak_mb = one.typical.peak_mb
            verdict = "holds" if peak_mb <= PEAK_MB else "**missed**"
            title = _full(one.key, one.title)
            yield f"| {title} | memory, MB | ≤ {PEAK_MB:.0f} | {peak_mb:.0f} | | {verdict} |"
