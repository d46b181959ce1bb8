"""A small config that nothing is wrong with, for tests that break it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loan_etl_tui.config.problems import ConfigProblems, Problem
from loan_etl_tui.config.read import Pipeline, parse_pipeline

SOUND = """\
version: 1
platform: harbor
title: Harbor book
source:
  path: inbox/harbor_*.csv
  header_contains: [id, status]
  skip_rows:
    - {column: id, matches: '^Total (\\d+): (\\d+)', name: footer}
transform:
  currency: USD
  private: [ssn]
  record_date: {from: argument}
  loan:
    loan_id: {from: id, via: id}
    issue_date: {from: issued, via: date, formats: [ISO]}
    original_balance: {from: amount, via: money}
    interest_rate: {from: rate, via: rate, unit: percent}
  status:
    principal_paid: {from: paid, via: money, as: cumulative}
  loan_status:
    from: status
    words:
      Current: {status: CURRENT, dpd: [0, 0]}
      Charged Off: CHARGED_OFF
validate:
  max_rejected: 1%
  rules:
    V-ANN: off
"""


@pytest.fixture
def sound() -> str:
    """Text of a config that nothing is wrong with."""
    return SOUND


@pytest.fixture
def read(sound: str) -> Callable[..., Pipeline]:
    """Read the sound config, with parts of its text replaced and with `--set` pairs."""

    def read_it(
        *replaced: tuple[str, str], overrides: tuple[tuple[str, str], ...] = ()
    ) -> Pipeline:
        text = sound
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        return parse_pipeline(text, Path("configs/harbor.yaml"), overrides)

    return read_it


@pytest.fixture
def problems(read: Callable[..., Pipeline]) -> Callable[..., tuple[Problem, ...]]:
    """Read the config as changed and return what is wrong with it."""

    def problems_of(
        *replaced: tuple[str, str], overrides: tuple[tuple[str, str], ...] = ()
    ) -> tuple[Problem, ...]:
        with pytest.raises(ConfigProblems) as refused:
            read(*replaced, overrides=overrides)
        return refused.value.problems

    return problems_of
