"""Words that cannot be avoided, said plainly; their first place on a page leads to the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, g, url_for
from markupsafe import Markup, escape

from services_dir.errors import N_


@dataclass(frozen=True)
class Entry:
    """A word: its anchor, what it is called and what it means (both marked by N_), and how texts write it."""

    slug: str
    name: str
    meaning: str
    pattern: str


class Said(Protocol):
    """A text of the catalog, and its language if that is not the language of the page."""

    @property
    def text(self) -> str:
        """The words."""

    @property
    def lang(self) -> str | None:
        """A code, or None."""


ENTRIES = (
    Entry(
        "advocate",
        N_("Advocate"),
        N_(
            "A trained helper who stands by you, tells you what you can choose and goes with you if you like."
        ),
        r"advocates?|victim advocates?|defensoras?",
    ),
    Entry(
        "case-management",
        N_("Case management"),
        N_("One worker looks at all you need, makes a plan with you and helps you get there, step by step."),
        r"case management|manejo de casos?",
    ),
    Entry(
        "certification-letter",
        N_("Certification letter"),
        N_(
            "A letter from the federal health office for an adult from another country who was trafficked. "
            "With it you can get the same help as a refugee. For a child it is an eligibility letter."
        ),
        r"(?:HHS )?certification letters?|HHS certification|eligibility letters?|cartas? de certificación",
    ),
    Entry(
        "continued-presence",
        N_("Continued presence"),
        N_(
            "A permit to stay and work for a time while police look into the crime. "
            "An officer who looks into it has to ask for it."
        ),
        r"continued presence|presencia continuada",
    ),
    Entry(
        "forensic-exam",
        N_("Forensic exam"),
        N_(
            "A nurse or doctor looks after you after a sexual assault and keeps what could prove it. "
            "You may say no to any part of it. Ask first who is told."
        ),
        r"(?:medical )?forensic exam(?:ination)?s?|ex[aá]men(?:es)? forenses?",
    ),
    Entry(
        "mandated-reporter",
        N_("Mandated reporter"),
        N_("A worker who by law must tell the state when a child or a person who needs care is harmed."),
        r"mandated reporters?",
    ),
    Entry(
        "medicaid",
        N_("Medicaid"),
        N_(
            "Health insurance from the state for people with little money. "
            "States have their own names for it."
        ),
        r"medicaid",
    ),
    Entry("pro-bono", N_("Pro bono"), N_("A lawyer works for you and takes no money for it."), r"pro bono"),
    Entry(
        "repatriation",
        N_("Repatriation"),
        N_("Going back to the country you came from. When it is voluntary, nobody may force you."),
        r"(?:voluntary )?repatriation|repatriación(?: voluntaria)?",
    ),
    Entry(
        "restraining-order",
        N_("Restraining order"),
        N_("A judge orders a person to stay away from you. It is also called a protective order."),
        r"(?:restraining|protective|protection) orders?|[oó]rden(?:es)? de (?:restricción|protección)",
    ),
    Entry(
        "snap",
        N_("SNAP"),
        N_("Help from the government to pay for food, on a card. It used to be called food stamps."),
        r"(?-i:SNAP)",
    ),
    Entry(
        "special-immigrant-juvenile",
        N_("Special Immigrant Juvenile status"),
        N_(
            "A way to stay in the United States for somebody under 21 who was hurt or left by a parent. "
            "A court of the state has to say so first."
        ),
        r"special immigrant juvenile(?: status)?|(?-i:SIJS?)\b",
    ),
    Entry(
        "t-visa",
        N_("T visa"),
        N_(
            "A permit to stay and work in the United States for a person who was trafficked. "
            "It lasts up to four years and can lead to a green card. Some of your family may get it too."
        ),
        r"(?-i:T)[- ](?:visas?|nonimmigrant status)|visas? (?-i:T)\b",
    ),
    Entry(
        "tanf",
        N_("TANF"),
        N_("Cash from the state for a time, for families with children and little money."),
        r"(?-i:TANF)",
    ),
    Entry(
        "u-visa",
        N_("U visa"),
        N_(
            "A permit to stay and work in the United States for a person who was harmed by a crime "
            "and helps the police. It lasts up to four years and can lead to a green card."
        ),
        r"(?-i:U)[- ](?:visas?|nonimmigrant status)|visas? (?-i:U)\b",
    ),
    Entry(
        "vawa",
        N_("VAWA"),
        N_(
            "A law that lets a person who was hurt by a husband, wife or parent ask for papers alone. "
            "The one who did it is not told. It is for men as well."
        ),
        r"(?-i:VAWA)",
    ),
    Entry(
        "victim-compensation",
        N_("Victim compensation"),
        N_("Money from the state for what a crime has cost you, such as a doctor or lost pay."),
        r"(?:crime )?victims?(?:['’]s?)? compensation|compensación (?:a|para|de) (?:las )?víctimas",
    ),
)

_KNOWN = re.compile(
    "|".join(rf"(?P<{entry.slug.replace('-', '_')}>\b(?:{entry.pattern}))(?!\w)" for entry in ENTRIES),
    re.IGNORECASE,
)


def explained(said: Said | str | None) -> Markup:
    """Give a text as markup; the first place of a hard word on the page leads to the glossary."""
    if not said:
        return Markup()
    text, lang = (said, None) if isinstance(said, str) else (said.text, said.lang)
    marked = Markup().join(_pieces(text))
    return Markup('<span lang="{}">{}</span>').format(lang, marked) if lang else marked


def _pieces(text: str) -> Iterator[Markup]:
    if "explained" not in g:
        g.explained = set()
    end = 0
    for found in _KNOWN.finditer(text):
        slug = (found.lastgroup or "").replace("_", "-")
        if slug in g.explained:
            continue
        g.explained.add(slug)
        yield escape(text[end : found.start()])
        address = url_for("site.glossary", _anchor=slug)
        yield Markup('<a href="{}">{}</a>').format(address, found.group())
        end = found.end()
    yield escape(text[end:])


def init_app(app: Flask) -> None:
    """Give templates the filter `explained`."""
    app.add_template_filter(explained)
