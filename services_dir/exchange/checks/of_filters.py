"""Checks of what narrows or widens a list: filters, full records, places, terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services_dir.exchange.checks.looking import (
    KINDS,
    NOT_OFFERED,
    UNKNOWN,
    Api,
    NotOfferedError,
    ids_of,
    named,
    term_of,
)
from services_dir.hsds.standard import is_moment, list_faults

_TERMS = 10
_A_DAY_LONG_AGO = "1990-01-01T00:00:00Z"


def check_filters(api: Api) -> Iterator[str]:
    """Filters find what they should, and narrow each other."""
    records = [one for one in api.contents("/services", full="true") if isinstance(one, dict)]
    if not records:
        raise NotOfferedError("there are no services")
    everything = api.get("/services")["total_items"]
    one = records[0]
    owner = one.get("organization_id") or (one.get("organization") or {}).get("id")
    if owner:
        found = api.contents("/services", organization_id=owner)
        if one["id"] not in ids_of(found) and api.get("/services", organization_id=owner)["total_pages"] <= 1:
            yield f"organization_id={owner} does not find {one['id']}"
        for record in found:
            held = record.get("organization_id") or (record.get("organization") or {}).get("id")
            if held not in (None, owner):
                yield f"organization_id={owner} finds a service of {held}"
        yield from _narrows(api, owner, one)
    if api.get("/services", modified_after=_A_DAY_LONG_AGO)["total_items"] > everything:
        yield "modified_after finds more than there are"
    newest = max(
        (r["last_modified"] for r in records if is_moment(str(r.get("last_modified")))), default=None
    )
    if newest is not None:
        at_that_moment = api.get("/services", modified_after=newest)["total_items"]
        if at_that_moment < 1:
            yield f"modified_after={newest} leaves out what changed at that moment"


def _narrows(api: Api, owner: str, service: dict[str, Any]) -> Iterator[str]:
    """Filters are cumulative: two together never find what one of them leaves out."""
    terms = [term for at in service.get("attributes") or () if (term := term_of(at))]
    nobody = api.get("/services", organization_id=owner, taxonomy_term_id=UNKNOWN)["total_items"]
    if nobody:
        yield f"taxonomy_term_id of an unknown term finds {nobody} services"
    for term in terms[:1]:
        answer = api.ask("/services", {"taxonomy_term_id": term})
        if answer.status != 200:
            return
        alone = answer.json["total_items"]
        both = api.get("/services", organization_id=owner, taxonomy_term_id=term)["total_items"]
        if both > min(alone, api.get("/services", organization_id=owner)["total_items"]):
            yield "organization_id and taxonomy_term_id together find more than one of them"
        if not both:
            yield f"taxonomy_term_id={term} does not find {service['id']}, which has it"


def check_full(api: Api) -> Iterator[str]:
    """Full lists are valid."""
    for path in ("/services", "/organizations", "/service_at_locations"):
        try:
            for record in api.contents(path, full="true"):
                yield from named(f"{path}?full=true", record, list_faults(KINDS[path], record))
        except NotOfferedError:
            continue


def check_places(api: Api) -> Iterator[str]:
    """A postcode that nobody knows finds nothing."""
    answer = api.ask("/service_at_locations", {"postcode": "00000", "proximity": "1000"})
    if answer.status in NOT_OFFERED:
        raise NotOfferedError("/service_at_locations is not there")
    if answer.status == 200 and answer.json["total_items"]:
        yield f"the unknown postcode 00000 finds {answer.json['total_items']} places"
    elif answer.status not in (200, 400):
        yield f"the unknown postcode 00000 answers {answer.status}"


def check_taxonomies(api: Api) -> Iterator[str]:
    """Terms name their taxonomy, and lead somewhere."""
    terms = api.contents("/taxonomy_terms")
    for record in api.contents("/services", full="true"):
        terms += [at["taxonomy_term"] for at in record.get("attributes") or () if "taxonomy_term" in at]
    by_id = {term["id"]: term for term in terms if isinstance(term, dict) and "id" in term}
    for term in list(by_id.values())[:_TERMS]:
        if not ({"taxonomy_detail", "taxonomy_id"} & term.keys()):
            yield f"term {term['id']} names no taxonomy"
        for name in ("id", "parent_id"):
            if name in term and api.ask(f"/taxonomy_terms/{term[name]}").status != 200:
                yield f"{name} {term[name]} of a term leads nowhere"
