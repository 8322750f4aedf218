"""The content document: what a form fills, a revision stores, a diff compares, `publish` writes.

A draft is a frozen value with a JSON form. `FORMAT` numbers its shape; documents written in an
older one are read through the steps in `_UPGRADES`, one pure function from each number to the next.
References are stable names: terms by slug, places by key, organizations by UUID.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import uuid4

import msgspec
from msgspec import Meta, Struct, field

from services_dir.catalog.kinds import (
    Availability,
    DatePrecision,
    Day,
    Known,
    Level,
    PhoneKind,
    Precision,
    ProgramKind,
    RunBy,
    Visibility,
)
from services_dir.errors import N_, InvalidError
from services_dir.values import without_controls

FORMAT = 1

Line = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=8000)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


def new_id() -> str:
    """Give a fresh UUID."""
    return str(uuid4())


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the parts of a draft: a frozen value; unknown fields are refused."""


class AsOf(Part, frozen=True, kw_only=True):
    """The date facts speak for: `2026`, `2026-02` or `2026-02-13`, as exact as it is known."""

    text: Annotated[str, Meta(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]
    precision: DatePrecision


class WeeklyHours(Part, frozen=True, kw_only=True):
    """Open on some days from one time to another; closing not after opening means the next day."""

    days: tuple[Day, ...]
    opens: Clock
    closes: Clock


class DatedHours(Part, frozen=True, kw_only=True):
    """Other hours on one date; without times it is closed that day."""

    on: date
    opens: Clock | None = None
    closes: Clock | None = None
    note: Line | None = None


class Hours(Part, frozen=True, kw_only=True):
    """A schedule: the words of the source, and times only where those leave no doubt."""

    id: Uuid = field(default_factory=new_id)
    words: Text = ""
    zone: Line
    round_the_clock: bool = False
    weekly: tuple[WeeklyHours, ...] = ()
    exceptions: tuple[DatedHours, ...] = ()


class PhoneDraft(Part, frozen=True, kw_only=True):
    """A number: `+1` and ten digits (E.164), or the digits of a short code."""

    id: Uuid = field(default_factory=new_id)
    kind: PhoneKind = PhoneKind.VOICE
    number: Annotated[str, Meta(max_length=16)]
    extension: Annotated[str, Meta(max_length=20)] | None = None
    label: Line | None = None
    language: Language | None = None
    instruction: Text | None = None
    hours: Hours | None = None


class AreaDraft(Part, frozen=True, kw_only=True):
    """A place that is served, by its key (`town/hartford`, `state/connecticut`)."""

    id: Uuid = field(default_factory=new_id)
    place: Line


class SiteDraft(Part, frozen=True, kw_only=True):
    """A program at a place. With a confidential address only town and region may be said."""

    id: Uuid = field(default_factory=new_id)
    location_id: Uuid = field(default_factory=new_id)
    name: Line | None = None
    visibility: Visibility = Visibility.PUBLIC
    street: Line | None = None
    city: Line | None = None
    state: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None = None
    postal_code: Annotated[str, Meta(max_length=10)] | None = None
    town: Line | None = None
    region: Line | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    precision: Precision | None = None
    access_notes: Text | None = None
    phones: tuple[PhoneDraft, ...] = ()
    hours: Hours | None = None
    service_areas: tuple[AreaDraft, ...] = ()

    def without_address(self) -> SiteDraft:
        """Give the site as confidential: nothing that tells where it is, but town and region."""
        return msgspec.structs.replace(
            self,
            visibility=Visibility.AREA_ONLY,
            street=None,
            city=None,
            state=None,
            postal_code=None,
            latitude=None,
            longitude=None,
            precision=None,
            access_notes=None,
        )


class ProgramText(Part, frozen=True, kw_only=True):
    """All that is said of a program in one language."""

    name: Line
    description: Text = ""
    eligibility: Text = ""
    how_to_apply: Text = ""
    what_happens: Text = ""
    cost: Text = ""
    alert: Text = ""
    translated_on: date | None = None
    translated_version: int | None = None


class SpokenLanguage(Part, frozen=True, kw_only=True):
    """A language in which staff answer: ISO 639-1 code, or 639-3 such as `ase`."""

    id: Uuid = field(default_factory=new_id)
    code: Language
    note: Text | None = None


class Interpreter(Part, frozen=True, kw_only=True):
    """Whether a line in any language is there; None is unknown."""

    available: bool | None = None
    note: Text | None = None


class LinkDraft(Part, frozen=True, kw_only=True):
    """A further web address with its label."""

    label: Line
    url: Annotated[str, Meta(max_length=500)]


class SourceDraft(Part, frozen=True, kw_only=True):
    """Where facts come from; `supports` and sources that are not public are for editors."""

    id: Uuid = field(default_factory=new_id)
    title: Text
    url: Annotated[str, Meta(max_length=2000)]
    as_of: AsOf | None = None
    is_public: bool = False
    supports: Text | None = None
    fields: tuple[str, ...] = ()
    feed: Line | None = None


class OrganizationDraft(Part, frozen=True, kw_only=True):
    """Everything an organization can say."""

    id: Uuid = field(default_factory=new_id)
    slug: Slug | None = None
    name: Line
    level: Level
    aliases: tuple[Line, ...] = ()
    former_names: tuple[Line, ...] = ()
    parent: Uuid | None = None
    url: Annotated[str, Meta(max_length=500)] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    descriptions: dict[Language, Text] = {}
    partners_note: Text | None = None
    phones: tuple[PhoneDraft, ...] = ()


class ProgramDraft(Part, frozen=True, kw_only=True):
    """Everything a program can say. Names an existing organization or holds a new one."""

    id: Uuid = field(default_factory=new_id)
    slug: Slug | None = None
    kind: ProgramKind = ProgramKind.PROGRAM
    level: Level
    organization: Uuid | None = None
    new_organization: OrganizationDraft | None = None
    texts: dict[Language, ProgramText]
    alternate_names: tuple[Line, ...] = ()
    former_names: tuple[Line, ...] = ()
    categories: tuple[Slug, ...] = ()
    populations: tuple[Slug, ...] = ()
    populations_excluded: tuple[Slug, ...] = ()
    population_note: Text | None = None
    min_age: Annotated[int, Meta(ge=0, le=120)] | None = None
    max_age: Annotated[int, Meta(ge=0, le=120)] | None = None
    languages: tuple[SpokenLanguage, ...] = ()
    interpreter: Interpreter = Interpreter()
    phones: tuple[PhoneDraft, ...] = ()
    email: Annotated[str, Meta(max_length=254)] | None = None
    url: Annotated[str, Meta(max_length=500)] | None = None
    links: tuple[LinkDraft, ...] = ()
    hours: Hours | None = None
    sites: tuple[SiteDraft, ...] = ()
    service_areas: tuple[AreaDraft, ...] = ()
    area_words: Text | None = None
    asks_immigration_status: Known = Known.UNKNOWN
    needs_police_report: Known = Known.UNKNOWN
    mandated_reporters: Known = Known.UNKNOWN
    run_by: RunBy | None = None
    availability: Availability = Availability.OPEN
    paused_until: date | None = None
    alert_until: date | None = None
    partners_note: Text | None = None
    as_of: AsOf | None = None
    sources: tuple[SourceDraft, ...] = ()
    confidence: Line | None = None
    editor_note: Text | None = None

    @property
    def name(self) -> str:
        """Give the English name."""
        return self.texts["en"].name


Document = dict[str, Any]
Draft = ProgramDraft | OrganizationDraft
DraftT = TypeVar("DraftT", ProgramDraft, OrganizationDraft)

# From a format to the next one: {1: step, …}. Empty while there is one format.
_UPGRADES: dict[int, Callable[[Document], Document]] = {}
_SPACES = re.compile(r"[ \t\u00a0]+")


def to_json(draft: Draft) -> str:
    """Give the document of a draft as it is stored: JSON with its keys in a fixed order."""
    return msgspec.json.encode(draft, order="deterministic").decode()


def read_program(document: str, format: int = FORMAT) -> ProgramDraft:
    """Read a stored program document. Raises InvalidError if it is not one."""
    return _read(document, format, ProgramDraft)


def read_organization(document: str, format: int = FORMAT) -> OrganizationDraft:
    """Read a stored organization document. Raises InvalidError if it is not one."""
    return _read(document, format, OrganizationDraft)


def to_builtins(draft: Draft) -> Document:
    """Give a draft as dicts, lists, strings and numbers."""
    document: Document = msgspec.json.decode(msgspec.json.encode(draft))
    return document


def from_builtins(document: Document, kind: type[DraftT]) -> DraftT:
    """Build a draft of a kind from dicts and lists, cleaned.

    Raises InvalidError with the path and the reason of the first thing that does not fit.
    """
    try:
        return msgspec.convert(clean(document), kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidError(N_("This cannot be read as a listing: {reason}"), reason=str(error)) from error


def clean(value: Any) -> Any:
    """Give a document without control characters and outer space, confidential addresses dropped.

    This is the one door into a draft, for forms and imports alike, so that a street that must not
    be known is gone before anything is written.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        if value.isprintable() and "  " not in value:  # neither controls nor lines nor odd spaces
            return value.strip()
        lines = without_controls(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        cleaned = {key: clean(item) for key, item in value.items()}
        if cleaned.get("visibility") == Visibility.AREA_ONLY:
            return {key: item for key, item in cleaned.items() if key not in CONFIDENTIAL}
        return cleaned
    return value


# What is never stored of a confidential site: everything SiteDraft.without_address() clears.
CONFIDENTIAL = frozenset(
    ("street", "city", "state", "postal_code", "latitude", "longitude", "precision", "access_notes")
)


def _read(document: str, format: int, kind: type[DraftT]) -> DraftT:
    try:
        if format == FORMAT:
            return msgspec.json.decode(document, type=kind)
        content = msgspec.json.decode(document)
        for number in range(format, FORMAT):
            content = _UPGRADES[number](content)
        return msgspec.convert(content, kind)
    except (msgspec.DecodeError, KeyError) as error:
        raise InvalidError(N_("A stored document cannot be read: {reason}"), reason=str(error)) from error
