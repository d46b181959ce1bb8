"""From a file on disk to everything the heart needs: fingerprint, header, dates, plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loan_etl_tui.config.models import ControlTotal, PipelineConfig
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import Workspace
from loan_etl_tui.model.errors import ConfigError, SourceMissing
from loan_etl_tui.model.issues import ActiveRule, activate
from loan_etl_tui.pipeline.layout import Header, match_header
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.record_date import resolve_record_date
from loan_etl_tui.source.base import Delivery, Layout, Source, open_source


@dataclass(frozen=True, slots=True)
class Dated:
    """One delivery with its record date, before its header is looked at.

    Attributes:
        delivery: the fingerprinted file.
        plan: what the heart needs, still without the header.
        origin: argument, const, file_name, upload, column or none.
    """

    delivery: Delivery
    plan: Plan
    origin: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """One delivery, ready to be read.

    Attributes:
        delivery: the fingerprinted file.
        layout: its header as the source found it.
        header: its columns against the config.
        plan: what the heart needs.
    """

    delivery: Delivery
    layout: Layout
    header: Header
    plan: Plan


def today_in(time_zone: str) -> date:
    """Date of the run in the pipeline's time zone."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(
            f"transform.time_zone is {time_zone!r}; choose a name such as America/New_York.",
            "the names are those of the IANA time zone database.",
        ) from None
    return datetime.now(UTC).astimezone(zone).date()


def source_of(pipeline: Pipeline, workspace: Workspace, options: RunOptions) -> Source:
    """Open the pipeline's source, or the one file the call names."""
    spec = pipeline.config.source
    if options.file is not None:
        spec = spec.model_copy(update={"path": str(options.file.expanduser().absolute())})
    return open_source(spec, workspace.root)


def rules_of(config: PipelineConfig) -> dict[str, ActiveRule]:
    """Rules in force for a pipeline."""
    return activate(config.validate_.rules)


def totals_of(config: PipelineConfig, options: RunOptions) -> tuple[ControlTotal, ...]:
    """Control totals of the config and those the caller declares beyond it."""
    declared = config.validate_.control_totals
    known = {total.measure for total in declared if total.from_ == "argument"}
    more = [
        ControlTotal.model_validate({"measure": measure, "from": "argument"})
        for measure, _ in options.control_totals
        if measure not in known
    ]
    return (*declared, *more)


def date_delivery(
    pipeline: Pipeline, delivery: Delivery, options: RunOptions, decimal_digits: int
) -> Dated:
    """Settle which date a delivery describes.

    Args:
        pipeline: the config as read.
        delivery: the fingerprinted file.
        options: what the call says.
        decimal_digits: exact digits the target keeps.

    Raises:
        LoanEtlError: no record date can be found, or it lies in the future.
    """
    transform = pipeline.config.transform
    plan = Plan(
        platform=pipeline.config.platform,
        transform=transform,
        rules=rules_of(pipeline.config),
        today=today_in(transform.time_zone),
        decimal_digits=decimal_digits,
    )
    found, origin = resolve_record_date(
        transform.record_date, given=options.record_date, file_name=delivery.name, plan=plan
    )
    return Dated(delivery, replace(plan, record_date=found), origin)


def lay_out(source: Source, dated: Dated) -> Prepared:
    """Find the header and settle which column is which.

    Raises:
        LoanEtlError: the file is unreadable or of another layout.
    """
    layout = source.layout(dated.delivery)
    header = match_header(layout, dated.plan.transform, dated.plan.rules)
    return Prepared(dated.delivery, layout, header, replace(dated.plan, header=header.names))


def files_of(source: Source, pipeline: Pipeline) -> tuple[Path, ...]:
    """List the files the source names; none is fine where the config says `if_missing: ok`."""
    try:
        return source.deliveries()
    except SourceMissing:
        if pipeline.config.source.if_missing == "ok":
            return ()
        raise


def notes_of(prepared: Prepared, totals: Sequence[ControlTotal]) -> tuple[str, ...]:
    """Say what the summary should mention about the layout and the proofs."""
    notes = []
    if prepared.header.absent:
        notes.append("optional columns not in the file: " + ", ".join(prepared.header.absent))
    if not totals:
        notes.append("no control total is declared: nothing proves that the tape is whole")
    return tuple(notes)
