"""A coordinator asks by mail; a scanner opens the link first; the provider answers on a phone, in Spanish."""

from __future__ import annotations

import urllib.request
from dataclasses import replace

import pytest
from sqlalchemy import select

from services_dir import clock
from services_dir.accounts import operations as accounts
from services_dir.accounts.guards import TOKEN
from services_dir.catalog.models import Assurance
from services_dir.db import transaction
from services_dir.mail.models import OutgoingMail
from services_dir.upkeep.work import work_once
from services_dir.verification.models import AskedProgram
from tests.support.browsers import violations, watched_page
from tests.support.factories import (
    draft_hidden_site,
    draft_phone,
    make_account,
    make_organization,
    make_program,
)
from tests.support.mailbox import smtp_server

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.slow]

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 900}}
ORGANIZATION = "/workspace/verification/organizations/made-up-keepers"


@pytest.fixture
def mailbox():
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture
def settings(settings, mailbox):
    return replace(settings, mail_url=mailbox.url)


@pytest.fixture
def keepers(session):
    """An organization with three programs, one of them with a confidential place."""
    organization = make_organization(session, name="Made-up Keepers")
    number = draft_phone("+18605550177", label="Front desk")
    make_program(
        session,
        name="Lantern House",
        organization=organization.uuid,
        phones=(number,),
        sites=(draft_hidden_site(),),
    )
    for name in ("Made-up Lawyers", "Old Made-up Office"):
        make_program(session, name=name, organization=organization.uuid, categories=("legal-assistance",))
    return organization


def signed_in(app, session, page, address):
    """Let a browser carry the session of a coordinator."""
    account = make_account(session, name="Kim Made-up")
    with transaction(session):
        token = accounts.sign_in(session, account.id, device="test", at=clock.now())
    serializer = app.session_interface.get_signing_serializer(app)
    name = app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": serializer.dumps({TOKEN: token}), "url": address}])


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def looks_right(page) -> None:
    assert fits(page)
    assert violations(page) == ""


def scan(link: str) -> None:
    """Follow a link the way mail scanners do."""
    for method in ("HEAD", "GET", "GET"):
        with urllib.request.urlopen(urllib.request.Request(link, method=method), timeout=30) as answer:
            assert answer.status == 200


def ask(app, session, browser, address):
    with watched_page(browser, address, **DESK) as page:
        signed_in(app, session, page, address)
        page.goto("/workspace/verification/calls")
        assert "860-555-0177 (Front desk)" in page.locator("main").inner_text()
        looks_right(page)
        page.goto("/workspace/verification")
        looks_right(page)
        page.get_by_role("link", name="Made-up Keepers").click()
        page.get_by_text("Add a contact").click()
        page.get_by_label("Name").fill("Robin Made-up")
        page.get_by_label("What the person does there").first.fill("directora")
        page.get_by_label("E-mail").fill("robin@example.org")
        page.get_by_label("Writes and reads").select_option("es")
        looks_right(page)
        page.get_by_role("button", name="Save the contact").click()
        page.get_by_role("button", name="Ask by mail").click()
        assert "Asked by mail on" in page.locator("main").inner_text()
        looks_right(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_asked_by_mail_scanned_and_answered(app, session, browser, address, mailbox, keepers, scripts):
    app.config["SERVED_AT"] = address
    ask(app, session, browser, address)
    assert work_once(app).failed == []
    [mail] = mailbox.mails
    text = mail.get_body(("plain",)).get_content()
    link = next(line for line in text.splitlines() if "/es/verify/" in line)
    assert link.startswith(address)

    scan(link)
    session.rollback()
    assert session.scalars(select(Assurance)).all() == []
    assert [asked.answer for asked in session.scalars(select(AskedProgram))] == [None] * 3
    session.rollback()

    with watched_page(browser, address, **PHONE, java_script_enabled=scripts) as page:
        page.goto(link)
        if scripts:
            looks_right(page)
        page.wait_for_timeout(2_100)
        page.get_by_role("group", name="Lantern House").get_by_role("button", name="Está bien").click()
        assert "La página ya dice que usted lo confirmó" in page.locator("main").inner_text()
        page.wait_for_timeout(2_100)
        page.get_by_role("group", name="Old Made-up Office").get_by_role(
            "button", name="Ya no existe"
        ).click()
        page.wait_for_timeout(2_100)
        group = page.get_by_role("group", name="Made-up Lawyers")
        group.get_by_role("button", name="Algo debe cambiar").click()
        assert "/es/submissions/" in page.url
        assert "Made-up Lawyers" in page.locator("main").inner_text()
        page.goto(link)
        assert "todavía no lo envió" in page.locator("main").inner_text()
        page.goto("/programs/lantern-house")
        confirmed = page.locator(".listing__confirmed").inner_text()
        assert "Confirmed by the provider on" in confirmed
        assert "directora" in confirmed
        assert page.context.cookies() == []

    session.rollback()
    assert session.scalars(select(Assurance.role)).all() == ["directora"]
    assert session.scalars(select(OutgoingMail.text)).all() == [None]


def test_the_mail_reads_well_on_a_phone_and_a_wide_screen(app, session, browser, address, mailbox, keepers):
    app.config["SERVED_AT"] = address
    ask(app, session, browser, address)
    work_once(app)
    html = mailbox.mails[0].get_body(("html",)).get_content()

    for way in (PHONE, DESK):
        with watched_page(browser, address, **way) as page:
            page.set_content(html)
            assert fits(page)
            assert page.get_by_role("link").count() == 1
            assert "¿Sigue siendo correcto?" in page.locator("h1").inner_text()
