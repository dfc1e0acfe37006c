"""Holds a file's shape against its JSON Schema, and says in words what does not fit."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Node

PROGRAM = "program.schema.json"
MICRO_CREDENTIAL = "micro-credential.schema.json"

_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a block of fields",
    "null": "null",
}


class Shapes:
    """The two schemas, ready to hold files against."""

    def __init__(self, folder: Path) -> None:
        schemas = {name: json.loads((folder / name).read_text("utf-8")) for name in (PROGRAM, MICRO_CREDENTIAL)}
        registry: Registry[Any] = Registry().with_resources(
            (name, Resource.from_contents(schema)) for name, schema in schemas.items()
        )
        self._validators = {name: Draft202012Validator(schema, registry=registry) for name, schema in schemas.items()}

    def check(self, name: str, node: Node, report: Report) -> bool:
        """Note what does not fit the schema of this name; return whether all fits."""
        found = map(_Misfit.of, self._validators[name].iter_errors(node.plain()))
        misfits = sorted(found, key=lambda each: list(map(str, each.path)))
        for misfit in misfits:
            _explain(misfit, node, report)
        return not misfits


@dataclass(frozen=True, slots=True)
class _Misfit:
    """Where the schema does not fit: its keyword, what that wants, the schema around it, and what is there."""

    keyword: str
    path: tuple[str | int, ...]
    wanted: Any
    schema: Mapping[str, Any]
    value: Any

    @classmethod
    def of(cls, error: ValidationError) -> Self:
        schema: Any = error.schema
        return cls(str(error.validator), tuple(error.absolute_path), error.validator_value, schema, error.instance)

    @property
    def called(self) -> str:
        names = [each for each in self.path if isinstance(each, str)]
        return f"“{names[-1]}”" if names else "The file"

    @property
    def fields(self) -> Mapping[str, Any]:
        fields: Mapping[str, Any] = self.schema.get("properties", {})
        return fields


def _explain(misfit: _Misfit, root: Node, report: Report) -> None:
    line = root.line_of(*misfit.path) if misfit.path else root.line
    match misfit.keyword:
        case "additionalProperties":
            _unknown_fields(misfit, root.at(misfit.path), report)
        case "required":
            _missing_fields(misfit, line, report)
        case _:
            kind, what = _told(misfit)
            report.add(kind, line, what, _hint(misfit))


def _unknown_fields(misfit: _Misfit, where: Node, report: Report) -> None:
    known = list(misfit.fields)
    for key in misfit.value:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            write = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
            report.add(FaultKind.UNKNOWN_FIELD, where.keys[key], f"“{key}” is not known here.", write)


def _missing_fields(misfit: _Misfit, line: int, report: Report) -> None:
    # The library tells each missing name by itself; the same fault is kept once.
    for name in misfit.wanted:
        if name not in misfit.value:
            hint = _sentence(misfit.fields.get(name, {}).get("description", ""))
            report.add(FaultKind.MISSING_FIELD, line, f"“{name}” is missing.", f"Add {name}. {hint}".rstrip())


def _told(misfit: _Misfit) -> tuple[FaultKind, str]:
    wanted, value, called = misfit.wanted, misfit.value, misfit.called
    match misfit.keyword:
        case "type":
            types = [wanted] if isinstance(wanted, str) else wanted
            names = " or ".join(_NAMES[each] for each in types)
            return FaultKind.WRONG_TYPE, f"{called} must be {names}, not {_shown(value)}."
        case "enum" | "const":
            return FaultKind.NOT_ALLOWED, f"{called} cannot be {_shown(value)}."
        case "pattern":
            return FaultKind.WRONG_FORM, f"{called} does not have the right form: {_shown(value)}."
        case "minLength" | "minItems" | "minProperties":
            return FaultKind.WRONG_LENGTH, f"{called} has {_count(value)}, and needs at least {wanted}."
        case "maxLength" | "maxItems":
            return FaultKind.WRONG_LENGTH, f"{called} has {_count(value)}, and may have at most {wanted}."
        case "minimum" | "maximum" | "exclusiveMinimum" | "multipleOf":
            return FaultKind.OUT_OF_RANGE, f"{called} is {value}, which is out of range."
        case "uniqueItems":
            return FaultKind.REPEATED, f"{called} names something twice."
        case "oneOf":
            return FaultKind.ONE_OF, _one_of(misfit)
        case other:
            raise AssertionError(f"the schemas use {other}, which has no words yet")


def _one_of(misfit: _Misfit) -> str:
    names = [each["required"][0] for each in misfit.wanted if "required" in each]
    if names:
        return f"Exactly one of {' and '.join(names)} must stand here."
    return f"{misfit.called} cannot be {_shown(misfit.value)}."


def _hint(misfit: _Misfit) -> str:
    if misfit.keyword == "oneOf" and misfit.fields:
        names = [each["required"][0] for each in misfit.wanted]
        return _sentence(" ".join(f"{name}: {misfit.fields[name].get('description', '')}" for name in names))
    return _sentence(misfit.schema.get("description", "See the schema for what fits."))


def _sentence(hint: str) -> str:
    return f"Write {hint}" if hint[:1].islower() else hint


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return _NAMES["array"] if isinstance(value, list) else _NAMES["object"]
    if isinstance(value, str):
        return f"“{value if len(value) <= 60 else value[:57] + '…'}”"
    return json.dumps(value)


def _count(value: Any) -> str:
    one, more = ("character", "characters") if isinstance(value, str) else ("entry", "entries")
    return f"{len(value)} {one if len(value) == 1 else more}"
