"""Read US states and territories as two letters."""

from __future__ import annotations

import pyarrow as pa

from loan_etl_tui.config.models import FieldSpec
from loan_etl_tui.transform.parse.base import Cell, Context, Reader, words_of
from loan_etl_tui.transform.parse.text import fold

# ISO 3166-2:US and the postal codes of the armed forces.
STATES: dict[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
    "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland",
    "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi",
    "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "DC": "District of Columbia",
    "PR": "Puerto Rico", "GU": "Guam", "VI": "Virgin Islands", "AS": "American Samoa",
    "MP": "Northern Mariana Islands", "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
}  # fmt: skip

_OTHER_NAMES = {"U.S. Virgin Islands": "VI", "US Virgin Islands": "VI", "Washington DC": "DC"}

_CODES = (
    {code: code for code in STATES}
    | {f"US-{code}": code for code in STATES}
    | {name.upper(): code for code, name in STATES.items()}
    | {name.upper(): code for name, code in _OTHER_NAMES.items()}
)


def read_state(text: str) -> Cell[str]:
    """Read one US state: its code, `US-` and its code, or its English name, in any case.

    Args:
        text: a cleaned cell.

    Returns:
        Two letters; null with C-STATE for anything else, such as `XX` or a zip code.
    """
    code = _CODES.get(fold(text).upper())
    return Cell(code) if code else Cell(None, "C-STATE")


def state_reader(spec: FieldSpec, context: Context) -> Reader:
    """Prepare US states."""
    return Reader(pa.string(), read_state, words_of("state", spec, context))
