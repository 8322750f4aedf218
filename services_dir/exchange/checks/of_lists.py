"""Checks of lists and of the records in them: envelopes, pages, ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services_dir.exchange.checks.looking import (
    KINDS,
    UNKNOWN,
    Api,
    NotOfferedError,
    ids_of,
    named,
    offered,
)
from services_dir.hsds.standard import is_uri, list_faults

_ENVELOPE = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
    "contents": list,
}
_IDS, _WALKED = 5, 40


def check_root(api: Api) -> Iterator[str]:
    """The root says what this is."""
    about = api.get("/")
    if not isinstance(about, dict):
        yield "/ is no object"
        return
    if not isinstance(about.get("version"), str):
        yield "/ names no version"
    for name in ("profile", "openapi_url"):
        if not isinstance(about.get(name), str) or not is_uri(about[name]):
            yield f"/ names no {name} that is a web address"
            return
    answer = api.ask(about["openapi_url"])
    if answer.status != 200 or not isinstance(answer.json, dict):
        yield f"openapi_url answers {answer.status} and no JSON object"


def check_envelopes(api: Api) -> Iterator[str]:
    """First pages come in their envelope."""
    for path in offered(api):
        yield from _envelope(path, api.get(path), 1)


def _envelope(path: str, page: Any, number: int) -> Iterator[str]:
    for name, kind in _ENVELOPE.items():
        if not isinstance(page.get(name), kind) or (kind is int and isinstance(page[name], bool)):
            yield f"{path}: {name} is missing or no {kind.__name__}"
            return
    size, pages = len(page["contents"]), page["total_pages"]
    truths = {
        "size": size,
        "page_number": number,
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": size == 0,
    }
    for name, truth in truths.items():
        if page[name] != truth:
            yield f"{path}, page {number}: {name} is {page[name]!r} and should be {truth!r}"
    if number == 1 and number < pages and size and pages != -(-page["total_items"] // size):
        yield f"{path}: {page['total_items']} items in pages of {size} are not {pages} pages"


def check_walks(api: Api) -> Iterator[str]:
    """Walk the pages; of a long list the first ones, one in the middle and the last."""
    for path in offered(api):
        pages = api.get(path)["total_pages"]
        numbers = range(1, pages + 1) if pages <= _WALKED else [1, 2, 3, pages // 2, pages]
        ids: list[str] = []
        for number in numbers:
            page = api.get(path, page=str(number))
            yield from _envelope(path, page, number)
            ids += ids_of(page["contents"])
        for one in sorted({one for one in ids if ids.count(one) > 1})[:3]:
            yield f"{path}: {one} stands on several pages"
        if pages <= _WALKED and len(set(ids)) != api.get(path)["total_items"]:
            yield f"{path}: total_items is {api.get(path)['total_items']}, but there are {len(set(ids))}"


def check_records(api: Api) -> Iterator[str]:
    """Records are valid in lists and by their ids."""
    for path in offered(api):
        kind, listed = KINDS[path], api.contents(path)
        for record in listed:
            yield from named(path, record, list_faults(kind, record))
        for one in ids_of(listed)[:_IDS]:
            try:
                record = api.get(f"{path}/{one}")
            except NotOfferedError:
                yield f"{path}/{one} is in the list and not there"
                continue
            yield from named(f"{path}/{{id}}", record, list_faults(kind, record))
            if not isinstance(record, dict) or record.get("id") != one:
                yield f"{path}/{one} gives another record"


def check_unknown_ids(api: Api) -> Iterator[str]:
    """What is not there is answered with 404 and JSON."""
    for path in offered(api):
        for one, right in ((UNKNOWN, (404, 410)), ("no-such-id", (400, 404, 410, 422))):
            answer = api.ask(f"{path}/{one}")
            if answer.status not in right:
                yield f"{path}/{one} answers {answer.status}"
            elif not answer.is_json:
                yield f"{path}/{one} answers without JSON"
