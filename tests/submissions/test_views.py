"""Proposing a program as a person does it: forms, private link, and what a mistake costs (nothing)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir import clock, policy
from services_dir.catalog.draft import SourceDraft
from services_dir.catalog.queries import find_program, find_published_draft
from services_dir.db import transaction
from services_dir.moderation.operations import withdraw
from services_dir.submissions import queries
from services_dir.submissions.models import Revision, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.queries import read_draft
from tests.support.factories import (
    TOKEN,
    draft_organization,
    draft_program,
    make_organization,
    make_program,
    make_submission,
)
from tests.support.markup import text_of
from tests.support.statements import counted_statements

FILLED = {
    "name": "Lantern legal clinic",
    "description": "Made-up lawyers help with papers.",
    "organization": "Made-up Keepers",
    "level": "local",
    "categories": ["legal-assistance", "housing"],
    "phones-0-number": "(860) 555-0123",
    "service_areas-0-place": "hartford county",
    "sources-0-url": "www.example.org/clinic",
    "sender_name": "Pat Made-up",
    "sender_email": "pat@example.org",
    "message": "I work there.",
}


@pytest.fixture(autouse=True)
def patient(app):
    """People need time to fill in a form; tests do not."""
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)


@pytest.fixture
def keepers(session):
    return make_organization(session, draft_organization(name="Made-up Keepers"))


def all_submissions(session):
    session.rollback()
    return session.scalars(select(Submission).order_by(Submission.id)).all()


def count(session, table):
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def newest(session):
    return all_submissions(session)[-1]


def test_somebody_proposes_a_program_and_gets_a_private_link(client, session, keepers):
    sent = client.submit(client.get("/submit"), FILLED)

    page = client.follow(sent).page
    assert "Waiting for review" in page.text
    assert "Keep this address; it is the only way back" in page.text
    assert f"http://localhost{sent.location}" in page.text
    submission = newest(session)
    assert submission.kind is SubmissionKind.NEW
    assert submission.state is SubmissionState.PENDING
    assert (submission.submitter_name, submission.message) == ("Pat Made-up", "I work there.")
    draft = read_draft(submission)
    assert draft.name == "Lantern legal clinic"
    assert draft.organization == keepers.uuid
    assert set(draft.categories) == {"housing", "legal-assistance"}
    assert [phone.number for phone in draft.phones] == ["+18605550123"]
    assert [area.place for area in draft.service_areas] == ["county/hartford"]
    assert [(s.url, s.is_public) for s in draft.sources] == [("https://www.example.org/clinic", False)]


WRONG = [
    ({"name": ""}, "Give the program a name in English."),
    ({"description": " "}, "Say in a few sentences what the program does."),
    ({"organization": "Nobody we know"}, "This organization is not in our list."),
    ({"organization": ""}, "Say which organization runs the program."),
    ({"new_organization-name": "New Keepers"}, "Choose what kind of organization it is."),
    ({"level": "galactic"}, "Not a valid choice"),
    ({"categories": None}, "Choose at least one kind of help."),
    ({"categories": ["no-such-kind"]}, "no-such-kind"),
    ({"phones-0-number": "12345678"}, "is not a phone number we can dial"),
    ({"phones-0-number": "9" * 5000}, "too long"),
    ({"phones-0-language": "Martian"}, "We do not know the language"),
    ({"email": "nobody at home"}, "is not an e-mail address"),
    ({"sender_email": "nobody at home"}, "is not an e-mail address"),
    ({"url": "javascript:alert(1)"}, "is not a web address"),
    ({"links-0-label": "A page", "links-0-url": "ftp://x"}, "is not a web address"),
    ({"service_areas-0-place": "Atlantis"}, "We do not know the place"),
    ({"service_areas-0-place": ""}, "Say which area the program serves."),
    ({"min_age": "ten"}, "Write a whole number"),
    ({"min_age": "30", "max_age": "20"}, "The highest age is below the lowest age."),
    ({"max_age": "999"}, "An age lies between 0 and 120."),
    ({"paused_until": "soon"}, "Write a date like this"),
    ({"paused_until": "2026-12-31"}, "needs the state"),
    ({"weekly-0-days": ["MO"], "weekly-0-opens": "soon", "weekly-0-closes": "5pm"}, "Write a time like this"),
    ({"weekly-0-opens": "9am", "weekly-0-closes": "5pm"}, "Choose at least one day."),
    ({"hours_words": "Always", "time_zone": "Mars/Olympus"}, "is not a time zone"),
    ({"sites-0-street": "1 Made-up Way"}, "Say whether the address may be public."),
    ({"sites-0-visibility": "public", "sites-0-city": "Hartford", "sites-0-postal_code": "x"}, "five digits"),
    ({"sites-0-visibility": "public"}, "in which town"),
    ({"sites-0-visibility": "area_only", "sites-0-city": "Atlantis"}, "We do not know this town."),
    ({"sources-0-as_of": "last year"}, "Write a year, a month or a day"),
    ({"populations": ["men"], "populations_excluded": ["men"]}, "both served and not served"),
    ({"leave_empty": "Buy this"}, "This field must stay empty."),
    ({"form_token": "forged"}, "Please send it again."),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("typed", "sentence"), WRONG, ids=[sentence for _typed, sentence in WRONG])
def test_bad_input_is_answered_with_everything_kept_and_nothing_in_the_queue(
    client, session, keepers, typed, sentence
):
    before = count(session, Submission)

    answer = client.submit(client.get("/submit"), FILLED | typed, status=422)

    page = answer.page
    assert sentence in text_of(page.one("div", class_="error-summary"))
    kept = page.form("/submit").values
    for name, value in (FILLED | typed).items():
        if name in ("leave_empty", "form_token", "level", "categories") or value in (None, "", " "):
            continue
        expected = value if isinstance(value, list) else [value]
        assert set(kept.get(name, [])) >= set(expected), name
    assert count(session, Submission) == before
    assert count(session, Revision) == before


@pytest.mark.sqlite
def test_a_form_sent_faster_than_a_person_can_is_shown_again(app, client, session, keepers):
    app.config["FORM_MINIMUM_AGE"] = timedelta(seconds=2)

    answer = client.submit(client.get("/submit"), FILLED, status=422)

    assert "That was very quick." in answer.page.text
    assert answer.page.form("/submit").values["name"] == [FILLED["name"]]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"phones-²-number": "1", "phones-99999999999-number": "2", "phones--1-number": "3", "phones-x": "4"},
        {"add": "nothing", "remove": "phones-0-x"},
        {"name": "\x00\x07" + "x" * 20_000, "seen_version": "9" * 50, "sites-0-phones-0-key": "'"},
        {f"sites-{n}-name": "x" for n in range(300)},
    ],
)
def test_nonsense_is_never_a_failure(client, session, keepers, data):
    program = make_program(session)
    before = count(session, Submission)

    for path in ("/submit", "/submit/organization", f"/programs/{program.slug}/changes/new"):
        assert client.look(path, method="POST", data=data).status in (200, 422)

    assert count(session, Submission) == before


@pytest.mark.sqlite
def test_rows_are_added_and_removed_without_a_script_and_nothing_is_checked_or_lost(client, session, keepers):
    typed = {"name": "Half", "phones-0-number": "not yet", "add": "phones"}
    page = client.submit(client.get("/submit"), typed, status=200).page
    values = page.form("/submit").values
    assert values["phones-0-number"] == ["not yet"]
    assert values["phones-1-number"] == [""]
    assert "Please look at this again" not in page.text

    more = {"add": "sites", "phones-1-number": "860-555-0144"}
    page = client.post("/submit", {**values, **more}, status=200).page
    values = page.form("/submit").values
    page = client.post("/submit", {**values, "add": "sites-0-phones"}, status=200).page
    values = page.form("/submit").values
    assert values["sites-0-phones-0-number"] == [""]

    page = client.post("/submit", {**values, "remove": "phones-0"}, status=200).page
    values = page.form("/submit").values
    assert "phones-0-number" not in values
    assert (values["phones-1-number"], values["name"]) == (["860-555-0144"], ["Half"])
    assert count(session, Submission) == 1  # that of the organization


@pytest.mark.sqlite
def test_a_confidential_address_is_neither_stored_nor_shown_again(client, session, keepers, home):
    secret = {
        "sites-0-visibility": "area_only",
        "sites-0-city": "Hartford",
        "sites-0-street": "77 Quillfeather Terrace",
        "sites-0-postal_code": "06199",
        "sites-0-access_notes": "Quillfeather bell",
    }
    for changes, status in (({"add": "phones"}, 200), ({"name": ""}, 422), ({}, 303)):
        answer = client.submit(client.get("/submit"), FILLED | secret | changes, status=status)
        assert "Quillfeather" not in answer.text
        assert "06199" not in answer.text

    site = read_draft(newest(session)).sites[0]
    assert (site.town, site.street, site.city, site.postal_code) == ("town/hartford", None, None, None)
    assert not any(b"Quillfeather" in file.read_bytes() for file in home.rglob("*") if file.is_file())


@pytest.mark.sqlite
def test_the_limit_of_forms_from_one_network_keeps_what_was_typed(client, session, keepers):
    with transaction(session):
        policy.change(session, "submissions_per_hour", 1, by=None, at=clock.now())
    client.submit(client.get("/submit"), FILLED)

    answer = client.submit(client.get("/submit"), FILLED, status=429)

    assert answer.response.headers["Retry-After"] == "3600"
    assert answer.page.form("/submit").values["name"] == [FILLED["name"]]


def test_a_change_begins_with_what_is_published_and_keeps_what_is_for_editors(client, session):
    draft = draft_program(
        name="Lantern House",
        editor_note="Telltale note",
        confidence="low",
        sources=(SourceDraft(title="Telltale memo", url="https://example.org/m", supports="Telltale"),),
    )
    program = make_program(session, draft)
    page = client.get(f"/programs/{program.slug}/changes/new")
    assert "elltale" not in page.text

    sent = client.submit(page, {"area_words": "All of it", "editor_note": "Forged"})

    assert "elltale" not in client.follow(sent).text
    assert "All of it" in client.follow(sent).text
    changed = read_draft(newest(session))
    base = queries.find_base(session, newest(session))
    assert changed == replace(base, area_words="All of it")
    assert newest(session).base_version == 1


def test_an_organization_is_changed_and_proposed(client, session, keepers):
    sent = client.submit(client.get("/submit/organization"), {"name": "New Keepers", "level": "state"})
    assert "New Keepers" in client.follow(sent).text

    page = client.get(f"/organizations/{keepers.slug}/changes/new")
    client.submit(page, {"url": "keepers.example.org"})

    assert read_draft(newest(session)).url == "https://keepers.example.org"
    assert newest(session).kind is SubmissionKind.CHANGE


def test_the_sender_changes_and_takes_back_what_she_sent(client, session, keepers):
    sent = client.submit(client.get("/submit"), FILLED)
    edit = client.get(f"{sent.location}/edit")
    assert edit.page.form(f"{sent.location}/edit").values["sources-0-url"] == [
        "https://www.example.org/clinic"
    ]

    client.submit(edit, {"name": "Lantern clinic", "message": "Shorter name"})
    assert [r.number for r in newest(session).revisions] == [1, 2]
    assert (newest(session).label, newest(session).message) == ("Lantern clinic", "Shorter name")

    late = client.submit(edit, {"name": "From an old page"}, status=409)
    assert "There is a newer version of this submission." in late.page.text
    assert late.page.form(f"{sent.location}/edit").values["name"] == ["From an old page"]

    client.submit(client.get(sent.location), {}, action=f"{sent.location}/withdraw")
    assert newest(session).state is SubmissionState.WITHDRAWN
    assert "You took it back." in client.get(sent.location).text
    client.get(f"{sent.location}/edit", status=409)


@pytest.mark.sqlite
def test_opening_a_page_changes_nothing_and_a_wrong_link_leads_nowhere(client, session, keepers):
    sent = client.submit(client.get("/submit"), FILLED)
    before = newest(session).latest.id

    client.get(sent.location)
    client.get(f"{sent.location}/edit")

    assert newest(session).latest.id == before
    client.get(f"{sent.location}x", status=404)
    client.get("/submissions/x/edit", status=404)


def test_the_sender_reads_what_coordinators_ask(client, session):
    make_submission(session, state=SubmissionState.CHANGES_REQUESTED)

    page = client.get(f"/submissions/{TOKEN}").page

    assert "Please change something." in page.text
    assert "A made-up reason." in page.text


@pytest.mark.sqlite
def test_a_withdrawn_program_and_a_former_name(client, session):
    program = make_program(session, name="Lantern House")
    draft, _version = find_published_draft(session, program)
    make_program(session, replace(draft, slug="new-house"))
    moved = client.get("/programs/lantern-house/changes/new", status=308)
    assert moved.location == "/programs/new-house/changes/new"

    with transaction(session):
        withdraw(session, find_program(session, "new-house"), by=None, at=clock.now())
    client.get("/programs/new-house/changes/new", status=410)
    client.get("/programs/never-was/changes/new", status=404)


@pytest.mark.sqlite
def test_a_change_to_what_was_withdrawn_or_renamed_meanwhile_is_not_lost(client, session, keepers):
    program = make_program(session, name="Lantern House", description="A secret of the listing.")
    draft, _version = find_published_draft(session, program)
    form = client.get("/programs/lantern-house/changes/new")
    make_program(session, replace(draft, slug="new-house"))
    client.submit(form, FILLED | {"name": "Lantern House"})
    assert newest(session).program_id == program.id

    with transaction(session):
        withdraw(session, find_program(session, "new-house"), by=None, at=clock.now())
    path = "/programs/new-house/changes/new"
    page = client.post(path, FILLED | {"cost": "Made-up fee"}, status=410).page

    assert page.one("textarea", name="cost").text.strip() == "Made-up fee"
    assert "This is no longer listed." in page.text
    assert "A secret of the listing." not in page.text
    assert newest(session).kind is SubmissionKind.WITHDRAWAL


@pytest.mark.sqlite
def test_the_form_needs_the_same_number_of_statements_whatever_the_register_holds(app, client, session):
    def cost():
        with counted_statements(app) as seen:
            client.get("/submit")
        return len(seen)

    client.get("/submit")
    first = cost()
    for _ in range(5):
        make_program(session)

    assert cost() == first


@pytest.mark.sqlite
def test_the_form_in_spanish_leads_to_spanish_pages(client, session, keepers):
    sent = client.submit(client.get("/es/submit"), FILLED)

    assert sent.location.startswith("/es/submissions/")
    client.follow(sent)
    assert newest(session).language == "es"
