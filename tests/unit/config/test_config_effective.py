"""The config's hash: the same where a delivery becomes the same, another where it may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loan_etl_tui.config.effective import config_sha256
from loan_etl_tui.config.read import Pipeline

Read = Callable[..., Pipeline]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("source.path", "elsewhere/*.csv"),
        ("source.pick", "newest"),
        ("source.archive", "none"),
        ("source.if_missing", "ok"),
        ("title", "Another"),
        ("enabled", "true"),
        ("after", "[other]"),
        ("load.atomic", "run"),
        ("load.targets", "[prod]"),
        ("expect.by_day", "5"),
    ],
)
def test_what_changes_no_row_changes_no_hash(read: Read, key: str, value: str) -> None:
    changed = read(overrides=((key, value),)).config
    assert changed != read().config
    assert config_sha256(changed) == config_sha256(read().config)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("platform", "haven"),
        ("source.delimiter", ";"),
        ("source.encoding", "cp1252"),
        ("transform.currency", "EUR"),
        ("transform.loan.interest_rate.unit", "bps"),
        ("transform.loan_status.words.Current.dpd", "[0, 5]"),
        ("validate.max_rejected", "2%"),
        ("validate.rules.V-INT", "off"),
        ("validate.rules.C-TERMSET.allowed", "[36]"),
    ],
)
def test_what_may_change_a_row_changes_the_hash(read: Read, key: str, value: str) -> None:
    assert config_sha256(read(overrides=((key, value),)).config) != config_sha256(read().config)


def test_order_comments_and_short_forms_change_no_hash(read: Read) -> None:
    other = read(
        ("platform: harbor\ntitle: Harbor book", "title: x  # y\nplatform: harbor"),
        ("Charged Off: CHARGED_OFF", "Charged Off: {status: CHARGED_OFF}"),
        ("      Current: {status: CURRENT, dpd: [0, 0]}\n", ""),
        ("    words:\n", "    words:\n      Current: {dpd: [0, 0], status: CURRENT}\n"),
    )
    assert config_sha256(other.config) == config_sha256(read().config)


def test_a_default_that_is_spelled_out_changes_no_hash(read: Read) -> None:
    spelled = read(("currency: USD", "currency: USD\n  shape: snapshot\n  time_zone: UTC"))
    assert config_sha256(spelled.config) == config_sha256(read().config)


def test_a_code_that_means_nothing_is_not_a_code_without_a_meaning(read: Read) -> None:
    purpose = "transform.loan.purpose"
    null = read(overrides=((purpose, "{from: p, via: code, map: {'1': a, '2': null}}"),)).config
    none = read(overrides=((purpose, "{from: p, via: code, map: {'1': a}}"),)).config
    assert config_sha256(null) != config_sha256(none)


def test_the_hash_is_the_same_in_every_process(read: Read) -> None:
    assert (
        config_sha256(read().config)
        == "14e0b1ecddb8289af0f60b592fafa2de5ab6737c3bf2f34e35c52b44786bf1da"
    )
