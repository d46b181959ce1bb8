"""The reject file: every rejected record as it arrived, with codes and positions.

Two files side by side: `rejects.jsonl` is lossless and made for programs; `rejects.csv` opens in
any spreadsheet and is safe against formula injection: a text that a spreadsheet would run gets an
apostrophe in front, and the column `escaped` names the columns that got one.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyarrow as pa

from loan_etl_tui.model.errors import CannotCreate

COLUMNS = (
    "delivery",
    "file",
    "record",
    "line",
    "loan_id",
    "codes",
    "fields",
    "columns",
    "values",
    "expected",
    "original",
    "escaped",
)
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_NUMBER = re.compile(r"^[+-]?(\d+([.,]\d+)*|\.\d+)([eE][+-]?\d+)?%?$")


def safe_cell(text: str) -> tuple[str, bool]:
    """Put an apostrophe before text that a spreadsheet would run; plain numbers stay as they are.

    Returns:
        The text to write, and whether it was changed.
    """
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return "'" + text, True
    return text, False


class RejectFile:
    """Writes both reject files of a run; neither exists until the first reject comes.

    Files are made for their owner alone (0600), since they hold whole rows.
    """

    def __init__(self, folder: Path, stem: str = "rejects") -> None:
        self._folder = folder
        self._stem = stem
        self._open: list[IO[str]] = []
        self._csv: Any = None
        self.count = 0

    @property
    def path(self) -> Path:
        """The spreadsheet's file."""
        return self._folder / f"{self._stem}.csv"

    @property
    def lines_path(self) -> Path:
        """The lossless file, one JSON object per line."""
        return self._folder / f"{self._stem}.jsonl"

    def write(
        self,
        delivery: str,
        rejects: pa.Table,
        issues: pa.Table,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """Append rejected records with every finding they have.

        Args:
            delivery: name of the file they come from.
            rejects: (n,) `frames.REJECTS`.
            issues: (m,) `frames.ISSUES` of the same batch; findings of other rows are ignored.
            columns: the tape's own column of a field, where it is read from exactly one.
        """
        if rejects.num_rows == 0:
            return
        if not self._open:
            self._create()
        findings = _by_row(issues)
        for row in rejects.to_pylist():
            found = findings[row["file"], row["record"]]
            self._one(reject_line(delivery, row, found, columns or {}))

    def _create(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open = [_private(self.path), _private(self.lines_path)]
        except OSError as problem:
            raise CannotCreate(
                f"{self.path}: cannot be created ({problem.strerror}).",
                "check the rights and the space of the workspace's runs folder.",
            ) from None
        self._csv = csv.writer(self._open[0], quoting=csv.QUOTE_ALL)
        self._csv.writerow(COLUMNS)

    def _one(self, line: Mapping[str, Any]) -> None:
        self._open[1].write(json.dumps(line, ensure_ascii=False) + "\n")
        cells, escaped = [], []
        for name in COLUMNS[:-1]:
            value = line[name]
            text = " | ".join(value) if isinstance(value, list) else str(value)
            text, changed = safe_cell(text)
            cells.append(text)
            if changed:
                escaped.append(name)
        self._csv.writerow([*cells, " ".join(escaped)])
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._open:
            one.close()


def _private(path: Path) -> IO[str]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return open(descriptor, "w", encoding="utf-8", newline="", errors="backslashreplace")  # noqa: PTH123 - from a descriptor; closed in __exit__


def _by_row(issues: pa.Table) -> dict[tuple[int, int], list[dict[str, Any]]]:
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for issue in issues.to_pylist():
        found[issue["file"], issue["record"]].append(issue)
    return found


def reject_line(
    delivery: str,
    row: Mapping[str, Any],
    found: Iterable[Mapping[str, Any]],
    columns: Mapping[str, str],
) -> dict[str, Any]:
    """Bring one rejected record and its findings into the form of the reject file."""
    found = list(found)
    return {
        "delivery": delivery,
        "file": row["file"],
        "record": row["record"],
        "line": row["line"],
        "loan_id": row["loan_id"] or "",
        "codes": [issue["code"] for issue in found],
        "fields": [issue["field"] or "" for issue in found],
        "columns": [columns.get(issue["field"] or "", "") for issue in found],
        "values": [issue["value"] or "" for issue in found],
        "expected": [issue["expected"] or "" for issue in found],
        "original": row["text"] or "",
    }
