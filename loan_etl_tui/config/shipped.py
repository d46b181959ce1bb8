"""Where the files that come with the program are: built-in platform configs and table schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(folder: Literal["configs", "schema"]) -> Path:
    """Find a folder that comes with the program.

    A wheel carries both folders inside the package; in a checkout they stand beside it.
    """
    packaged = _PACKAGE / "_shipped" / folder
    return packaged if packaged.is_dir() else _PACKAGE.parent / folder
