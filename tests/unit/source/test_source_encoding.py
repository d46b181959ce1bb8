"""Encodings: strict, declared, and with the place of the first wrong byte."""

from __future__ import annotations

import pytest

from loan_etl_tui.model.errors import ConfigError, SourceUnreadable
from loan_etl_tui.source.decode import Width, find_encoding
from tests.unit.source.conftest import Read


@pytest.mark.parametrize("block_bytes", [1, 7, 1 << 20])
def test_the_first_undecodable_byte_is_named_with_offset_and_line(
    read: Read, block_bytes: int
) -> None:
    body = 'id,x\r\n1,"é\n"\r\n2,'.encode() + b"\xff\n"
    told = rf"tape.csv: byte 0xff at offset {len(body) - 2}, line 4, is not utf-8"
    with pytest.raises(SourceUnreadable, match=told) as raised:
        read(body, block_bytes=block_bytes)
    assert raised.value.exit_code == 65
    assert "cp1252" in raised.value.hint


def test_a_character_cut_at_the_end_of_the_file_is_undecodable(read: Read) -> None:
    with pytest.raises(SourceUnreadable, match="byte 0xc3 at offset 7, line 2"):
        read(b"id,x\n1,\xc3")


def test_a_surrogate_is_no_utf_8(read: Read) -> None:
    with pytest.raises(SourceUnreadable, match="byte 0xed at offset 7"):
        read(b"id,x\n1,\xed\xa0\x80\n")


def test_bytes_of_a_single_byte_encoding_keep_their_offsets(read: Read) -> None:
    body = "id,x\n1,€ä\n2,ü\n".encode("cp1252")
    found = read(body, encoding="cp1252")
    assert found.cells("x") == ["€ä", "ü"]
    assert [(row["offset"], row["length"]) for row in found.rows] == [(5, 5), (10, 4)]


def test_a_byte_that_cp1252_does_not_have_is_undecodable(read: Read) -> None:
    with pytest.raises(SourceUnreadable, match="byte 0x81 at offset 7, line 2, is not cp1252"):
        read(b"id,x\n1,\x81\n", encoding="cp1252")


def test_ascii_means_ascii(read: Read) -> None:
    with pytest.raises(SourceUnreadable, match="offset 7"):
        read("id,x\n1,é\n", encoding="ascii")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_wide_encodings_are_transcoded(read: Read, encoding: str) -> None:
    found = read("id,x\n1,é\n".encode(encoding), encoding=encoding)
    assert found.cells("x") == ["é"]


def test_the_place_of_a_wrong_byte_of_utf_16_is_that_of_the_file(read: Read) -> None:
    body = "id,x\n1,a\n".encode("utf-16-le") + b"\x00\xdc"
    with pytest.raises(SourceUnreadable, match=f"offset {len(body) - 2}, line 3"):
        read(body, encoding="utf-16-le")


def test_multi_byte_encodings_are_transcoded_before_they_are_cut(read: Read) -> None:
    # The second byte of this character is a pipe in gbk.
    body = "id|x\n1|亅\n".encode("gbk")
    assert read(body, encoding="gbk", delimiter="|").cells("x") == ["亅"]


@pytest.mark.parametrize(
    ("declared", "written", "told"),
    [("cp1252", "utf-8-sig", "utf-8"), ("utf-8", "utf-16", "utf-16")],
)
def test_a_byte_order_mark_that_says_otherwise_is_believed(
    read: Read, declared: str, written: str, told: str
) -> None:
    with pytest.raises(SourceUnreadable) as raised:
        read("id,x\n1,2\n".encode(written), encoding=declared)
    assert raised.value.hint == f"set source.encoding to {told}."


@pytest.mark.parametrize("name", ["utf-9", "zlib", "punycode", "", "\0"])
def test_an_encoding_that_is_none_is_a_config_error(name: str) -> None:
    with pytest.raises(ConfigError, match="no such text encoding"):
        find_encoding(name)


def test_encodings_are_told_apart_by_how_positions_relate() -> None:
    assert find_encoding("UTF8").width is Width.SAME
    for name in ("latin-1", "cp1250", "ascii", "mac_roman", "koi8-r"):
        assert find_encoding(name).width is Width.SINGLE
    for name in ("utf-16", "gbk", "shift_jis", "big5", "cp037", "euc_kr"):
        assert find_encoding(name).width is Width.TRANSCODED
