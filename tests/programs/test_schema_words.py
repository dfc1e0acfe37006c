"""The schemas and the words for what does not fit them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assessor_desk.domain.policy import Policy
from assessor_desk.environment.packaged import packaged
from assessor_desk.programs.build import policy
from assessor_desk.programs.schema import MICRO_CREDENTIAL, PROGRAM

# Every keyword that can fail has words in `programs.schema`; the others only steer.
IN_WORDS = {
    "additionalProperties", "required", "type", "enum", "const", "pattern", "minLength", "maxLength", "minItems",
    "maxItems", "minProperties", "minimum", "maximum", "exclusiveMinimum", "multipleOf", "uniqueItems", "oneOf",
}  # fmt: skip
STEERING = {"$schema", "$ref", "$defs", "title", "description", "properties", "items", "allOf", "if", "then"}


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((packaged("rubrics") / name).read_text("utf-8"))
    return content


def subschemas(within: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield within
    for keyword, value in within.items():
        if keyword in ("properties", "$defs"):
            nested = list(value.values())
        elif keyword in ("allOf", "oneOf"):
            nested = value
        else:
            nested = [value] if keyword in ("items", "additionalProperties", "if", "then") else []
        for each in nested:
            if isinstance(each, dict):
                yield from subschemas(each)


@pytest.mark.parametrize("name", [PROGRAM, MICRO_CREDENTIAL])
def test_the_schemas_are_sound_and_every_keyword_in_them_has_words(name: str) -> None:
    content = schema(name)

    Draft202012Validator.check_schema(content)
    assert {keyword for each in subschemas(content) for keyword in each} <= IN_WORDS | STEERING


@pytest.mark.parametrize("name", [PROGRAM, MICRO_CREDENTIAL])
def test_every_block_refuses_fields_it_does_not_know(name: str) -> None:
    for each in subschemas(schema(name)):
        if each.get("type") == "object" and "rule" not in each.get("required", ()):
            assert "additionalProperties" in each


def test_the_schema_offers_every_setting_of_the_policy_and_no_other() -> None:
    offered = schema(PROGRAM)["$defs"]["policy"]["properties"]

    assert names(offered) == names(Policy())


def names(of: Any) -> set[str]:
    if isinstance(of, dict):
        inner = {name: each.get("properties") for name, each in of.items()}
    else:
        fields = {name: getattr(of, name) for name in of.__dataclass_fields__}
        inner = {name: each if hasattr(each, "__dataclass_fields__") else None for name, each in fields.items()}
    return {path for name, each in inner.items() for path in ({f"{name}.{i}" for i in names(each)} if each else {name})}


def test_a_program_that_says_nothing_gets_the_defaults() -> None:
    assert policy({}) == Policy()
