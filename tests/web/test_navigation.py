"""Menus."""

from __future__ import annotations

from services_dir.web import navigation
from services_dir.web.navigation import Entry, Menu


def test_entries_stand_in_their_order_and_the_open_one_is_marked(small_app, visitor):
    navigation.add(small_app, Entry(Menu.MAIN, "site.about", "About first", 1))

    page = visitor.get("/safety").page

    menu = [link for link in page.one("nav", aria_label="Main").iter("a") if not link.get("hreflang")]
    assert [link.text for link in menu] == ["About first", "Find help", "Safety"]
    assert [link.get("aria-current") for link in menu] == [None, None, "page"]
