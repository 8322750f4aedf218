"""The files of the importer's own format and their columns; `seed_data/README.md` says what each means."""

from __future__ import annotations

from services_dir.catalog.draft import ProgramText
from services_dir.exchange.hours import COLUMNS as HOURS
from services_dir.exchange.rows import Table

ORGANIZATIONS = Table(
    "organizations.csv",
    ("slug", "name", "level"),
    ("id", "parent", "url", "email", "aliases", "former_names", "partners_note"),
    ("description",),
)
PROGRAMS = Table(
    "programs.csv",
    ("slug", "organization", "level", "name_en", "categories", "service_areas"),
    (
        "id",
        "kind",
        "publish",
        "hold_reason",
        "alternate_names",
        "former_names",
        "populations",
        "populations_excluded",
        "population_note",
        "min_age",
        "max_age",
        "interpreter",
        "interpreter_note",
        "email",
        "url",
        "area_words",
        *HOURS,
        "asks_immigration_status",
        "needs_police_report",
        "mandated_reporters",
        "run_by",
        "availability",
        "paused_until",
        "alert_until",
        "partners_note",
        "as_of",
        "confidence",
        "editor_note",
    ),
    ProgramText.__struct_fields__,
)
PHONES = Table(
    "phones.csv",
    ("number",),
    (
        "id",
        "program",
        "site",
        "organization",
        "kind",
        "extension",
        "label",
        "language",
        "instruction",
        *HOURS,
    ),
)
SITES = Table(
    "sites.csv",
    ("program", "site", "visibility"),
    (
        "id",
        "location_id",
        "name",
        "street",
        "city",
        "state",
        "postal_code",
        "town",
        "region",
        "latitude",
        "longitude",
        "precision",
        "access_notes",
        "service_areas",
        *HOURS,
    ),
)
LANGUAGES = Table("languages.csv", ("program", "code"), ("id", "note"))
LINKS = Table("links.csv", ("program", "label", "url"))
SOURCES = Table(
    "sources.csv",
    ("program", "title", "url", "public"),
    ("id", "as_of", "supports", "fields", "feed"),
)
PLACES = Table("places.csv", ("key", "kind", "name"), ("id", "code", "latitude", "longitude", "basis"))
PLACE_PARENTS = Table("place_parents.csv", ("key", "parent"), ("share",))
TERMS = Table(
    "terms.csv",
    ("vocabulary", "slug", "label_en"),
    ("id", "parent", "position", "statutory"),
    ("label", "definition"),
)
TERM_WORDS = Table("term_words.csv", ("vocabulary", "slug", "language", "word"), ("role",))
WORDS = Table("words.csv", ("kind", "word", "means"))

ALL = (
    ORGANIZATIONS,
    PROGRAMS,
    PHONES,
    SITES,
    LANGUAGES,
    LINKS,
    SOURCES,
    PLACES,
    PLACE_PARENTS,
    TERMS,
    TERM_WORDS,
    WORDS,
)
