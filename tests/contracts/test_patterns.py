"""The page of patterns shows every component, and reads well in every look."""

from __future__ import annotations

import re
from itertools import product

import pytest

from services_dir.settings import STATIC, TEMPLATES
from tests.support.browsers import violations, watched_page
from tests.support.factories import make_account
from tests.support.serving import serving_app

pytestmark = pytest.mark.sqlite

_MACRO = re.compile(r"{% macro ([a-z]\w*)\(")
# The frame of each page has these.
_FRAME = {"quick_exit", "quick_exit_first", "safety_line"}
# These are used by others of the same file, or by the frame of public pages alone.
_INNER = {"search_fields", "chosen_fields", "language_switches"}


def test_every_component_is_on_the_page():
    page = (TEMPLATES / "workspace/patterns.html").read_text("utf-8")
    frame = (TEMPLATES / "layouts/base.html").read_text("utf-8")
    macros = {
        name
        for path in (TEMPLATES / "components").glob("*.html")
        for name in _MACRO.findall(path.read_text("utf-8"))
    }

    assert len(macros) > 25
    assert [name for name in sorted(_FRAME) if f"{{{{ {name}(" not in frame] == []
    assert [
        name
        for name in sorted(macros - _FRAME - _INNER)
        if not re.search(rf"(?:{{{{ |call |call\(.*\) ){name}\(", page)
    ] == []


def test_every_color_of_the_tokens_is_shown(client, session):
    client.sign_in(session, make_account(session))
    shown = client.get("/workspace/patterns").page.texts("code")

    assert "--accent" in shown
    assert set(re.findall(r"(--[a-z-]+): #", (STATIC / "css/tokens.css").read_text())) <= set(shown)


@pytest.mark.browser
def test_patterns_pass_axe_and_fit_in_every_look(browser, app, client, session):
    client.sign_in(session, make_account(session))
    cookie = client.http.get_cookie("workspace")
    looks = [
        {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
        for width, scheme in product((320, 1280), ("light", "dark"))
    ]
    for look in [*looks, {"viewport": {"width": 320, "height": 256}, "forced_colors": "active"}]:
        with serving_app(app) as address, watched_page(browser, address, **look) as page:
            kept = {"name": cookie.decoded_key, "value": cookie.value, "url": address}
            page.context.add_cookies([kept])
            page.goto("/workspace/patterns")

            assert page.locator("h1").inner_text() == "Patterns"
            assert page.evaluate("document.documentElement.scrollWidth") <= look["viewport"]["width"]
            if "forced_colors" not in look:
                assert violations(page) == ""
            else:
                for name in (".card", ".notice", ".button--primary", ".tag"):
                    edge = page.locator(name).first.evaluate("one => getComputedStyle(one).borderTopColor")
                    assert not edge.startswith("rgba("), name
