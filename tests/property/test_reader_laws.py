"""Laws of the reader: no cut matters, no byte is lost, and a plain state machine agrees."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.source.limits import Limits
from loan_etl_tui.source.open import Member
from loan_etl_tui.source.tape import Tape

HEADER = b"a,b,c\n"
WIDTH = 3

# The first read of a process loads Arrow's engines: its time is no verdict on a law.
no_deadline = settings(deadline=None, max_examples=60)

CHARACTERS = ["a", " ", ",", '"', '""', "\n", "\r\n", "\r", "\0", "é", "\ufeff", "\u00a0", '","']
LINES = [
    *("1,2,3\n", '"x,y",z,"w"\r\n', '"a\nb",c,d\n', "1,2\n", "1,2,3,4\n", "   \n", "1,2"),
    *('1,"open,\n', '5" pipe,b,c\n', 'x,y "q" z,w\n', '"a"b,c,d\n', '1,"a\nb, c "d" e",f\n'),
    *("Total 12: 34\n", '"Total 1: 2",,\n', '"Total 1: 2', f"{'x' * 30},b,c\n"),
    f'"{"x" * 15}\n{"y" * 15}",b,c\n',
]
SKIP = [{"column": "a", "matches": r"^Total (\d+): (\d+)", "name": "total"}]

lines = st.sampled_from(LINES)
bodies = st.lists(lines | lines | st.sampled_from(CHARACTERS), max_size=40).map(
    lambda parts: "".join(parts).encode()
)
limits = st.sampled_from([Limits(), Limits(record_bytes=48), Limits(record_bytes=20)])
block_sizes = st.integers(1, 80) | st.just(1 << 20)


@dataclass
class Read:
    """Everything a reader says about a table."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    blank: int = 0
    skipped: list[tuple[Any, ...]] = field(default_factory=list)


def pieces_of(body: bytes, size: int) -> Iterator[bytes]:
    return (body[i : i + size] for i in range(0, len(body), size))


def read(
    body: bytes, block: int, limits: Limits, header: bytes = HEADER, cuts: int = 0, **spec: Any
) -> Read:
    spec = {"skip_rows": SKIP, **spec}
    blocks = pieces_of(header + body, cuts or block)
    tape = Tape(Member(0, "tape", blocks), SourceSpec(path="x", **spec), limits, block)
    found = Read()
    for batch in tape.batches(("a", "b", "c")):
        found.blank += batch.blank
        found.skipped += [(s.line, s.text, s.name, s.groups) for s in batch.skipped]
        for row in batch.table.to_pylist():
            cells = tuple(row[f"source.{name}"] for name in "abc")
            told = ("record", "line", "offset", "length", "text", "fault")
            found.rows.append((*(row[name] for name in told), cells))
    return found


# --- the reference: one character at a time, the whole table in memory ------------------------


class Reference:
    """Reads a table the slow and obvious way."""

    def __init__(self, body: bytes, limit: int) -> None:
        self.data = HEADER + body
        self.limit = limit
        self.doubt = 0
        self.found = Read()

    def read(self) -> Read:
        place, record, line = len(HEADER), 0, 2
        while place < len(self.data):
            end, fault, fields = self.record(place)
            raw = self.data[place:end]
            text = raw.decode()
            match = self.skip(raw, fault, fields)
            if not text.strip() and "," not in text and len(raw) <= self.limit:
                self.found.blank += 1
            elif match is not None:
                self.found.skipped.append((line, text, "total", match))
            else:
                record += 1
                fault = fault or self.count(raw, fields)
                cells = (None,) * WIDTH if fault else tuple(fields)
                self.found.rows.append((record, line, place, len(raw), text, fault, cells))
            line += self.lines_in(place, end)
            place = end
        return self.found

    def line_end(self, place: int) -> int:
        while place < len(self.data) and self.data[place] not in b"\r\n":
            place += 1
        if self.data[place : place + 2] == b"\r\n":
            return place + 2
        return min(place + 1, len(self.data))

    def lines_in(self, place: int, end: int) -> int:
        count = 0
        while place < end:
            place = self.line_end(place)
            count += 1
        return count

    def record(self, start: int) -> tuple[int, str | None, list[str]]:
        first = self.line_end(start)
        if first - start > self.limit:
            return first, "F-CELL", []
        end, how, fields = self.scan(start)
        if how == "whole":
            if start < self.doubt and not self.is_clean(start, end):
                return end, "F-QUOTE", []
            return end, None, fields
        place = first
        while place < end:
            after = self.line_end(place)
            if self.is_whole_line(place, after):
                self.doubt = max(self.doubt, end)
                return first, "F-QUOTE", []
            place = after
        if how == "limit":
            self.doubt = max(self.doubt, end)
            return first, "F-CELL", []
        return end, {"stray": "F-QUOTE", "end": "F-TRUNC"}[how], []

    def scan(self, start: int) -> tuple[int, str, list[str]]:  # noqa: C901 - one state machine
        """Read fields from `start`; (where it ended, how, fields)."""
        fields, cell, state = [], bytearray(), "start"
        place = start
        while True:
            if place == len(self.data):
                if state == "quoted":
                    return place, "end", []
                return place, "whole", [*fields, cell.decode()]
            if place - start == self.limit or self.crosses_limit(start, place):
                last = start
                while self.line_end(last) - start <= self.limit and last < place:
                    last = self.line_end(last)
                return last, "limit", []
            char = self.data[place : place + 1]
            place += 1
            if state == "quoted":
                if char == b'"':
                    state = "closed"
                else:
                    cell += char
            elif state == "closed" and char == b'"':
                cell += char
                state = "quoted"
            elif char in b"\r\n":
                return self.line_end(place - 1), "whole", [*fields, cell.decode()]
            elif char == b",":
                fields.append(cell.decode())
                cell, state = bytearray(), "start"
            elif state == "closed":
                return self.line_end(place), "stray", []
            elif state == "start" and char == b'"':
                state = "quoted"
            else:
                cell += char
                state = "plain"

    def crosses_limit(self, start: int, place: int) -> bool:
        """Whether the physical line at `place` begins here and ends beyond the limit."""
        begins = place == start or self.data[place - 1 : place] in (b"\n", b"\r")
        if self.data[place - 1 : place + 1] == b"\r\n":
            begins = False
        return begins and self.line_end(place) - start > self.limit

    def is_clean(self, start: int, end: int) -> bool:
        text = self.data[start:end]
        quoted = False
        for i, char in enumerate(text):
            if char != 0x22:
                continue
            neighbour = text[i - 1 : i] if not quoted else text[i + 1 : i + 2]
            if neighbour not in (b"", b",", b'"', b"\r", b"\n"):
                return False
            quoted = not quoted
        return not quoted

    def is_whole_line(self, start: int, end: int) -> bool:
        line = self.data[start:end]
        if not line.decode().strip() or not self.is_clean(start, end):
            return False
        commas, quoted = 0, False
        for char in line:
            quoted ^= char == 0x22
            commas += char == 0x2C and not quoted
        return commas == WIDTH - 1

    def count(self, raw: bytes, fields: list[str]) -> str | None:
        if b"\0" in raw:
            return "F-ENCODING"
        if len(fields) == WIDTH:
            return None
        unended = not raw.endswith((b"\n", b"\r"))
        return "F-TRUNC" if len(fields) < WIDTH and unended else "F-RAGGED"

    def first_field(self, record: str) -> str:
        """The first field of a record with stray quotes, as a forgiving reader sees it."""
        cell, state = "", "start"
        for char in record.splitlines()[0] if record else "":
            if char == '"' and state in ("start", "closed"):
                cell += char if state == "closed" else ""
                state = "quoted"
            elif char == '"' and state == "quoted":
                state = "closed"
            elif char == "," and state != "quoted":
                return cell
            else:
                cell += char
                state = "quoted" if state == "quoted" else "plain"
        return cell

    def skip(self, raw: bytes, fault: str | None, fields: list[str]) -> tuple[str, ...] | None:
        if len(raw) > self.limit or fault == "F-TRUNC":
            return None
        first = fields[0] if fields else self.first_field(raw.decode())
        if not first.startswith("Total "):
            return None
        key, colon, rest = first.removeprefix("Total ").partition(": ")
        digits = ""
        while rest[: len(digits) + 1].isdigit():
            digits = rest[: len(digits) + 1]
            if digits == rest:
                break
        return (key, digits) if colon and key.isdigit() and digits else None


# --- laws -------------------------------------------------------------------------------------


# After a broken record a quote inside a cell is a fault, wherever the bytes are cut; not beyond.
DOUBT = b'1,"open,\n1,2,3\nx,y "q" z,w\n1,2,3\nx,y "q" z,w\n'
DOUBT_AT_THE_EDGE = b'1,"open,\n1,2,3\nx,"y\nz",w "q\n1,2,3\n'
DOUBT_TWICE = b'1,"open,\n1,2,3\nx,"" y,z\na,b "" c,d\n4,"e",f\n'
LONG = b'1,"open\n1,2\n1,2\nx,y "q" z,w\nx,y "q" z,w\n"x",y,z\nx,y "q" z,w\n'


@no_deadline
@given(bodies, block_sizes, limits)
@example(DOUBT, 1, Limits())
@example(DOUBT, 1 << 20, Limits())
@example(DOUBT_AT_THE_EDGE, 1, Limits())
@example(DOUBT_TWICE, 1 << 20, Limits())
@example(LONG, 1, Limits(record_bytes=48))
@example(LONG, 1 << 20, Limits(record_bytes=48))
@example(b'"xxxxxxxxxxxxxxx\nyyyyyyyyyyyyyyy",b,c\n1,2,3\n', 1 << 20, Limits(record_bytes=20))
@example(b'"a"b,c,d\nxxxxxxxxxxxxxxxxxxxxxxxxx,b,c\n', 1 << 20, Limits(record_bytes=20))
@example(b"\xef\xbb\xbf1,2,3\n", 1, Limits())
@example(b'1,2,3\n"Total 1: 2', 1, Limits())
@example(b"1,2,3\n1,2,3,4", 1, Limits())
def test_the_reader_agrees_with_a_character_state_machine(
    body: bytes, block: int, limits: Limits
) -> None:
    assert read(body, block, limits) == Reference(body, limits.record_bytes).read()


@no_deadline
@given(bodies, block_sizes, block_sizes, limits)
def test_no_cut_and_no_block_size_changes_a_row(
    body: bytes, block: int, cuts: int, limits: Limits
) -> None:
    assert read(body, block, limits, cuts=cuts) == read(body, 1 << 20, limits)


@no_deadline
@given(bodies, block_sizes, limits)
def test_every_byte_is_in_one_record_or_on_a_blank_or_skipped_line(
    body: bytes, block: int, limits: Limits
) -> None:
    table = HEADER + body
    found = read(body, block, limits)
    left_over = bytearray()
    place = len(HEADER)
    for _, _, offset, length, text, fault, _ in found.rows:
        assert offset >= place
        left_over += table[place:offset]
        shown = table[offset : offset + length].decode()
        assert shown == text or (fault == "F-CELL" and shown.startswith(text))
        place = offset + length
    left_over += table[place:]
    for _, text, _, _ in found.skipped:
        at = bytes(left_over).index(text.encode())
        del left_over[at : at + len(text.encode())]
    assert not left_over.decode().strip()


@no_deadline
@given(bodies, block_sizes, limits)
def test_records_are_numbered_from_one_without_a_gap(
    body: bytes, block: int, limits: Limits
) -> None:
    numbers = [row[0] for row in read(body, block, limits).rows]
    assert numbers == list(range(1, len(numbers) + 1))


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
rows = st.lists(st.lists(cells, min_size=WIDTH, max_size=WIDTH), max_size=20)
rows = rows.filter(lambda rows: not any("Total " in row[0] for row in rows))


@no_deadline
@given(rows, st.sampled_from(["\n", "\r\n"]), st.booleans(), block_sizes)
def test_what_a_csv_writer_wrote_comes_back_cell_by_cell(
    rows: list[list[str]], line_end: str, quote_all: bool, block: int
) -> None:
    out = io.StringIO(newline="")
    # Python's writer leaves a lone CR unquoted unless it quotes everything.
    quote_all = quote_all or any("\r" in cell for row in rows for cell in row)
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator=line_end, quoting=quoting).writerows(rows)
    found = read(out.getvalue().encode(), block, Limits())
    assert [list(row[6]) for row in found.rows] == rows
    assert (found.blank, found.skipped) == (0, [])


@no_deadline
@given(bodies, block_sizes)
def test_without_quoting_a_line_is_a_record(body: bytes, block: int) -> None:
    found = read(body, block, Limits(), quoting="none", skip_rows=[])
    lines = [
        line for line in body.splitlines(keepends=True) if line.decode().strip() or b"," in line
    ]
    assert [row[4] for row in found.rows] == [line.decode() for line in lines]
    for row, line in zip(found.rows, lines, strict=True):
        whole = line.count(b",") == WIDTH - 1 and b"\0" not in line
        assert row[6] == (tuple(line.decode().rstrip("\r\n").split(",")) if whole else (None,) * 3)


@no_deadline
@given(bodies, block_sizes, st.sampled_from(["¦", "§"]))
def test_a_delimiter_of_two_bytes_reads_as_one_of_one_byte_does(
    body: bytes, block: int, delimiter: str
) -> None:
    wide = body.decode().replace(",", delimiter).encode()
    header = HEADER.decode().replace(",", delimiter).encode()
    found = read(wide, block, Limits(), header, delimiter=delimiter)
    plain = read(body, 1 << 20, Limits())
    assert [(r[0], r[1], r[5]) for r in found.rows] == [(r[0], r[1], r[5]) for r in plain.rows]
    replaced = [tuple(c and c.replace(",", delimiter) for c in r[6]) for r in plain.rows]
    assert [r[6] for r in found.rows] == replaced


@no_deadline
@given(bodies.filter(lambda body: "\ufeff" not in body.decode()), block_sizes)
def test_a_single_byte_encoding_reads_as_utf_8_does_at_its_own_offsets(
    body: bytes, block: int
) -> None:
    raw = body.decode().encode("latin-1")
    found = read(raw, block, Limits(), encoding="latin-1")
    assert [r[4:] for r in found.rows] == [r[4:] for r in read(body, block, Limits()).rows]
    for row in found.rows:
        span = (HEADER + raw)[row[2] : row[2] + row[3]]
        assert span.decode("latin-1") == row[4]


@no_deadline
@given(bodies, block_sizes, st.sampled_from(["utf-16", "utf-16-le", "utf-32-be", "utf-8-sig"]))
def test_another_encoding_changes_no_cell(body: bytes, block: int, encoding: str) -> None:
    table = (HEADER + body).decode().encode(encoding)
    found = read(table, block, Limits(), b"", encoding=encoding)
    plain = read(body, block, Limits())
    assert [(*r[:2], *r[4:]) for r in found.rows] == [(*r[:2], *r[4:]) for r in plain.rows]
