"""`openapi.json`, made from the table of endpoints and the classes of the objects: exactly what is served."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from services_dir.api.endpoints import ENDPOINTS, PARAMETERS, Endpoint
from services_dir.hsds.objects import About, Id, Problem

VERSION = "3.1.1"
_JSON = "application/json"
_LINES = "application/x-ndjson"
_PROBLEM = "application/problem+json"


class Page(Struct, frozen=True, kw_only=True):
    """One page of a list; pages are counted from 1.

    The first four say which list it is. The official schemas of lists describe one record, and some
    validators hold the whole page to that: with these it is valid by either reading.
    """

    id: Id
    name: str
    description: str
    status: Literal["active"] = "active"
    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool


def describe(server: str) -> dict[str, Any]:
    """Give the description of the API at an address."""
    _refs, components = msgspec.json.schema_components(
        [About, Problem, Page, *(kind for one in ENDPOINTS for kind in (*one.items, *one.record))],
        ref_template="#/components/schemas/{name}",
    )
    paths: dict[str, Any] = {"/": _root(), "/openapi.json": _own_description()}
    for endpoint in ENDPOINTS:
        paths[f"/{endpoint.name}"] = {"get": _list(endpoint, "get"), "post": _list(endpoint, "post")}
        paths[f"/{endpoint.name}/{{id}}"] = {"get": _record(endpoint)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "HSDS API",
            "version": VERSION,
            "description": "Human Services Data Specification, an Open Referral resource (CC BY-SA 4.0). "
            "What is not known is left out. Attributes with link_type “fact” hold what HSDS has no field "
            "for; the description of their term says what the value is.",
            "license": {"name": "CC BY-SA 4.0", "url": "https://creativecommons.org/licenses/by-sa/4.0/"},
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": components,
            "parameters": {name: _parameter(name) for name in PARAMETERS},
            "responses": {
                "Problem": {
                    "description": "It cannot be answered; `parameter` names what could not be used.",
                    "content": {_PROBLEM: {"schema": _ref("Problem")}},
                }
            },
        },
    }


def _root() -> dict[str, Any]:
    return {"get": _operation("getAbout", "About this API", _content(_ref("About")), is_required=True)}


def _own_description() -> dict[str, Any]:
    return {"get": _operation("getOpenApi", "This description", _content({"type": "object"}))}


def _list(endpoint: Endpoint, method: str) -> dict[str, Any]:
    name = _camel(endpoint.name)
    page = {
        "allOf": [_ref("Page")],
        "type": "object",
        "properties": {"contents": {"type": "array", "items": _any_of(endpoint.items)}},
        "required": ["contents"],
    }
    content = {**_content(page), _LINES: {"schema": {"type": "string"}}}
    is_required = endpoint.is_required and method == "get"
    operation = _operation(f"{method}{name}", f"List {endpoint.title}", content, is_required=is_required)
    operation["responses"]["400"] = _problem()
    if method == "get":
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{parameter}"} for parameter in endpoint.parameters
        ]
        operation["responses"]["304"] = {"description": "What you hold is still right."}
        return operation
    form = {
        "type": "object",
        "properties": {parameter: PARAMETERS[parameter][0] for parameter in endpoint.parameters},
    }
    operation["description"] = "The same list; the address, and so no log on the way, tells what is asked."
    operation["requestBody"] = {
        "content": {"application/x-www-form-urlencoded": {"schema": form}, _JSON: {"schema": form}}
    }
    return operation


def _record(endpoint: Endpoint) -> dict[str, Any]:
    operation = _operation(
        f"get{_camel(endpoint.name)}ById",
        f"One of the {endpoint.title}",
        _content(_any_of(endpoint.record)),
        is_required=endpoint.is_required,
    )
    operation["parameters"] = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
        *({"$ref": f"#/components/parameters/{name}"} for name in endpoint.record_parameters),
    ]
    operation["responses"]["304"] = {"description": "What you hold is still right."}
    operation["responses"]["308"] = {"description": "It was merged into another, which stands there."}
    operation["responses"]["404"] = _problem()
    if endpoint.record_parameters:
        operation["responses"]["400"] = _problem()
    return operation


def _operation(
    identifier: str, summary: str, content: dict[str, Any], *, is_required: bool = False
) -> dict[str, Any]:
    return {
        "operationId": identifier,
        "summary": summary,
        "tags": ["required" if is_required else "optional"],
        "responses": {
            "200": {"description": summary, "content": content},
            "429": _problem(),
            "503": _problem(),
        },
    }


def _parameter(name: str) -> dict[str, Any]:
    schema, description = PARAMETERS[name]
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {_JSON: {"schema": schema}}


def _problem() -> dict[str, Any]:
    return {"$ref": "#/components/responses/Problem"}


def _any_of(kinds: tuple[type, ...]) -> dict[str, Any]:
    refs = [_ref(kind.__name__) for kind in kinds]
    return refs[0] if len(refs) == 1 else {"anyOf": refs}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
