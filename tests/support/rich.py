"""A made-up program that says all that a program can say."""

from __future__ import annotations

from datetime import date
from typing import Any

from services_dir.catalog.draft import (
    AreaDraft,
    DatedHours,
    Hours,
    Interpreter,
    LinkDraft,
    ProgramDraft,
    ProgramText,
    SourceDraft,
    SpokenLanguage,
    WeeklyHours,
)
from services_dir.catalog.kinds import Day, Known, PhoneKind
from tests.support.factories import (
    ZONE,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_program,
    draft_site,
)


def evenings() -> Hours:
    """Give hours that go on past midnight, and a day off."""
    return Hours(
        words="Monday and Tuesday evenings",
        zone=ZONE,
        weekly=(WeeklyHours(days=(Day.MONDAY, Day.TUESDAY), opens="18:00", closes="01:00"),),
        exceptions=(DatedHours(on=date(2027, 12, 25), note="Holiday"),),
    )


def a_rich_program(**changes: Any) -> ProgramDraft:
    """Give a program that says all it can."""
    values: dict[str, Any] = {
        "slug": "lantern-house",
        "new_organization": draft_organization(
            name="Made-up Lantern Alliance",
            aliases=("MLA", "The Lanterns"),
            former_names=("Made-up Lamp Society",),
            descriptions={"en": "A made-up alliance.", "es": "Una alianza inventada."},
            url="https://lantern.example.org/",
            email="hello@lantern.example.org",
            phones=(draft_phone("+18605550111"),),
        ),
        "texts": {
            "en": ProgramText(
                name="Lantern House",
                description="A made-up house with lanterns.",
                eligibility="Anyone.",
                how_to_apply="Call first.",
                what_happens="Somebody kind answers.",
                cost="Free",
                alert="The bell is broken.",
            ),
            "es": ProgramText(
                name="Casa Linterna", description="Una casa inventada.", translated_on=date(2026, 1, 5)
            ),
        },
        "alternate_names": ("The Lantern", "Lantern Home"),
        "former_names": ("Lamp House",),
        "categories": ("emergency-shelter", "legal-assistance"),
        "populations": ("all-survivors",),
        "population_note": "Also for their children.",
        "min_age": 18,
        "max_age": 120,
        "languages": (SpokenLanguage(code="es", note="Ask for it."), SpokenLanguage(code="ase")),
        "interpreter": Interpreter(available=True, note="By phone."),
        "phones": (
            draft_phone(
                "+18605550101",
                kind=PhoneKind.HOTLINE,
                extension="012",
                label="Night line",
                language="es",
                instruction="Press 2.",
                hours=Hours(words="24 hours", zone=ZONE, round_the_clock=True),
            ),
            draft_phone("+18605550102", extension="7"),
        ),
        "email": "house@lantern.example.org",
        "url": "https://lantern.example.org/house",
        "links": (LinkDraft(label="Apply", url="https://lantern.example.org/apply"),),
        "hours": evenings(),
        "sites": (
            draft_site(
                name="Main door",
                access_notes="Two steps.",
                hours=evenings(),
                phones=(draft_phone("+18605550103"),),
            ),
            draft_site(
                street="14 Made-up Street",
                postal_code=None,
                town="town/west-hartford",
                latitude=None,
                longitude=None,
                precision=None,
            ),
            draft_hidden_site(service_areas=(AreaDraft(place="town/new-haven"),)),
        ),
        "service_areas": (AreaDraft(place="town/hartford"), AreaDraft(place="state/connecticut")),
        "area_words": "Mostly Hartford.",
        "asks_immigration_status": Known.NO,
        "needs_police_report": Known.YES,
        "partners_note": "With a made-up friend.",
        "sources": (
            SourceDraft(title="A public page", url="https://lantern.example.org/about", is_public=True),
            SourceDraft(title="For editors", url="https://secret.example.org/", is_public=False),
        ),
        "editor_note": "An editor's secret.",
    }
    return draft_program(**values | changes)
