"""The built-in platform configs: what they say, and what they make of tapes in their layouts."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from loan_etl_tui.config.models import FieldSpec, PipelineConfig
from loan_etl_tui.config.read import read_pipeline
from loan_etl_tui.config.shipped import shipped
from loan_etl_tui.demo.lendingclub_columns import COLUMNS_143, COLUMNS_151
from loan_etl_tui.demo.prosper_columns import COLUMNS
from loan_etl_tui.model.issues import activate
from tests.fixtures.raw import codes, config_of, judged

FIXTURES = Path(__file__).parents[1] / "fixtures"
SHARED = Path(os.environ.get("LOAN_ETL_SHARED", Path(__file__).parents[2].parent / "shared"))
NAMES = ("lendingclub_loanstats", "prosper_2014")
LAYOUTS = (
    ("lendingclub_loanstats", COLUMNS_143),
    ("lendingclub_loanstats", COLUMNS_151),
    ("prosper_2014", COLUMNS),
)
DELIVERIES = (
    ("lendingclub_loanstats", "LoanStats3x_2017-08-31.csv", date(2017, 8, 31)),
    ("lendingclub_loanstats", "LoanStats3x_2018-08-31.csv", date(2018, 8, 31)),
    ("prosper_2014", "prosperLoanData.part.csv", date(2014, 3, 31)),
)
# Facts that only a whole history has.
OVERALL = {"loan_status", "first_record_date", "last_record_date"}


def built_in(name: str) -> PipelineConfig:
    return config_of(shipped("configs") / f"{name}.yaml")


def mapped(config: PipelineConfig) -> list[FieldSpec]:
    blocks = (config.transform.loan, config.transform.status)
    named = [value for block in blocks for _, value in block if isinstance(value, FieldSpec)]
    return [*named, *(spec for block in blocks for spec in block.extra.values())]


def columns_of(spec: FieldSpec) -> list[str]:
    return [str(one) for one in spec.columns()]


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_config_is_switched_off_and_names_no_target(name: str) -> None:
    config = built_in(name)
    assert not config.enabled
    assert config.load.targets == ()
    assert config.title


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_config_is_read_without_a_warning(name: str) -> None:
    assert read_pipeline(shipped("configs") / f"{name}.yaml").warnings == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_config_tells_editors_its_schema(name: str) -> None:
    first = (shipped("configs") / f"{name}.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema/pipeline.schema.json"


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_a_built_in_config_sets_is_in_the_catalogue(name: str) -> None:
    said = built_in(name).validate_.rules
    assert set(said) <= set(activate(said))


@pytest.mark.parametrize(("name", "header"), LAYOUTS)
def test_every_mapped_column_that_is_not_optional_is_in_the_layout(
    name: str, header: tuple[str, ...]
) -> None:
    needed = {c for spec in mapped(built_in(name)) if not spec.optional for c in columns_of(spec)}
    assert needed <= set(header)


@pytest.mark.parametrize("name", NAMES)
def test_no_private_column_is_mapped(name: str) -> None:
    config = built_in(name)
    read = {column for spec in mapped(config) for column in columns_of(spec)}
    assert not read & set(config.transform.private)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_date_has_to_be_given_and_has_a_hint(name: str) -> None:
    spec = built_in(name).transform.record_date
    assert spec is not None
    assert (spec.from_, spec.required) == ("argument", True)
    assert spec.hint is not None


def test_every_lendingclub_word_before_issue_means_no_loan_yet() -> None:
    words = built_in("lendingclub_loanstats").transform.loan_status.words
    before = {str(entry.status) for word, entry in words.items() if entry.dpd is None}
    assert before == {"PENDING", "CANCELLED", "CHARGED_OFF"}
    assert len(words) == 16


def golden(platform: str, table: str) -> dict[tuple[str, ...], dict[str, str]]:
    path = FIXTURES / "golden" / f"{platform}.{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    keys = ("loan_id", "record_date") if table == "status" else ("loan_id",)
    return {tuple(row[key] for key in keys): row for row in rows}


def shown(table: pa.Table, names: list[str]) -> list[dict[str, str]]:
    rows = table.select(names).to_pylist()
    return [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]


@pytest.mark.parametrize(("name", "tape", "record_date"), DELIVERIES)
def test_the_status_rows_of_a_fixture_are_the_golden_ones(
    name: str, tape: str, record_date: date
) -> None:
    config = built_in(name)
    result = judged(config, (FIXTURES / tape).read_bytes(), record_date)
    wanted = golden(config.platform, "status")
    names = list(next(iter(wanted.values())))
    found = {(row["loan_id"], row["record_date"]): row for row in shown(result.status, names)}
    assert found == {key: row for key, row in wanted.items() if key[1] == str(record_date)}


@pytest.mark.parametrize(("name", "tape", "record_date"), DELIVERIES)
def test_the_loan_rows_of_a_fixture_are_the_golden_ones(
    name: str, tape: str, record_date: date
) -> None:
    config = built_in(name)
    result = judged(config, (FIXTURES / tape).read_bytes(), record_date)
    wanted = golden(config.platform, "loan")
    names = [name for name in next(iter(wanted.values())) if name not in OVERALL]
    found = {(row["loan_id"],): row for row in shown(result.loan, names)}
    assert found == {key: {n: wanted[key][n] for n in names} for key in found}
    there = {key[0] for key in golden(config.platform, "status") if key[1] == str(record_date)}
    assert {key[0] for key in found} == there


@pytest.mark.parametrize(("tape", "record_date"), [d[1:] for d in DELIVERIES[:2]])
def test_no_row_of_a_lendingclub_fixture_is_rejected_or_warned_of(
    tape: str, record_date: date
) -> None:
    config = built_in("lendingclub_loanstats")
    result = judged(config, (FIXTURES / tape).read_bytes(), record_date)
    assert result.issues.num_rows == 0


def test_of_the_prosper_fixture_only_the_cut_record_is_rejected() -> None:
    _, tape, record_date = DELIVERIES[2]
    result = judged(built_in("prosper_2014"), (FIXTURES / tape).read_bytes(), record_date)
    assert result.rejects.num_rows == 1
    assert result.status.num_rows == 43


def real(path: str) -> bytes:
    where = SHARED / "data" / path
    if not where.exists():
        pytest.skip(f"the real tapes are not here: {where}")
    return gzip.decompress(where.read_bytes())


def total(values: pa.ChunkedArray) -> Decimal:
    return Decimal(str(pc.sum(values).as_py()))


@pytest.mark.real_data
def test_the_real_lendingclub_book_of_2017_adds_up() -> None:
    tape = real("lendingclub/LoanStats3a_2017-08-17.csv.gz")
    result = judged(built_in("lendingclub_loanstats"), tape, date(2017, 8, 17))
    assert result.rejects.num_rows == 0
    words = Counter(result.status.column("loan_status").to_pylist())
    assert words == {"PAID_OFF": 36_104, "CHARGED_OFF": 6_431}
    assert total(result.loan.column("original_balance")) == 460_296_150
    assert total(result.status.column("principal_paid")) == Decimal("411554875.94")
    assert total(result.status.column("interest_paid")) == Decimal("95277610.71")
    recovered = total(result.status.column("recoveries"))
    assert abs(recovered - Decimal("4331520.892963")) < Decimal("0.0001") * result.status.num_rows


@pytest.mark.real_data
def test_of_the_real_prosper_export_only_the_cut_record_is_rejected() -> None:
    tape = real("prosper/prosperLoanData.part.csv.gz")
    result = judged(built_in("prosper_2014"), tape, date(2014, 3, 31))
    assert codes(result, "R").total() == 1
    assert result.status.num_rows == 2_765
    assert len(set(result.loan.column("loan_id").to_pylist())) == 2_762
    assert total(result.status.column("principal_paid")) == Decimal("8223069.00")
