"""The demo workspace and the synthetic loans behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.demo import (
    DemoPlan,
    DemoRun,
    harborlend,
    is_demo,
    lendingclub,
    plan_of,
    prosper,
    write_workspace,
)
from loan_etl_tui.demo.book import CENT, Fate, Loan, draw_book, instalment, plus_months
from loan_etl_tui.demo.dice import Dice
from loan_etl_tui.demo.life import Phase, payments, state_at
from loan_etl_tui.demo.planted import PLANTED, plant
from loan_etl_tui.demo.workspace import MONTHS, SEED
from loan_etl_tui.model.errors import CannotCreate
from tests.fixtures.make import fixtures
from tests.fixtures.raw import codes, config_of, judged

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPlan:
    return write_workspace(tmp_path_factory.mktemp("demo") / "workspace")


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    term = draw(st.sampled_from([12, 24, 36, 60]))
    never_or_any = st.just(0) | st.integers(4, term)
    fate = Fate(
        stops_at=draw(never_or_any),
        prepays_at=draw(never_or_any),
        slips_at=draw(never_or_any),
        slip_days=draw(st.integers(1, 26)),
        recovered=Decimal(draw(st.integers(0, 30))) / 100,
    )
    return Loan(
        number=draw(st.integers(1, 10**9)),
        issued_on=draw(st.dates(date(2015, 1, 1), date(2023, 12, 28)).filter(lambda d: d.day < 29)),
        amount=Decimal(draw(st.integers(20, 1_600)) * 25),
        rate=Decimal(draw(st.integers(0, 3_000))) / 10_000,
        term_months=term,
        grade=draw(st.integers(0, 4)),
        fate=fate,
    )


@given(loans(), st.integers(0, 2_400), st.integers(0, 2_400))
def test_what_was_paid_never_falls_and_a_closed_loan_stays_closed(
    loan: Loan, first: int, second: int
) -> None:
    early, late = sorted((first, second))
    before, after = (state_at(loan, loan.issued_on + timedelta(days=d)) for d in (early, late))
    assert before.principal_paid <= after.principal_paid <= loan.amount
    assert before.interest_paid <= after.interest_paid
    assert before.fees_paid <= after.fees_paid
    assert before.recovered <= after.recovered
    if before.closed_on:
        assert after.closed_on == before.closed_on


@given(loans(), st.integers(0, 2_400))
def test_a_written_off_loan_has_lost_exactly_what_was_not_paid(loan: Loan, age_days: int) -> None:
    state = state_at(loan, loan.issued_on + timedelta(days=age_days))
    lost = state.phase is Phase.LOST
    assert state.charged_off == (loan.amount - state.principal_paid if lost else 0)
    assert state.recovered <= state.charged_off


@given(loans())
def test_a_loan_that_is_never_stopped_is_repaid_to_the_cent(loan: Loan) -> None:
    kept = replace(loan, fate=replace(loan.fate, stops_at=0))
    assert sum(payment.principal for payment in payments(kept)) == loan.amount


@given(loans())
def test_every_instalment_but_the_last_is_level(loan: Loan) -> None:
    on_time = replace(loan, fate=Fate())
    *level, last = payments(on_time)
    assert {payment.principal + payment.interest for payment in level} == {instalment(loan)}
    assert abs(last.principal + last.interest - instalment(loan)) <= CENT * loan.term_months


@given(loans(), st.integers(0, 2_400))
def test_an_open_loan_is_late_when_fewer_instalments_came_than_fell_due(
    loan: Loan, age_days: int
) -> None:
    day = loan.issued_on + timedelta(days=age_days)
    state = state_at(loan, day)
    if state.phase in (Phase.NEW, Phase.OPEN):
        due = sum(plus_months(loan.issued_on, n) < day for n in range(1, loan.term_months + 1))
        came = sum(payment.paid_on <= day for payment in payments(loan))
        assert (state.days_late > 0) == (due > came)


def test_dice_of_one_name_repeat_and_of_two_names_differ() -> None:
    one, same, other = Dice(1, "a"), Dice(1, "a"), Dice(1, "b")
    draws = [one.whole(0, 10**9) for _ in range(5)]
    assert draws == [same.whole(0, 10**9) for _ in range(5)]
    assert draws != [other.whole(0, 10**9) for _ in range(5)]


def test_a_larger_book_keeps_its_ids_unique() -> None:
    book = draw_book(replace(lendingclub.PROFILE, loans=3_000), SEED)
    assert len({loan.number for loan in book}) == 3_000


def test_the_committed_fixtures_are_what_the_generators_write() -> None:
    made = fixtures()
    assert {name: (FIXTURES / name).read_bytes() for name in made} == made


def test_the_demo_is_the_same_bytes_every_time(demo: DemoPlan, tmp_path: Path) -> None:
    again = write_workspace(tmp_path / "again")
    assert bytes_of(again.folder) == bytes_of(demo.folder)


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(CannotCreate, match="is not empty"):
        write_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_path_that_is_a_file_cannot_become_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotCreate, match="cannot be made a demo workspace"):
        write_workspace(tmp_path / "file")


def test_a_written_workspace_is_known_again_with_its_plan(demo: DemoPlan) -> None:
    assert is_demo(demo.folder)
    assert plan_of(demo.folder) == demo


def test_a_folder_without_the_tapes_is_no_demo(demo: DemoPlan, tmp_path: Path) -> None:
    (tmp_path / "loan-etl.yaml").write_bytes((demo.folder / "loan-etl.yaml").read_bytes())
    assert not is_demo(tmp_path)
    assert not is_demo(tmp_path / "missing")


def test_nine_runs_are_planned_and_only_the_last_is_held(demo: DemoPlan) -> None:
    assert [run.is_held for run in demo.runs] == [False] * 8 + [True]
    assert [run.pipeline for run in demo.runs[:3]] * 3 == [run.pipeline for run in demo.runs]
    assert all(run.file.is_file() for run in demo.runs)


def test_every_planned_tape_is_found_by_its_own_pipeline_only(demo: DemoPlan) -> None:
    for run in demo.runs:
        assert pipelines_that_take(demo, run.file) == [run.pipeline]


def test_no_pipeline_takes_the_unmapped_tape(demo: DemoPlan) -> None:
    assert demo.unmapped.is_file()
    assert pipelines_that_take(demo, demo.unmapped) == []


def pipelines_that_take(demo: DemoPlan, tape: Path) -> list[str]:
    name = f"inbox/{tape.name}"
    taken = []
    for config in sorted((demo.folder / "configs").glob("*.yaml")):
        said = config_of(config).source.path
        patterns = said if isinstance(said, tuple) else (said,)
        if any(fnmatch(name, pattern) for pattern in patterns):
            taken.append(config.stem)
    return taken


def test_every_demo_pipeline_is_on_and_reads_its_date_from_the_tape_s_name(demo: DemoPlan) -> None:
    for config in map(config_of, (demo.folder / "configs").glob("*.yaml")):
        assert config.enabled
        assert config.transform.record_date is not None
        assert config.transform.record_date.from_ == "file_name"


def run_day(run: DemoRun) -> date:
    return next(day for day in MONTHS if f"{day:%Y%m%d}" in run.file.name.replace("-", ""))


def test_the_tapes_that_load_have_neither_reject_nor_warning(demo: DemoPlan) -> None:
    for run in demo.runs[:-1]:
        config = config_of(demo.folder / "configs" / f"{run.pipeline}.yaml")
        result = judged(config, run.file.read_bytes(), run_day(run))
        assert result.status.num_rows > 250
        assert result.issues.num_rows == 0, run.file.name


def test_the_held_tape_has_exactly_the_planted_rejects(demo: DemoPlan) -> None:
    run = demo.runs[-1]
    config = config_of(demo.folder / "configs" / f"{run.pipeline}.yaml")
    result = judged(config, run.file.read_bytes(), run_day(run))
    assert result.rejects.num_rows == demo.planted == 12
    assert set(codes(result, "R")) >= {one.code for one in PLANTED}
    allowed = Decimal(config.validate_.max_rejected.removesuffix("%")) / 100
    assert result.rejects.num_rows > allowed * result.judged.num_rows


def test_planting_spoils_twelve_lines_and_leaves_the_rest() -> None:
    rows = harborlend.rows_at(draw_book(harborlend.PROFILE, SEED), MONTHS[-1])
    clean = harborlend.tape(rows).decode().splitlines()
    spoilt = harborlend.tape_of_lines(plant(rows)).decode().splitlines()
    assert len(clean) == len(spoilt)
    assert sum(left != right for left, right in zip(clean, spoilt, strict=True)) == 12


def test_a_prosper_twin_differs_in_the_score_alone() -> None:
    row = prosper.row_of(draw_book(prosper.PROFILE, SEED)[0], MONTHS[0])
    twin = prosper.twin_of(row)
    assert [name for name in row if row[name] != twin[name]] == ["ProsperScore"]
