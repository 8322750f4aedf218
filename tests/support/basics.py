"""The few places and terms that are in every test's database."""

from __future__ import annotations

import gettext
from pathlib import Path

from sqlalchemy.orm import Session

import services_dir
from services_dir.catalog.kinds import Access, Level, PlaceKind, Vocabulary
from services_dir.catalog.models import CatalogState, Place, PlaceParent, Term, TermLabel
from services_dir.values import seed_uuid

DATABASE_ID = "11111111-1111-4111-8111-111111111111"

# Key, name, latitude and longitude of towns, and the keys it lies in with the share of its people.
_PLACES = (
    ("nation/united-states", "United States", None, {}),
    ("state/connecticut", "Connecticut", None, {"nation/united-states": 1.0}),
    ("county/hartford", "Hartford County", None, {"state/connecticut": 1.0}),
    ("county/new-haven", "New Haven County", None, {"state/connecticut": 1.0}),
    ("planning-region/capitol", "Capitol", None, {"state/connecticut": 1.0}),
    ("planning-region/south-central", "South Central", None, {"state/connecticut": 1.0}),
    (
        "town/hartford",
        "Hartford",
        (41.766, -72.683),
        {"county/hartford": 1.0, "planning-region/capitol": 1.0},
    ),
    (
        "town/west-hartford",
        "West Hartford",
        (41.762, -72.754),
        {"county/hartford": 1.0, "planning-region/capitol": 1.0},
    ),
    (
        "town/new-haven",
        "New Haven",
        (41.311, -72.925),
        {"county/new-haven": 1.0, "planning-region/south-central": 1.0},
    ),
    (
        "town/hamden",
        "Hamden",
        (41.396, -72.897),
        {"county/new-haven": 1.0, "planning-region/south-central": 1.0},
    ),
    ("village/westville", "Westville", None, {"town/new-haven": 1.0}),
    ("zip/06103", "06103", None, {"town/hartford": 1.0}),
    ("zip/06511", "06511", None, {"town/new-haven": 0.75, "town/hamden": 0.25}),
    ("named-area/greater-new-haven", "Greater New Haven", None, {}),
)
_NAMED_AREAS = {"named-area/greater-new-haven": ("town/new-haven", "town/hamden")}

# Slug, English and Spanish label, slug of the parent, whether the Act names it.
_CATEGORIES = (
    ("housing", "Housing", "Vivienda", None, True),
    ("emergency-shelter", "Emergency shelter", "Refugio de emergencia", "housing", False),
    ("legal-assistance", "Legal help", "Ayuda legal", None, True),
    ("health-care", "Health care", "Atención médica", None, True),
    ("crisis-hotline", "Crisis lines", "Líneas de crisis", None, False),
)
_SPANISH = gettext.translation("messages", Path(services_dir.__file__).parent / "translations", ["es"])
_POPULATIONS = (
    ("all-survivors", "All survivors", "Todas las personas sobrevivientes", None, False),
    ("minors", "Children and teens", "Menores", None, False),
    ("men", "Men", "Hombres", None, False),
)


def add_basics(session: Session) -> None:
    """Add a state with two counties and four towns, and a few terms of each vocabulary."""
    session.add(CatalogState(id=1, database_id=DATABASE_ID, last_change=0))
    _add_places(session)
    _add_terms(session, Vocabulary.CATEGORY, _CATEGORIES)
    _add_terms(session, Vocabulary.POPULATION, _POPULATIONS)
    for vocabulary, kinds in ((Vocabulary.LEVEL, Level), (Vocabulary.ACCESS, Access)):
        rows = [(kind.value, kind.label, _SPANISH.gettext(kind.label), None, False) for kind in kinds]
        _add_terms(session, vocabulary, rows)


def _add_places(session: Session) -> None:
    ids: dict[str, int] = {}
    parents: list[tuple[str, str, float]] = []
    for key, name, point, lies_in in _PLACES:
        latitude, longitude = point or (None, None)
        place = Place(
            uuid=seed_uuid("place", key),
            key=key,
            kind=PlaceKind(key.partition("/")[0].replace("-", "_")),
            name=name,
            code="US" if key.startswith("nation/") else None,
            latitude=latitude,
            longitude=longitude,
        )
        session.add(place)
        session.flush()
        ids[key] = place.id
        parents += [(key, parent, share) for parent, share in lies_in.items()]
    parents += [(town, area, 1.0) for area, towns in _NAMED_AREAS.items() for town in towns]
    for key, parent, share in parents:
        session.add(PlaceParent(place_id=ids[key], parent_id=ids[parent], share=share))


def _add_terms(session: Session, vocabulary: Vocabulary, rows) -> None:
    ids: dict[str | None, int | None] = {None: None}
    for position, (slug, label, label_es, parent, statutory) in enumerate(rows):
        term = Term(
            uuid=seed_uuid("term", vocabulary, slug),
            vocabulary=vocabulary,
            slug=slug,
            parent_id=ids[parent],
            position=position,
            statutory=statutory,
            labels=[TermLabel(language="en", label=label), TermLabel(language="es", label=label_es)],
        )
        session.add(term)
        session.flush()
        ids[slug] = term.id
