"""Saving a change: exactly what was asked, and a person's comments, order and spacing stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loan_etl_tui.config.changes import REMOVED, with_change
from loan_etl_tui.config.problems import ConfigProblems
from loan_etl_tui.config.read import Pipeline, parse_pipeline, read_pipeline
from loan_etl_tui.config.tree import Plain, plain
from loan_etl_tui.config.write import changed, save, write_text
from loan_etl_tui.config.yaml_tree import read_tree
from loan_etl_tui.model.errors import CannotCreate, ConfigError

BUILT_IN = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))

PERSONAL = """\
# My harbor feed. Ask Ann before you change it.
version: 1      # of the file, not of the tape
platform: "harbor"

source:
    path: inbox/*.csv     # monthly
    # The first line is a note.
    skip_rows:
    -   {column: id,   matches: '^Note', name: note}

transform:
    loan:
        loan_id:        {from: 007, via: id}   # zeros matter
        # funded, not asked for
        issue_date:     {from: no, via: date}
    empty:
    words:
        Late:   {status: LATE, dpd: [1, null]}
# the end
"""

KEYS = st.sampled_from(
    ["a", "b", "c d", "on", "1"],
)
SCALARS = st.one_of(
    st.none(), st.text(alphabet="abn0~:#-'\"{}[], \n\té%@&*!|>", max_size=10), st.integers(0, 99)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
DOCUMENT = """\
# top
a: 1   # one
b:
  # inner
  a: {a: x,   b: [1, 2]}
  b:
    - {a: 1}

  c d: ~
c d: 'text'
# end
"""


def said(text: str) -> Plain:
    root, problems = read_tree(text, "f.yaml")
    assert root is not None
    assert not problems
    return plain(root)


def only_changes(old: str, new: str) -> list[str]:
    """List the lines of the old text that the new one lacks."""
    there = new.splitlines()
    return [line for line in old.splitlines() if line not in there]


@given(st.lists(KEYS, min_size=1, max_size=3), st.one_of(VALUES, st.just(REMOVED)))
@settings(max_examples=100, deadline=None)
def test_a_change_says_what_was_asked_and_nothing_else(parts: list[str], value: object) -> None:
    key = ".".join(f'"{part}"' for part in parts)
    try:
        wanted = with_change(said(DOCUMENT), key, value)
    except ConfigError:
        with pytest.raises(ConfigError):
            changed(DOCUMENT, {key: value}, "f.yaml")
    else:
        if wanted:
            assert said(changed(DOCUMENT, {key: value}, "f.yaml")) == wanted


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_a_changed_built_in_config_differs_in_the_changed_line_alone(path: Path) -> None:
    text = path.read_text()
    new = changed(text, {"enabled": True}, "f.yaml")
    assert only_changes(text, new) == ["enabled: false"]
    assert only_changes(new, text) == ["enabled: true"]


def test_comments_order_quotes_and_spacing_stay() -> None:
    new = changed(PERSONAL, {"source.path": "inbox/harbor.csv"}, "f.yaml")
    assert only_changes(PERSONAL, new) == ["    path: inbox/*.csv     # monthly"]
    assert len(only_changes(new, PERSONAL)) == 1
    assert "# monthly" in new


def test_a_block_that_is_replaced_leaves_the_comment_of_the_next_one() -> None:
    new = changed(PERSONAL, {"transform.loan.loan_id": {"from": "id", "via": "id"}}, "f.yaml")
    assert "        # funded, not asked for\n        issue_date:     {from: no, via: date}\n" in new
    assert "loan_id: {from: id, via: id}" in new


def test_a_key_that_goes_leaves_the_comment_of_the_next_one() -> None:
    new = changed(PERSONAL, {"transform.loan.loan_id": REMOVED}, "f.yaml")
    assert "loan_id" not in new
    assert "        # funded, not asked for\n        issue_date:" in new


def test_a_new_key_stands_at_the_end_of_its_block_before_the_comment_of_the_next() -> None:
    text = "a:\n  b: 1\n\n# about c\nc: 2\n"
    assert changed(text, {"a.d": "x"}, "f.yaml") == "a:\n  b: 1\n  d: x\n\n# about c\nc: 2\n"


def test_blocks_that_are_missing_on_the_way_are_made() -> None:
    new = changed(PERSONAL, {"validate.rules.C-TERMSET": {"allowed": [36, 60]}}, "f.yaml")
    assert said(new)["validate"] == {"rules": {"C-TERMSET": {"allowed": ["36", "60"]}}}  # type: ignore[call-overload,index]
    assert only_changes(PERSONAL, new) == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (36, "36"),
        (Decimal("0.05"), "0.05"),
        (date(2018, 12, 31), "2018-12-31"),
        (None, "null"),
        ("null", "'null'"),
        ("", "''"),
        ("0123", "'0123'"),
        ("no", "'no'"),
        ("2018-12-31", "'2018-12-31'"),
        ("plain words", "plain words"),
        ("a: b", "'a: b'"),
        ([1, 2], "[1, 2]"),
        ({"from": "id", "via": "id"}, "{from: id, via: id}"),
    ],
)
def test_a_value_is_written_as_a_person_would(value: object, written: str) -> None:
    assert changed("a: x\n", {"b": value}, "f.yaml") == f"a: x\nb: {written}\n"


def test_windows_line_ends_stay() -> None:
    assert changed("a: 1\r\nb: 2\r\n", {"b": 3}, "f.yaml") == "a: 1\r\nb: 3\r\n"


def test_nothing_stays_nothing_wherever_it_stands() -> None:
    text = "a:\nb: {x: , y: '', z: null}\nc: [~, '']\nd: ~\ne: 1\n"
    new = changed(text, {"e": "null"}, "f.yaml")
    assert said(new) == {**said(text), "e": "null"}  # type: ignore[dict-item]


def test_a_document_start_stays() -> None:
    assert changed("---\n# x\na: 1\n", {"a": 2}, "f.yaml") == "---\n# x\na: 2\n"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("a..b", "no key path"),
        ("a.b", "a single value"),
        ("c.9", "2 entries"),
        ("z", "no such key"),
    ],
)
def test_a_change_that_leads_nowhere_is_refused(key: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        changed("a: 1\nc: [1, 2]\n", {key: REMOVED}, "f.yaml")


def test_a_value_without_a_place_in_a_config_is_refused() -> None:
    with pytest.raises(ConfigError, match="a float has no place"):
        changed("a: 1\n", {"a": 0.1}, "f.yaml")


def test_a_file_that_cannot_be_read_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\na: 2\n")
    with pytest.raises(ConfigProblems):
        save(path, {"a": 3})
    assert path.read_text() == "a: 1\na: 2\n"


def test_a_saved_config_reads_as_it_was_changed(
    tmp_path: Path, sound: str, read: Callable[..., Pipeline]
) -> None:
    path = tmp_path / "harbor.yaml"
    path.write_text(sound)
    save(path, {"enabled": True, "validate.max_rejected": "2%"})
    expected = read(overrides=(("enabled", "true"), ("validate.max_rejected", "2%")))
    assert read_pipeline(path).config == expected.config


def test_a_new_file_is_made(tmp_path: Path) -> None:
    save(tmp_path / "new.yaml", {"version": 1, "source.path": "inbox/a.csv"})
    assert said((tmp_path / "new.yaml").read_text()) == {
        "version": "1",
        "source": {"path": "inbox/a.csv"},
    }


def test_a_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("a: 1\n")
    real.chmod(0o640)
    link.symlink_to(real)
    save(link, {"a": 2})
    assert link.is_symlink()
    assert real.read_text() == "a: 2\n"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_failed_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError.__mro__[1], match="No space left"):
        write_text(path, "a: 2\n")
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]
    assert path.read_text() == "a: 1\n"


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CannotCreate):
        write_text(tmp_path / "none" / "a.yaml", "a: 1\n")


def test_a_draft_is_judged_before_it_is_saved(sound: str) -> None:
    draft = changed(sound, {"transform.loan.interest_rate.unit": "pct"}, "f.yaml")
    with pytest.raises(ConfigProblems, match="choose percent"):
        parse_pipeline(draft, Path("configs/harbor.yaml"))
