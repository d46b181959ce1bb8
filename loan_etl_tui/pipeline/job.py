"""What one run works with, and what is known of the delivery it is at."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from loan_etl_tui.config.models import PipelineConfig
from loan_etl_tui.config.read import Pipeline
from loan_etl_tui.config.workspace import Workspace
from loan_etl_tui.load.base import Target
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.model.events import Listener, Stop
from loan_etl_tui.pipeline.options import RunOptions
from loan_etl_tui.pipeline.prepare import Dated, Prepared
from loan_etl_tui.pipeline.tally import Tally
from loan_etl_tui.report import ControlResult, Counts
from loan_etl_tui.source.base import Source

# The ledger of fixes of a pipeline that has none yet.
NO_LEDGER = ""


def who_runs() -> str:
    """Account the run belongs to, for lineage."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@dataclass(frozen=True, slots=True)
class Job:
    """One pipeline into one target.

    Attributes:
        run_id: the run; its second and later deliveries get `-2`, `-3`, … behind it.
        config_sha256: hash of the effective config.
    """

    run_id: str
    pipeline: Pipeline
    workspace: Workspace
    options: RunOptions
    source: Source
    target: Target
    listen: Listener
    stop: Stop
    config_sha256: str
    who: str

    @property
    def config(self) -> PipelineConfig:
        """The pipeline's config."""
        return self.pipeline.config

    def exit_of(self, counts: Counts) -> Exit:
        """Exit code of a delivery that was loaded."""
        tolerated = self.options.rejects_ok or self.config.validate_.rejects_ok
        return Exit.REJECTS_OPEN if counts.rejected and not tolerated else Exit.OK


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about the whole delivery, in words."""

    code: str
    severity: str
    message: str


@dataclass(slots=True)
class Attempt:
    """One delivery on its way; grows, so that a failure can say what was found until then."""

    run_id: str
    dated: Dated
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    prepared: Prepared | None = None
    version: int | None = None
    tally: Tally | None = None
    controls: tuple[ControlResult, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    removed: dict[str, Decimal] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The delivery's file name."""
        return self.dated.delivery.name

    @property
    def sha256(self) -> str:
        """Hash of the delivery's bytes."""
        return self.dated.delivery.sha256

    @property
    def counts(self) -> Counts:
        """Rows counted so far."""
        return self.tally.counts if self.tally is not None else Counts()
