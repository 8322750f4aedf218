"""The catalog as a table that people open in a spreadsheet: one program a row, in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog import queries
from services_dir.catalog.freshness import Freshness, get_freshness
from services_dir.catalog.kinds import Known, Vocabulary
from services_dir.catalog.public import PublicHours, PublicPhone, PublicProgram, PublicSite
from services_dir.catalog.words import (
    age_words,
    area_words,
    availability_words,
    confirmed_words,
    hours_words,
    place_words,
)
from services_dir.errors import N_
from services_dir.exchange.exports.catalog import open_catalog
from services_dir.values import spoken_number
from services_dir.web.languages import current_language, language_name, translated

Labels = Mapping[tuple[Vocabulary, str], str]

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
# What a spreadsheet may take for the beginning of a formula, also at full width.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_BETWEEN = "; "


def csv_chunks(session: Session, today: date, base: str) -> Iterator[bytes]:
    """Write the table in the language of the request, by program id; `base` is the address of this site.

    RFC 4180, every cell in quotes, UTF-8 with a byte order mark. A cell that a spreadsheet might run as
    a formula begins with an apostrophe.
    """
    language = current_language()
    with open_catalog(session, today) as catalog:
        labels, freshness = queries.get_labels(session, language), get_freshness(session)
        yield (_BYTE_ORDER_MARK + _line(map(translated, _HEADER))).encode()
        for program in catalog.programs():
            yield _line(_row(program, labels, freshness, today=today, language=language, base=base)).encode()


class _Row(NamedTuple):
    """The cells of a program, in the order of their columns."""

    name: str
    organization: str
    categories: str
    description: str
    eligibility: str
    populations: str
    excluded: str
    ages: str
    how_to_apply: str
    what_happens: str
    cost: str
    phones: str
    email: str
    url: str
    links: str
    hours: str
    places: str
    area: str
    languages: str
    interpreter: str
    immigration: str
    police_report: str
    level: str
    alert: str
    availability: str
    confirmed: str
    changed: str
    sources: str
    page: str
    id: str


_HEADER = _Row(
    name=N_("Name"),
    organization=N_("Organization"),
    categories=N_("Kinds of help"),
    description=N_("What it does"),
    eligibility=N_("Who can use it"),
    populations=N_("For whom"),
    excluded=N_("Not for"),
    ages=N_("Ages"),
    how_to_apply=N_("How to begin"),
    what_happens=N_("What happens when you call"),
    cost=N_("Cost"),
    phones=N_("Phone"),
    email=N_("E-mail"),
    url=N_("Website"),
    links=N_("More links"),
    hours=N_("Hours"),
    places=N_("Places"),
    area=N_("Area served"),
    languages=N_("Languages"),
    interpreter=N_("Interpreters"),
    immigration=N_("Asks about immigration status"),
    police_report=N_("Needs a police report"),
    level=N_("Who runs it"),
    alert=N_("Caution"),
    availability=N_("Takes new people"),
    confirmed=N_("Confirmed"),
    changed=N_("Last change"),
    sources=N_("Sources"),
    page=N_("Page"),
    id=N_("ID"),
)


def _row(
    program: PublicProgram, labels: Labels, freshness: Freshness, *, today: date, language: str, base: str
) -> _Row:
    def text(field: str) -> str:
        return str(getattr(program.text(language), field) or getattr(program.text("en"), field))

    def named(vocabulary: Vocabulary, slugs: Iterable[str]) -> str:
        return _joined(labels[vocabulary, slug] for slug in slugs)

    eligibility = (text("eligibility"), program.population_note)
    runner = program.organization
    return _Row(
        name=text("name"),
        organization=runner.name,
        categories=named(Vocabulary.CATEGORY, program.categories),
        description=text("description"),
        eligibility=" ".join(filter(None, eligibility)),
        populations=named(Vocabulary.POPULATION, program.populations),
        excluded=named(Vocabulary.POPULATION, program.populations_excluded),
        ages=age_words(program.min_age, program.max_age) or "",
        how_to_apply=text("how_to_apply"),
        what_happens=text("what_happens"),
        cost=text("cost"),
        phones=_joined(_phone(phone, language, today) for phone in program.all_phones),
        email=program.email or "",
        url=program.url or "",
        links=_joined(f"{link.label}: {link.url}" for link in program.links),
        hours=_hours(program.hours, language, today),
        places=_joined(_place(site, language, today) for site in program.sites),
        area=_joined(area_words(program.all_areas)) or program.area_words or "",
        languages=_joined(language_name(spoken.code) for spoken in program.languages),
        interpreter=_interpreter(program),
        immigration=_known(program.asks_immigration_status),
        police_report=_known(program.needs_police_report),
        level=labels[Vocabulary.LEVEL, program.level.value],
        alert=program.alert_on(today, language) or "",
        availability=availability_words(program, today) or _("Yes"),
        confirmed=confirmed_words(program.assured, today, freshness, is_grave=program.is_grave),
        changed=program.modified_at.date().isoformat(),
        sources=_joined(source.url for source in program.sources),
        page=f"{base.rstrip('/')}/programs/{program.slug}",
        id=program.id,
    )


def _phone(phone: PublicPhone, language: str, today: date) -> str:
    number = spoken_number(phone.number)
    extension = _("extension %(number)s", number=phone.extension) if phone.extension else ""
    spoken = language_name(phone.language) if phone.language else ""
    beside = (phone.label, phone.instruction, spoken, _hours(phone.hours, language, today))
    notes = ", ".join(filter(None, beside))
    kind = translated(phone.kind.label)
    return " ".join(filter(None, (f"{kind}:", number, extension, f"({notes})" if notes else "")))


def _place(site: PublicSite, language: str, today: date) -> str:
    """Give a site with its address, or of a confidential one what may be said."""
    around = (place_words(place) for place in (site.town, site.region) if place is not None)
    if not site.is_public:
        return ", ".join(filter(None, (site.name, *around, _("Confidential address"))))
    city = site.city or (place_words(site.town) if site.town else "")
    tail = " ".join(filter(None, (site.state, site.postal_code)))
    hours = _hours(site.hours, language, today)
    notes = ". ".join(filter(None, (hours, site.access_notes)))
    address = ", ".join(filter(None, (site.name, site.street, city, tail)))
    return f"{address} ({notes})" if notes else address


def _hours(hours: PublicHours | None, language: str, today: date) -> str:
    return _joined(words.text for words in hours_words(hours, language, today)) if hours else ""


def _interpreter(program: PublicProgram) -> str:
    known = {None: "", True: _("Yes"), False: _("No")}[program.has_interpreter]
    return ". ".join(filter(None, (known, program.interpreter_note)))


def _known(known: Known) -> str:
    return "" if known is Known.UNKNOWN else translated(known.label)


def _joined(parts: Iterable[str | None]) -> str:
    return _BETWEEN.join(filter(None, parts))


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow(map(harmless, cells))
    return written.getvalue()


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet runs: what looks like a formula gets an apostrophe before it."""
    starts = cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA)
    return f"'{cell}" if starts else cell
