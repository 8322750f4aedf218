"""Public programs made directly, and an index of them without a database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services_dir.catalog.gazetteer import Gazetteer, Lie, PlaceEntry
from services_dir.catalog.kinds import (
    Availability,
    Known,
    Level,
    PhoneKind,
    PlaceKind,
    Precision,
    ProgramKind,
    Visibility,
)
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.public import (
    PublicArea,
    PublicException,
    PublicHours,
    PublicInterval,
    PublicLanguage,
    PublicOrganizationName,
    PublicPhone,
    PublicPlace,
    PublicProgram,
    PublicSite,
    PublicText,
)
from services_dir.catalog.queries import TermView
from services_dir.search.columns import Snapshot
from services_dir.search.document import make_document
from services_dir.search.index import Generation, State, fingerprint
from services_dir.search.query import Facet
from services_dir.search.vocabulary import Vocabulary
from tests.support.factories import NOON, ZONE, next_number


def place(key: str, name: str | None = None, point=None, **parents: float) -> PlaceEntry:
    """Give a place; its parents as keyword arguments, `county__east=1.0` for `county/east`."""
    kind, _slash, rest = key.partition("/")
    lies = tuple(Lie(parent.replace("__", "/").replace("_", "-"), share) for parent, share in parents.items())
    return PlaceEntry(key, PlaceKind(kind), name or rest.replace("-", " ").title(), None, point, lies)


# Two counties, a named area across them, five towns, a village, two ZIP codes.
PLACES = Gazetteer.of(
    (
        PlaceEntry("nation/land", PlaceKind.NATION, "Land"),
        PlaceEntry("state/north", PlaceKind.STATE, "North", "NO", None, (Lie("nation/land", 1.0),)),
        place("county/east", state__north=1.0),
        place("county/west", "West County", state__north=1.0),
        place("named_area/middle", "Greater Middle"),
        place("town/east", "East", (41.0, -72.0), county__east=1.0),
        PlaceEntry(
            "town/mill",
            PlaceKind.TOWN,
            "Mill",
            None,
            (41.1, -72.1),
            (Lie("county/east", 1.0), Lie("named_area/middle", 1.0)),
        ),
        PlaceEntry(
            "town/lake",
            PlaceKind.TOWN,
            "Lake",
            None,
            (41.2, -72.5),
            (Lie("county/west", 1.0), Lie("named_area/middle", 1.0)),
        ),
        place("town/wood", "Wood", (41.4, -73.0), county__west=1.0),
        place("town/far-end", "Far End", (42.0, -73.5), county__west=1.0),
        place("village/dell", "The Dell", None, town__mill=1.0),
        place("zip/00100", "00100", None, town__mill=0.75, town__lake=0.25),
        place("zip/00200", "00200", None, town__wood=1.0),
    )
)


def term(kind: Kind, slug: str, parent: str | None = None, words: tuple[str, ...] = ()) -> TermView:
    """Give a term with English and Spanish labels."""
    label = slug.replace("-", " ").capitalize()
    return TermView(
        kind,
        slug,
        parent,
        False,
        False,
        {"en": label, "es": f"ES {label}"},
        {},
        {"en": words} if words else {},
    )


def terms(kind: Kind, *rows: tuple[Any, ...]) -> dict[str, TermView]:
    """Give terms by slug."""
    return {row[0]: term(kind, *row) for row in rows}


WORDS = Vocabulary(
    {
        Facet.CATEGORY: terms(
            Kind.CATEGORY,
            ("housing", None, ("shelter", "a place to stay")),
            ("emergency-shelter", "housing"),
            ("legal-assistance", None, ("lawyer",)),
            ("crisis-hotline",),
        ),
        Facet.POPULATION: terms(Kind.POPULATION, ("all-survivors",), ("minors",), ("men",), ("women",)),
        Facet.LEVEL: terms(Kind.LEVEL, *((level.value,) for level in Level)),
        Facet.ACCESS: terms(
            Kind.ACCESS,
            *((value,) for value in ("phone", "text", "email", "in-person", "round-the-clock", "free")),
        ),
    }
)


def make_hours(*intervals: tuple[int, int, int], **changes: Any) -> PublicHours:
    """Give hours of (weekday, opening minute, closing minute)."""
    values: dict[str, Any] = {
        "id": f"hours-{next_number()}",
        "words": "",
        "zone": ZONE,
        "round_the_clock": False,
        "intervals": tuple(PublicInterval(*interval) for interval in intervals),
        "exceptions": (),
    }
    return PublicHours(**values | changes)


def closed_on(day) -> PublicException:
    """Give a day off."""
    return PublicException(day, None, None, None)


def make_phone(number: str = "+18605550100", **changes: Any) -> PublicPhone:
    """Give a number."""
    values: dict[str, Any] = {
        "id": f"phone-{next_number()}",
        "kind": PhoneKind.VOICE,
        "number": number,
        "extension": None,
        "label": None,
        "language": None,
        "instruction": None,
        "hours": None,
    }
    return PublicPhone(**values | changes)


def make_site(town: str = "town/mill", **changes: Any) -> PublicSite:
    """Give a public site in a town."""
    values: dict[str, Any] = {
        "id": f"site-{next_number()}",
        "location_id": f"location-{next_number()}",
        "name": None,
        "visibility": Visibility.PUBLIC,
        "street": "1 Made-up Street",
        "city": None,
        "state": None,
        "postal_code": None,
        "town": public_place(town),
        "region": None,
        "latitude": None,
        "longitude": None,
        "precision": Precision.EXACT if "latitude" in changes else None,
        "access_notes": None,
        "phones": (),
        "hours": None,
        "service_areas": (),
    }
    return PublicSite(**values | changes)


def public_place(key: str) -> PublicPlace:
    """Give a place as public values name it."""
    known = PLACES.places[key]
    return PublicPlace(known.key, known.kind, known.name)


def make_text(name: str, **changes: Any) -> PublicText:
    """Give texts in one language."""
    values: dict[str, Any] = dict.fromkeys(PublicText.__struct_fields__, "")
    return PublicText(**values | {"name": name, "translated_on": None} | changes)


def make_public(name: str = "", areas: Iterable[str] = ("town/mill",), **changes: Any) -> PublicProgram:
    """Give a public program; `languages` as codes, `description` and its like for the English text."""
    number = next_number()
    name = name or f"Made-up Program {number}"
    text = {key: changes.pop(key) for key in PublicText.__struct_fields__ if key in changes}
    organization = changes.pop("organization", f"Made-up Alliance {number}")
    languages = changes.pop("languages", ())
    values: dict[str, Any] = {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "slug": f"program-{number}",
        "kind": ProgramKind.PROGRAM,
        "level": Level.LOCAL,
        "organization": PublicOrganizationName("o", "o", organization, (), (), None, None),
        "texts": {"en": make_text(name, **text)},
        "alternate_names": (),
        "former_names": (),
        "categories": (),
        "populations": (),
        "populations_excluded": (),
        "population_note": None,
        "min_age": None,
        "max_age": None,
        "languages": tuple(PublicLanguage(f"{number}-{code}", code, None) for code in languages),
        "has_interpreter": None,
        "interpreter_note": None,
        "phones": (),
        "email": None,
        "url": None,
        "links": (),
        "hours": None,
        "sites": (),
        "service_areas": tuple(PublicArea(key, public_place(key)) for key in areas),
        "area_words": None,
        "asks_immigration_status": Known.UNKNOWN,
        "needs_police_report": Known.UNKNOWN,
        "mandated_reporters": Known.UNKNOWN,
        "run_by": None,
        "availability": Availability.OPEN,
        "paused_until": None,
        "alert_until": None,
        "partners_note": None,
        "as_of": None,
        "sources": (),
        "assured": None,
        "modified_at": NOON,
    }
    return PublicProgram(**values | changes)


def write_index(folder: Path, programs: Iterable[PublicProgram]) -> Generation:
    """Index programs in a folder."""
    generation = Generation.create(folder)
    with generation.writing(State(0, "none", fingerprint())) as writer:
        for program in programs:
            writer.add(make_document(program, WORDS, PLACES))
    return generation


def make_snapshot(folder: Path, *programs: PublicProgram) -> Snapshot:
    """Index programs in a folder that is not there yet, and read the arrays."""
    generation = write_index(folder / f"generation-{next_number()}", programs)
    return Snapshot.build(generation, WORDS, PLACES)


def utc(*parts: int) -> datetime:
    """Give a moment in UTC."""
    return datetime(*parts, tzinfo=UTC)
