"""Which files a path names: file, folder, glob, list; compressed forms; what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from loan_etl_tui.model.errors import ConfigError, LoginRefused, SourceMissing, SourceUnreadable
from loan_etl_tui.source.files import take_fingerprint
from loan_etl_tui.source.paths import find_files

Find = Callable[..., list[str]]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    names = ["b_1.csv", "a_2.csv", "a_1.csv.gz", "a_3.txt", ".a_hidden.csv", "sub/a_0.csv"]
    names += [".git/a_9.csv", "sub/deep/a_4.csv.zst", "[1].csv"]
    for name in names:
        path = tmp_path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("id\n1\n")
    return tmp_path


@pytest.fixture
def find(inbox: Path) -> Find:
    def found(*paths: str) -> list[str]:
        named = paths[0] if len(paths) == 1 else paths
        return [str(path.relative_to(inbox)) for path in find_files(named, inbox)]

    return found


def test_a_file_names_itself(find: Find) -> None:
    assert find("inbox/b_1.csv") == ["inbox/b_1.csv"]


def test_a_folder_means_its_files_but_hidden_ones_sorted_by_name(find: Find) -> None:
    names = ["[1].csv", "a_1.csv.gz", "a_2.csv", "a_3.txt", "b_1.csv"]
    assert find("inbox") == [f"inbox/{name}" for name in names]


def test_a_glob_finds_compressed_forms_too(find: Find) -> None:
    assert find("inbox/a_*.csv") == ["inbox/a_1.csv.gz", "inbox/a_2.csv"]


def test_a_glob_for_a_compressed_form_finds_that_form_only(find: Find) -> None:
    assert find("inbox/a_*.csv.gz") == ["inbox/a_1.csv.gz"]


def test_two_stars_go_through_folders_but_hidden_ones(find: Find) -> None:
    names = ["sub/a_0.csv", "a_1.csv.gz", "a_2.csv", "sub/deep/a_4.csv.zst"]
    assert find("inbox/**/a_*.csv") == [f"inbox/{name}" for name in names]
    assert len(find("inbox/**")) == 7


def test_a_list_names_each_file_once(find: Find) -> None:
    found = find("inbox/b_1.csv", "inbox/*_1.csv", "inbox/nothing*")
    assert found == ["inbox/a_1.csv.gz", "inbox/b_1.csv"]


def test_a_file_whose_name_looks_like_a_pattern_is_found(find: Find) -> None:
    assert find("inbox/[1].csv") == ["inbox/[1].csv"]


def test_a_root_whose_name_looks_like_a_pattern_is_no_pattern(tmp_path: Path) -> None:
    root = tmp_path / "[x]*"
    root.mkdir()
    (root / "a.csv").write_text("id\n")
    assert find_files("*.csv", root) == (root / "a.csv",)


def test_an_absolute_pattern_needs_no_root(inbox: Path) -> None:
    assert find_files(f"{inbox}/inbox/b*.csv", Path("/nowhere")) == (inbox / "inbox/b_1.csv",)


@pytest.mark.parametrize("pattern", ["inbox/z*.csv", "nowhere/*.csv", "inbox/gone.csv"])
def test_no_match_names_the_pattern_and_the_folder(inbox: Path, pattern: str) -> None:
    with pytest.raises(SourceMissing) as raised:
        find_files(pattern, inbox)
    assert pattern in str(raised.value)
    assert str(inbox) in str(raised.value)


@pytest.mark.parametrize("pattern", ["s3://bucket/x.csv", "", " ", "a\0b", "inbox/a**b/*.csv"])
def test_a_path_that_is_none_is_a_config_error(inbox: Path, pattern: str) -> None:
    with pytest.raises(ConfigError):
        find_files(pattern, inbox)


def test_a_pipe_is_no_tape(inbox: Path) -> None:
    os.mkfifo(inbox / "pipe")
    with pytest.raises(SourceUnreadable, match="not a regular file"):
        find_files("pipe", inbox)


def test_a_folder_that_may_not_be_listed_is_refused(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    for pattern in ("inbox", "inbox/*.csv"):
        with pytest.raises(LoginRefused, match="is refused"):
            find_files(pattern, inbox)


def test_a_file_that_may_not_be_read_is_refused(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(LoginRefused, match="may not be read"):
        take_fingerprint(inbox / "inbox/b_1.csv")


def test_a_file_that_is_gone_is_missing(inbox: Path) -> None:
    with pytest.raises(SourceMissing, match="does not exist"):
        take_fingerprint(inbox / "gone.csv")


def test_a_folder_has_no_fingerprint(inbox: Path) -> None:
    with pytest.raises(SourceUnreadable, match="is a folder"):
        take_fingerprint(inbox)
