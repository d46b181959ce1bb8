"""Compressed tapes: told by their first bytes, read as they unfold, refused when they are bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zipfile
from collections.abc import Callable

import pytest
import zstandard

from loan_etl_tui.model.errors import LayoutChanged, SourceMissing, SourceUnreadable
from loan_etl_tui.source.inflate import Inflater, _Zstd
from loan_etl_tui.source.limits import MIB, Limits
from tests.unit.source.conftest import Read

TAPE = b"id,x\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(5_000))
ZEROS = b"id,x\n" + b"0,0\n" * MIB


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "zip": lambda content: zipped(("tape.csv", content)),
}
STREAMS = [form for form in FORMS if form != "zip"]


@pytest.mark.parametrize("name", ["tape.csv", "tape.csv.gz"])
@pytest.mark.parametrize("form", FORMS)
def test_the_form_is_told_by_the_bytes_and_not_by_the_name(
    read: Read, form: str, name: str
) -> None:
    found = read(FORMS[form](TAPE), name)
    assert found == read(TAPE)


def test_a_plain_file_named_as_a_compressed_one_is_read(read: Read) -> None:
    assert len(read(TAPE, "tape.csv.gz").rows) == 5_000


@pytest.mark.parametrize("form", STREAMS)
def test_joined_streams_are_read_one_after_another(read: Read, form: str) -> None:
    pack = FORMS[form]
    found = read(pack(TAPE[:1_001]) + pack(TAPE[1_001:]) + pack(b""))
    assert found == read(TAPE)


@pytest.mark.parametrize("form", STREAMS)
def test_zeros_behind_a_stream_are_padding(read: Read, form: str) -> None:
    assert read(FORMS[form](TAPE) + bytes(512)) == read(TAPE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_stream_that_ends_early_is_unreadable(read: Read, form: str, share: float) -> None:
    packed = FORMS[form](TAPE)
    with pytest.raises(SourceUnreadable, match=r"ends early|zip archive cannot be read"):
        read(packed[: int(len(packed) * share)])


@pytest.mark.parametrize("form", FORMS)
def test_damage_inside_a_stream_is_found(read: Read, form: str) -> None:
    packed = bytearray(FORMS[form](TAPE))
    middle = len(packed) // 2
    packed[middle : middle + 8] = bytes(8)
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        read(bytes(packed))


@pytest.mark.parametrize("form", STREAMS)
def test_junk_behind_a_stream_is_unreadable(read: Read, form: str) -> None:
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        read(FORMS[form](TAPE) + b"junk that is no stream")


@pytest.mark.parametrize("form", FORMS)
def test_more_output_than_the_limit_is_a_bomb(read: Read, form: str) -> None:
    with pytest.raises(SourceUnreadable, match="unfolds to more than 2,097,152 bytes"):
        read(FORMS[form](ZEROS), limits=Limits(output_bytes=2 * MIB))


@pytest.mark.parametrize("form", FORMS)
def test_a_ratio_that_no_tape_has_is_a_bomb(read: Read, form: str) -> None:
    with pytest.raises(SourceUnreadable, match="more than 200 times its size"):
        read(FORMS[form](ZEROS), limits=Limits(ratio_from_bytes=MIB))


@pytest.mark.parametrize("form", FORMS)
def test_a_high_ratio_of_a_small_tape_is_fine(read: Read, form: str) -> None:
    content = b"id,x\n" + b"0,0\n" * 100_000
    assert len(read(FORMS[form](content)).rows) == 100_000


def test_a_zstd_bomb_gives_out_little_at_a_time() -> None:
    packed = zstandard.ZstdCompressor(level=19).compress(bytes(256 * MIB))
    stream: Inflater = _Zstd()
    largest = 0
    data = packed
    while not stream.eof:
        largest = max(largest, len(stream.decompress(data, MIB)))
        data = b""
    assert largest <= 33 * MIB


def test_a_zstd_frame_that_asks_for_a_giant_window_is_unreadable(read: Read) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=28)
    noise = random.Random(1).randbytes(MIB)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = packed.compress(noise) + packed.flush()
    with pytest.raises(SourceUnreadable, match="zstd stream cannot be read"):
        read(body)


def test_members_of_a_zip_are_separate_files_with_their_own_header(read: Read) -> None:
    packed = zipped(("b.csv", b"x,id\n3,C\n"), ("sub/", b""), ("a.csv", b"id,x\nA,1\nB,2\n"))
    found = read(packed)
    assert [(r["file"], r["record"], r["source.id"], r["source.x"]) for r in found.rows] == [
        (0, 1, "A", "1"),
        (0, 2, "B", "2"),
        (1, 1, "C", "3"),
    ]


def test_leftovers_of_a_desktop_are_passed_over(read: Read) -> None:
    packed = zipped(("__MACOSX/._a.csv", b"\0\0"), (".DS_Store", b"\0"), ("a.csv", TAPE))
    assert len(read(packed).rows) == 5_000


def test_a_member_that_lacks_a_column_is_a_changed_layout(read: Read) -> None:
    with pytest.raises(LayoutChanged, match="lacks 'x'") as raised:
        read(zipped(("a.csv", b"id,x\nA,1\n"), ("b.csv", b"id,y\nA,1\n")))
    assert raised.value.missing == ("x",)


def test_an_archive_without_a_table_is_missing(read: Read) -> None:
    with pytest.raises(SourceMissing, match="F-EMPTY"):
        read(zipped(("sub/", b"")))


def test_an_empty_member_is_missing(read: Read) -> None:
    with pytest.raises(SourceMissing, match=r"F-EMPTY.*'a.csv'"):
        read(zipped(("a.csv", b"")))


def test_two_members_of_one_name_are_refused(read: Read) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = zipped(("a.csv", b"id\n1\n"), ("a.csv", b"id\n2\n"))
    with pytest.raises(SourceUnreadable, match=r"holds 'a.csv' twice"):
        read(packed)


def test_more_members_than_the_limit_are_refused(read: Read) -> None:
    packed = zipped(*((f"{i}.csv", b"id\n1\n") for i in range(4)))
    with pytest.raises(SourceUnreadable, match="holds 4 files; at most 3"):
        read(packed, limits=Limits(members=3))


def test_a_member_with_a_path_that_climbs_is_read_and_never_written(read: Read, tmp_path) -> None:  # noqa: ANN001
    found = read(zipped(("../../evil.csv", b"id\n1\n")))
    assert found.cells("id") == ["1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tape.csv"]
    assert not (tmp_path.parent.parent / "evil.csv").exists()


@pytest.mark.parametrize("inner", FORMS)
@pytest.mark.parametrize("outer", FORMS)
def test_nested_archives_are_refused(read: Read, outer: str, inner: str) -> None:
    with pytest.raises(SourceUnreadable, match=f"holds another compressed file .{inner}."):
        read(FORMS[outer](FORMS[inner](TAPE)))


def test_an_encrypted_member_is_unreadable(read: Read) -> None:
    packed = bytearray(zipped(("a.csv", TAPE)))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(magic) + flags] |= 1
    with pytest.raises(SourceUnreadable, match=r"'a.csv' is encrypted"):
        read(bytes(packed))


def test_a_method_that_tapes_do_not_use_is_unreadable(read: Read) -> None:
    with pytest.raises(SourceUnreadable, match="packed by method 14"):
        read(zipped(("a.csv", TAPE), method=zipfile.ZIP_LZMA))


def test_a_zip_that_lies_about_its_size_is_unreadable(read: Read) -> None:
    packed = bytearray(zipped(("a.csv", TAPE)))
    start = packed.index(b"PK\x01\x02")
    packed[start + 24 : start + 28] = (100).to_bytes(4, "little")
    with pytest.raises(SourceUnreadable, match="zip archive cannot be read"):
        read(bytes(packed))
