"""The provider's page over a mailed link: opening changes nothing, buttons do, nothing private is shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services_dir import clock
from services_dir.catalog.models import Assurance
from services_dir.catalog.queries import get_public_program
from services_dir.db import transaction
from services_dir.mail.models import OutgoingMail
from services_dir.moderation import operations as moderation
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.submissions.models import Submission, SubmissionKind, SubmissionState
from services_dir.verification import operations
from services_dir.verification.models import AskedProgram, Round
from tests.support.factories import draft_hidden_site, make_account, make_organization, make_program

pytestmark = pytest.mark.sqlite


def rows(session, query):
    """Give what a query finds now, after what the application wrote."""
    session.rollback()
    return session.scalars(query)


@pytest.fixture
def asked(app, session):
    """An organization with two programs that was asked; gives the path of its page."""
    app.config["FORM_MINIMUM_AGE"] = type(app.config["FORM_MINIMUM_AGE"])(0)
    return ask(session)


def ask(session, *, language="en", trusted=True):
    account = make_account(session)
    organization = make_organization(session, name="Made-up Keepers")
    for name in ("Lantern House", "Made-up School"):
        make_program(session, name=name, organization=organization.uuid, sites=(draft_hidden_site(),))
    links = []
    with transaction(session):
        contact = operations.save_contact(
            session,
            organization,
            None,
            name="Zqrobin Private",
            email="zqrobin@example.org",
            role="program manager",
            language=language,
            by=account.id,
            at=clock.now(),
        )
        if not trusted:
            contact.recorded_by_id = None
        operations.start_round(
            session,
            organization,
            contact,
            lambda token, _language: links.append(token) or f"https://x.example.org/verify/{token}",
            by=account.id,
            at=clock.now(),
        )
    return f"/verify/{links[0]}"


def programs(session):
    session.expire_all()
    return rows(session, select(AskedProgram).order_by(AskedProgram.id)).all()


def press(client, path, answer, status=303):
    return client.submit(client.get(path), {"answer": answer}, action=path, status=status)


def test_opening_the_page_changes_nothing_however_often(client, session, asked):
    def everything():
        session.rollback()
        tables = (Assurance, Submission, OutgoingMail, Round, AskedProgram)
        return [
            [
                {c.key: getattr(row, c.key) for c in row.__mapper__.column_attrs}
                for row in rows(session, select(t))
            ]
            for t in tables
        ]

    before = everything()
    for _ in range(3):
        client.get(asked)
        client.head(asked)
    session.expire_all()

    assert everything() == before


def test_the_page_names_neither_the_contact_nor_anything_confidential(client, asked):
    visit = client.get(asked)

    assert "Lantern House" in visit.text
    assert "Zqrobin" not in visit.text
    assert "zqrobin" not in visit.text
    assert "The address is kept secret" in visit.text


def test_a_program_that_is_right_is_confirmed_and_its_page_says_so(client, session, asked):
    first = programs(session)[0]

    press(client, asked, f"confirmed:{first.program_id}")
    page = client.get(asked)

    assert "The page says now that you confirmed it" in page.text
    public = client.get(f"/programs/{first.program.slug}")
    assert "Confirmed by the provider on" in public.text
    assert "program manager" in public.text
    assert "Zqrobin" not in public.text


def test_an_answer_of_somebody_else_is_said_to_wait(client, session, app):
    app.config["FORM_MINIMUM_AGE"] = type(app.config["FORM_MINIMUM_AGE"])(0)
    path = ask(session, trusted=False)
    first = programs(session)[0]

    press(client, path, f"confirmed:{first.program_id}")

    assert "A coordinator will look at it" in client.get(path).text
    assert rows(session, select(Assurance)).all() == []


def test_what_waits_is_an_assurance_once_a_coordinator_approves_it(client, session, app):
    app.config["FORM_MINIMUM_AGE"] = type(app.config["FORM_MINIMUM_AGE"])(0)
    path = ask(session, trusted=False)
    first = programs(session)[0]
    press(client, path, f"confirmed:{first.program_id}")
    session.rollback()
    reviewer = make_account(session)
    with transaction(session):
        [waiting] = session.scalars(select(Submission).where(Submission.kind == SubmissionKind.VERIFICATION))
        verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=1)
        moderation.decide(session, waiting, verdict, by=reviewer.id, at=clock.now())

    session.expire_all()
    assured = get_public_program(session, first.program.slug).assured
    assert assured is not None
    assert assured.role == "program manager"


def test_something_that_must_change_opens_the_form_with_the_published_program(client, session, asked):
    first = programs(session)[0]

    answer = press(client, asked, f"mended:{first.program_id}")
    form_page = client.follow(answer)

    assert "Lantern House" in form_page.text
    [draft] = rows(session, select(Submission).where(Submission.kind == SubmissionKind.VERIFICATION))
    assert (draft.state, draft.base_version) == (SubmissionState.DRAFT, 1)
    assert "did not send it yet" in client.get(asked).text
    assert programs(session)[0].said is None
    again = press(client, asked, f"mended:{first.program_id}")
    client.follow(again)
    session.rollback()
    assert len(rows(session, select(Submission).where(Submission.state == SubmissionState.DRAFT)).all()) == 1


def test_all_are_right_with_one_button_and_nothing_is_left_to_answer(client, session, asked):
    press(client, asked, "all")

    page = client.get(asked)
    assert "You have answered everything" in page.text
    assert page.page.all("button", value="all") == []
    press(client, asked, "all")
    assert len(rows(session, select(Assurance)).all()) == 2


def test_a_program_that_is_gone_waits_for_a_coordinator(client, session, asked):
    first = programs(session)[0]

    press(client, asked, f"gone:{first.program_id}")

    assert "take it out" in client.get(asked).text
    client.get(f"/programs/{first.program.slug}")


def test_pressed_twice_it_is_answered_once(client, session, asked):
    first = programs(session)[0]
    page = client.get(asked)

    client.submit(page, {"answer": f"confirmed:{first.program_id}"}, action=asked)
    twice = client.submit(page, {"answer": f"confirmed:{first.program_id}"}, action=asked, status=409)

    assert "answered this already" in twice.text
    assert len(rows(session, select(Assurance)).all()) == 1


@pytest.mark.parametrize(
    "pressed", ["", "confirmed:", "confirmed:x", "nonsense:1", "confirmed:99999999999", "ſtop"]
)
def test_nonsense_gets_a_sentence(client, asked, pressed):
    visit = press(client, asked, pressed, status=422)

    assert "Press one of the buttons" in visit.text


def test_a_program_of_somebody_else_cannot_be_confirmed(client, session, asked):
    other = make_program(session)

    press(client, asked, f"confirmed:{other.id}", status=404)

    assert rows(session, select(Assurance)).all() == []


def test_who_asks_for_it_is_not_written_to_again(client, session, asked):
    press(client, asked, "stop")

    visit = client.get(asked, status=404)
    assert "leads nowhere" in visit.text


@pytest.mark.parametrize("path", ["/verify/no-such-token", "/es/verify/%F0%9F", "/verify/" + "x" * 3000])
def test_a_link_that_is_wrong_gets_a_sentence(client, path):
    client.get(path, status=404)


def test_the_page_speaks_spanish(client, asked):
    visit = client.get(f"/es{asked}")

    assert "¿Sigue siendo correcto?" in visit.text
    assert "Está bien" in visit.text
