"""What the checks of an API share: asking it, and what it must offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from services_dir.exchange.checks.asking import Asker, Params

KINDS = {
    "/services": "service",
    "/organizations": "organization",
    "/service_at_locations": "service_at_location",
    "/taxonomies": "taxonomy",
    "/taxonomy_terms": "taxonomy_term",
}
NOT_OFFERED = (404, 405, 501, 503)
UNKNOWN = "00000000-0000-4000-8000-000000000000"
_REQUIRED = "/services"


class NotOfferedError(Exception):
    """An optional part is not there, or holds nothing to look at; the text says which."""


class WrongAnswerError(Exception):
    """An answer that nothing more can be said about; the text says why."""


@dataclass
class Api:
    """An API as the checks ask it; lists asked for before are remembered, and every record is looked at."""

    ask: Asker
    seen: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, **params: str) -> Any:
        """Give the document of an answer that is 200. Raises WrongAnswerError otherwise."""
        key = f"{path} {sorted(params.items())}"
        if key not in self.seen:
            answer = self.ask(path, params)
            if answer.status in NOT_OFFERED and path.split("/")[1] != _REQUIRED.strip("/") and path != "/":
                raise NotOfferedError(f"{path} answers {answer.status}")
            if answer.status != 200 or not answer.is_json:
                raise WrongAnswerError(f"{_asked(path, params)} answers {answer.status}, or no JSON")
            self.seen[key] = answer.json
        return self.seen[key]

    def contents(self, path: str, **params: str) -> list[Any]:
        """Give the records of a page."""
        page = self.get(path, **params)
        if not isinstance(page, dict) or not isinstance(page.get("contents"), list):
            raise WrongAnswerError(f"{_asked(path, params)} is no object with contents")
        return list(page["contents"])


Check = Callable[[Api], Iterator[str]]


def _asked(path: str, params: Params) -> str:
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in params.items())}" if params else path


def ids_of(records: Sequence[Any]) -> list[str]:
    """Give the ids of records."""
    return [str(one["id"]) for one in records if isinstance(one, dict) and "id" in one]


def offered(api: Api) -> Iterator[str]:
    """Give the lists that are there; the one of services must be."""
    for path in KINDS:
        try:
            api.get(path)
        except NotOfferedError:
            continue
        yield path


def named(path: str, record: Any, faults: Iterator[str]) -> Iterator[str]:
    """Say of which record faults are."""
    name = record.get("id") if isinstance(record, dict) else None
    yield from (f"{path} {name}: {fault}" for fault in faults)


def term_of(attribute: dict[str, Any]) -> str | None:
    """Give the term of an attribute that sorts records, not one of ours that holds a fact."""
    if attribute.get("link_type") == "fact":
        return None
    held = attribute.get("taxonomy_term_id") or (attribute.get("taxonomy_term") or {}).get("id")
    return str(held) if held else None
