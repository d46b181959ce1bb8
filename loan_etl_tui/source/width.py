"""How many fields the records of a table without a header have."""

from __future__ import annotations

from collections import Counter

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.config.nearest import listed
from loan_etl_tui.model.errors import LayoutChanged, SourceMissing, SourceUnreadable
from loan_etl_tui.source.careful import Frame, Reading, read_record
from loan_etl_tui.source.feed import View
from loan_etl_tui.source.limits import Limits
from loan_etl_tui.source.skip import SkipRules


def find_width(
    view: View, start: int, frame: Frame, spec: SourceSpec, limits: Limits, name: str
) -> int | None:
    """Count the fields that most of the first records have, so that one bad record decides nothing.

    Args:
        view: the table from its first byte.
        start: where its first record starts.
        frame: delimiter and quotes.
        spec: accepted widths and skip rules.
        limits: how many records are looked at.
        name: the table as messages show it.

    Returns:
        Fields per record, or None where it takes more bytes to tell.

    Raises:
        SourceMissing: there is no record.
        LayoutChanged: the field count is not one of `source.widths`.
    """
    skips = SkipRules(spec.skip_rows)
    counts: Counter[int] = Counter()
    seen, place = 0, start
    while seen < limits.head_lines and not view.is_overlong(place, frame.record_bytes):
        reading = read_record(view, place, frame)
        if reading is None and not view.at_end:
            return None
        if reading is None:
            break
        seen, place = seen + 1, reading.end
        if _is_record(reading, skips):
            counts[len(reading.fields)] += 1
    if not counts:
        raise _nothing(name, view.data[start:place])
    return _accepted(counts.most_common(1)[0][0], spec, name)


def _accepted(width: int, spec: SourceSpec, name: str) -> int:
    if not spec.widths or width in spec.widths:
        return width
    allowed = listed(str(accepted) for accepted in spec.widths)
    raise LayoutChanged(
        f"F-WIDTH: {name}: its records have {width} fields; source.widths says {allowed}.",
        "compare the file with the platform's layout: a new layout needs a new mapping.",
    )


def _is_record(reading: Reading, skips: SkipRules) -> bool:
    fields = reading.fields
    if len(fields) < 2 and not "".join(fields).strip():
        return False
    return skips.match_first(fields[0]) is None


def _nothing(name: str, looked_at: bytes) -> SourceMissing | SourceUnreadable:
    if looked_at.strip():
        return SourceUnreadable(
            f"{name}: none of its first records can be read.",
            "correct source.quoting, source.delimiter or source.skip_rows, or the file.",
        )
    return SourceMissing(f"F-EMPTY: {name} has only blank lines.", "ask for the whole file.")
