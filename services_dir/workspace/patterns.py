"""What the page of patterns shows: each component with made-up content, for people who work on pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from services_dir.catalog.diff import FieldChange
from services_dir.settings import STATIC
from services_dir.values import Paged
from services_dir.web.hotlines import Hotline, HotlineNumber
from services_dir.workspace.forms import SampleForm

_TOKEN = re.compile(r"(--[a-z-]+): #")
_CALL = HotlineNumber("hotline", "+18605550143", "At any hour")
_TEXT = HotlineNumber("text", "+18605550144", instruction="text HELLO")


@dataclass(frozen=True)
class PatternsPage:
    """All patterns: the names of the colors, and content for components that need more than a text."""

    title: str
    form: SampleForm
    colors: tuple[str, ...]

    @property
    def hits(self) -> list[SimpleNamespace]:
        """Give two results: one of which all is known, and one of which little is."""
        known: dict[str, Any] = {
            "slug": "made-up-house",
            "href": "#cards",
            "name": "Made-up House",
            "organization": "Made-up Alliance",
            "alert": "The office moves in May. Call before you go.",
            "offers": "A safe room for a night, and somebody to talk to.",
            "context": "",
            "open": True,
            "open_words": "Open now",
            "tags": ["Interpreter line"],
            "distance": "About 3 miles away",
            "who": "Adults, children and teens",
            "areas": "Made-up County",
            "languages": "English, Spanish",
            "phones": (_CALL, _TEXT),
            "no_phone": "",
            "confirmed": "Confirmed by a coordinator on March 2, 2026.",
            "is_stale": False,
        }
        unknown = dict.fromkeys(known, "") | {
            "slug": "made-up-desk",
            "href": "#cards",
            "name": "Made-up Desk",
            "open_words": "Hours not known",
            "no_phone": "We know no number. Call 2-1-1.",
            "confirmed": "Not confirmed for long. Call before you go.",
            "is_stale": True,
        }
        return [SimpleNamespace(**known), SimpleNamespace(**unknown)]

    @property
    def options(self) -> list[SimpleNamespace]:
        """Give the options of a facet; the last ones are folded."""
        return [
            SimpleNamespace(value=f"kind-{n}", label=f"Kind {n}", count=30 - 3 * n, chosen=n == 2)
            for n in range(1, 10)
        ]

    @property
    def lines(self) -> list[Hotline]:
        """Give a line that answers at any hour."""
        return [Hotline("made-up-line", "Made-up Line", (_CALL, _TEXT))]

    @property
    def paged(self) -> Paged[int]:
        """Give a page between others."""
        return Paged((), page=2, size=10, total=30)

    @property
    def changes(self) -> list[FieldChange]:
        """Give what was added, changed and removed."""
        return [
            FieldChange("cost", "Cost", None, "Free"),
            FieldChange("name", "Name", "Made-up Room", "Made-up House"),
            FieldChange("alert", "Alert", "Closed in May", None),
        ]

    @staticmethod
    def address(number: int) -> str:
        """Give where the pager leads: nowhere else."""
        return f"?page={number}"


@cache
def color_names() -> tuple[str, ...]:
    """Give the names of the colors in the file of tokens."""
    return tuple(dict.fromkeys(_TOKEN.findall((STATIC / "css" / "tokens.css").read_text("utf-8"))))
