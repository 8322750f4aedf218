"""Proposing something as a person does it: step by step, and what a mistake costs (nothing)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from services_dir import clock, policy
from services_dir.catalog.draft import SourceDraft
from services_dir.catalog.queries import find_program, find_published_draft
from services_dir.db import transaction
from services_dir.mail.models import OutgoingMail
from services_dir.moderation.operations import withdraw
from services_dir.submissions import queries
from services_dir.submissions.models import FormDraft, Revision, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.queries import read_draft
from tests.submissions.deeds import PROGRAM_FIELDS, begin, fill, propose, send, write
from tests.support.factories import (
    draft_organization,
    draft_phone,
    draft_program,
    make_organization,
    make_program,
)
from tests.support.markup import text_of
from tests.support.statements import counted_statements


@pytest.fixture(autouse=True)
def patient(app):
    """People need time to fill in a form; tests do not."""
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)


@pytest.fixture
def keepers(session):
    return make_organization(session, draft_organization(name="Made-up Keepers"))


def count(session, table):
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def newest(session):
    session.rollback()
    return session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()


def mails(session):
    session.rollback()
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def test_somebody_proposes_a_program_step_by_step(client, session, keepers):
    own = propose(client)

    page = client.get(own).page
    assert "Waiting for review" in page.text
    assert "usually takes up to 7 working days" in page.text
    assert f"http://localhost{own}" in page.text
    submission = newest(session)
    assert (submission.kind, submission.state) == (SubmissionKind.NEW, SubmissionState.PENDING)
    assert (submission.submitter_name, submission.message) == ("Pat Made-up", "I work there.")
    assert submission.form is None
    draft = read_draft(submission)
    assert (draft.name, draft.organization) == ("Lantern legal clinic", keepers.uuid)
    assert set(draft.categories) == {"housing", "legal-assistance"}
    assert [phone.number for phone in draft.phones] == ["+18605550123"]
    assert [area.place for area in draft.service_areas] == ["county/hartford"]
    assert [(s.url, s.is_public) for s in draft.sources] == [("https://www.example.org/clinic", False)]


def test_the_first_button_makes_a_draft_that_no_queue_shows_and_no_page_makes_one(client, session, keepers):
    before = count(session, Submission)
    client.get("/submit")
    assert count(session, Submission) == before

    own = begin(client, email="pat@example.org")
    write(client, own, "program", {"name": "Half a thought"}, status=422)

    submission = newest(session)
    assert (submission.state, submission.label) == (SubmissionState.DRAFT, "Half a thought")
    with pytest.raises(Exception, match="no such submission"):
        queries.get_submission(session, submission.id)
    assert [mail.recipient for mail in mails(session)] == ["pat@example.org"]
    assert f"http://localhost{own}" in mails(session)[0].text
    assert client.get(f"{own}/edit/program").page.one("input", name="name").get("value") == "Half a thought"


@pytest.mark.sqlite
def test_each_step_keeps_what_was_typed_there_and_leaves_the_others_alone(client, session, keepers):
    own = begin(client)
    fill(client, own)
    address = f"{own}/edit/reach"

    visit = client.submit(
        client.get(address),
        {"email": "a@example.org", "go": "program", "name": "Not of this step"},
        action=address,
    )

    assert visit.location == f"{own}/edit/program"
    form = client.get(visit.location).page.form(f"{own}/edit/program")
    assert form.values["name"] == ["Lantern legal clinic"]
    kept = client.get(address).page.form(address).values
    assert (kept["email"], kept["phones-0-number"]) == (["a@example.org"], ["(860) 555-0123"])


WRONG = [
    ("program", {"name": ""}, "Give the program a name in English."),
    ("program", {"description": " "}, "Say in a few sentences what the program does."),
    ("program", {"organization": "Nobody we know"}, "This organization is not in our list."),
    ("program", {"organization": ""}, "Say which organization runs the program."),
    ("program", {"new_organization-name": "New Keepers"}, "Choose what kind of organization it is."),
    ("program", {"level": "galactic"}, "Not a valid choice"),
    ("help", {"categories": None}, "Choose at least one kind of help."),
    ("help", {"categories": ["no-such-kind"]}, "no-such-kind"),
    ("reach", {"phones-0-number": "12345678"}, "is not a phone number we can dial"),
    ("reach", {"phones-0-number": "9" * 5000}, "too long"),
    ("reach", {"phones-0-language": "Martian"}, "We do not know the language"),
    ("reach", {"email": "nobody at home"}, "is not an e-mail address"),
    ("you", {"sender_email": "nobody at home"}, "is not an e-mail address"),
    ("reach", {"url": "javascript:alert(1)"}, "is not a web address"),
    ("more", {"links-0-label": "A page", "links-0-url": "ftp://x"}, "is not a web address"),
    ("where", {"service_areas-0-place": "Atlantis"}, "We do not know the place"),
    ("where", {"service_areas-0-place": ""}, "Say which area the program serves."),
    ("who", {"min_age": "ten"}, "Write a whole number"),
    ("who", {"min_age": "30", "max_age": "20"}, "The highest age is below the lowest age."),
    ("who", {"max_age": "999"}, "An age lies between 0 and 120."),
    ("more", {"paused_until": "soon"}, "Write a date like this"),
    ("more", {"paused_until": "2026-12-31"}, "needs the state"),
    (
        "hours",
        {"weekly-0-days": ["MO"], "weekly-0-opens": "soon", "weekly-0-closes": "5pm"},
        "Write a time like this",
    ),
    ("hours", {"weekly-0-opens": "9am", "weekly-0-closes": "5pm"}, "Choose at least one day."),
    ("hours", {"hours_words": "Always", "time_zone": "Mars/Olympus"}, "is not a time zone"),
    (
        "where",
        {"sites-0-visibility": "public", "sites-0-city": "Hartford", "sites-0-postal_code": "x"},
        "five digits",
    ),
    ("where", {"sites-0-visibility": "public"}, "in which town"),
    ("you", {"sources-0-as_of": "last year"}, "Write a year, a month or a day"),
    ("who", {"populations": ["men"], "populations_excluded": ["men"]}, "both served and not served"),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("step", "typed", "sentence"), WRONG, ids=[sentence for _step, _typed, sentence in WRONG]
)
def test_bad_input_is_told_beside_its_field_and_kept_and_cannot_be_sent(
    client, session, keepers, step, typed, sentence
):
    own = begin(client)
    fill(client, own)
    before = count(session, Revision)

    answer = write(client, own, step, typed, status=422)

    assert sentence in text_of(answer.page.one("div", class_="error-summary"))
    shown = client.get(f"{own}/edit/{step}").page
    assert sentence in shown.text
    kept = shown.form(f"{own}/edit/{step}").values
    for name, value in typed.items():
        if name in ("level", "categories", "sites-0-city") or value in (None, "", " "):
            continue
        assert set(kept.get(name, [])) >= set(value if isinstance(value, list) else [value]), name
    refused = send(client, own, status=422)
    assert sentence in refused.page.text
    assert count(session, Revision) == before


@pytest.mark.sqlite
def test_the_hidden_field_and_haste_and_an_old_page_cost_one_more_press(app, client, session, keepers):
    own = begin(client)
    fill(client, own)

    answer = send(client, own, status=422, leave_empty="Buy this", message="Kept")
    assert "This field must stay empty." in answer.page.text
    app.config["FORM_MINIMUM_AGE"] = timedelta(seconds=2)
    assert "That was very quick." in send(client, own, status=422).page.text
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)
    old = send(client, own, status=422, form_token="forged")
    assert "Please send it again." in old.page.text

    client.submit(old, {}, action=f"{own}/check")
    assert newest(session).state is SubmissionState.PENDING
    assert newest(session).message == "Kept"


def test_four_presses_of_one_button_do_one_thing(client, session, keepers):
    start = client.get("/submit")
    own = {client.submit(start, {}).location for _ in range(4)}
    assert len(own) == 1
    own = own.pop().partition("/edit")[0]
    fill(client, own)
    last = client.get(f"{own}/check")

    answers = {client.submit(last, {}, action=f"{own}/check").location for _ in range(4)}

    assert answers == {own}
    assert count(session, Revision) == 2  # one of the organization, one of the program
    assert len(mails(session)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"phones-²-number": "1", "phones-99999999999-number": "2", "phones--1-number": "3", "phones-x": "4"},
        {"add": "nothing", "remove": "phones-0-x"},
        {"name": "\x00\x07" + "x" * 20_000, "seen": "9" * 50, "sites-0-phones-0-key": "'"},
        {f"sites-{n}-name": "x" for n in range(300)},
        {"go": "//elsewhere.example"},
        {"name": "x" * 450_000},
    ],
)
def test_nonsense_is_never_a_failure(client, session, keepers, data):
    own = begin(client)

    for path in (f"{own}/edit/program", f"{own}/edit/where", f"{own}/check"):
        visit = client.look(path, method="POST", data=data)
        assert visit.status in (303, 409, 422)
        assert not (visit.location or "").startswith("//")
        client.get(path)

    client.look(f"{own}/edit/nowhere", method="POST", data=data)
    assert newest(session).state is SubmissionState.DRAFT


@pytest.mark.sqlite
def test_rows_are_added_and_removed_without_a_script_and_nothing_is_checked_or_lost(client, session, keepers):
    own = begin(client)
    address = f"{own}/edit/reach"

    def press(**typed):
        return (
            client.follow(client.submit(client.get(address), typed, action=address)).page.form(address).values
        )

    values = press(**{"phones-0-number": "not yet", "add": "phones"})
    assert (values["phones-0-number"], values["phones-1-number"]) == (["not yet"], [""])
    values = press(**{"phones-1-number": "860-555-0144", "add": "phones-1-weekly"})
    assert values["phones-1-weekly-0-opens"] == [""]
    values = press(remove="phones-0")
    assert "phones-1-number" not in values
    assert values["phones-0-number"] == ["860-555-0144"]

    address = f"{own}/edit/where"
    press(add="sites")
    assert press(add="sites-0-phones")["sites-0-phones-0-number"] == [""]


@pytest.mark.sqlite
def test_an_extension_may_be_typed_behind_the_number(client, session, keepers):
    propose(client, reach={"phones-0-number": "(860) 555-0123 ext. 3"})

    phone = read_draft(newest(session)).phones[0]
    assert (phone.number, phone.extension) == ("+18605550123", "3")


@pytest.mark.sqlite
def test_an_address_typed_before_the_choice_is_shown_again_but_not_kept(client, session, keepers):
    own = begin(client)
    typed = PROGRAM_FIELDS["where"] | {"sites-0-city": "Hartford", "sites-0-street": "77 Quillfeather Way"}

    answer = write(client, own, "where", typed, status=422)

    assert "Say whether the address may be public." in answer.page.text
    assert "77 Quillfeather Way" in answer.text
    assert "Quillfeather" not in newest(session).form.typed


@pytest.mark.sqlite
def test_a_confidential_address_is_neither_stored_nor_shown_again_not_in_a_draft_either(
    client, session, keepers, home
):
    secret = {
        "sites-0-visibility": "area_only",
        "sites-0-city": "Hartford",
        "sites-0-street": "77 Quillfeather Terrace",
        "sites-0-postal_code": "06199",
        "sites-0-access_notes": "Quillfeather bell",
    }
    own = begin(client)
    fill(client, own)
    for changes, status in (({"add": "sites"}, 303), ({"sites-0-city": "77 Quillfeather"}, 422), ({}, 303)):
        answer = write(client, own, "where", secret | changes, status=status)
        assert "06199" not in answer.text
        assert "Terrace" not in answer.text
        if status == 422:
            assert "We do not know this town." in answer.page.text
    send(client, own)

    site = read_draft(newest(session)).sites[0]
    assert (site.town, site.street, site.city, site.postal_code) == ("town/hartford", None, None, None)
    assert not any(b"Quillfeather" in file.read_bytes() for file in home.rglob("*") if file.is_file())


@pytest.mark.sqlite
def test_an_address_that_becomes_confidential_leaves_the_draft(client, session, keepers):
    own = begin(client)
    site = {
        "sites-0-visibility": "public",
        "sites-0-city": "Hartford",
        "sites-0-street": "77 Quillfeather Way",
    }
    write(client, own, "where", PROGRAM_FIELDS["where"] | site)
    assert "Quillfeather" in newest(session).form.typed

    write(client, own, "where", {"sites-0-visibility": "area_only"})

    assert "Quillfeather" not in newest(session).form.typed
    assert "Quillfeather" not in client.get(f"{own}/edit/where").text


@pytest.mark.sqlite
def test_sentences_in_doubt_are_asked_about_kept_and_flagged(client, session, keepers):
    story = "My client Maria, 17, lives at 12 Maple Street."
    own = begin(client)
    fill(
        client,
        own,
        program={"description": f"A made-up house. {story} It helps."},
        where={"sites-0-visibility": "area_only", "sites-0-city": "Hartford"},
    )

    asked = send(client, own, status=422).page

    assert "This looks like an address, and the place is confidential." in asked.text
    assert "This looks like the story or the name of a person who was harmed." in asked.text
    assert {text_of(quote) for quote in asked.all("blockquote")} == {story}
    marks = [box.get("value") for box in asked.all("input", name="sure")]
    send(client, own, sure=marks)
    assert story in read_draft(newest(session)).texts["en"].description
    assert newest(session).flags == "address_in_text,victim_story"


@pytest.mark.sqlite
def test_similar_programs_are_shown_before_it_is_sent_and_flagged(client, session, keepers):
    program = make_program(session, name="Lantern legal clinics", phones=(draft_phone("+18605550123"),))
    own = begin(client)
    fill(client, own)

    page = client.get(f"{own}/check").page

    assert "Is it one of these?" in page.text
    assert f"/programs/{program.slug}/changes/new" in page.links
    send(client, own)
    assert newest(session).flags == "similar"


@pytest.mark.sqlite
def test_the_limits_of_forms_keep_what_was_typed(client, session, keepers):
    with transaction(session):
        policy.change(session, "submissions_per_hour", 1, by=None, at=clock.now())
    own = propose(client)
    too_many = client.submit(client.get("/submit"), {}, status=429)
    assert too_many.response.headers["Retry-After"] == "3600"

    write(client, own, "program", {"name": "Lantern clinic"})
    refused = send(client, own, status=429)

    assert "Many forms came from your network." in refused.page.text
    assert client.get(f"{own}/edit/program").page.one("input", name="name").get("value") == "Lantern clinic"


def test_a_change_begins_with_what_is_published_shows_what_differs_and_keeps_the_rest(client, session):
    draft = draft_program_for_editors()
    program = make_program(session, draft)
    own = begin(client, f"/programs/{program.slug}/changes/new")
    assert "elltale" not in client.get(f"{own}/edit/you").text

    write(client, own, "more", {"area_words": "All of it", "editor_note": "Forged"})
    check = client.get(f"{own}/check").page
    assert check.texts("ins") == ["All of it"]
    assert "elltale" not in check.text

    assert "Anything more Changed" in check.text
    send(client, own)

    assert "elltale" not in client.get(own).text
    base = queries.find_base(session, newest(session))
    assert read_draft(newest(session)) == replace(base, area_words="All of it")
    assert newest(session).base_version == 1


def draft_program_for_editors():
    return draft_program(
        name="Lantern House",
        editor_note="Telltale note",
        confidence="low",
        sources=(SourceDraft(title="Telltale memo", url="https://example.org/m", supports="Telltale"),),
    )


def test_an_organization_is_proposed_and_changed(client, session, keepers):
    own = begin(client, "/submit/organization")
    write(client, own, "organization", {"name": "New Keepers", "level": "state"})
    send(client, own)
    assert "New Keepers" in client.get(own).text

    own = begin(client, f"/organizations/{keepers.slug}/changes/new")
    write(client, own, "reach", {"url": "keepers.example.org"})
    send(client, own)

    assert read_draft(newest(session)).url == "https://keepers.example.org"
    assert newest(session).kind is SubmissionKind.CHANGE


@pytest.mark.sqlite
def test_a_withdrawn_program_and_a_former_name(client, session):
    program = make_program(session, name="Lantern House")
    draft, _version = find_published_draft(session, program)
    make_program(session, replace(draft, slug="new-house"))
    moved = client.get("/programs/lantern-house/changes/new", status=308)
    assert moved.location == "/programs/new-house/changes/new"
    own = begin(client, "/programs/new-house/changes/new")
    write(client, own, "asks", {"cost": "Made-up fee"})

    with transaction(session):
        withdraw(session, find_program(session, "new-house"), by=None, at=clock.now())

    client.get("/programs/new-house/changes/new", status=410)
    client.get("/programs/never-was/changes/new", status=404)
    answer = send(client, own, status=409)
    assert "This is no longer listed." in answer.page.text
    assert "Made-up fee" in answer.page.text


@pytest.mark.sqlite
def test_a_step_needs_the_same_number_of_statements_whatever_the_register_holds(app, client, session):
    own = begin(client)

    def cost():
        with counted_statements(app) as seen:
            client.get(f"{own}/edit/where")
        return len(seen)

    client.get(f"{own}/edit/where")
    first = cost()
    for _ in range(5):
        make_program(session)

    assert cost() == first


@pytest.mark.sqlite
def test_the_form_in_spanish_leads_to_spanish_pages_and_mails(client, session, keepers):
    own = propose(client, "/es/submit", you={"sender_language": "es"})

    assert own.startswith("/es/submissions/")
    assert "Alguien de la coordinación lo va a leer." in client.get(own).page.text
    assert newest(session).language == "es"
    assert mails(session)[0].language == "es"
    assert f"http://localhost{own}" in mails(session)[0].text


@pytest.mark.sqlite
def test_a_script_saves_a_step_without_leaving_the_page(client, session, keepers):
    own = begin(client)
    saved = client.post(
        f"{own}/edit/program", {"name": "Half"}, status=204, headers={"Accept": "application/json"}
    )

    assert saved.text == ""
    assert count(session, FormDraft) == 1
    assert "Half" in newest(session).form.typed
