"""YAML text → tree: nothing is interpreted, nothing shared, and no text makes it crash."""

from __future__ import annotations

import io
import os
import tarfile
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loan_etl_tui.config.problems import ConfigProblems
from loan_etl_tui.config.read import parse_pipeline, read_pipeline
from loan_etl_tui.config.text import LARGEST_BYTES
from loan_etl_tui.config.tree import Plain, plain
from loan_etl_tui.config.yaml_tree import DEEPEST, read_tree
from loan_etl_tui.model.errors import ConfigError

SHARED = Path(os.environ.get("LOAN_ETL_SHARED", Path(__file__).parents[4] / "shared"))
SUITE = SHARED / "torture" / "yaml-test-suite.tar.gz"
PIPELINE = Path("configs/any.yaml")
SECONDS = 30

# Signs that mean something to YAML, so that random text finds its corners.
SIGNS = st.text(alphabet="ab:,-?[]{}#&*!|>'\"%@`\\~<0x. \n\t\r\ufeff\x85\u2028\x00é", max_size=60)


def said(text: str) -> Plain:
    root, problems = read_tree(text, "f.yaml")
    assert root is not None
    assert problems == []
    return plain(root)


def complaint(text: str) -> str:
    _, problems = read_tree(text, "f.yaml")
    return "\n".join(map(str, problems))


@given(st.one_of(SIGNS, st.text(max_size=200)))
@settings(max_examples=100, deadline=None)
@example('"\\UFFFFFFFF"')
@example("%YAML 1.3\n---\na")
@example("%YAML 9999999999999999999999.1\n---\n")
@example("a: \ud800")
@example("? [a]\n: b")
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(ConfigProblems) as refused:
        parse_pipeline(text, PIPELINE)
    assert refused.value.problems
    assert all(problem.message for problem in refused.value.problems)


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("configs") / "any.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigProblems):
        read_pipeline(path)


KEYS = st.text(alphabet="abcdefgh _-", min_size=1, max_size=8).map(lambda k: f"k{k}".strip())
TREES = st.recursive(
    st.one_of(st.none(), st.text(alphabet="abc 0123#:'\"{}[],\n", max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(TREES)
@settings(max_examples=100, deadline=None)
def test_what_is_written_in_quotes_is_read_back_as_it_is(tree: Plain) -> None:
    import json

    assert said(json.dumps(tree)) == tree


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "off",
        "yes",
        "on",
        "true",
        "0123",
        "0x1F",
        "1_000",
        "12:30:00",
        "1e3",
        ".inf",
        "2018-12-31",
        "2018-13-45",
        "=",
        "<<",
        "1.10",
        "nan",
    ],
)
def test_a_plain_word_is_the_text_it_is(word: str) -> None:
    assert said(f"key: {word}") == {"key": word}


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_only_an_empty_value_and_null_are_nothing(word: str) -> None:
    assert said(f"key: {word}") == {"key": None}


def test_null_in_quotes_is_a_word() -> None:
    assert said("key: 'null'") == {"key": "null"}


def test_a_key_called_on_is_no_boolean() -> None:
    assert said("on: x\n1: y") == {"on": "x", "1": "y"}


def test_every_value_and_key_knows_where_it_stands() -> None:
    root, _ = read_tree("a:\n  b: [x, {c: y}]\n", "f.yaml")
    assert root is not None
    inner = root.entries["a"].value.entries["b"]  # type: ignore[union-attr]
    assert (inner.place.line, inner.place.column) == (2, 3)
    entry = inner.value.items[1].entries["c"]  # type: ignore[union-attr]
    assert (entry.value.place.line, entry.value.place.column) == (2, 14)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "'a' is a doubled key; it stands in line 1"),
        ("a: !!python/object:os.system x\n", "f.yaml:1:", "is a YAML tag"),
        ("a: !!str 1\n", "f.yaml:1:", "is a YAML tag"),
        ("a: ! 1\n", "f.yaml:1:", "is a YAML tag"),
        ("a: &x 1\n", "f.yaml:1:", "'&x' is an anchor"),
        ("a: &x 1\nb: *x\n", "f.yaml:2:4", "'*x' is an anchor or alias"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1", "second document"),
        ("a:\n\tb: 1\n", "f.yaml:2:1", "is not YAML"),
        ("a: [1, 2\n", "f.yaml:2:1", "is not YAML"),
        ("a: \x07\n", "f.yaml:1:4", "U+0007"),
        ("? [a, b]\n: c\n", "f.yaml:1:3", "in the place of a key"),
        ("~: c\n", "f.yaml:1:1", "is an empty key"),
        ("", "f.yaml:1:1", "is empty"),
        ("# nothing\n", "f.yaml:1:1", "is empty"),
    ],
)
def test_a_form_that_could_surprise_is_refused_with_its_place(
    text: str, where: str, words: str
) -> None:
    message = complaint(text)
    assert words in message
    assert where in message


def test_doubled_keys_hide_no_other_complaint() -> None:
    assert complaint("a: 1\na: &x 2\nb: 1\nb: 2\n").count("\n") == 2


def test_an_alias_bomb_is_refused_before_it_is_opened() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    started = time.monotonic()
    assert "anchor or alias" in complaint("\n".join(rows))
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_is_refused_before_python_runs_out_of_stack(opening: str) -> None:
    assert f"deeper than {DEEPEST} levels" in complaint(opening * 3000)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert said("[" * DEEPEST + "]" * DEEPEST)


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"#" * (LARGEST_BYTES + 1))
    with pytest.raises(ConfigProblems, match="larger than 1,048,576 bytes"):
        read_pipeline(path)


@pytest.mark.parametrize(
    "text",
    ["!" * 1_000_000, "a: " * 300_000, "k: v\n" * 20_000, "'" + "x\n\n" * 100_000],
    ids=["one line", "colons", "doubled keys", "open quote"],
)
def test_a_hostile_file_of_allowed_size_is_refused_in_time(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(ConfigProblems):
        parse_pipeline(text, PIPELINE)
    assert time.monotonic() - started < SECONDS


def test_a_byte_that_is_no_utf8_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("platform: harbor\ntitle: Größe\n".encode("latin-1"))
    with pytest.raises(ConfigProblems) as refused:
        read_pipeline(path)
    (problem,) = refused.value.problems
    assert (problem.line, problem.column) == (2, 10)
    assert "is not UTF-8: byte 0xF6" in problem.message


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path, sound: str) -> None:
    path = tmp_path / "harbor.yaml"
    path.write_text(sound)
    plain_config = read_pipeline(path).config
    path.write_bytes(b"\xef\xbb\xbf" + sound.replace("\n", "\r\n").encode())
    assert read_pipeline(path).config == plain_config


@pytest.mark.parametrize("name", ["none.yaml", ".", "a\0b.yaml", "x" * 300 + ".yaml"])
def test_a_file_that_cannot_be_opened_is_a_config_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        read_pipeline(tmp_path / name)


def test_a_pipe_is_no_config_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ConfigError, match="no such file"):
        read_pipeline(tmp_path / "pipe.yaml")


def test_a_file_cannot_move_the_cursor_through_a_complaint() -> None:
    message = complaint('"\\e[31mred\\u202E": 1\n"\\e[31mred\\u202E": 2\n')
    assert "doubled key" in message
    assert message.isprintable()


@pytest.fixture(scope="module")
def suite() -> list[tuple[str, bytes]]:
    if not SUITE.exists():
        pytest.skip(f"the YAML test suite is not there: {SUITE}")
    with tarfile.open(SUITE) as archive:
        members = [member for member in archive if member.name.endswith(".yaml")]
        return [(m.name, _bytes(archive, m)) for m in members]


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    assert isinstance(stream, io.BufferedReader)
    with stream:
        return stream.read()


def _cases(files: list[tuple[str, bytes]]) -> list[str]:
    """Take the test texts out of the suite's files, their visible signs turned into real ones."""
    signs = {"␣": " ", "»": "\t", "—": "", "←": "\r", "⇔": "\ufeff", "↵": "", "∎\n": ""}
    texts = []
    for name, content in files:
        root, _ = read_tree(content.decode(), name)
        assert root is not None, name
        for case in plain(root):  # type: ignore[union-attr]
            text = case.get("yaml")  # type: ignore[union-attr]
            for shown, real in signs.items():
                text = text.replace(shown, real) if isinstance(text, str) else text
            texts += [text] if isinstance(text, str) else []
    return texts


def test_every_text_of_the_yaml_suite_is_read_or_refused_in_time(
    suite: list[tuple[str, bytes]],
) -> None:
    started = time.monotonic()
    texts = [content.decode() for _, content in suite] + _cases(suite)
    assert len(texts) > 600
    for text in texts:
        root, problems = read_tree(text, "suite.yaml")
        assert root is not None or problems, text
        with pytest.raises(ConfigProblems):
            parse_pipeline(text, PIPELINE)
    assert time.monotonic() - started < 60
