"""The OpenAPI 3.1 document, made from the route table and the shapes of the messages."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from assessor_desk.environment.versions import program_version
from assessor_desk.hub.calls import Parameter, Route, Who
from assessor_desk.seals.canonical import canonical
from assessor_desk.wire import headers
from assessor_desk.wire.problems import MEDIA_TYPE, Problem

PATH = "/openapi.json"
REFERENCE = "#/components/schemas/{name}"


def document(routes: Iterable[Route], name: str) -> bytes:
    """Return the document that describes the routes."""
    rows = tuple(routes)
    shapes = sorted({each for row in rows for each in (row.takes, row.gives) if each} | {Problem}, key=str)
    _, schemas = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return canonical(
        {
            "openapi": "3.1.0",
            "info": {"title": name, "version": program_version(), "license": {"name": "AGPL-3.0-or-later"}},
            "paths": paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _operation(row: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{row.method.lower()}{row.path.replace('/', '_').replace('{', '').replace('}', '')}",
        "summary": row.summary,
        "parameters": [_parameter(each) for each in (*row.parameters, VERSION)],
        "responses": _responses(row),
        "security": [] if row.who is Who.ANYONE else [{"token": []}],
    }
    if isinstance(row.who, frozenset):
        operation["x-roles"] = sorted(row.who)
    if row.takes:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _named(row.takes)}}}
    if row.uploads:
        content = {"schema": {"type": "string", "format": "binary", "contentMediaType": row.uploads}}
        operation["requestBody"] = {"required": True, "content": {row.uploads: content}}
    return operation


def _responses(row: Route) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done.", "headers": _ANSWER_HEADERS}
    good["content"] = {row.media: {"schema": _named(row.gives)} if row.gives else {}}
    found: dict[str, Any] = {"200": good}
    if row.media == "application/octet-stream":
        found["206"] = good | {"description": "The part that was asked for."}
    for status in _refusals(row):
        content = {MEDIA_TYPE: {"schema": _named(Problem)}}
        found[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    return found


def _refusals(row: Route) -> list[int]:
    door = () if row.who is Who.ANYONE else (401, 403)
    body = (413, 415, 422) if row.takes or row.uploads else ()
    return sorted({400, 503, *door, *body, *row.refuses})


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = {"type": "string"} | ({"pattern": parameter.pattern} if parameter.pattern else {})
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.says,
        "required": parameter.required or parameter.place == "path",
        "schema": schema,
    }


def _named(shape: type[Any]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=shape.__name__)}


VERSION = Parameter(headers.WIRE, "The version of the wire that the desk speaks.", place="header", pattern="^[0-9]+$")

_ANSWER_HEADERS = {
    name: {"description": says, "schema": {"type": "string"}}
    for name, says in (
        (headers.EPOCH, "Changes when the hub was restored."),
        (headers.TIME, "The hub's clock."),
        (headers.WIRE, "The newest version that the hub speaks."),
    )
}
