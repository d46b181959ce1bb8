"""A config file's bytes → its text: small, whole, UTF-8."""

from __future__ import annotations

from pathlib import Path

from loan_etl_tui.config.problems import ConfigProblems, Place, Problem
from loan_etl_tui.model.errors import ConfigError

LARGEST_BYTES = 1024 * 1024
# No config has such a line, and ruamel's time grows with its square.
LONGEST_LINE = 64 * 1024
_BOM = b"\xef\xbb\xbf"


def read_text(path: Path, file: str) -> str:
    """Read a config file.

    Args:
        path: the file.
        file: its name, as complaints show it.

    Raises:
        ConfigError: the file is missing or cannot be opened.
        ConfigProblems: it is larger than 1 MiB or not UTF-8.
    """
    try:
        # A pipe or a device would never end; only a file is a config.
        if not path.is_file():
            raise ConfigError(f"{file}: there is no such file.")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no name of a file"
        raise ConfigError(f"{file}: cannot be read: {reason}.") from None
    return decoded(content, file)


def decoded(content: bytes, file: str) -> str:
    """Decode the content of a config file, line ends as they are, without a byte order mark.

    Raises:
        ConfigProblems: it is larger than 1 MiB, not UTF-8, or holds an endless line.
    """
    if len(content) > LARGEST_BYTES:
        words = f"is larger than {LARGEST_BYTES:,} bytes; no config is."
        raise ConfigProblems([Problem.at(Place(file, 1, 1), "", words)])
    content = content.removeprefix(_BOM)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place_of_byte(content, error.start, file)
        words = f"is not UTF-8: byte 0x{content[error.start]:02X} begins no character."
        hint = "save the file as UTF-8."
        raise ConfigProblems([Problem.at(place, "", words, hint)]) from None
    _refuse_endless_lines(text, file)
    return text


def _place_of_byte(content: bytes, position: int, file: str) -> Place:
    before = content[:position].decode("utf-8")
    return Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _refuse_endless_lines(text: str, file: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            words = f"is longer than {LONGEST_LINE:,} characters; no line of a config is."
            raise ConfigProblems([Problem.at(Place(file, number, 1), "", words)])
