"""The first part of the real Prosper export of 2014, its last line cut inside a field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.desk import Desk, shared_tape

pytestmark = pytest.mark.real_data


def test_the_cut_export_loads_its_whole_rows_and_rejects_the_cut_one(desk: Desk) -> None:
    tape = shared_tape("prosper", "prosperLoanData.part.csv.gz")
    arguments = ("--file", tape, "--record-date", "2014-03-31")
    held = desk.load("prosper_2014", *arguments, "--max-rejected", "0")
    assert held.code == 4
    ended = desk.load("prosper_2014", *arguments, "--max-rejected", "1")
    summary = ended.summary
    assert ended.code == 3, summary
    counts = summary["counts"]
    assert counts["read"] == 2_766
    assert counts["rejected"] == 1
    assert counts["accepted"] == 2_765
    assert counts["merged"] == 3
    assert summary["issues_by_code"]["X-DUP-EQ"] == 3
    assert summary["issues_by_code"]["F-TRUNC"] == 1
    assert desk.rows("SELECT COUNT(*) FROM loan") == [(2_762,)]
    rejects = Path(summary["rejects_file"]).with_suffix(".jsonl").read_text(encoding="utf-8")
    (reject,) = [json.loads(line) for line in rejects.splitlines()]
    assert reject["codes"] == ["F-TRUNC"]
    assert reject["line"] == 2_767
    assert reject["original"].startswith('"85E4338')
    above = desk.rows(
        "SELECT COUNT(*) FROM status s JOIN loan l USING (platform_name, loan_id)"
        " WHERE s.principal_paid > l.original_balance + 0.01"
    )
    assert above == [(44,)]
    # A repeat looks at the open reject again and says so, without writing a row.
    again = desk.load("prosper_2014", *arguments, "--max-rejected", "1")
    assert again.code == 3
    assert again.summary["counts"]["status_unchanged"] == 2_762
