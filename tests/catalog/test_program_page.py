"""What the page of a program shows."""

from __future__ import annotations

from datetime import date

import pytest

from services_dir import clock
from services_dir.catalog.draft import (
    AreaDraft,
    AsOf,
    Hours,
    Interpreter,
    LinkDraft,
    SourceDraft,
    SpokenLanguage,
)
from services_dir.catalog.kinds import (
    AssuranceMethod,
    Availability,
    DatePrecision,
    Known,
    PhoneKind,
    ProgramKind,
    RunBy,
)
from services_dir.catalog.models import Assurance
from services_dir.db import transaction
from tests.support.factories import (
    ZONE,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_site,
    make_organization,
    make_program,
)
from tests.support.facts import facts
from tests.support.markup import text_of

ROUND_THE_CLOCK = Hours(words="24 hours a day", zone=ZONE, round_the_clock=True)


def test_a_program_says_what_it_does_and_who_runs_it(client, session):
    parent = make_organization(session, name="Made-up Union")
    runner = draft_organization(name="Made-up Alliance", slug="alliance", parent=parent.uuid)
    make_program(
        session,
        slug="north-house",
        name="North House",
        description="A safe place to stay.\nFood and clothes too.",
        what_happens="A person answers.",
        how_to_apply="Call first.",
        new_organization=runner,
        alternate_names=("The House",),
        former_names=("Old House",),
        partners_note="with Made-up Hospital",
    )

    page = client.get("/programs/north-house").page

    assert page.heading == "North House"
    assert "A safe place to stay." in page.texts("p")
    assert "Food and clothes too." in page.texts("p")
    assert "/organizations/alliance" in page.links
    assert "part of Made-up Union" in page.text
    said = facts(page)
    assert said["Who runs it"] == "Made-up Alliance (Local)"
    assert said["Together with others"] == "with Made-up Hospital"
    assert said["How to start, and what papers you need"] == "Call first."
    assert said["What happens when you call, and who answers"] == "A person answers."
    assert said["Kinds of help"] == "Housing"
    assert "Also called: The House" in page.text
    assert "Called before: Old House" in page.text


def test_titles_and_addresses_of_a_page_name_no_need(client, session):
    make_program(session, slug="north-house", name="North House shelter")

    page = client.get("/programs/north-house").page

    assert page.title == "Program details"


def test_it_says_for_whom_a_program_is(client, session):
    make_program(
        session,
        slug="north-house",
        populations=("all-survivors", "minors"),
        populations_excluded=("men",),
        population_note="young people who left home",
        min_age=12,
        max_age=17,
        eligibility="Anyone who asks.",
    )

    said = facts(client.get("/programs/north-house").page)

    for words in (
        "All survivors",
        "Children and teens",
        "young people who left home",
        "Ages 12 to 17",
        "Anyone who asks.",
    ):
        assert words in said["For whom"]
    assert said["Not for"] == "Men"


def test_each_number_can_be_tapped_and_says_what_to_do(client, session):
    make_program(
        session,
        slug="north-house",
        phones=(
            draft_phone(
                "+18605550101",
                kind=PhoneKind.HOTLINE,
                label="Night line",
                extension="12",
                language="es",
                instruction="press 2",
                hours=ROUND_THE_CLOCK,
            ),
            draft_phone("741741", kind=PhoneKind.TEXT, instruction="text HOME"),
            draft_phone("+18605550103", kind=PhoneKind.FAX),
        ),
    )

    page = client.get("/programs/north-house").page

    assert {"tel:+18605550101;ext=12", "sms:741741"} <= set(page.links)
    first, second, fax = [text_of(phone) for phone in page.all("li", class_="phone")]
    for words in ("Night line", "Call 860-555-0101", "extension 12", "Spanish", "press 2", "24 hours a day"):
        assert words in first
    assert "text HOME" in second
    assert "Hours not known" in second
    assert "Fax 860-555-0103" in fax


def test_the_numbers_of_a_place_can_be_tapped_at_the_top(client, session):
    site = draft_site(phones=(draft_phone("+18605550177", label="Front desk"),))
    make_program(session, slug="north-house", phones=(), sites=(site,))

    page = client.get("/programs/north-house").page

    top = page.one("section", class_="listing__reach")
    assert "Call 860-555-0177" in text_of(top)


def test_mail_and_web_are_ways_to_reach_a_program(client, session):
    make_program(
        session,
        slug="north-house",
        email="help@example.org",
        url="https://www.example.org/",
        links=(LinkDraft(label="Online form", url="https://example.org/form"),),
    )

    page = client.get("/programs/north-house").page

    assert "mailto:help@example.org" in page.links
    assert facts(page)["E-mail"] == "help@example.org"
    assert "example.org" in page.texts("li")
    assert "Online form" in page.texts("li")
    assert all(link.get("rel") == "noreferrer" for link in page.all("a", href="https://www.example.org/"))


def test_a_program_without_any_way_to_reach_it_leads_to_211(client, session):
    make_program(session, slug="north-house", phones=())

    page = client.get("/programs/north-house").page

    assert "We know no number. Call 2-1-1." in page.text
    assert "tel:211" in page.links


def test_unknown_hours_are_said_to_be_unknown(client, session):
    make_program(session, slug="north-house")

    page = client.get("/programs/north-house").page

    assert facts(page)["Hours"] == "We do not know the hours."
    assert "Open now" not in page.text


def test_a_line_that_always_answers_is_open_now(client, session):
    make_program(session, slug="north-house", hours=ROUND_THE_CLOCK)

    page = client.get("/programs/north-house").page

    assert "Open now" in page.texts("span", class_="tag")
    assert facts(page)["Hours"] == "24 hours a day"


def test_hours_of_the_numbers_only_are_said_to_stand_there(client, session):
    make_program(session, slug="north-house", phones=(draft_phone(hours=ROUND_THE_CLOCK),))

    assert (
        facts(client.get("/programs/north-house").page)["Hours"] == "See the hours of each number and place."
    )


def test_the_area_is_named_in_the_words_of_the_source(client, session):
    make_program(session, slug="words", area_words="Greater Hartford and the hills")
    make_program(
        session,
        slug="names",
        service_areas=(AreaDraft(place="county/hartford"), AreaDraft(place="town/hamden")),
    )
    make_program(session, slug="state", service_areas=(AreaDraft(place="state/connecticut"),))
    make_program(session, slug="nation", service_areas=(AreaDraft(place="nation/united-states"),))

    areas = [
        facts(client.get(f"/programs/{slug}").page)["Area served"]
        for slug in ("words", "names", "state", "nation")
    ]

    assert areas == [
        "Greater Hartford and the hills",
        "Hartford County, Hamden",
        "Statewide (Connecticut)",
        "Nationwide",
    ]


def test_a_place_shows_its_address_hours_and_numbers(client, session):
    site = draft_site(
        name="Front office",
        access_notes="Ramp at the side.",
        hours=Hours(words="Monday to Friday 9 to 5", zone=ZONE),
        phones=(draft_phone("+18605550188"),),
        service_areas=(AreaDraft(place="town/west-hartford"),),
    )
    make_program(session, slug="north-house", sites=(site,))

    places = facts(client.get("/programs/north-house").page)["Places"]

    for words in (
        "Front office",
        "12 Made-up Street",
        "Hartford, CT 06103",
        "Ramp at the side.",
        "Monday to Friday 9 to 5",
        "860-555-0188",
        "Serves: West Hartford",
    ):
        assert words in places


def test_a_place_of_which_only_the_town_is_known_says_about(client, session):
    site = draft_site(street=None, postal_code=None, latitude=None, longitude=None, precision=None)
    make_program(session, slug="north-house", sites=(site,))

    places = facts(client.get("/programs/north-house").page)["Places"]

    assert places == "About Hartford, CT. We do not know the street."


def test_a_confidential_place_shows_its_area_only(client, session):
    make_program(session, slug="north-house", sites=(draft_hidden_site(),))

    places = facts(client.get("/programs/north-house").page)["Places"]

    assert "The address is kept secret" in places
    assert places.endswith("Capitol planning region")


def test_cost_and_languages_are_shown_or_said_to_be_unknown(client, session):
    make_program(
        session,
        slug="known",
        cost="Free",
        languages=(SpokenLanguage(code="es"), SpokenLanguage(code="ase", note="by videophone")),
        interpreter=Interpreter(available=True, note="more than 200 languages"),
    )
    make_program(session, slug="unknown")

    known = facts(client.get("/programs/known").page)
    unknown = facts(client.get("/programs/unknown").page)

    assert known["Cost"] == "Free"
    assert "Spanish" in known["Languages"]
    assert "American Sign Language (by videophone)" in known["Languages"]
    assert "Interpreters for other languages (more than 200 languages)" in known["Languages"]
    assert unknown["Cost"] == unknown["Languages"] == "Not known. Ask them first."


def test_what_a_program_asks_is_shown_and_unknown_stays_unknown(client, session):
    make_program(
        session,
        slug="known",
        asks_immigration_status=Known.NO,
        needs_police_report=Known.YES,
        mandated_reporters=Known.YES,
        run_by=RunBy.POLICE,
    )
    make_program(session, slug="unknown")
    questions = (
        "Does it ask about immigration status?",
        "Does it need a police report?",
        "Must its staff report harm to the state?",
        "Is it run by police, immigration or another country?",
    )

    known = facts(client.get("/programs/known").page)
    unknown = facts(client.get("/programs/unknown").page)

    assert [known[question].split()[0] for question in questions] == ["No", "Yes", "Yes", "Yes:"]
    assert known[questions[3]] == "Yes: The police"
    assert all(unknown[question].startswith("Not known") for question in questions)


def test_an_alert_stands_beside_the_contact_until_it_ends(client, session):
    make_program(session, slug="warned", alert="Ask a lawyer first.")
    make_program(session, slug="over", alert="Closed for the storm.", alert_until=date(2026, 1, 1))

    top = client.get("/programs/warned").page.one("section", class_="listing__reach")

    assert "Ask a lawyer first." in text_of(top)
    assert "Closed for the storm." not in client.get("/programs/over").page.text


@pytest.mark.parametrize(
    ("availability", "sentence"),
    [
        (Availability.WAITING_LIST, "There is a waiting list."),
        (Availability.PAUSED, "It takes no new people for now."),
        (Availability.CLOSED, "It takes no new people."),
    ],
)
def test_a_program_that_takes_nobody_says_so_and_is_not_open(client, session, availability, sentence):
    make_program(session, slug="north-house", availability=availability, hours=ROUND_THE_CLOCK)

    page = client.get("/programs/north-house").page

    assert sentence in page.texts("p")
    assert "Open now" not in page.text


def test_a_legal_right_is_not_called_a_program(client, session):
    make_program(session, slug="north-house", kind=ProgramKind.LEGAL_RIGHT)

    assert "This is a right that the law gives" in client.get("/programs/north-house").page.text


def test_public_sources_are_shown_with_their_dates(client, session):
    make_program(
        session,
        slug="north-house",
        sources=(
            SourceDraft(
                title="A list of 2024",
                url="https://example.org/list",
                is_public=True,
                as_of=AsOf(text="2024-05", precision=DatePrecision.MONTH),
            ),
        ),
        as_of=AsOf(text="2025", precision=DatePrecision.YEAR),
    )

    page = client.get("/programs/north-house").page

    assert "A list of 2024 (May 2024)" in page.texts("li")
    assert "https://example.org/list" in page.links
    assert "The facts speak for: 2025" in page.texts("li")
    assert "Last changed here: March 2, 2026" in page.texts("li")


def test_it_says_whether_somebody_confirmed_the_details(client, session):
    program = make_program(session, slug="north-house")
    before = client.get("/programs/north-house").page.text
    with transaction(session):
        session.add(
            Assurance(
                program_id=program.id,
                on=clock.now().date(),
                method=AssuranceMethod.PHONE,
                role="intake worker",
            )
        )

    after = client.get("/programs/north-house").page.text

    assert "Not yet confirmed by a coordinator. Call before you go." in before
    assert "by phone. Who answered: intake worker" in after
    assert "Not yet confirmed" not in after
