"""schema/ is what the code says, and what it says works."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from loan_etl_tui.load.base import TablesState, open_target
from loan_etl_tui.load.diagram import LINKS
from loan_etl_tui.load.documents import documents, write_documents
from loan_etl_tui.load.tables import FIELDS, LINEAGE
from tests.fixtures.postgres import administrator

SCHEMA = Path(__file__).parents[3] / "schema"


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_files_of_schema_are_current(name: str) -> None:
    found = (SCHEMA / name).read_text(encoding="utf-8")
    assert found == documents()[name], f"schema/{name} is stale: run `make schema`"


def test_writing_them_again_gives_the_same_files(tmp_path: Path) -> None:
    write_documents(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == (
        documents()
    )


def test_the_sqlite_script_makes_tables_the_program_takes_for_its_own(tmp_path: Path) -> None:
    path = tmp_path / "loans.db"
    connection = sqlite3.connect(path)
    connection.executescript(documents()["sqlite.sql"])
    connection.close()
    target = open_target(str(path), name="t", schema=None, table_prefix="", create="never")
    target.prepare()
    assert target.state() is TablesState.CURRENT


def test_the_postgresql_script_makes_tables_the_program_takes_for_its_own(
    postgres_url: str,
) -> None:
    with administrator(postgres_url) as cursor:
        cursor.execute(documents()["postgresql.sql"])
    target = open_target(postgres_url, name="t", schema=None, table_prefix="", create="never")
    target.prepare()
    assert target.state() is TablesState.CURRENT


def test_the_dictionary_explains_every_column() -> None:
    text = documents()["data-dictionary.md"]
    for name, fields in FIELDS.items():
        assert f"## `{name}`" in text
        for field in fields:
            assert field.meaning, f"{name}.{field.name} has no meaning"
            assert f"| `{field.name}` |" in text


def test_the_diagram_shows_every_table_and_reference() -> None:
    drawn = ElementTree.fromstring(documents()["er-diagram.svg"])  # noqa: S314 - our own
    words = {element.text for element in drawn.iter() if element.text}
    assert set(FIELDS) <= words
    for link in LINKS:
        assert any(f"{link.parent} 1 — n {link.child}" in word for word in words)


def test_lineage_columns_are_drawn_though_no_constraint_holds_them() -> None:
    drawn = {(link.child, column) for link in LINKS for column in link.label.split(", ")}
    assert set(LINEAGE) <= drawn
