"""The files in `schema/` are those that the code makes."""

import pytest

from loan_etl_tui.cli.schema import files
from loan_etl_tui.config.shipped import shipped


@pytest.mark.parametrize("name", sorted(files()))
def test_a_file_in_schema_is_what_make_schema_writes(name: str) -> None:
    assert (shipped("schema") / name).read_text(encoding="utf-8") == files()[name]
