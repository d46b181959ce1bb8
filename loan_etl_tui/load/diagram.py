"""The entity-relationship diagram, as Mermaid text and as a drawn SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from loan_etl_tui.load.tables import FIELDS
from loan_etl_tui.model.loan import Field


@dataclass(frozen=True, slots=True)
class Link:
    """One parent row has many child rows."""

    parent: str
    child: str
    label: str


LINKS: tuple[Link, ...] = (
    Link("loan", "status", "platform_name, loan_id"),
    Link("load_run", "loan", "created_run_id, updated_run_id"),
    Link("load_run", "status", "run_id, created_run_id"),
    Link("load_run", "delivery", "last_run_id"),
    Link("load_run", "correction", "run_id"),
    Link("load_run", "rejected_row", "run_id"),
    Link("load_run", "rule_hit", "run_id"),
)

# Where the tables stand in the drawing: columns from the left, in each from the top.
_GRID: tuple[tuple[str, ...], ...] = (
    ("loan", "status"),
    ("load_run", "rejected_row", "schema_version"),
    ("delivery", "correction", "rule_hit"),
)

# The crow's foot: many rows at this end.
_MANY = (
    '<defs><marker id="many" markerWidth="10" markerHeight="10" refX="9" refY="5" orient="auto">'
    '<path d="M 0 5 L 9 0 M 0 5 L 9 5 M 0 5 L 9 10" stroke="#8a5a00" fill="none"/></marker></defs>'
)

_WIDTH, _LINE, _HEAD = 250, 17, 26
_GAP_X, _GAP_Y, _MARGIN = 90, 50, 30


def er_mermaid() -> str:
    """Write the diagram as Mermaid text."""
    lines = ["erDiagram"]
    lines += [f'  {link.parent} ||--o{{ {link.child} : "{link.label}"' for link in LINKS]
    for name, fields in FIELDS.items():
        lines.append(f"  {name} {{")
        lines += [f"    {field.kind} {field.name}{_mark(name, field)}" for field in fields]
        lines.append("  }")
    return "\n".join(lines) + "\n"


def _mark(table: str, field: Field) -> str:
    marks = ["PK"] if field.role == "key" else []
    if any(link.child == table and field.name in link.label.split(", ") for link in LINKS):
        marks.append("FK")
    return f" {', '.join(marks)}" if marks else ""


@dataclass(frozen=True, slots=True)
class _Box:
    """A table's place in the drawing."""

    x: int
    y: int
    height: int


def er_svg() -> str:
    """Draw the diagram as SVG, readable on light and dark ground."""
    boxes = _boxes()
    width = len(_GRID) * (_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    body = [*_links(boxes)]
    for name, box in boxes.items():
        body += _drawn(name, box)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="monospace" font-size="12">'
    )
    ground = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    title = "<title>loan-etl: tables and how they refer to each other</title>"
    return "\n".join([head, title, _MANY, ground, *body, "</svg>"]) + "\n"


def _boxes() -> dict[str, _Box]:
    boxes = {}
    for column, names in enumerate(_GRID):
        y = _MARGIN
        for name in names:
            height = _HEAD + _LINE * len(FIELDS[name]) + 8
            boxes[name] = _Box(_MARGIN + column * (_WIDTH + _GAP_X), y, height)
            y += height + _GAP_Y
    return boxes


def _drawn(name: str, box: _Box) -> Iterator[str]:
    place = f'x="{box.x}" y="{box.y}" width="{_WIDTH}"'
    yield f'<rect {place} height="{box.height}" rx="4" fill="#f7f9fb" stroke="#33475b"/>'
    yield f'<rect {place} height="{_HEAD}" rx="4" fill="#33475b"/>'
    yield (
        f'<text x="{box.x + 10}" y="{box.y + 18}" fill="#ffffff" font-weight="bold">{name}</text>'
    )
    for at, field in enumerate(FIELDS[name]):
        y = box.y + _HEAD + _LINE * (at + 1)
        weight = ' font-weight="bold"' if field.role == "key" else ""
        mark = _mark(name, field).strip()
        yield f'<text x="{box.x + 10}" y="{y}" fill="#1b2733"{weight}>{escape(field.name)}</text>'
        yield (
            f'<text x="{box.x + _WIDTH - 10}" y="{y}" fill="#5b6f82" text-anchor="end">'
            f"{escape(str(field.kind))}{' ' + mark if mark else ''}</text>"
        )


def _links(boxes: dict[str, _Box]) -> Iterator[str]:
    for at, link in enumerate(LINKS):
        path = _path(boxes[link.parent], boxes[link.child], at)
        yield (
            f'<path d="{path}" fill="none" stroke="#8a5a00" stroke-width="1.5" '
            f'marker-end="url(#many)"><title>{link.parent} 1 — n {link.child}: '
            f"{link.label}</title></path>"
        )


def _path(parent: _Box, child: _Box, at: int) -> str:
    """Lead a line through the gap between two columns of tables."""
    start_y, end_y = parent.y + 10 + at * 5, child.y + 14 + at * 5
    if parent.x == child.x:
        side = parent.x + _WIDTH
        return f"M {side} {start_y} h {12 + at * 6} V {end_y} H {side}"
    if parent.x < child.x:
        turn = child.x - 20 - at * 6
        return f"M {parent.x + _WIDTH} {start_y} H {turn} V {end_y} H {child.x}"
    turn = child.x + _WIDTH + 14 + at * 6
    return f"M {parent.x} {start_y} H {turn} V {end_y} H {child.x + _WIDTH}"
