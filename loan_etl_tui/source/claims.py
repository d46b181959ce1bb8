"""What a file is when it is no tape: told from its first bytes, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loan_etl_tui.model.errors import SourceUnreadable

HEAD_BYTES = 4096

GZIP, BZIP2, XZ, ZSTD, ZIP = "gzip", "bzip2", "xz", "zstd", "zip"

# Magic bytes at the very start; a tape's text never begins like this.
_COMPRESSED: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    (GZIP, re.compile(rb"\x1f\x8b")),
    (BZIP2, re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")),
    (XZ, re.compile(rb"\xfd7zXZ\x00")),
    (ZSTD, re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")),
    (ZIP, re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
)


@dataclass(frozen=True, slots=True)
class _Claim:
    what: str
    pattern: re.Pattern[bytes]
    hint: str


_EXPORT = "export the table as CSV."
_UNPACK = "unpack it first."
_AGAIN = "the download went wrong: fetch the tape again."

_CLAIMS: tuple[_Claim, ...] = (
    _Claim(
        "a Git LFS pointer", re.compile(rb"version https://git-lfs\.github\.com/"), "git lfs pull."
    ),
    _Claim("an HTML page", re.compile(rb"(?i)\s*<(?:!doctype\s+html|html|head|body)\b"), _AGAIN),
    _Claim("an XML document", re.compile(rb"\s*<\?xml\b"), "it needs the xml connector."),
    _Claim(
        "an old Excel workbook (xls)", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _EXPORT
    ),
    _Claim("a PDF document", re.compile(rb"%PDF-"), "ask the sender for the table itself."),
    _Claim("a Parquet file", re.compile(rb"PAR1"), "it needs the parquet connector."),
    _Claim("an SQLite database", re.compile(rb"SQLite format 3\x00"), _EXPORT),
    _Claim("a 7-Zip archive", re.compile(rb"7z\xbc\xaf\x27\x1c"), _UNPACK),
    _Claim("a RAR archive", re.compile(rb"Rar!\x1a\x07"), _UNPACK),
    _Claim("an LZ4 stream", re.compile(rb"\x04\x22\x4d\x18"), _UNPACK),
    _Claim("a tar archive", re.compile(rb"(?s).{257}ustar"), _UNPACK),
)


def compressed_form(head: bytes) -> str | None:
    """Name the compressed form that a file starts with, or None."""
    return next((form for form, magic in _COMPRESSED if magic.match(head)), None)


def refuse_false_claims(name: str, head: bytes) -> None:
    """Raise SourceUnreadable where the first bytes of a table show that it is none.

    Args:
        name: file, or archive member, as messages show it.
        head: the first few thousand bytes, decompressed.
    """
    nested = compressed_form(head)
    if nested is not None:
        raise SourceUnreadable(
            f"{name} holds another compressed file ({nested}); nested archives are not read.",
            _UNPACK,
        )
    text = head.removeprefix(b"\xef\xbb\xbf")
    for claim in _CLAIMS:
        if claim.pattern.match(text):
            raise SourceUnreadable(f"{name} is {claim.what}, not a delimited text.", claim.hint)
