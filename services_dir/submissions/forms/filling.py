"""From a draft to what its form shows: plain values for the fields, by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services_dir.catalog.draft import (
    AreaDraft,
    Hours,
    OrganizationDraft,
    PhoneDraft,
    ProgramDraft,
    ProgramText,
    SiteDraft,
    SourceDraft,
)
from services_dir.submissions.forms.choices import Choices
from services_dir.values import spoken_number
from services_dir.web.languages import language_name

Values = dict[str, Any]

TEXTS = ("name", "description", "eligibility", "how_to_apply", "what_happens", "cost", "alert")
# Fields of the program's form that hold a value of the draft as it is.
SAME = (
    "level",
    "population_note",
    "min_age",
    "max_age",
    "email",
    "url",
    "area_words",
    "asks_immigration_status",
    "needs_police_report",
    "mandated_reporters",
    "run_by",
    "availability",
    "paused_until",
    "alert_until",
    "partners_note",
)
EDITORS = ("kind", "confidence", "editor_note")


def program_values(draft: ProgramDraft, choices: Choices, *, for_editor: bool, own: frozenset[str]) -> Values:
    """Give what the form of a program shows.

    From outside only public sources are shown, and those whose ids are in `own`: the sender's.
    """
    english, spanish = draft.texts["en"], draft.texts.get("es")
    values: Values = {name: getattr(english, name) for name in TEXTS}
    values |= {name: getattr(draft, name) for name in SAME}
    values |= hours_values(draft.hours)
    if draft.hours is not None:
        values["time_zone"] = draft.hours.zone
    new = draft.new_organization
    values |= {
        "organization": choices.organizations.get(draft.organization or "", ""),
        "new_organization": {"name": new.name, "level": new.level, "url": new.url} if new else {},
        "categories": list(draft.categories),
        "populations": list(draft.populations),
        "populations_excluded": list(draft.populations_excluded),
        "phones": phone_values(draft.phones),
        "links": [{"label": link.label, "url": link.url} for link in draft.links],
        "service_areas": area_values(draft.service_areas, choices),
        "languages": [
            {"key": spoken.id, "language": language_name(spoken.code), "note": spoken.note}
            for spoken in draft.languages
        ],
        "interpreter": {None: "", True: "yes", False: "no"}[draft.interpreter.available],
        "interpreter_note": draft.interpreter.note,
        "sites": [_site_values(site, choices) for site in draft.sites],
        "alternate_names": "\n".join(draft.alternate_names),
        "former_names": "\n".join(draft.former_names),
        "spanish": spanish_values(english, spanish),
        "sources": [
            _source_values(source) for source in draft.sources if for_editor or is_shown_outside(source, own)
        ],
    }
    if for_editor:
        values |= {name: getattr(draft, name) for name in EDITORS}
        values["as_of"] = draft.as_of.text if draft.as_of else ""
    return values


def organization_values(draft: OrganizationDraft, choices: Choices) -> Values:
    """Give what the form of an organization shows."""
    return {
        "name": draft.name,
        "level": draft.level,
        "parent": choices.organizations.get(draft.parent or "", ""),
        "url": draft.url,
        "email": draft.email,
        "description": draft.descriptions.get("en", ""),
        "spanish_description": draft.descriptions.get("es", ""),
        "phones": phone_values(draft.phones),
        "aliases": "\n".join(draft.aliases),
        "former_names": "\n".join(draft.former_names),
        "partners_note": draft.partners_note,
    }


def spanish_values(english: ProgramText, spanish: ProgramText | None) -> Values:
    """Give the Spanish texts; a name that is as in English is left out."""
    if spanish is None:
        return {}
    values = {name: getattr(spanish, name) for name in TEXTS}
    return values | {"name": "" if spanish.name == english.name else spanish.name}


def hours_values(hours: Hours | None) -> Values:
    """Give what the form shows of a schedule."""
    if hours is None:
        return {"hours_words": "", "always": False}
    return {
        "hours_words": hours.words,
        "always": hours.round_the_clock,
        "weekly": [
            {"days": list(week.days), "opens": week.opens, "closes": week.closes} for week in hours.weekly
        ],
        "exceptions": [
            {"on": day.on, "opens": day.opens, "closes": day.closes, "note": day.note}
            for day in hours.exceptions
        ],
    }


def phone_values(phones: Iterable[PhoneDraft]) -> list[Values]:
    """Give the rows of phones."""
    return [
        {
            "key": phone.id,
            "kind": phone.kind,
            "number": spoken_number(phone.number),
            "extension": phone.extension,
            "label": phone.label,
            "language": language_name(phone.language) if phone.language else "",
            "instruction": phone.instruction,
            **hours_values(phone.hours),
        }
        for phone in phones
    ]


def area_values(areas: Iterable[AreaDraft], choices: Choices) -> list[Values]:
    """Give the rows of areas."""
    return [{"key": area.id, "place": choices.place_name(area.place)} for area in areas]


def is_shown_outside(source: SourceDraft, own: frozenset[str]) -> bool:
    """Tell whether a sender may see a source: it is public, or her own."""
    return source.is_public or source.id in own


def _site_values(site: SiteDraft, choices: Choices) -> Values:
    return {
        "key": site.id,
        "visibility": site.visibility,
        "name": site.name,
        "street": site.street,
        "city": site_city(site, choices),
        "state": site.state,
        "postal_code": site.postal_code,
        "access_notes": site.access_notes,
        "region": choices.region_name(site.region) if site.region else "",
        "phones": phone_values(site.phones),
        "service_areas": area_values(site.service_areas, choices),
        **hours_values(site.hours),
    }


def site_city(site: SiteDraft, choices: Choices) -> str:
    """Give the town of a site as its form shows it: as the address says, else the town it lies in."""
    return site.city or (choices.place_name(site.town) if site.town else "")


def _source_values(source: SourceDraft) -> Values:
    return {
        "key": source.id,
        "title": source.title,
        "url": source.url,
        "as_of": source.as_of.text if source.as_of else "",
        "is_public": source.is_public,
        "supports": source.supports,
    }
