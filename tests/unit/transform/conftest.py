"""Reading single cells through whole columns, as every parser test does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse import parse_column
from loan_etl_tui.transform.parse.base import Context, Parsed

Read = Callable[..., tuple[Any, str | None]]
ReadColumn = Callable[..., Parsed]

USD_IN_2014 = Context(null_tokens=(), currency="USD", reference=date(2014, 3, 31))


@pytest.fixture
def read_column() -> ReadColumn:
    """Read raw cells through one sanitizer; `context` may be given, the rest are parameters."""

    def read(
        via: str, cells: list[str | None], context: Context = USD_IN_2014, **parameters: Any
    ) -> Parsed:
        spec = FieldSpec.model_validate({"from": "column", "via": via, **parameters})
        return parse_column(via, pa.array(cells, pa.string()), spec, context)

    return read


@pytest.fixture
def read(read_column: ReadColumn) -> Read:
    """Read one raw cell: its value and its issue."""

    def read_one(via: str, cell: str | None, **parameters: Any) -> tuple[Any, str | None]:
        parsed = read_column(via, [cell], **parameters)
        return parsed.value[0].as_py(), parsed.issue[0].as_py()

    return read_one
