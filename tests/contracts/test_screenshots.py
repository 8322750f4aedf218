"""Each public page is in the pictures of `make screenshots`, so that one nobody looked at is noticed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.screenshots import LED_TO, PUBLIC, WORKSPACE

pytestmark = pytest.mark.sqlite

# No public pages: files, data, parts of pages, answers to machines, ways out.
_NO_PAGES = (
    "/workspace",
    "/hsds",
    "/static",
    "/healthz",
    "/readyz",
    "/exit",
    "/suggestions",
    "/robots.txt",
    "/sitemap.xml",
)
_FILES = (".csv", ".json", ".atom", ".pdf", ".ics")
# Each is one step of something that has a picture: a second factor, a link from a mail.
_STEPS = {
    "accounts.ask_code",
    "accounts.show_link",
    "accounts.show_set_up",
    "council.document_text",  # of a file, and the seed holds none
    "verification.show",
}


def test_every_public_page_is_in_the_pictures(app):
    routes = app.url_map.bind("localhost")
    shown = set(LED_TO)
    for path in (*PUBLIC.values(), *WORKSPACE.values()):
        if path != PUBLIC["missing"]:
            shown.add(routes.match(urlsplit(path).path, method="GET")[0])
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.rule.startswith(_NO_PAGES)
        and not rule.rule.endswith(_FILES)
        and "<any(" not in rule.rule
    }

    assert sorted(pages - shown - _STEPS) == []
