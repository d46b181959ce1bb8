"""Where a database file lies decides how its journal is kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from loan_etl_tui.load.sqlite_file import file_of, open_file, suits_wal
from tests.fixtures.deliveries import opened


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("/dev/vda / ext4 rw 0 0\n", True),
        ("/dev/vda / ext4 rw 0 0\nserver:/x {folder} nfs4 rw 0 0\n", False),
        ("server:/ / nfs rw 0 0\ntmpfs {folder} tmpfs rw 0 0\n", True),
        ("/dev/vda / ext4 rw 0 0\n//nas/x {spaced} cifs rw 0 0\n", True),
    ],
)
def test_a_write_ahead_log_stays_off_network_disks(
    tmp_path: Path, mounts: str, expected: bool
) -> None:
    table = tmp_path / "mounts"
    table.write_text(mounts.format(folder=tmp_path, spaced=f"{tmp_path}\\040x"))
    assert suits_wal(tmp_path / "loans.db", table) is expected


def test_a_folder_with_a_blank_in_its_name_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    table = tmp_path / "mounts"
    table.write_text(f"/dev/vda / ext4 rw 0 0\n//nas/x {tmp_path}/a\\040b cifs rw 0 0\n")
    assert suits_wal(folder / "loans.db", table) is False


def test_without_a_list_of_mounts_the_disk_counts_as_local(tmp_path: Path) -> None:
    assert suits_wal(tmp_path / "loans.db", tmp_path / "none") is True


def test_a_new_file_on_a_local_disk_has_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "loans.db"
    opened(str(path)).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_connection_checks_references_and_waits_for_others(tmp_path: Path) -> None:
    path = tmp_path / "odd #name?.db"
    path.touch()
    connection = open_file(path)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (5_000,)
    connection.close()


def test_a_path_and_its_url_name_the_same_file() -> None:
    assert file_of("data/loans.db") == file_of("sqlite:///data/loans.db") == Path("data/loans.db")
    assert file_of("sqlite:////abs/loans.db") == Path("/abs/loans.db")
