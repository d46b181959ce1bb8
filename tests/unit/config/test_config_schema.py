"""The JSON Schema allows what the program allows, and an editor can read it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from loan_etl_tui.config.json_schema import pipeline_schema
from loan_etl_tui.model.issues import CATALOGUE
from loan_etl_tui.model.sanitizers import DATE_FORMATS, SANITIZERS

BUILT_IN = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def allows(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> bool:
    """Judge a value by the part of JSON Schema that the pipeline's schema uses."""
    if "$ref" in schema:
        return allows(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, root)
    if "anyOf" in schema and not any(allows(one, value, root) for one in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    types = schema.get("type", [])
    if types and not any(
        is_of(value, one) for one in ([types] if isinstance(types, str) else types)
    ):
        return False
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return False
    if isinstance(value, dict):
        return allows_keys(schema, value, root)
    return not isinstance(value, list) or all(
        allows(schema.get("items", {}), one, root) for one in value
    )


def is_of(value: Any, word: str) -> bool:
    if word in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(
            value, int if word == "integer" else (int, float)
        )
    return isinstance(value, TYPES[word])


def allows_keys(schema: dict[str, Any], value: dict[str, Any], root: dict[str, Any]) -> bool:
    known = schema.get("properties", {})
    more = schema.get("additionalProperties", True)
    names = schema.get("propertyNames", {})
    for key, one in value.items():
        part = known.get(key, more)
        if part is False or not allows(names, key, root):
            return False
        if isinstance(part, dict) and not allows(part, one, root):
            return False
    return set(schema.get("required", ())) <= set(value)


def as_editor(text: str) -> Any:
    """Read YAML as an editor does: numbers are numbers, `true` is a boolean."""
    loaded = YAML(typ="safe", pure=True).load(text)
    return json.loads(json.dumps(loaded, default=str))


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_the_built_in_configs_are_allowed(path: Path) -> None:
    schema = pipeline_schema()
    assert allows(schema, as_editor(path.read_text()), schema)


def test_the_short_forms_are_allowed(sound: str) -> None:
    schema = pipeline_schema()
    assert "Charged Off: CHARGED_OFF" in sound
    assert "V-ANN: off" in sound
    assert allows(schema, as_editor(sound), schema)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title:", "titel:"),
        ("platform: harbor\n", ""),
        ("unit: percent", "unti: percent"),
        ("via: money", "via: mony"),
        ("[ISO]", "[ISA]"),
        ("Charged Off: CHARGED_OFF", "Charged Off: GONE"),
        ("V-ANN: off", "V-AN: off"),
        ("V-ANN: off", "V-ANN: X"),
        ("currency: USD", "currency: usd"),
    ],
)
def test_what_the_program_refuses_of_one_key_an_editor_underlines(
    sound: str, old: str, new: str
) -> None:
    schema = pipeline_schema()
    assert old in sound
    assert not allows(schema, as_editor(sound.replace(old, new)), schema)


def test_numbers_and_texts_stand_for_each_other(sound: str) -> None:
    schema = pipeline_schema()
    numbers = sound.replace("from: id, via: id", "from: 1, via: id, null_values: [0, 99]")
    assert allows(schema, as_editor(numbers.replace("version: 1", "version: '1'")), schema)


def test_the_schema_offers_every_sanitizer_format_and_rule() -> None:
    text = json.dumps(pipeline_schema())
    for word in (*SANITIZERS, *DATE_FORMATS, *CATALOGUE):
        assert f'"{word}"' in text


def test_the_schema_names_its_draft_and_what_it_is_for() -> None:
    schema = pipeline_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]


def test_every_field_of_the_tables_says_what_it_means() -> None:
    blocks = pipeline_schema()["$defs"]
    for block in ("LoanBlock", "StatusBlock"):
        for name, part in blocks[block]["properties"].items():
            assert part.get("description") or name == "dpd", name


def test_the_schema_is_the_same_every_time() -> None:
    assert json.dumps(pipeline_schema()) == json.dumps(pipeline_schema())
