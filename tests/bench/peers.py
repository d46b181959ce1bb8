"""What a person would write instead: pandas, a little cleaning, `to_sql`.

The tables are pandas' own: no keys, doubles for money, rows appended; a second run doubles them.
Rows that do not convert are dropped without a word.

    python -m tests.bench.peers default URL TAPE ROWS
    python -m tests.bench.peers copy URL TAPE ROWS
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

_ROWS_AT_ONCE = 10_000

_NUMBERS = [
    "funded_amnt",
    "installment",
    "dti",
    "fico_range_low",
    "total_rec_prncp",
    "total_rec_int",
    "total_rec_late_fee",
]
_WORDS = {
    "Fully Paid": "PAID_OFF",
    "Current": "CURRENT",
    "Late (31-120 days)": "LATE",
    "Charged Off": "CHARGED_OFF",
}
_LOAN = {
    "id": "loan_id",
    "issue_d": "issue_date",
    "funded_amnt": "original_balance",
    "int_rate": "interest_rate",
    "sub_grade": "platform_rating",
    "term": "term_months",
    "installment": "monthly_payment",
    "addr_state": "region",
    "purpose": "purpose",
    "fico_range_low": "credit_score",
    "dti": "dti",
    "loan_status": "loan_status",
}
_STATUS = {
    "id": "loan_id",
    "loan_status": "loan_status",
    "total_rec_prncp": "principal_paid",
    "total_rec_int": "interest_paid",
    "total_rec_late_fee": "fees_paid",
    "last_pymnt_d": "last_payment_date",
}


def read_tape(tape: Path, rows: int) -> pd.DataFrame:
    """Read a tape and bring its columns into types."""
    loans = pd.read_csv(tape, skiprows=1, nrows=rows, dtype=str)
    for name in _NUMBERS:
        loans[name] = pd.to_numeric(loans[name], errors="coerce")
    percent = loans["int_rate"].str.strip().str.removesuffix("%")
    loans["int_rate"] = pd.to_numeric(percent, errors="coerce") / 100
    loans["term"] = pd.to_numeric(loans["term"].str.extract(r"(\d+)")[0], errors="coerce")
    for name in ("issue_d", "last_pymnt_d"):
        loans[name] = pd.to_datetime(loans[name], format="%b-%Y", errors="coerce")
    loans["loan_status"] = loans["loan_status"].map(_WORDS)
    needed = ["id", "loan_status", "issue_d", "int_rate", *_NUMBERS]
    return loans.dropna(subset=needed).drop_duplicates("id")


def by_copy(table: Any, connection: Any, names: list[str], rows: Iterable[Any]) -> None:
    """Insert by COPY, as pandas' own documentation shows it."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN WITH CSV", buffer)


def main() -> int:
    """Load a tape the way the arguments say."""
    way, url, tape, rows = sys.argv[1:]
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"))
    loans = read_tape(Path(tape), int(rows))
    status = loans[list(_STATUS)].rename(columns=_STATUS).assign(record_date="2018-12-31")
    loan = loans[list(_LOAN)].rename(columns=_LOAN)
    with engine.begin() as connection:
        for name, frame in (("loan", loan), ("status", status)):
            frame.to_sql(
                name,
                connection,
                if_exists="append",
                index=False,
                chunksize=_ROWS_AT_ONCE,
                method=by_copy if way == "copy" else None,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
