"""The careful reader itself: what is wrong with a page is noticed."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from tests.support.client import CONTENT_SECURITY_POLICY, Visitor
from tests.support.markup import Markup

PAGE = """<!doctype html>
<html lang="{lang}"><head><title>{title}</title></head>
<body><main><h1>Results</h1>{body}</main></body></html>"""
HEADERS = {
    "Content-Security-Policy": "; ".join(sorted(CONTENT_SECURITY_POLICY)),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def page(body: str = "<p>Nothing.</p>", *, title: str = "Results", lang: str = "en") -> str:
    return PAGE.format(body=body, title=title, lang=lang)


def visitor(html: str, **headers: str) -> Visitor:
    """Give a visitor of a site whose every address answers this page."""
    app = Flask("made_up")
    for path in ("/", "/es/", "/workspace"):
        app.add_url_rule(path, path, lambda: Response(html, headers=HEADERS | headers))
    return Visitor(app)


def test_a_good_page_has_no_faults():
    good = '<form><label for="q">Words</label><input id="q" name="q"><button>Search</button></form>'

    assert list(Markup(page(good)).faults()) == []
    visitor(page(good)).get("/")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p><div>x</div></p>", "line 3"),
        ("<h1>Another</h1>", "2 h1 elements"),
        ('<input name="q">', "the field 'q' has no label"),
        ('<label for="q"></label><input id="q" name="q">', "the field 'q' has no label"),
        ("<fieldset><p>x</p></fieldset>", "a fieldset has no legend"),
        ('<p id="a"></p><p id="a"></p>', "2 elements have the id 'a'"),
        ('<p aria-describedby="nowhere">x</p>', "aria-describedby='nowhere' names no element"),
        ('<a href="#nowhere">x</a>', "which is not on the page"),
        ('<p style="color: red">x</p>', "an inline style on p"),
        ("<script>1</script>", "an inline script"),
        ('<button onclick="x()">x</button>', "an inline onclick on button"),
        ('<img src="https://example.org/x.png" alt="">', "loads 'https://example.org/x.png' from elsewhere"),
        ('<a href="https://example.org">x</a>', "tells that site where the reader comes from"),
        ('<a href="/programs"></a>', "says nothing"),
        ('<img src="/x.png">', "has no alternative text"),
    ],
)
def test_what_is_wrong_with_a_page_is_noticed(body, fault):
    assert any(fault in found for found in Markup(page(body)).faults())
    with pytest.raises(AssertionError):
        visitor(page(body)).get("/")


@pytest.mark.parametrize(
    ("path", "html"),
    [
        ("/", page(title="Shelter in Hartford")),
        ("/", page(title="")),
        ("/", page(lang="es")),
        ("/es/", page(lang="en")),
    ],
)
def test_a_telling_title_or_a_wrong_language_is_noticed(path, html):
    with pytest.raises(AssertionError):
        visitor(html).get(path)


@pytest.mark.parametrize(
    "header",
    [
        {"Set-Cookie": "seen=1"},
        {"Vary": "Cookie"},
        {"Cache-Control": "public"},
        {"Referrer-Policy": "origin"},
        {"Content-Security-Policy": "default-src *"},
    ],
)
def test_a_header_that_betrays_a_visitor_is_noticed(header):
    with pytest.raises(AssertionError):
        visitor(page(), **header).get("/")


def test_a_cookie_may_be_set_in_the_workspace():
    visitor(page(), **{"Set-Cookie": "session=1"}).get("/workspace")


def test_a_form_is_read_as_a_browser_would_send_it():
    form = Markup(
        page("""<form method="post" action="/submit">
        <label>Name <input name="name" value="North House"></label>
        <label>Text <textarea name="text">
One
Two</textarea></label>
        <label><input type="checkbox" name="kind" value="a" checked> A</label>
        <label><input type="checkbox" name="kind" value="b"> B</label>
        <label>Level <select name="level">
            <option value="x">X</option><option value="y" selected>Y</option></select></label>
        <input type="hidden" name="token" value="t"><button name="go" value="1">Send</button></form>""")
    ).form("/submit")

    assert form.values == {
        "name": ["North House"],
        "text": ["One\nTwo"],
        "kind": ["a"],
        "level": ["y"],
        "token": ["t"],
    }
