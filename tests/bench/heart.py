"""The reader and the heart alone, without a database: what a row costs before it is stored.

Each prints its seconds as JSON, start and imports not counted:

    python -m tests.bench.heart read TAPE
    python -m tests.bench.heart judge TAPE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from loan_etl_tui.batch import judge_batch, parse_batch
from loan_etl_tui.config.read import read_pipeline
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.prepare import date_delivery, lay_out
from loan_etl_tui.source.base import open_source
from tests.bench.stopwatch import Stopwatch
from tests.bench.tapes import CONFIG

_DIGITS = 18

# pyarrow imports pandas with the first array it makes; here that is done before the clock runs.
assert pd.__version__


def work(tape: Path) -> dict[str, Stopwatch]:
    """Take a tape through reader and heart and forget every batch.

    Returns:
        `read`: the reader's seconds, the proof of the file's hash included; `judge`: those of
        parsing and judging what it read.
    """
    pipeline = read_pipeline(CONFIG)
    source = open_source(pipeline.config.source, tape.parent)
    dated = date_delivery(pipeline, source.fingerprint(tape), RunOptions(), _DIGITS)
    plan = lay_out(source, dated).plan
    read, judge = Stopwatch(), Stopwatch()
    batches = source.batches(dated.delivery, tuple(dict.fromkeys(plan.header.values())))
    while True:
        with read.running():
            raw = next(batches, None)
        if raw is None:
            return {"read": read, "judge": judge}
        read.rows += raw.table.num_rows
        with judge.running():
            result = judge_batch(parse_batch(raw.table, plan), None, plan)
        judge.rows += result.judged.num_rows


def main() -> int:
    """Do what the arguments say and print what it took."""
    part, tape = sys.argv[1:]
    sys.stdout.write(json.dumps(work(Path(tape))[part].as_dict()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
