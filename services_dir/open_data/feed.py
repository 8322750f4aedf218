"""The feed of changes as Atom (RFC 4287), and the map of pages for search engines (sitemaps.org)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
NEVER = datetime(2000, 1, 1, tzinfo=UTC)

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Entry:
    """A change as the feed tells it: about which listing (a UUID), since when, and where to read it."""

    id: str
    at: datetime
    title: str
    summary: str
    address: str | None
    language: str | None = None  # of the title, where it is not that of the feed


@dataclass(frozen=True)
class MapEntry:
    """A page in each of its languages, and when it last changed, if that is known."""

    addresses: Mapping[str, str]
    modified_at: datetime | None = None


def atom(title: str, author: str, address: str, language: str, entries: Sequence[Entry]) -> bytes:
    """Write a feed; `address` is its own, and its id."""
    feed = Element("feed", {"xmlns": ATOM, _LANGUAGE: language})
    _add(feed, "id", address)
    _add(feed, "title", title)
    _add(feed, "updated", _time(max((entry.at for entry in entries), default=NEVER)))
    _add(_add(feed, "author"), "name", author)
    _add(feed, "link", rel="self", href=address)
    for entry in entries:
        one = _add(feed, "entry")
        _add(one, "id", f"urn:uuid:{entry.id}")
        named = _add(one, "title", entry.title)
        if entry.language is not None:
            named.set(_LANGUAGE, entry.language)
        _add(one, "updated", _time(entry.at))
        _add(one, "content", entry.summary, type="text")
        if entry.address is not None:
            _add(one, "link", rel="alternate", href=entry.address)
    return _written(feed)


def sitemap(pages: Iterable[MapEntry]) -> bytes:
    """Write a map of pages; each language of a page names the others."""
    pages_of = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for page in pages:
        for address in page.addresses.values():
            one = _add(pages_of, "url")
            _add(one, "loc", address)
            if page.modified_at is not None:
                _add(one, "lastmod", _time(page.modified_at))
            for language, other in page.addresses.items():
                _add(one, "xhtml:link", rel="alternate", hreflang=language, href=other)
    return _written(pages_of)


def sitemap_index(addresses: Iterable[str]) -> bytes:
    """Write a list of maps, for a catalog too large for one."""
    maps = Element("sitemapindex", {"xmlns": SITEMAP})
    for address in addresses:
        _add(_add(maps, "sitemap"), "loc", address)
    return _written(maps)


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    child = SubElement(parent, name, attributes)
    child.text = text
    return child


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(root: Element) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True)
