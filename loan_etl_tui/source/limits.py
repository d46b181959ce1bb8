"""How much of anything a delivery may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30

# Faulty text beyond this helps nobody and fills the reject file.
SHOWN_BYTES = 64 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one delivery.

    Attributes:
        record_bytes: longest record, line end included, so also the longest cell.
        columns: most header cells.
        head_lines: lines within which the header must stand.
        output_bytes: most bytes a compressed delivery may unfold to.
        ratio: most bytes out for one byte in, once more than `ratio_from_bytes` came out.
        ratio_from_bytes: output below which the ratio is not looked at.
        members: most tables in one archive.
    """

    record_bytes: int = MIB
    columns: int = 2_000
    head_lines: int = 200
    output_bytes: int = 64 * GIB
    ratio: int = 200
    ratio_from_bytes: int = 64 * MIB
    members: int = 1_000


DEFAULT_LIMITS = Limits()
