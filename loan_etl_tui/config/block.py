"""A block of the file as a strict, frozen pydantic model that says everything wrong at once.

pydantic alone stops at the first broken layer: what several keys must fulfil together is looked
at only when each of them is right. A person wants the whole list. So a block says what it has
against the keys as written (`complaints`), whether or not their values are right, and both lists
go up together, worded for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from loan_etl_tui.config.nearest import did_you_mean, listed
from loan_etl_tui.config.wording import COMPLAINT, worded

# What a block says, by the file's own key names; values are whatever stands there.
Said: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a block has against itself.

    Attributes:
        path: keys and list positions from the block to what is meant; () is the block.
        words: what is wrong and what is allowed, going on from the key's name.
        hint: the nearest right name or the way on, or "".
        at_key: whether the key is meant, not its value.
    """

    path: Path
    words: str
    hint: str = ""
    at_key: bool = False

    def as_error(self) -> InitErrorDetails:
        """Hand the complaint to pydantic."""
        context = {"words": self.words, "hint": self.hint, "at_key": self.at_key}
        kind = PydanticCustomError(COMPLAINT, "{words}", context)
        return InitErrorDetails(type=kind, loc=self.path, input=None)


class Block(BaseModel):
    """A strict, frozen mapping of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @classmethod
    def complaints(cls, said: Said) -> Iterator[Complaint]:
        """Say what the keys of this block must fulfil together and do not.

        Args:
            said: the keys as written; no value has been looked at.
        """
        yield from ()

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        """List the keys of this block as the file spells them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @model_validator(mode="wrap")
    @classmethod
    def _everything_at_once(cls, raw: Any, handler: ModelWrapValidatorHandler[Block]) -> Block:  # noqa: ANN401 - raw YAML
        if isinstance(raw, cls):
            return raw
        if not isinstance(raw, dict):
            raise _error(cls, [_no_block(cls, raw).as_error()])
        found = [complaint.as_error() for complaint in _complaints(cls, raw)]
        try:
            block = handler(raw)
        except ValidationError as error:
            raise _error(cls, [*_worded(cls, error, raw), *found]) from None
        if found:
            raise _error(cls, found)
        return block


def _error(cls: type[Block], lines: list[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data(cls.__name__, lines, hide_input=True)


def _complaints(cls: type[Block], raw: dict[str, Any]) -> Iterator[Complaint]:
    aliases = {name: field.alias for name, field in cls.model_fields.items() if field.alias}
    yield from cls.complaints({aliases.get(key, key): value for key, value in raw.items()})


def _worded(
    cls: type[Block], error: ValidationError, raw: dict[str, Any]
) -> Iterator[InitErrorDetails]:
    for found in worded(error.errors(include_url=False), raw):
        if found.kind == "extra_forbidden":
            yield _no_key(cls, found.path).as_error()
        else:
            yield Complaint(found.path, found.words, found.hint, found.at_key).as_error()


def _no_key(cls: type[Block], path: Path) -> Complaint:
    words = f"is not a key here; choose {listed(cls.known_keys())}."
    return Complaint(path, words, did_you_mean(str(path[-1]), cls.known_keys()), at_key=True)


def _no_block(cls: type[Block], raw: object) -> Complaint:
    given = "is empty" if raw is None else "is not a block of keys"
    return Complaint((), f"{given}; give {listed(cls.known_keys(), 'and')} as keys.")
