"""The reject file keeps every byte, and no spreadsheet runs a cell of it."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.model.frames import ISSUES, REJECTS
from loan_etl_tui.review.rejects import COLUMNS, RejectFile, safe_cell


def rejects_of(text: str) -> tuple[pa.Table, pa.Table]:
    row = {
        "file": 0, "record": 7, "line": 9, "offset": 0, "length": 3, "text": text,
        "fault": None, "observed": None, "loan_id": "A1",
    }  # fmt: skip
    issue = {
        "file": 0, "record": 7, "line": 9, "loan_id": "A1", "field": "original_balance",
        "code": "C-MONEY", "severity": "R", "value": "=HYPERLINK(1)", "expected": "an amount",
    }  # fmt: skip
    return pa.Table.from_pylist([row], REJECTS), pa.Table.from_pylist([issue], ISSUES)


@given(st.text(max_size=30))
def test_a_safe_cell_starts_no_formula_and_loses_nothing(text: str) -> None:
    safe, changed = safe_cell(text)
    assert (safe[1:] if changed else safe) == text
    if not changed and text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        float(text.replace(",", ".").rstrip("%").replace(".", "", text.count(".") - 1) or "x")


def test_a_negative_amount_is_no_formula() -> None:
    assert safe_cell("-133.18") == ("-133.18", False)
    assert safe_cell("-1+cmd|' /C calc'!A0") == ("'-1+cmd|' /C calc'!A0", True)


def test_both_files_hold_the_original_line_and_are_private(tmp_path: Path) -> None:
    original = '@SUM(1),"two\nlines",Ä\r\n'
    with RejectFile(tmp_path / "runs" / "r1") as out:
        out.write("tape.csv", *rejects_of(original))
    (line,) = out.lines_path.read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    assert kept["original"] == original
    assert (kept["line"], kept["codes"]) == (9, ["C-MONEY"])
    with out.path.open(encoding="utf-8", newline="") as file:
        header, row = list(csv.reader(file))
    assert tuple(header) == COLUMNS
    cells = dict(zip(header, row, strict=True))
    assert cells["original"] == "'" + original
    assert cells["escaped"].split() == ["values", "original"]
    assert stat.S_IMODE(out.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(out.path.parent.stat().st_mode) == 0o700


def test_without_a_reject_there_is_no_file(tmp_path: Path) -> None:
    with RejectFile(tmp_path / "r1") as out:
        out.write("tape.csv", REJECTS.empty_table(), ISSUES.empty_table())
    assert not out.path.exists()
