"""A complaint about a config: where it stands, what is wrong, what is allowed, the way on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loan_etl_tui.config.masking import mask_url
from loan_etl_tui.model.errors import ConfigError

SHOWN_CHARACTERS = 80
# Of a file that is wrong throughout, the first complaints say all there is to say.
SHOWN_PROBLEMS = 200
_LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """A position a person can go to.

    Attributes:
        file: the file as it is shown, or `--set KEY`.
        line, column: counted from 1; 0 where there is no line to point at.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint.

    Attributes:
        file, line, column: where it stands, as in `Place`.
        key_path: the key, dotted from the top of the file; "" for the file as a whole.
        message: what is wrong and what is allowed, in words that go on from the key.
        hint: the nearest right name or the way on, or "".
    """

    file: str
    line: int
    column: int
    key_path: str
    message: str
    hint: str = ""

    @classmethod
    def at(cls, place: Place, key_path: str, message: str, hint: str = "") -> Problem:
        """Make a complaint about a place; what a file smuggles in shows as an escape.

        Passwords inside URLs are masked here once more, whoever made the words.
        """
        said = (place.file, key_path, message, hint)
        file, key_path, message, hint = (printable(mask_url(text)) for text in said)
        return cls(file, place.line, place.column, key_path, message, hint)

    def __str__(self) -> str:
        where = Place(self.file, self.line, self.column)
        return f"{where}: {f'{self.key_path} ' if self.key_path else ''}{self.message}"


class ConfigProblems(ConfigError):
    """Everything that is wrong with a config, in the order of the file (78).

    Attributes:
        problems: the complaints; each stands once.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=_position))
        super().__init__(_message(self.problems), _hint(self.problems))
        # What pickling hands to the constructor again.
        self.args = (self.problems,)


def printable(text: str) -> str:
    """Escape what would move a cursor, colour a terminal or turn the reading direction."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def quoted(value: str) -> str:
    """Quote a value for a message: on one line, cut at 80 characters, passwords masked."""
    # Masked before it is cut: half a URL no longer looks like one.
    masked = mask_url(value[:_LOOKED_AT])
    cut = masked if len(masked) <= SHOWN_CHARACTERS else masked[: SHOWN_CHARACTERS - 1] + "…"
    return repr(cut)


def _position(problem: Problem) -> tuple[bool, int, int]:
    """Sort by line; what was said on the command line comes last."""
    return problem.line == 0, problem.line, problem.column


def _message(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        return str(problems[0])
    lines = []
    for problem in problems[:SHOWN_PROBLEMS]:
        lines.append(str(problem))
        if problem.hint:
            lines.append(f"  hint: {problem.hint}")
    more = len(problems) - SHOWN_PROBLEMS
    return "\n".join([*lines, f"and {more:,} more"] if more > 0 else lines)


def _hint(problems: tuple[Problem, ...]) -> str:
    return problems[0].hint if len(problems) == 1 else ""
