"""Holding an API to the standard: ours over HTTP, a deliberately faulty one, and one that is too busy."""

from __future__ import annotations

import pytest

from services_dir.errors import InvalidError
from services_dir.exchange.checks import CHECKS, Bounds, HttpAsker, Outcome, check
from tests.support.factories import draft_site, make_account, make_program
from tests.support.faulty import busy_api, faulty_api
from tests.support.rich import a_rich_program

pytestmark = pytest.mark.sqlite

PAGE = "/workspace/hsds-check"


def findings(address, **options):
    return {finding.number: finding for finding in check(HttpAsker(address, **options))}


@pytest.fixture(scope="module")
def faulty():
    """What was found of the faulty API."""
    with faulty_api() as address:
        yield findings(address)


def test_our_own_api_holds_every_check_over_http(session, address):
    make_program(session, a_rich_program())
    for _ in range(30):
        make_program(session, sites=(draft_site(),))

    found = findings(f"{address}/hsds")

    assert {number: finding.reasons for number, finding in found.items() if finding.reasons} == {}
    assert (
        [finding.outcome for finding in found.values()]
        == [Outcome.HOLDS] * len(CHECKS)
        == [Outcome.HOLDS] * 15
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "/ names no version"),
        (1, "/ names no profile that is a web address"),
        (2, "/services, page 1: size is 7 and should be 2"),
        (2, "/services, page 1: empty is True and should be False"),
        (3, "/services, page 2: page_number is 1 and should be 2"),
        (4, "status: 'open' is none of active, inactive, defunct, temporarily closed"),
        (4, "url: 'www.example.org' is no web address with its scheme"),
        (4, "description: this is null; leave out what is not known"),
        (4, "last_modified: '2026-01-02T10:00:00' is no date and time with an offset from UTC"),
        (5, "/services/00000000-0000-4000-8000-000000000000 answers 500"),
        (5, "/services/no-such-id answers 500"),
        (6, "finds a service of cc148810-d857-441c-9679-408f346de14b"),
        (7, "/services?full=true ac148810-d857-441c-9679-408f346de14b: status: 'open' is none of"),
        (13, "http://127.0.0.1"),
        (12, "it sets a cookie"),
        (12, "answers carry neither ETag nor Last-Modified"),
        (14, "description: this is null"),
        (14, "email: this is empty"),
        (14, "the id '2' is no UUID"),
        (15, "the virtual location bc148810-d857-441c-9679-408f346de14b has latitude"),
        (15, "a row of metadata"),
    ],
)
def test_what_a_faulty_api_does_wrong_is_said(faulty, number, said):
    assert faulty[number].outcome is Outcome.FAILS
    assert any(said in reason for reason in faulty[number].reasons), faulty[number].reasons


def test_what_is_not_offered_is_no_failure(faulty):
    assert {number for number, found in faulty.items() if found.outcome is Outcome.LEFT_OUT} == {8, 9, 10, 11}


def test_429_is_obeyed_and_no_file_is_read(faulty):
    waited = []
    with busy_api() as address, pytest.raises(InvalidError, match="no address of the web"):
        list(check(HttpAsker(address, sleep=waited.append)))

    assert waited == [7]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "ftp://example.org", "example.org", "http://", "http://u:p@x/", "gopher:x"],
)
def test_what_is_no_address_of_the_web_is_not_asked(address):
    with pytest.raises(InvalidError, match="no address of the web"):
        HttpAsker(address)


def test_requests_are_bounded(session, address):
    make_program(session)

    found = findings(f"{address}/hsds", bounds=Bounds(requests=10))

    assert any("more requests" in reason for finding in found.values() for reason in finding.reasons)


def test_a_large_answer_is_not_read_to_its_end(session, address):
    make_program(session)

    with pytest.raises(InvalidError, match="sends more than is read at once"):
        findings(f"{address}/hsds", bounds=Bounds(bytes=50))


def test_the_page_checks_our_own(client, session):
    client.sign_in(session, make_account(session))
    make_program(session, a_rich_program())
    asking = client.get(PAGE)

    page = client.submit(asking, {"url": ""}, action=PAGE, status=200).page

    assert "All checks hold" in page.text
    assert page.text.count("Holds") == 15


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:9/hsds", "http://localhost:9"])
def test_the_page_asks_no_machine_of_this_network(client, session, url):
    client.sign_in(session, make_account(session))
    with faulty_api() as address:
        for asked in (url, address):
            page = client.submit(client.get(PAGE), {"url": asked}, action=PAGE, status=422).page
            assert any(said in page.text for said in ("no address of the web", "lies on this machine"))
