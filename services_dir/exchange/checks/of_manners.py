"""Checks of how an API speaks: methods, lines, headers, its description, values, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services_dir.exchange.checks.looking import (
    NOT_OFFERED,
    Api,
    NotOfferedError,
)
from services_dir.exchange.connecting import Answer
from services_dir.hsds.standard import is_uuid, list_faults, list_nothings


def check_posts(api: Api) -> Iterator[str]:
    """A list by POST is that by GET."""
    params = {"per_page": "3"}
    posted = api.ask("/services", params, method="POST")
    if posted.status in NOT_OFFERED:
        raise NotOfferedError("lists take no POST")
    if posted.status != 200 or posted.json != api.get("/services", **params):
        yield "POST /services answers other than GET with the same parameters"


def check_lines(api: Api) -> Iterator[str]:
    """Each line is a valid record."""
    owner = next(
        (str(one["organization_id"]) for one in api.contents("/services") if "organization_id" in one), None
    )
    params = {"format": "ndjson"} | ({"organization_id": owner} if owner else {})
    answer = api.ask("/services", params)
    if answer.status == 400 or "ndjson" not in answer.headers.get("content-type", ""):
        raise NotOfferedError("format=ndjson is not offered")
    for number, line in enumerate(answer.body.splitlines(), start=1):
        record = Answer(200, {}, line).json
        yield from (f"line {number}: {fault}" for fault in list_faults("service", record))


def check_headers(api: Api) -> Iterator[str]:
    """Others may read it and keep it; no cookie is set."""
    answer = api.ask("/services", {}, headers={"Origin": "https://example.org"})
    if answer.headers.get("access-control-allow-origin") not in ("*", "https://example.org"):
        yield "other websites may not read it (Access-Control-Allow-Origin)"
    if "set-cookie" in answer.headers:
        yield "it sets a cookie"
    tag, changed = answer.headers.get("etag"), answer.headers.get("last-modified")
    if tag is None and changed is None:
        yield "answers carry neither ETag nor Last-Modified"
    elif tag is not None and api.ask("/services", {}, headers={"If-None-Match": tag}).status != 304:
        yield "an answer that did not change is sent again (If-None-Match)"


def check_description(api: Api) -> Iterator[str]:
    """The description is OpenAPI 3 and names what is required."""
    about = api.get("/")
    answer = api.ask(str(about.get("openapi_url", "")))
    document = answer.json if answer.status == 200 else None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        yield "openapi_url gives no description with paths"
        return
    if not str(document.get("openapi", "")).startswith("3."):
        yield f"the description is OpenAPI {document.get('openapi')!r}, not 3.x"
    for path in ("/", "/services", "/services/{id}"):
        if not any(known.rstrip("/") == path.rstrip("/") for known in document["paths"]):
            yield f"the description does not name {path}"


def check_values(api: Api) -> Iterator[str]:
    """Nothing is null or empty; ids are UUIDs."""
    for key, document in api.seen.items():
        path = key.partition(" ")[0]
        yield from (f"{path}: {fault}" for fault in list_nothings(document))
        records = document.get("contents") if isinstance(document, dict) else None
        for record in records if isinstance(records, list) else [document]:
            if isinstance(record, dict) and "id" in record and not is_uuid(str(record["id"])):
                yield f"{path}: the id {record['id']!r} is no UUID"


def check_secrets(api: Api) -> Iterator[str]:
    """A place that is said to be virtual tells nothing of where it is; rows of old values stay inside."""
    for document in list(api.seen.values()):
        for location in _find(document, "location_type"):
            told = [name for name in ("addresses", "latitude", "longitude") if location.get(name)]
            if location["location_type"] == "virtual" and told:
                yield f"the virtual location {location.get('id')} has {', '.join(told)}"
        for row in _find(document, "previous_value"):
            yield f"a row of metadata ({row.get('id')}) publishes a former value"


def _find(value: Any, name: str) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if name in value:
            yield value
        for held in value.values():
            yield from _find(held, name)
    elif isinstance(value, list):
        for held in value:
            yield from _find(held, name)
