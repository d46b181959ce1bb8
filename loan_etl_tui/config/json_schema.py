"""JSON Schema of a pipeline config: what an editor offers and underlines while one is written."""

from __future__ import annotations

from typing import Any

from loan_etl_tui.config.models import PipelineConfig
from loan_etl_tui.config.validate_block import SEVERITIES
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.model.loan import LOAN, STATUS, Field

DRAFT = "https://json-schema.org/draft/2020-12/schema"

# The file holds text; an editor takes `36` for a number and `true` for a boolean. Both are text
# to the program wherever no pattern or list of words says otherwise.
_ANY_SCALAR = ("string", "number", "boolean")
_NARROWED = frozenset({"enum", "const", "pattern", "format"})
_WHOLE = r"^[-+]?[0-9]+$"


def pipeline_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of a pipeline config.

    It allows what the program allows of one key at a time, short forms included; what keys must
    fulfil together is found by `loan-etl check`.
    """
    schema = _widened(PipelineConfig.model_json_schema(by_alias=True, mode="validation"))
    blocks = schema["$defs"]
    _describe(blocks["LoanBlock"], LOAN)
    _describe(blocks["StatusBlock"], STATUS)
    _allow_word(blocks["LoanStatus"]["properties"]["words"], {"$ref": "#/$defs/Status"})
    rules = blocks["Validate"]["properties"]["rules"]
    _allow_word(rules, {"enum": list(SEVERITIES)})
    rules["propertyNames"] = {"enum": list(CATALOGUE)}
    return {
        "$schema": DRAFT,
        **schema,
        "title": "loan-etl pipeline",
        "description": "One pipeline of loan-etl: a loan tape into the tables loan and status.",
    }


def _allow_word(block: dict[str, Any], word: dict[str, Any]) -> None:
    """Allow a single word where a block of keys may stand as well."""
    block["additionalProperties"] = {"anyOf": [word, block["additionalProperties"]]}


def _describe(block: dict[str, Any], table: tuple[Field, ...]) -> None:
    """Say at each field what its column means."""
    for column in table:
        said = block["properties"].get(column.name)
        if said is not None and column.meaning:
            said["description"] = column.meaning


def _widened(schema: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Let numbers and texts stand for each other as they do in the file; drop made-up titles."""
    if isinstance(schema, list):
        return [_widened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: _widened(part) for key, part in schema.items() if not _is_title(key, part)}
    if said.get("type") == "string" and not _NARROWED & said.keys():
        said["type"] = list(_ANY_SCALAR)
    if said.get("type") == "integer":
        said |= {"type": ["integer", "string"], "pattern": _WHOLE}
    return said


def _is_title(key: str, part: object) -> bool:
    # The key `title` of a pipeline has a schema; the titles pydantic makes up are texts.
    return key == "title" and isinstance(part, str)
