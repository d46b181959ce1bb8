"""`--set KEY=VALUE`: any key of the config, under the same rules as the file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loan_etl_tui.config.overrides import apply_overrides, split_key
from loan_etl_tui.config.problems import Problem
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.tree import plain
from loan_etl_tui.config.yaml_tree import read_tree

Read = Callable[..., Pipeline]
Problems = Callable[..., tuple[Problem, ...]]


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_pair_of_texts_is_put_in_or_refused(key: str, value: str) -> None:
    root, _ = read_tree("a: {b: [c, d]}\ne: f\n", "f.yaml")
    assert root is not None
    changed, problems = apply_overrides(root, [(key, value)])
    assert problems or plain(changed) != {}
    assert all(problem.line == 0 for problem in problems)


@given(st.lists(st.text(alphabet="ab.c 1", min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_key_path_in_quotes_is_split_back_into_its_parts(parts: list[str]) -> None:
    assert split_key(".".join(f'"{part}"' for part in parts)) == tuple(parts)


@pytest.mark.parametrize("key", ["", ".", "a.", ".a", "a..b", '"a', "a b'c", '"a"b'])
def test_a_broken_key_path_is_none(key: str) -> None:
    assert split_key(key) is None


def test_the_last_value_of_a_key_wins(read: Read) -> None:
    pairs = (("validate.max_rejected", "5"), ("validate.max_rejected", "7"))
    assert read(overrides=pairs).config.validate_.max_rejected == "7"


def test_blocks_that_are_missing_on_the_way_are_made(read: Read) -> None:
    config = read(overrides=(("load.atomic", "run"), ("expect.by_day", "5"))).config
    assert config.load.atomic == "run"
    assert config.expect is not None
    assert config.expect.by_day == 5


@pytest.mark.parametrize("value", ["|", ";", ":", "#", "-", "&", "!", "@", "%", "~x"[0:0] or ">"])
def test_a_sign_that_means_something_in_yaml_stands_for_itself(read: Read, value: str) -> None:
    assert read(overrides=(("source.delimiter", value),)).config.source.delimiter == value


def test_a_pattern_with_colons_and_hashes_stands_for_itself(read: Read) -> None:
    pattern = r"^Total: (\d+) # (\d+)$"
    pairs = (("source.skip_rows.0.matches", pattern),)
    assert read(overrides=pairs).config.source.skip_rows[0].matches == pattern


def test_lists_blocks_and_quoted_texts_are_read_as_yaml(read: Read) -> None:
    config = read(
        overrides=(
            ("load.targets", "[one, 'two']"),
            ("transform.loan.term_months", "{from: term, via: term, unit: months}"),
            ("title", "'null'"),
        )
    ).config
    assert config.load.targets == ("one", "two")
    assert config.transform.loan.term_months is not None
    assert config.title == "null"


def test_one_value_of_a_word_is_set_beside_its_others(read: Read) -> None:
    pairs = (("transform.loan_status.words.Current.status", "GRACE"),)
    word = read(overrides=pairs).config.transform.loan_status.words["Current"]
    assert (word.status, word.dpd) == ("GRACE", (0, 0))


def test_a_name_with_dots_stands_in_quotes(read: Read) -> None:
    pairs = (('transform.loan_status.words."1.5 months".status', "LATE"),)
    assert "1.5 months" in read(overrides=pairs).config.transform.loan_status.words


def test_an_unknown_key_is_placed_at_the_option(problems: Problems) -> None:
    (problem,) = problems(overrides=(("validate.max_reject", "1"),))
    assert (problem.file, problem.line) == ("--set validate.max_reject", 0)
    assert problem.key_path == "validate.max_reject"
    assert problem.hint == "did you mean 'max_rejected'?"
    assert str(problem).startswith("--set validate.max_reject: validate.max_reject is not a key")


def test_a_wrong_value_is_placed_at_the_option_and_after_the_file(problems: Problems) -> None:
    found = problems(
        ("currency: USD", "currency: usd"), overrides=(("validate.max_rejected", "x"),)
    )
    assert [problem.file for problem in found] == [
        "configs/harbor.yaml",
        "--set validate.max_rejected",
    ]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("title.x", "1", "leads into 'Harbor book'"),
        ("source.skip_rows.1.name", "x", "its entries are 0 to 0"),
        ("source.skip_rows.name", "x", "its entries are 0 to 0"),
        ("a..b", "x", "is no key path"),
        (".".join("a" * 60), "x", "is no key path"),
        ("title", "[a", "is not YAML"),
        ("load.targets", "[&a x, *a]", "anchor or alias"),
        ("title", "{a: 1, a: 2}", "doubled key"),
        ("title", "", "is empty"),
    ],
)
def test_what_cannot_be_set_is_refused_at_the_option(
    problems: Problems, key: str, value: str, words: str
) -> None:
    (problem,) = problems(overrides=((key, value),))
    assert problem.file == f"--set {key}"
    assert words in problem.message


def test_an_option_mends_what_the_file_gets_wrong(read: Read) -> None:
    wrong = ("currency: USD", "currency: usd")
    assert read(wrong, overrides=(("transform.currency", "EUR"),)).config.transform.currency


def test_a_newer_version_from_an_option_is_refused_like_one_of_the_file(
    problems: Problems,
) -> None:
    (problem,) = problems(overrides=(("version", "99"),))
    assert problem.file == "--set version"
    assert "newer than this program" in problem.message
