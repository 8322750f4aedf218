"""What an API request asks for, read strictly: what cannot be used is refused by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services_dir.errors import InvalidError
from services_dir.values import without_controls

PER_PAGE = 25
MOST_PER_PAGE = 500
MOST_PAGES = 10**9
_LONGEST = 200
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_FORMATS = ("json", "ndjson")


class ParameterError(InvalidError):
    """A parameter that cannot be used; `parameter` is its name."""

    def __init__(self, parameter: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.parameter = parameter


@dataclass(frozen=True)
class Parameters:
    """The parameters of a list; ids are UUIDs in lower case, `proximity` is in metres."""

    search: str = ""
    page: int = 1
    per_page: int = PER_PAGE
    is_stream: bool = False
    taxonomy_term_id: str | None = None
    taxonomy_id: str | None = None
    organization_id: str | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    postcode: str | None = None
    proximity: float | None = None
    top_only: bool = False
    parent_id: str | None = None

    @classmethod
    def read(cls, args: Mapping[str, Iterable[str]], known: Iterable[str]) -> Parameters:
        """Read the parameters that a list knows; others are ignored, as the standard allows.

        Raises ParameterError for the first that cannot be used.
        """
        names = set(known)
        values = {name: _first(held) for name, held in args.items() if name in names}
        given = {name: value for name, value in values.items() if value}
        read = cls(
            search=given.get("search", "")[:_LONGEST],
            page=_whole(given, "page", 1, MOST_PAGES),
            per_page=min(_whole(given, "per_page", PER_PAGE, MOST_PAGES), MOST_PER_PAGE),
            is_stream=_one_of(given, "format", _FORMATS) == "ndjson",
            taxonomy_term_id=_id(given, "taxonomy_term_id"),
            taxonomy_id=_id(given, "taxonomy_id"),
            organization_id=_id(given, "organization_id"),
            modified_after=_moment(given, "modified_after"),
            minimal=_flag(given, "minimal"),
            full=_flag(given, "full"),
            full_service=_flag(given, "full_service"),
            postcode=given.get("postcode"),
            proximity=_metres(given, "proximity"),
            top_only=_flag(given, "top_only"),
            parent_id=_id(given, "parent_id"),
        )
        if read.proximity is not None and read.postcode is None:
            raise ParameterError("proximity", "This needs a postcode to measure from.")
        if read.top_only and read.parent_id is not None:
            raise ParameterError("top_only", "This cannot be combined with parent_id.")
        return read

    @property
    def skipped(self) -> int:
        """Give the number of items on earlier pages."""
        return (self.page - 1) * self.per_page


def _first(held: Iterable[str]) -> str:
    return next((tidy for value in held if (tidy := " ".join(without_controls(value).split()))), "")


def _whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 12) or not 1 <= int(text) <= most:
        raise ParameterError(name, "This needs a whole number from 1 on.")
    return int(text)


def _flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, _FALSE[0]).lower()
    if text not in (*_TRUE, *_FALSE):
        raise ParameterError(name, "This needs true or false.")
    return text in _TRUE


def _one_of(given: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    text = given.get(name, known[0]).lower()
    if text not in known:
        raise ParameterError(name, "This needs one of: {known}.", known=", ".join(known))
    return text


def _id(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        raise ParameterError(name, "This needs a UUID.") from None


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    """Read a moment of ISO 8601; without an offset it is in UTC, a date is its first moment."""
    text = given.get(name)
    if text is None:
        return None
    try:
        # In an address a plus sign is a space, unless it is written as %2B.
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ParameterError(name, "This needs a date and time such as 2026-01-31T08:00:00Z.") from None


def _metres(given: Mapping[str, str], name: str) -> float | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        metres = float(text)
    except ValueError:
        metres = -1.0
    if not 0 <= metres <= 10_000_000:
        raise ParameterError(name, "This needs a number of metres.")
    return metres
