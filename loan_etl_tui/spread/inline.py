"""One part after another, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loan_etl_tui.batch import BatchResult, Parsed, judge_batch, parse_batch
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.source.base import Delivery, RawBatch, Source


@dataclass(frozen=True, slots=True)
class Processed:
    """One raw batch and what the heart made of it."""

    raw: RawBatch
    parsed: Parsed
    result: BatchResult


def process(source: Source, delivery: Delivery, plan: Plan) -> Iterator[Processed]:
    """Read a delivery batch by batch and send each through the heart.

    Args:
        source: the open source.
        delivery: the fingerprinted file.
        plan: the delivery's plan; its header names the columns to read.

    Yields:
        Batches in file order, a few megabytes each.
    """
    columns = tuple(dict.fromkeys(plan.header.values()))
    for raw in source.batches(delivery, columns):
        parsed = parse_batch(raw.table, plan)
        yield Processed(raw, parsed, judge_batch(parsed, None, plan))
