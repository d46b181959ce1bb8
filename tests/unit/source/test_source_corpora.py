"""Real tapes and hostile collections: right figures, typed errors, and no byte lost."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.model.errors import LayoutChanged, SourceMissing, SourceUnreadable
from loan_etl_tui.source.csv import CsvSource
from loan_etl_tui.source.files import watched
from loan_etl_tui.source.limits import DEFAULT_LIMITS
from loan_etl_tui.source.open import open_members
from tests.unit.source.conftest import Read

CLUB = {
    "header_contains": ["loan_amnt", "funded_amnt", "loan_status"],
    "skip_rows": [
        {"column": "id", "matches": "^Notes offered by Prospectus", "name": "preamble"},
        {"column": "id", "matches": "^Loans that do not meet", "name": "section"},
        {
            "column": "id",
            "matches": r"^Total amount funded in policy code (\d+): (\d+)",
            "name": "control_total",
        },
    ],
}
FANNIE = {"header": "none", "delimiter": "|", "quoting": "none", "encoding": "ascii"}


def tape(shared: Path, name: str, **spec: object) -> CsvSource:
    path = shared / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return CsvSource(SourceSpec.model_validate({"path": str(path), **spec}), shared)


@pytest.mark.real_data
def test_the_lendingclub_tape_loads_whole(shared: Path, read_source: Read) -> None:
    found = read_source(tape(shared, "lendingclub/LoanStats3a_2017-08-17.csv.gz", **CLUB))
    assert (len(found.rows), found.faults, found.blank) == (42_535, [], 2)
    names = [name for _, name in found.skipped_names]
    assert names == ["preamble", "section", "control_total", "control_total"]
    assert found.skipped[2].groups == ("1", "460296150")


@pytest.mark.real_data
def test_the_prosper_tape_ends_with_one_truncated_record(shared: Path, read_source: Read) -> None:
    found = read_source(tape(shared, "prosper/prosperLoanData.part.csv.gz"))
    assert len(found.rows) == 2_766
    assert found.faults == [(2_767, "F-TRUNC", "the file ends inside a quoted cell")]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "width", "rows"),
    [("Acquisition_2000Q1", 26, 5_000), ("Performance_2000Q1-P", 31, 10_000)],
)
def test_the_fannie_mae_tapes_load_whole(
    shared: Path, read_source: Read, name: str, width: int, rows: int
) -> None:
    spec = {**FANNIE, "widths": [width]}
    found = read_source(tape(shared, f"fanniemae/{name}.txt.gz", **spec))
    assert (len(found.rows), found.faults, found.blank) == (rows, [], 0)
    assert found.layout.columns == tuple(str(i + 1) for i in range(width))


# An empty line is a blank one here, no row with an empty cell; the last oracle tells another file.
OTHER_VIEWS = ("all-empty", "empty-one-column", "location_coordinates")
DIALECTS = [{}, {"delimiter": "|"}, {"header": "none", "quoting": "none", "delimiter": ";"}]


@pytest.fixture
def corpus(request: pytest.FixtureRequest, shared: Path, tmp_path: Path) -> list[Path]:
    """All files of an archive of hostile tables, unpacked."""
    archive = shared / "torture" / request.param
    if not archive.exists():
        pytest.skip(f"{archive} is not there")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    return sorted(path for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize("spec", DIALECTS, ids=["comma", "pipe", "plain"])
@pytest.mark.parametrize("corpus", ["csv-test-data.tar.gz", "duckdb-csv.tar.gz"], indirect=True)
def test_a_hostile_table_gives_rows_or_a_typed_error_and_loses_no_byte(
    corpus: list[Path], spec: dict[str, str]
) -> None:
    read = 0
    for path in corpus:
        # The path is given by hand: names of the corpora look like patterns.
        source = CsvSource(SourceSpec.model_validate({"path": "x", **spec}), path.parent)
        delivery = source.fingerprint(path)
        try:
            layout = source.layout(delivery)
            columns = tuple(dict.fromkeys(layout.columns))[:3]
            spans = [
                span
                for batch in source.batches(delivery, columns)
                for span in batch.table.select(["file", "offset", "length"]).to_pylist()
            ]
        except (LayoutChanged, SourceMissing, SourceUnreadable):
            continue
        read += 1
        with watched(delivery) as file:
            tables = {m.index: b"".join(m.blocks) for m in open_members(file, DEFAULT_LIMITS)}
        for index, table in tables.items():
            own = [(s["offset"], s["length"]) for s in spans if s["file"] == index]
            assert_tiled(table, own, path)
    assert read > len(corpus) / 2


@pytest.mark.parametrize("corpus", ["csv-test-data.tar.gz"], indirect=True)
def test_the_oracles_of_the_collections_agree_cell_by_cell(
    corpus: list[Path], read_source: Read
) -> None:
    compared = 0
    for path in corpus:
        oracle = path.parent.parent / "json" / f"{path.stem}.json"
        if path.suffix != ".csv" or not oracle.exists() or path.stem in OTHER_VIEWS:
            continue
        expected = json.loads(oracle.read_text())
        headed = "csv-spectrum" in path.parts or path.stem.startswith("header")
        spec = {"path": path.name} if headed else {"path": path.name, "header": "none"}
        found = read_source(CsvSource(SourceSpec.model_validate(spec), path.parent))
        cells = [
            {name: row[f"source.{name}"] for name in found.layout.columns} for row in found.rows
        ]
        if not headed:
            assert [list(row.values()) for row in cells] == expected, path
        else:
            assert cells == expected, path
        compared += 1
    assert compared > 20


def assert_tiled(table: bytes, spans: list[tuple[int, int]], path: Path) -> None:
    """Between the records there is nothing but blank lines."""
    place = spans[0][0] if spans else len(table)
    for offset, length in [*spans, (len(table), 0)]:
        assert not table[place:offset].decode().strip(), path
        place = offset + length
