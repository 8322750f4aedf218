"""What the site's own pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services_dir.site.queries import Topic
from services_dir.web import glossary
from services_dir.web.hotlines import Hotline


@dataclass(frozen=True)
class HomePage:
    """The home page: kinds of help and lines that answer at any hour."""

    title: str
    topics: Sequence[Topic]
    hotlines: Sequence[Hotline]


@dataclass(frozen=True)
class TextPage:
    """A page of text; some of it names the state whose places are loaded."""

    title: str
    state: str | None = None


@dataclass(frozen=True)
class GlossaryPage:
    """The page of hard words, in the order of their names in the page's language."""

    title: str
    entries: Sequence[glossary.Entry]


@dataclass(frozen=True)
class PrivacyPage:
    """What is kept of a visit and of a form, and for how long."""

    title: str
    silence_days: int  # without an answer of a sender, after which what waits for her is closed
