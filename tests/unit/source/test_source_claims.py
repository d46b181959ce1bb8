"""Files that are no tapes, whatever their name says."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from loan_etl_tui.model.errors import SourceUnreadable
from tests.unit.source.conftest import Read


def workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def tarred() -> bytes:
    return b"tape.csv".ljust(257, b"\0") + b"ustar\x0000".ljust(255, b"\0")


NO_TAPES = {
    "an HTML page": b"\n <!DOCTYPE HTML>\n<html><body>Sign in</body></html>",
    "an HTML page ": b"\xef\xbb\xbf<html>",
    "a Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "an Excel workbook": workbook(),
    "an old Excel workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "a PDF document": b"%PDF-1.7\n",
    "a Parquet file": b"PAR1" + bytes(20),
    "an XML document": b'<?xml version="1.0"?><loans/>',
    "an SQLite database": b"SQLite format 3\0",
    "a 7-Zip archive": b"7z\xbc\xaf\x27\x1c",
    "a RAR archive": b"Rar!\x1a\x07\x00",
    "an LZ4 stream": b"\x04\x22\x4d\x18",
    "a tar archive": tarred(),
}


@pytest.mark.parametrize("what", NO_TAPES)
def test_a_file_that_is_no_tape_says_what_it_is(read: Read, what: str) -> None:
    with pytest.raises(SourceUnreadable, match=what.strip()) as raised:
        read(NO_TAPES[what])
    assert raised.value.exit_code == 65
    assert raised.value.hint


@pytest.mark.parametrize("text", ["version,x\n1,2\n", "PK,x\n1,2\n", "%,x\n1,2\n", "<a>,x\n1,2\n"])
def test_a_tape_that_begins_strangely_is_still_a_tape(read: Read, text: str) -> None:
    assert len(read(text).rows) == 1


def test_a_real_workbook_is_told_from_a_zip(read: Read, shared: Path) -> None:
    book = shared / "prosper" / "Prosper_Variable_Definitions.xlsx"
    book = shared / "data" / book.relative_to(shared)
    with pytest.raises(SourceUnreadable, match="an Excel workbook"):
        read(book.read_bytes())
