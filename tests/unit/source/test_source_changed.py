"""A file that grows, shrinks or is replaced while it is read: try again later."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from loan_etl_tui.model.errors import DiskError, LoanEtlError, SourceChanged
from loan_etl_tui.source.csv import CsvSource
from tests.unit.source.conftest import Make

BODY = "id,x\n" + "1,2\n" * 1_000_000


def change_and_read(source: CsvSource, change: Callable[[Path], None]) -> None:
    """Fingerprint a file, read its first batch, change it, and read on."""
    path = source.deliveries()[0]
    delivery = source.fingerprint(path)
    batches = source.batches(delivery, ("id",))
    next(batches)
    change(path)
    list(batches)


def append(path: Path) -> None:
    with path.open("a") as file:
        file.write("3,4\n")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_text(BODY)
    other.rename(path)


def rewrite_in_place(path: Path) -> None:
    """Change bytes but neither size nor times."""
    state = path.stat()
    path.write_text(BODY.replace("2", "3"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize("change", [append, replace, rewrite_in_place, Path.unlink, Path.touch])
def test_a_file_that_changes_while_it_is_read_says_try_again(
    make: Make, change: Callable[[Path], None]
) -> None:
    with pytest.raises(SourceChanged) as raised:
        change_and_read(make(BODY, block_bytes=1 << 16), change)
    assert raised.value.exit_code == 75


def test_a_file_that_changed_since_its_fingerprint_is_not_read(make: Make) -> None:
    source = make(BODY)
    delivery = source.fingerprint(source.deliveries()[0])
    append(delivery.path)
    for read in (lambda: source.layout(delivery), lambda: list(source.batches(delivery, ("id",)))):
        with pytest.raises(SourceChanged, match="since it was fingerprinted"):
            read()


def test_a_compressed_file_still_on_its_way_says_try_again_and_not_unreadable(make: Make) -> None:
    packed = gzip.compress(os.urandom(200_000).hex().encode())
    source = make(packed[: len(packed) // 2], header="none", block_bytes=1 << 16)
    delivery = source.fingerprint(source.deliveries()[0])
    batches = source.batches(delivery, ())
    with delivery.path.open("ab") as file:
        file.write(packed[len(packed) // 2 :][:100])
    with pytest.raises(SourceChanged):
        list(batches)


def test_an_archive_is_hashed_again_too(make: Make) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", BODY)
        archive.writestr("b.csv", BODY)
    source = make(out.getvalue(), block_bytes=1 << 16)

    def spoil_comment(path: Path) -> None:
        state = path.stat()
        raw = bytearray(path.read_bytes())
        raw[raw.index(b"PK\x01\x02") + 12] ^= 1  # the time stamp in the central directory
        path.write_bytes(raw)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    with pytest.raises(SourceChanged, match="its bytes are others"):
        change_and_read(source, spoil_comment)


def test_a_fingerprint_is_the_hash_and_identity_of_the_file(make: Make) -> None:
    source = make(BODY)
    path = source.deliveries()[0]
    delivery = source.fingerprint(path)
    state = path.stat()
    assert delivery.sha256 == hashlib.sha256(BODY.encode()).hexdigest()
    assert (delivery.name, delivery.path) == ("tape.csv", path)
    told = (delivery.size_bytes, delivery.mtime_ns, delivery.inode, delivery.device)
    assert told == (state.st_size, state.st_mtime_ns, state.st_ino, state.st_dev)


def test_a_disk_that_fails_is_a_disk_error(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __init__(self, path: Path) -> None:
            self._file = os.open(path, os.O_RDONLY)

        def fileno(self) -> int:
            return self._file

        def read(self, size: int) -> bytes:
            raise OSError(5, "Input/output error")

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self._file)

    source = make(BODY)
    path = source.deliveries()[0]
    monkeypatch.setattr(Path, "open", lambda path, *_, **__: Failing(path))
    with pytest.raises(DiskError, match="Input/output error"):
        source.fingerprint(path)


def test_a_preview_may_stop_early(make: Make) -> None:
    source = make(BODY, block_bytes=1 << 16)
    delivery = source.fingerprint(source.deliveries()[0])
    batches = source.batches(delivery, ("id",))
    assert next(batches).table.num_rows > 0
    batches.close()
    assert issubclass(SourceChanged, LoanEtlError)
