"""What a run does with several files, targets, corrections and proofs, on a small invented feed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
import zstandard

from tests.end_to_end.desk import Desk
from tests.end_to_end.tables import ask

CONFIG = """\
version: 1
platform: acme
enabled: true
source:
  path: inbox/acme_*.csv
transform:
  currency: EUR
  record_date: {from: file_name, pattern: '_(\\d{4}-\\d{2}-\\d{2})'}
  loan:
    loan_id:          {from: id, via: id}
    issue_date:       {from: issued, via: date, formats: [ISO]}
    original_balance: {from: amount, via: money}
  status:
    principal_paid:   {from: paid, via: money, as: cumulative}
  loan_status:
    from: state
    words: {open: CURRENT, done: PAID_OFF}
"""
HEADER = "id,issued,amount,paid,state\n"


def row(number: int, paid: str = "10.00", amount: str = "100.00") -> str:
    return f"A{number:05},2023-01-15,{amount},{paid},open\n"


def tape(desk: Desk, day: str, text: str) -> Path:
    path = desk.root / "inbox" / f"acme_{day}.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    return path


@pytest.fixture
def acme(desk: Desk) -> Desk:
    (desk.root / "configs" / "acme.yaml").write_text(CONFIG, encoding="utf-8")
    return desk


def statuses(desk: Desk) -> dict[str, int]:
    rows = desk.rows("SELECT record_date, COUNT(*) FROM status GROUP BY record_date")
    return dict(rows)


def test_a_bad_delivery_does_not_undo_the_good_ones(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1) + row(2))
    tape(acme, "2024-02-29", row(1, paid="many") + row(2))
    tape(acme, "2024-03-31", row(1) + row(2))
    ended = acme.load("acme")
    assert ended.code == 4
    assert statuses(acme) == {"2024-01-31": 2, "2024-03-31": 2}
    words = [one["status"] for one in ended.summary["deliveries"]]
    assert words == ["loaded", "held", "loaded"]


def test_atomic_run_loads_all_deliveries_or_none(acme: Desk) -> None:
    acme.config("acme", lambda text: text + "load: {atomic: run}\n")
    tape(acme, "2024-01-31", row(1))
    bad = tape(acme, "2024-02-29", row(1, paid="many"))
    assert acme.load("acme").code == 4
    assert acme.rows("SELECT COUNT(*) FROM loan") == [(0,)]
    bad.write_text(HEADER + row(1), encoding="utf-8")
    assert acme.load("acme").code == 0
    assert statuses(acme) == {"2024-01-31": 1, "2024-02-29": 1}


def test_pick_newest_loads_the_newest_file_that_is_not_loaded_yet(acme: Desk) -> None:
    acme.config("acme", lambda text: text.replace("  path:", "  pick: newest\n  path:"))
    for age, day in enumerate(("2024-03-31", "2024-02-29", "2024-01-31")):
        path = tape(acme, day, row(1))
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    assert acme.load("acme").code == 0
    assert statuses(acme) == {"2024-03-31": 1}
    assert acme.load("acme").code == 0
    assert statuses(acme) == {"2024-02-29": 1, "2024-03-31": 1}


def test_every_named_target_gets_the_same_rows(acme: Desk) -> None:
    (acme.root / "loan-etl.yaml").write_text(
        "targets: {one: {url: one.db}, two: {url: two.db, table_prefix: x_}}\n", encoding="utf-8"
    )
    acme.config("acme", lambda text: text + "load: {targets: [one, two]}\n")
    tape(acme, "2024-01-31", row(1) + row(2))
    ended = acme.load("acme")
    assert ended.code == 0, ended.err
    assert [target["status"] for target in ended.summary["targets"]] == ["loaded", "loaded"]
    assert ask(acme.root / "one.db", "SELECT COUNT(*) FROM status") == [(2,)]
    assert ask(acme.root / "two.db", "SELECT COUNT(*) FROM x_status") == [(2,)]


def test_a_pipeline_that_loaded_elsewhere_does_not_fall_back_silently(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1))
    assert acme.load("acme", LOAN_ETL_DATABASE_URL="sqlite:///elsewhere.db").code == 0
    ended = acme.load("acme")
    assert ended.code == 78
    assert "elsewhere.db" in ended.summary["message"]
    assert not (acme.root / "loans.db").exists()
    assert acme.load("acme", "--database", "loans.db").code == 0
    assert acme.load("acme").code == 0


def test_many_changed_rows_are_held_until_called_a_correction(acme: Desk) -> None:
    tape(acme, "2024-01-31", "".join(row(n) for n in range(300)))
    assert acme.load("acme").code == 0
    tape(acme, "2024-01-31", "".join(row(n, paid="11.00") for n in range(300)))
    held = acme.load("acme")
    assert held.code == 4
    assert "F-CORRECTIONS" in held.summary["message"]
    assert acme.rows("SELECT COUNT(*) FROM correction") == [(0,)]
    ended = acme.load("acme", "--correct", "--reason", "restated by the servicer")
    assert ended.code == 0, ended.err
    assert ended.summary["counts"]["status_corrected"] == 300
    reasons = acme.rows("SELECT DISTINCT reason, old_value, new_value FROM correction")
    assert reasons == [("restated by the servicer", "10.0000", "11.0000")]


def test_rows_of_one_loan_that_contradict_each_other_are_all_rejected(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1) + row(2) + row(2, paid="20.00") + row(3) + row(3))
    ended = acme.load("acme", "--max-rejected", "50%")
    assert ended.code == 3, ended.err
    counts = ended.summary["counts"]
    assert (counts["rejected"], counts["merged"], counts["status_inserted"]) == (2, 1, 2)
    assert ended.summary["issues_by_code"] == {"X-DUP-EQ": 1, "X-DUP-NE": 2}
    exported = acme("rejects", "export", ended.summary["run_id"])
    assert exported.out.count("A00002") >= 2


def test_a_control_total_of_the_caller_must_hold(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1) + row(2))
    wrong = acme.load("acme", "--control-total", "sum_original_balance=201")
    assert wrong.code == 4
    assert "difference 1" in wrong.summary["message"]
    right = acme.load("acme", "--control-total", "sum_original_balance=200")
    assert right.code == 0
    assert right.summary["control_totals"][0]["reconciled"] is True


def test_the_loaded_tape_is_kept_compressed_under_its_hash(acme: Desk) -> None:
    path = tape(acme, "2024-01-31", row(1))
    ended = acme.load("acme")
    sha256 = ended.summary["deliveries"][0]["sha256"]
    kept = acme.root / "archive" / "acme" / f"{sha256}-{path.name}.zst"
    with kept.open("rb") as file:
        assert zstandard.ZstdDecompressor().stream_reader(file).read() == path.read_bytes()
    assert path.exists()


def test_an_origination_file_makes_loans_without_status_rows(acme: Desk) -> None:
    text = CONFIG.replace("transform:", "transform:\n  shape: origination")
    text = "\n".join(line for line in text.splitlines() if "record_date" not in line)
    begin, end = text.index("  status:\n"), text.index("  loan_status:")
    text = text[:begin] + text[end : text.index("    from: state")] + "    const: ISSUED\n"
    (acme.root / "configs" / "acme.yaml").write_text(text, encoding="utf-8")
    tape(acme, "2024-01-31", row(1) + row(2))
    ended = acme.load("acme")
    assert ended.code == 0, ended.err
    assert ended.summary["record_dates"] == []
    assert acme.rows("SELECT loan_status, last_record_date FROM loan") == [("ISSUED", None)] * 2
    assert acme.rows("SELECT COUNT(*) FROM status") == [(0,)]


def test_a_second_run_on_the_same_database_is_told_to_try_again(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1))
    assert acme.load("acme").code == 0
    tape(acme, "2024-02-29", row(1))
    holder = sqlite3.connect(acme.root / "loans.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        ended = acme.load("acme")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert ended.code == 75
    assert ended.summary["retryable"] is True
    assert acme.load("acme").code == 0


def test_a_missing_column_needs_mapping_and_says_the_likely_new_name(acme: Desk) -> None:
    path = tape(acme, "2024-01-31", row(1))
    path.write_text(path.read_text().replace(",paid,", ",paid_eur,"), encoding="utf-8")
    ended = acme.load("acme")
    assert (ended.code, ended.summary["status"]) == (5, "needs_mapping")
    assert "paid_eur" in ended.summary["hint"]
    assert Path(ended.summary["review_package"]).is_dir()


@pytest.mark.skipif(shutil.which("stat") is None, reason="needs stat(1)")
def test_what_a_run_leaves_behind_is_private(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1, paid="many"))
    ended = acme.load("acme")
    folder = Path(ended.summary["review_package"])
    modes = subprocess.run(
        ["stat", "-c", "%a", folder, *sorted(folder.iterdir())],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert modes == ["700", "600", "600", "600"]


def test_a_record_with_a_nul_is_rejected_alone(acme: Desk) -> None:
    path = tape(acme, "2024-01-31", row(1) + row(2) + row(3))
    path.write_bytes(path.read_bytes().replace(b"A00002", b"A0\x00002"))
    ended = acme.load("acme", "--max-rejected", "1")
    assert ended.code == 3, ended.err
    assert ended.summary["counts"]["rejected"] == 1
    assert ended.summary["issues_by_code"] == {"F-ENCODING": 1}
    assert acme.rows("SELECT loan_id FROM loan ORDER BY 1") == [("A00001",), ("A00003",)]


def test_a_reject_quotes_the_cell_and_its_column_as_they_stand_in_the_tape(acme: Desk) -> None:
    tape(acme, "2024-01-31", row(1, paid="-5") + row(2, amount="100000000000.12345"))
    ended = acme.load("acme")
    assert ended.code == 4
    lines = acme("rejects", "export", ended.summary["run_id"], "--to", "r.jsonl")
    assert lines.code == 0, lines.err
    text = (acme.root / "r.jsonl").read_text(encoding="utf-8")
    first, second = (json.loads(line) for line in text.splitlines())
    assert ("C-NEG", "paid", "-5") in zip(
        first["codes"], first["columns"], first["values"], strict=True
    )
    assert second["columns"] == ["amount"]
    assert second["values"] == ["100000000000.12345"]


def test_the_same_bytes_for_two_dates_are_nothing_new_for_both(acme: Desk) -> None:
    path = tape(acme, "2024-01-31", row(1))
    dates = ("2024-01-31", "2024-02-29")
    for day in dates:
        assert acme.load("acme", "--file", path, "--record-date", day).code == 0
    runs = acme.rows("SELECT COUNT(*) FROM load_run")
    for day in dates:
        ended = acme.load("acme", "--file", path, "--record-date", day)
        assert ended.summary["status"] == "nothing_new"
    assert acme.rows("SELECT COUNT(*) FROM load_run") == runs


def test_one_target_that_does_not_answer_hides_nothing_of_the_other(acme: Desk) -> None:
    (acme.root / "loan-etl.yaml").write_text(
        "targets: {one: {url: one.db}, gone: {url: 'postgresql://etl@127.0.0.1:9/loans'}}\n",
        encoding="utf-8",
    )
    acme.config("acme", lambda text: text + "load: {targets: [one, gone]}\n")
    tape(acme, "2024-01-31", row(1) + row(2))
    ended = acme.load("acme")
    assert ended.code == 69, ended.err
    assert [target["status"] for target in ended.summary["targets"]] == ["loaded", "failed"]
    assert ended.summary["counts"]["status_inserted"] == 2


def test_paid_principal_without_its_shape_is_refused(acme: Desk) -> None:
    acme.config("acme", lambda text: text.replace(", as: cumulative", ""))
    tape(acme, "2024-01-31", row(1))
    ended = acme.load("acme")
    assert ended.code == 78
    assert "cumulative or balance" in ended.summary["message"]


def test_another_delimiter_is_named(acme: Desk) -> None:
    path = tape(acme, "2024-01-31", row(1))
    path.write_text(path.read_text().replace(",", ";"), encoding="utf-8")
    ended = acme.load("acme")
    assert ended.code == 5
    assert "delimited by ';'" in ended.summary["hint"]


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    empty = Desk(tmp_path)
    for call in (("check",), ("list",)):
        ended = empty(*call)
        assert ended.code == 78
        assert "loan-etl init" in ended.err


RATE = "    interest_rate: {from: rate, via: rate, unit: percent, optional: true}\n"


@pytest.fixture
def rated(acme: Desk) -> Desk:
    """A feed whose first month has a rate in every row."""
    acme.config("acme", lambda text: text.replace("  status:", RATE + "  status:", 1))
    path = tape(acme, "2024-01-31", "")
    path.write_text(HEADER.strip() + ",rate\n" + with_cell(",9.5"), encoding="utf-8")
    assert acme.load("acme").code == 0
    return acme


def with_cell(cell: str) -> str:
    return "".join(row(number).strip() + cell + "\n" for number in range(20))


def test_a_column_that_was_filled_before_and_is_empty_now_is_told(rated: Desk) -> None:
    path = tape(rated, "2024-02-29", "")
    path.write_text(HEADER.strip() + ",rate\n" + with_cell(","), encoding="utf-8")
    ended = rated.load("acme")
    assert ended.code == 0, ended.err
    assert ended.summary["issues_by_code"].get("F-NULLS") == 1


def test_an_optional_column_that_a_release_lacks_is_noted_once(rated: Desk) -> None:
    tape(rated, "2024-02-29", with_cell(""))
    ended = rated.load("acme")
    assert ended.code == 0, ended.err
    assert "F-NULLS" not in ended.summary["issues_by_code"]
    assert [note for note in ended.summary["notes"] if "rate" in note] == [
        "optional columns not in the file: rate"
    ]
