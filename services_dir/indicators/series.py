"""The series the Council follows, and what they mean. They come without figures: each needs a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services_dir.errors import N_
from services_dir.values import Labelled


class Area(Labelled):
    """What a series tells of: the three duties the Council measures progress by."""

    PREVENTION = "prevention", N_("Prevention")
    PROTECTION = "protection", N_("Protection")
    PROSECUTION = "prosecution", N_("Prosecution")


class Unit(Labelled):
    """What is counted."""

    TRAININGS = "trainings", N_("trainings")
    PEOPLE = "people", N_("people")
    CONTACTS = "contacts", N_("contacts")
    SITUATIONS = "situations", N_("situations")
    CHILDREN = "children", N_("children")
    CLAIMS = "claims", N_("claims")
    INVESTIGATIONS = "investigations", N_("investigations")
    CASES = "cases", N_("cases")


@dataclass(frozen=True)
class Series:
    """A series: its name, unit and definition; `protects` if small numbers could point at somebody."""

    slug: str
    area: Area
    unit: Unit
    name: str
    definition: str
    protects: bool = True


# The parts a figure may be broken down into; each breakdown splits the whole.
BREAKDOWNS: Final[Mapping[str, Mapping[str, str]]] = {
    "age": {"minors": N_("Under 18"), "adults": N_("18 or older"), "unknown": N_("Age not known")},
    "form": {
        "labor": N_("Labor trafficking"),
        "sex": N_("Sex trafficking"),
        "both": N_("Labor and sex trafficking"),
        "unknown": N_("Form not known"),
    },
}
BREAKDOWN_NAMES: Final[Mapping[str, str]] = {"age": N_("By age"), "form": N_("By form")}

_ALL = (
    Series(
        "trainings",
        Area.PREVENTION,
        Unit.TRAININGS,
        N_("Trainings held"),
        N_(
            "Trainings in which people learned to see trafficking and to help. "
            "Held in the year, for any group."
        ),
        protects=False,
    ),
    Series(
        "people-trained",
        Area.PREVENTION,
        Unit.PEOPLE,
        N_("People trained"),
        N_("People who took part in such trainings. Somebody who took part twice may be counted twice."),
        protects=False,
    ),
    Series(
        "hotline-contacts",
        Area.PROTECTION,
        Unit.CONTACTS,
        N_("Contacts with a hotline"),
        N_(
            "Calls, texts, chats and mails about this state that a hotline received. Several may be "
            "about one situation."
        ),
    ),
    Series(
        "hotline-situations",
        Area.PROTECTION,
        Unit.SITUATIONS,
        N_("Situations a hotline learned of"),
        N_(
            "Situations in this state with signs of trafficking, as the hotline judged them. They are "
            "not proven."
        ),
    ),
    Series(
        "child-referrals",
        Area.PROTECTION,
        Unit.CHILDREN,
        N_("Children referred"),
        N_("Children who were reported to the child welfare agency. They may have been trafficked."),
    ),
    Series(
        "certifications",
        Area.PROTECTION,
        Unit.PEOPLE,
        N_("Certifications and letters of eligibility"),
        N_(
            "People from other countries who were found to be victims by the federal government. "
            "With this they can get benefits."
        ),
    ),
    Series(
        "compensation-claims",
        Area.PROTECTION,
        Unit.CLAIMS,
        N_("Claims for compensation"),
        N_(
            "Claims for money to victims that named trafficking. "
            "They were filed in the year, whatever was decided."
        ),
    ),
    Series(
        "investigations",
        Area.PROSECUTION,
        Unit.INVESTIGATIONS,
        N_("Investigations opened"),
        N_("Cases of trafficking that police in this state began to look into in the year."),
    ),
    Series(
        "prosecutions",
        Area.PROSECUTION,
        Unit.CASES,
        N_("Cases charged"),
        N_("Cases in which somebody was charged with trafficking in a state or federal court in this state."),
    ),
    Series(
        "convictions",
        Area.PROSECUTION,
        Unit.CASES,
        N_("Convictions"),
        N_(
            "Cases that ended in the year with a conviction for trafficking. A conviction for a lesser "
            "crime is not counted."
        ),
    ),
)
SERIES: Final[Mapping[str, Series]] = {one.slug: one for one in _ALL}
