"""Which delivery a fact comes from: the claims, and their short form."""

from __future__ import annotations

from datetime import date

import pytest

from loan_etl_tui.load.origin import FACTS, Claim, as_json, decide, from_json

JAN, FEB = date(2018, 1, 31), date(2018, 2, 28)


@pytest.mark.parametrize(
    ("mine", "other", "first", "last"),
    [
        (Claim(JAN, 1), None, True, True),
        (Claim(JAN, 1), Claim(FEB, 1), True, False),
        (Claim(FEB, 9), Claim(JAN, 1), False, True),
        (Claim(JAN, 1), Claim(JAN, 1), True, True),
        (Claim(JAN, 2), Claim(JAN, 1), True, True),
        (Claim(JAN, 1), Claim(JAN, 2), False, False),
        (Claim(None, 1), Claim(JAN, 9), True, False),
        (Claim(JAN, 9), Claim(None, 1), False, True),
        (Claim(None, 2), Claim(None, 1), True, True),
    ],
)
def test_the_better_claim_stands(mine: Claim, other: Claim | None, first: bool, last: bool) -> None:
    assert mine.beats(other, "first") is first
    assert mine.beats(other, "last") is last


def test_a_decision_names_what_it_takes_and_which_versions_go() -> None:
    origin = {"purpose": Claim(JAN, 4), "region": Claim(FEB, 5)}
    made = decide(origin, ("purpose", "region", "extra.a"), Claim(FEB, 6), "first")
    assert made.take == ("region", "extra.a")
    assert made.previous_versions == {"region": 5, "extra.a": None}
    assert made.origin == {
        "purpose": Claim(JAN, 4),
        "region": Claim(FEB, 6),
        "extra.a": Claim(FEB, 6),
    }


def test_the_common_origin_is_written_once() -> None:
    common, other = Claim(date(2017, 8, 17), 1), Claim(JAN, 3)
    origin = dict.fromkeys(FACTS, common) | {"extra.policy_code": common, "region": other}
    del origin["purpose"]
    assert as_json(origin) == {
        "*": ["2017-08-17", 1],
        "extra": ["policy_code"],
        "purpose": None,
        "region": ["2018-01-31", 3],
    }


def test_an_extra_with_an_origin_of_its_own_is_named() -> None:
    origin = dict.fromkeys(FACTS, Claim(JAN, 1)) | {"extra.a": Claim(None, 2)}
    assert as_json(origin) == {"*": ["2018-01-31", 1], "extra.a": [None, 2]}


def test_the_status_of_an_origination_file_is_always_named() -> None:
    claim = Claim(None, 1)
    origin = {"issue_date": claim, "loan_status": claim}
    short = as_json(origin)
    assert short["loan_status"] == [None, 1]
    assert from_json(short) == origin


def test_an_origin_without_anything_is_empty() -> None:
    assert from_json(as_json({})) == {}
