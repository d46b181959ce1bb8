"""What a pipeline config may say: frozen pydantic models, one class per block of the YAML.

Names are those of the file. Here is the whole file; its blocks stand in modules of their own:
`source_block` where the tape comes from · `transform_block` the mapping, with `field_spec`,
`field_blocks`, `loan_status` and `record_date` · `validate_block` what must hold. Each block says
what its keys must fulfil together; positions are the business of `read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from loan_etl_tui.config.block import Block, Complaint, Said
from loan_etl_tui.config.field_blocks import LoanBlock, StatusBlock
from loan_etl_tui.config.field_spec import FieldSpec
from loan_etl_tui.config.loan_status import Condition, LoanStatus, StatusRule, StatusWord
from loan_etl_tui.config.mentions import mentions
from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.record_date import Hint, RecordDate
from loan_etl_tui.config.source_block import SkipRow, Source, Version
from loan_etl_tui.config.transform_block import OnDuplicate, Transform
from loan_etl_tui.config.validate_block import ControlTotal, RuleOverride, Validate
from loan_etl_tui.config.values import (
    Column,
    Columns,
    Identifier,
    Name,
    Slug,
    TablePrefix,
    Text,
    YesNo,
)
from loan_etl_tui.config.wording import given

__all__ = [
    "CONFIG_VERSION",
    "Block",
    "Column",
    "Columns",
    "Condition",
    "ControlTotal",
    "Expect",
    "FieldSpec",
    "Hint",
    "Load",
    "LoanBlock",
    "LoanStatus",
    "Name",
    "OnDuplicate",
    "PipelineConfig",
    "RecordDate",
    "RuleOverride",
    "SkipRow",
    "Slug",
    "Source",
    "StatusBlock",
    "StatusRule",
    "StatusWord",
    "TargetConfig",
    "Transform",
    "Validate",
    "Version",
    "WorkspaceConfig",
]

CONFIG_VERSION = 1


class Expect(Block):
    """When the next delivery is due: list and history say overdue after that day of the month."""

    by_day: int = Field(ge=1, le=31)


class Load(Block):
    """Where the rows go."""

    targets: tuple[Text, ...] = ()
    atomic: Literal["delivery", "run"] = "delivery"


class PipelineConfig(Block):
    """One pipeline: the whole file."""

    version: int = Field(default=CONFIG_VERSION, ge=1)
    based_on: str | None = None
    platform: Slug
    title: str = ""
    enabled: YesNo = False
    after: tuple[Text, ...] = ()
    expect: Expect | None = None
    source: Source
    transform: Transform
    validate_: Validate = Field(default_factory=Validate, alias="validate")
    load: Load = Field(default_factory=Load)

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say which blocks do not go together."""
        yield from _positions(said)
        yield from _skipped_totals(said)


def _positions(said: Said) -> Iterator[Complaint]:
    """A file without a header has no names: its columns are told by their positions."""
    source, transform = said.get("source"), said.get("transform")
    if not isinstance(source, dict) or not isinstance(transform, dict):
        return
    if source.get("header") != "none":
        return
    for mention in mentions(transform):
        if not re.fullmatch(r"[1-9]\d{0,4}", mention.column):
            words = f"{given(mention.column)}; a file without a header needs the column's position."
            path = ("transform", *mention.path)
            yield Complaint(path, words, "count from 1.", at_key=mention.at_key)


def _skipped_totals(said: Said) -> Iterator[Complaint]:
    """A total that stands in a skipped line needs the name of a skip pattern."""
    source, validate = said.get("source"), said.get("validate")
    rows = source.get("skip_rows", []) if isinstance(source, dict) else []
    totals = validate.get("control_totals") if isinstance(validate, dict) else None
    names = [
        str(row.get("name")) for row in _listing(rows) if isinstance(row, dict) and "name" in row
    ]
    for number, total in enumerate(_listing(totals)):
        name = total.get("skipped") if isinstance(total, dict) else None
        if isinstance(name, str) and name not in names:
            allowed = f"choose {listed(names)}" if names else "source.skip_rows has no pattern"
            path = ("validate", "control_totals", number, "skipped")
            yield Complaint(path, f"{given(name)}; {allowed}.", did_you_mean(name, names))


def _listing(said: object) -> list[object] | tuple[object, ...]:
    return said if isinstance(said, list | tuple) else ()


class TargetConfig(Block):
    """A named database of the workspace."""

    url: Text
    schema_: Identifier | None = Field(default=None, alias="schema")
    table_prefix: TablePrefix = ""
    production: YesNo = False
    create: Literal["auto", "never"] = "auto"


class WorkspaceConfig(Block):
    """`loan-etl.yaml`."""

    version: int = Field(default=CONFIG_VERSION, ge=1)
    targets: dict[Name, TargetConfig] = Field(default_factory=dict)
    default_target: str | None = None

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say that the default target is none of the targets."""
        targets, default = said.get("targets"), said.get("default_target")
        names = list(targets) if isinstance(targets, dict) else []
        if isinstance(default, str) and default not in names:
            allowed = f"choose {listed(names)}" if names else "targets names none"
            words = f"{given(default)}; {allowed}."
            yield Complaint(("default_target",), words, did_you_mean(default, names))
