"""A header is matched without regard to case and blanks; what is missing is named."""

from __future__ import annotations

import pytest

from loan_etl_tui.model.errors import LayoutChanged, SourceUnreadable
from loan_etl_tui.pipeline.layout import match_header
from loan_etl_tui.source.base import Layout
from tests.property.tapes import COLUMNS, plan_of

PLAN = plan_of()


def layout(*columns: str, duplicated: tuple[str, ...] = ()) -> Layout:
    return Layout(columns, 1, duplicated)


def test_case_blanks_and_no_break_spaces_do_not_matter() -> None:
    spelled = [name.upper() for name in COLUMNS]
    spelled[-1] = " Note\u00a0"
    found = match_header(layout(*spelled), PLAN.transform, PLAN.rules)
    assert found.names["id"] == "ID"
    assert found.names["note"] == " Note\u00a0"


def test_a_missing_column_is_named_with_the_likely_new_one() -> None:
    columns = [name for name in COLUMNS if name != "amount"]
    with pytest.raises(LayoutChanged) as caught:
        match_header(layout(*columns, "amount_usd"), PLAN.transform, PLAN.rules)
    assert caught.value.missing == ("amount",)
    assert "'amount_usd'" in caught.value.hint
    assert caught.value.exit_code == 5


def test_a_column_only_a_rule_reads_may_be_missing() -> None:
    transform = PLAN.transform.model_copy(
        update={"status": PLAN.transform.status.model_copy(update={"extra": {}})}
    )
    columns = [name for name in COLUMNS if name != "left"]
    found = match_header(layout(*columns), transform, PLAN.rules)
    assert found.absent == ("left",)


def test_a_mapped_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="'amount'"):
        match_header(layout(*COLUMNS, "Amount", duplicated=("amount",)), PLAN.transform, PLAN.rules)


def test_an_unmapped_column_that_stands_twice_is_no_matter() -> None:
    found = match_header(layout(*COLUMNS, "x", "x", duplicated=("x",)), PLAN.transform, PLAN.rules)
    assert found.unknown == ("x", "x")
