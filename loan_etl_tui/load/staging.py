"""A batch on its way into the stage: both tables' facts side by side, checked and canonical."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.load.columns import canonical_json
from loan_etl_tui.load.scratch import LOAN_SIDE, STAGED_LOAN, STATUS_SIDE
from loan_etl_tui.model.errors import LawBroken
from loan_etl_tui.model.frames import LOAN_ROWS, POSITION, STATUS_ROWS
from loan_etl_tui.model.loan import STATUS_FACTS

_KEY = [*POSITION.names, "loan_id", "record_date"]

# What canonical JSON never or seldom holds: such objects are read and written anew, the others
# are taken as they are.
_SUSPECT = r"null|\\|[:,{\[] |[ \t\r\n]$|^\{\}$"


def side_by_side(loan: pa.Table, status: pa.Table, platform: str) -> pa.Table:
    """Bring a batch into the columns of the stage; those without any value are left out.

    Args:
        loan: (n,) `LOAN_ROWS`.
        status: (n,) `STATUS_ROWS` of the same records, or (0,).
        platform: the platform of the load.

    Returns:
        (n,) position, key and fact columns.

    Raises:
        LawBroken: the two tables do not describe the same records, or another platform's.
    """
    loan = loan.select(LOAN_ROWS.names).cast(LOAN_ROWS)
    status = status.select(STATUS_ROWS.names).cast(STATUS_ROWS)
    _check_platform(loan, platform)
    loan, status = _aligned(loan, status)
    columns = {name: loan.column(name) for name in _KEY}
    columns |= {LOAN_SIDE + one.name: loan.column(one.name) for one in STAGED_LOAN}
    if status.num_rows:
        columns |= {STATUS_SIDE + one.name: status.column(one.name) for one in STATUS_FACTS}
    given = {name: column for name, column in columns.items() if column.null_count < len(column)}
    for name in (LOAN_SIDE + "extra", STATUS_SIDE + "extra"):
        if name in given:
            given[name] = canonical_extra(given[name])
    return pa.table(given)


def _check_platform(loan: pa.Table, platform: str) -> None:
    found = pc.unique(loan.column("platform_name")).to_pylist()
    if found not in ([], [platform]):
        raise LawBroken(f"a batch holds rows of {len(found)} platforms, not only of {platform!r}.")


def _aligned(loan: pa.Table, status: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Put both sides into the same order of records."""
    if status.num_rows == 0:
        return loan, status
    if not loan.select(_KEY).equals(status.select(_KEY)):
        order = [("file", "ascending"), ("record", "ascending")]
        loan, status = loan.sort_by(order), status.sort_by(order)
    if not loan.select(_KEY).equals(status.select(_KEY)):
        raise LawBroken(
            f"a batch holds {loan.num_rows} loan rows and {status.num_rows} status rows that are "
            "not of the same records."
        )
    return loan, status


def canonical_extra(extra: pa.ChunkedArray) -> pa.ChunkedArray:
    """Drop null values from JSON objects and write the odd ones canonically.

    Args:
        extra: (n,) string, JSON objects or null.

    Returns:
        (n,) string; an object without values is null.
    """
    extra = extra.combine_chunks()
    suspects = pc.fill_null(pc.match_substring_regex(extra, _SUSPECT), False)
    if not pc.any(suspects).as_py():
        return pa.chunked_array([extra])
    cleaned = [_cleaned(text) for text in extra.filter(suspects).to_pylist()]
    return pa.chunked_array([pc.replace_with_mask(extra, suspects, pa.array(cleaned, pa.string()))])


def _cleaned(text: str) -> str | None:
    kept = {key: value for key, value in json.loads(text).items() if value is not None}
    return canonical_json(kept) if kept else None
