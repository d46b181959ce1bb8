"""Which date a delivery's rows describe, decided before its first row is read."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec, RecordDate
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.errors import ConfigError, UsageError
from loan_etl_tui.transform.fields import context_of
from loan_etl_tui.transform.parse import parse_column
from loan_etl_tui.transform.record_date import NO_COLUMN


def resolve_record_date(
    spec: RecordDate | None, *, given: date | None, file_name: str, plan: Plan
) -> tuple[date | None, str]:
    """Find the record date of one delivery.

    Args:
        spec: the config's `transform.record_date`; None for shape origination.
        given: the date the caller gave, which replaces every other.
        file_name: the delivery's name.
        plan: the plan so far (platform, transform, today).

    Returns:
        The date and where it came from; (None, "column") where each row carries its own and
        (None, "none") for a shape without one.

    Raises:
        UsageError: a date is needed and none was given, or the given one lies in the future.
        ConfigError: the config's own date cannot be found or lies in the future.
    """
    if spec is None:
        if given is not None:
            raise UsageError(
                "F-RECDATE: --record-date does not fit shape origination: it has no record date.",
                "leave the option out.",
            )
        return None, "none"
    if given is not None:
        return _not_in_the_future(given, plan.today, UsageError), "argument"
    for one in spec.first_of or (spec,):
        found, origin = _by(one, file_name, plan)
        if origin:
            if found is not None:
                _not_in_the_future(found, plan.today, ConfigError)
            return found, origin
    raise _nothing_found(spec, file_name)


def _by(one: RecordDate, file_name: str, plan: Plan) -> tuple[date | None, str]:
    """Try one entry; an empty origin means that it says nothing for this delivery."""
    if one.const is not None:
        return one.const, "const"
    if one.from_ == "upload":
        return plan.today, "upload"
    if one.from_ == "file_name":
        found = _from_name(one, file_name, plan)
        return found, "file_name" if found is not None else ""
    if str(one.from_) in NO_COLUMN:
        return None, ""
    return None, "column"


def _from_name(one: RecordDate, file_name: str, plan: Plan) -> date | None:
    match = re.search(one.pattern or "", file_name)
    if match is None:
        return None
    text = match.group(1) if match.re.groups else match.group(0)
    said = {"from": "file_name", "via": "date", "formats": one.formats}
    if one.as_:
        said["as"] = one.as_
    spec = FieldSpec.model_validate(said)
    read = parse_column("date", pa.array([text]), spec, context_of(plan))
    found: date | None = read.value[0].as_py()
    return found


def _not_in_the_future(found: date, today: date, error: type[UsageError | ConfigError]) -> date:
    if found > today + timedelta(days=1):
        raise error(
            f"F-RECDATE: record date {found} lies in the future (today is {today}).",
            "give the date the tape's rows describe.",
        )
    return found


def _nothing_found(spec: RecordDate, file_name: str) -> UsageError | ConfigError:
    entries = spec.first_of or (spec,)
    patterns = [one.pattern for one in entries if one.from_ == "file_name"]
    if any(one.from_ == "argument" for one in entries):
        return UsageError(
            f"F-RECDATE: {file_name} needs a record date and none was given.",
            "add --record-date YYYY-MM-DD: the date the rows of the tape describe.",
        )
    return ConfigError(
        f"F-RECDATE: no record date in the file name {file_name!r} by the pattern "
        f"'{patterns[0] if patterns else ''}'.",
        "mend transform.record_date.pattern, or give --record-date YYYY-MM-DD.",
    )
