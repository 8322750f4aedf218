"""The frozen values that anybody may see."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from services_dir.catalog.kinds import (
    Access,
    AssuranceMethod,
    Availability,
    DatePrecision,
    Known,
    Level,
    PhoneKind,
    PlaceKind,
    Precision,
    ProgramKind,
    RunBy,
    Visibility,
)
from services_dir.catalog.rules import is_grave


class PublicAsOf(Struct, frozen=True):
    """The date facts speak for, as exact as it is known: `2026-02`, month."""

    text: str
    precision: DatePrecision


class PublicInterval(Struct, frozen=True):
    """Open on a weekday (0 is Monday) from minute to minute; past 1,440 is the next day."""

    weekday: int
    opens: int
    closes: int


class PublicException(Struct, frozen=True):
    """Other hours on one date, in minutes; None is closed."""

    on: date
    opens: int | None
    closes: int | None
    note: str | None


class PublicHours(Struct, frozen=True):
    """A schedule in its IANA zone, with the words of the source."""

    id: str
    words: str
    zone: str
    round_the_clock: bool
    intervals: tuple[PublicInterval, ...]
    exceptions: tuple[PublicException, ...]


class PublicPhone(Struct, frozen=True):
    """A number: E.164 or the digits of a short code."""

    id: str
    kind: PhoneKind
    number: str
    extension: str | None
    label: str | None
    language: str | None
    instruction: str | None
    hours: PublicHours | None


class PublicPlace(Struct, frozen=True):
    """A place by key, kind and name."""

    key: str
    kind: PlaceKind
    name: str


class PublicArea(Struct, frozen=True):
    """A place that is served."""

    id: str
    place: PublicPlace


class PublicSite(Struct, frozen=True):
    """A place to go to, or the town and region of one that must not be known."""

    id: str
    location_id: str
    name: str | None
    visibility: Visibility
    street: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    town: PublicPlace | None
    region: PublicPlace | None
    latitude: float | None
    longitude: float | None
    precision: Precision | None
    access_notes: str | None
    phones: tuple[PublicPhone, ...]
    hours: PublicHours | None
    service_areas: tuple[PublicArea, ...]

    @property
    def is_public(self) -> bool:
        """Tell whether people can be sent there."""
        return self.visibility is Visibility.PUBLIC


class PublicText(Struct, frozen=True):
    """All that is said of a program in one language; empty text is unknown."""

    name: str
    description: str
    eligibility: str
    how_to_apply: str
    what_happens: str
    cost: str
    alert: str
    translated_on: date | None


class PublicLanguage(Struct, frozen=True):
    """A language in which staff answer."""

    id: str
    code: str
    note: str | None


class PublicLink(Struct, frozen=True):
    """A further web address."""

    label: str
    url: str


class PublicSource(Struct, frozen=True):
    """A public page the facts come from."""

    id: str
    title: str
    url: str
    as_of: PublicAsOf | None


class PublicAssurance(Struct, frozen=True):
    """The newest check of a program's details."""

    on: date
    method: AssuranceMethod
    role: str | None
    feed: str | None


class PublicOrganizationName(Struct, frozen=True):
    """What a program says of the organization that runs it."""

    id: str
    slug: str
    name: str
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]
    url: str | None
    parent: str | None


class PublicOrganization(Struct, frozen=True):
    """An organization as anybody may see it."""

    id: str
    slug: str
    name: str
    level: Level
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]
    parent_id: str | None
    parent_slug: str | None
    parent_name: str | None
    url: str | None
    email: str | None
    descriptions: dict[str, str]
    partners_note: str | None
    phones: tuple[PublicPhone, ...]
    modified_at: datetime


class PublicProgram(Struct, frozen=True):
    """A program as anybody may see it."""

    id: str
    slug: str
    kind: ProgramKind
    level: Level
    organization: PublicOrganizationName
    texts: dict[str, PublicText]
    alternate_names: tuple[str, ...]
    former_names: tuple[str, ...]
    categories: tuple[str, ...]
    populations: tuple[str, ...]
    populations_excluded: tuple[str, ...]
    population_note: str | None
    min_age: int | None
    max_age: int | None
    languages: tuple[PublicLanguage, ...]
    has_interpreter: bool | None
    interpreter_note: str | None
    phones: tuple[PublicPhone, ...]
    email: str | None
    url: str | None
    links: tuple[PublicLink, ...]
    hours: PublicHours | None
    sites: tuple[PublicSite, ...]
    service_areas: tuple[PublicArea, ...]
    area_words: str | None
    asks_immigration_status: Known
    needs_police_report: Known
    mandated_reporters: Known
    run_by: RunBy | None
    availability: Availability
    paused_until: date | None
    alert_until: date | None
    partners_note: str | None
    as_of: PublicAsOf | None
    sources: tuple[PublicSource, ...]
    assured: PublicAssurance | None
    modified_at: datetime

    def text(self, language: str = "en") -> PublicText:
        """Give the texts in a language, or the English ones."""
        return self.texts.get(language) or self.texts["en"]

    def alert_on(self, today: date, language: str = "en") -> str | None:
        """Give the caution to show on a day, if there is one."""
        if self.alert_until is not None and today > self.alert_until:
            return None
        return self.text(language).alert or self.texts["en"].alert or None

    def availability_on(self, today: date) -> Availability:
        """Tell whether people are taken on a day: a pause ends after its last day."""
        paused = self.availability is Availability.PAUSED
        is_over = self.paused_until is not None and today > self.paused_until
        return Availability.OPEN if paused and is_over else self.availability

    @property
    def all_phones(self) -> tuple[PublicPhone, ...]:
        """Give the program's phones, then those of its sites."""
        return (*self.phones, *(phone for site in self.sites for phone in site.phones))

    @property
    def is_grave(self) -> bool:
        """Tell whether people call it in danger, so that its details must be looked at more often."""
        return is_grave(self.categories, (phone.kind for phone in self.all_phones))

    @property
    def all_hours(self) -> tuple[PublicHours, ...]:
        """Give every schedule: the program's, its sites', its phones'."""
        held = (self.hours, *(site.hours for site in self.sites), *(phone.hours for phone in self.all_phones))
        return tuple(hours for hours in held if hours is not None)

    @property
    def all_areas(self) -> tuple[PublicArea, ...]:
        """Give the service areas of the program, then those of its sites."""
        return (*self.service_areas, *(area for site in self.sites for area in site.service_areas))

    @property
    def public_sites(self) -> tuple[PublicSite, ...]:
        """Give the sites people can be sent to."""
        return tuple(site for site in self.sites if site.is_public)

    @property
    def access(self) -> tuple[Access, ...]:
        """Derive from facts how the program can be reached; nothing is guessed."""
        kinds = {phone.kind for phone in self.all_phones}
        spoken = {PhoneKind.VOICE, PhoneKind.HOTLINE, PhoneKind.TTY, PhoneKind.RELAY}
        facts = {
            Access.PHONE: bool(kinds & spoken),
            Access.TEXT: bool(kinds & {PhoneKind.TEXT, PhoneKind.WHATSAPP}),
            Access.EMAIL: self.email is not None,
            Access.IN_PERSON: bool(self.public_sites),
            Access.ROUND_THE_CLOCK: any(hours.round_the_clock for hours in self.all_hours),
            Access.FREE: self.texts["en"].cost.split(".")[0].strip().casefold() in _FREE,
        }
        return tuple(access for access, holds in facts.items() if holds)

    @property
    def has_way_to_reach(self) -> bool:
        """Tell whether there is any phone, mail, web address or street."""
        return bool(
            self.all_phones or self.email or self.url or self.links or any(site.street for site in self.sites)
        )


# Words of `cost` that say that nothing is paid. "Free or low cost" and "free to apply" do not.
_FREE = frozenset(("free", "free and confidential", "free for individuals", "no cost", "no charge"))
