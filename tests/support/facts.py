"""What a page says of each term in its lists of terms."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.support.markup import Markup, text_of


def facts(page: Markup) -> dict[str, str]:
    """Give what the page says of each term."""
    rows = page.all("div", class_="summary-list__row")
    return {text_of(_only(row, "dt")): text_of(_only(row, "dd")) for row in rows}


def _only(parent: Element, tag: str) -> Element:
    found = parent.findall(tag)
    assert len(found) == 1
    return found[0]
