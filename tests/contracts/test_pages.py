"""Promises of all pages together: who may open them, what they keep of a visitor, how they read."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule

from services_dir.accounts.guards import ANYONE, who_may_open
from services_dir.accounts.models import Role
from services_dir.catalog.kinds import WordKind
from services_dir.catalog.models import Word
from services_dir.indicators import operations as indicators
from services_dir.search import sync
from tests.council.deeds import make_library
from tests.exchange.imports.feeds import make_plan, service, write_json
from tests.support.client import is_public
from tests.support.factories import (
    NOON,
    TOKEN,
    draft_hidden_site,
    draft_organization,
    draft_phone,
    draft_site,
    make_account,
    make_program,
    make_submission,
)
from tests.support.reports import make_report
from tests.support.rounds import make_round

# The same pages on either database: the promises are about addresses and templates.
pytestmark = pytest.mark.sqlite

PROGRAM = "Lantern House of Made-up Street"
ORGANIZATION = "Made-up Keepers of Lanterns"
FIGURES = b"series,period,value,source_title,source_as_of\ntrainings,2024,12,Made-up report,2025\n"

# A value for each part of an address that varies; a new kind of address names its own here.
SAMPLES = {
    "slug": "lantern-house-of-made-up-street",
    "token": TOKEN,
    "submission_id": 1,
    "run_id": 1,
    "term_id": 1,
    "record_id": "00000000-0000-4000-8000-000000000000",
    "account_id": 1,
    "passkey_id": 1,
    "session_id": 1,
    "filter_id": 1,
    "number": 1,
    "year": 2026,
    "phone": "+18605550100",
    "vocabulary": "category",
    "word": "housing",
    "word_id": 1,
    "name": "icon.svg",
    "printed": "poster",
    "import_id": 1,
    "step_name": "program",
    "digest": "0" * 16,
    "in_language": "es",
    "day": "2026-03-04",
    "paper": "minutes-2026-03-04",
    "meeting_id": 1,
    "document_id": 1,
    "register": "acts",
    "entry_id": 1,
}
SAMPLES_OF_ORGANIZATIONS = {"slug": "made-up-keepers-of-lanterns"}
# These lead somewhere only with a value that nobody knows beforehand.
MAY_MISS = {
    "static",
    "accounts.link",
    "api.service",
    "api.organization",
    "api.service_at_location",
    "api.taxonomy",
    "api.taxonomy_term",
    "sheets.pdf",
}


def address(rule: Rule) -> str:
    """Give an address that fits a rule, in Spanish where the rule is that of a translation."""
    samples = SAMPLES | (SAMPLES_OF_ORGANIZATIONS if "/organizations/" in rule.rule else {})
    values = {part: samples[part] for part in rule.arguments}
    _domain, path = rule.build(values) or ("", None)
    assert path, f"no sample fits {rule.rule}"
    return str(path)


@pytest.fixture
def filled(app, session, tmp_path):
    """A catalog with one of everything that has a page; the submission comes first and has number 1."""
    make_submission(session)
    make_plan(session, write_json(tmp_path / "services.json", [service(description="")]))
    keepers = draft_organization(name=ORGANIZATION)
    sites = (draft_site(), draft_hidden_site())
    phones = (draft_phone("+18605550100"),)
    program = make_program(session, name=PROGRAM, new_organization=keepers, sites=sites, phones=phones)
    make_round(session, program.organization)
    make_report(session)
    make_library(session)
    indicators.plan(session, FIGURES, "figures.csv", by=None, at=NOON)
    session.add(Word(id=1, kind=WordKind.SYNONYM, word="lantern light", means="lamp"))
    session.commit()
    sync.catch_up(app)
    return app


def test_every_route_says_who_may_open_it(app):
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and who_may_open(app.view_functions[rule.endpoint]) is None
    ]

    assert silent == []


def test_the_workspace_opens_to_accounts_and_everything_else_to_anyone(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.rule.startswith("/sign-in"):
            continue
        is_workspace = rule.rule.startswith("/workspace")
        assert (who_may_open(app.view_functions[rule.endpoint]) != ANYONE) == is_workspace, rule.rule


def test_public_pages_read_well_and_set_no_cookie_in_both_languages(filled, client):
    seen = 0
    for rule in filled.url_map.iter_rules():
        if "GET" in rule.methods and is_public(rule.rule):
            visit = client.look(address(rule))
            assert visit.status in (200, 303) or rule.endpoint in MAY_MISS, f"{visit.path}: {visit.status}"
            if visit.response.mimetype == "text/html" and "<title>" in visit.text:
                assert PROGRAM not in visit.page.title
                assert ORGANIZATION not in visit.page.title
            seen += 1
    assert seen > 10


def test_answers_to_public_forms_set_no_cookie(filled, client):
    for rule in filled.url_map.iter_rules():
        if "POST" in rule.methods and is_public(rule.rule):
            visit = client.look(address(rule), method="POST", data={"nonsense": "x" * 50})
            assert visit.status < 500, f"{rule.rule}: {visit.status}"


def test_pages_of_the_workspace_read_well(filled, client, session):
    client.sign_in(session, make_account(session, Role.ADMINISTRATOR))

    for rule in filled.url_map.iter_rules():
        if "GET" in rule.methods and rule.rule.startswith("/workspace"):
            visit = client.look(address(rule))
            assert visit.status in (200, 303) or rule.endpoint in MAY_MISS, f"{visit.path}: {visit.status}"


def test_a_signed_in_person_leaves_no_trace_on_public_pages_either(filled, client, session):
    client.sign_in(session, make_account(session))

    for path in ("/", "/programs", "/es/"):
        assert "Set-Cookie" not in client.get(path).response.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/no-such-page", 404), ("/programs/no-such-program", 404), ("/exit", 303)],
)
def test_every_answer_carries_the_headers_that_protect_its_reader(client, path, status):
    headers = client.get(path, status=status).response.headers

    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_static_files_may_be_kept_for_good(client):
    sheet = client.get("/").page.one("link", rel="stylesheet").get("href")

    response = client.get(sheet).response

    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
