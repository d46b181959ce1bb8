"""`loan-etl schema`: the tables' SQL, and the tables themselves."""

from __future__ import annotations

EXAMPLES = ""


def schema() -> None: ...
