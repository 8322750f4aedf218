"""What this directory does for each duty of the Council, and where that is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services_dir.errors import N_


@dataclass(frozen=True)
class Answer:
    """A sentence, and links by their endpoints; both still to be translated."""

    sentence: str
    links: tuple[tuple[str, str], ...]


# By the word that a row of `duties.csv` gives.
ANSWERS: Final[Mapping[str, Answer]] = {
    "data": Answer(
        N_("This directory counts programs, not people. Figures of others are shown with their source."),
        ((N_("Figures on progress"), "indicators.show"), (N_("What exists where"), "reports.coverage")),
    ),
    "models": Answer(
        N_("Talks and guides that the Council looked at are listed here."),
        ((N_("Presentations and guides"), "council.guides"),),
    ),
    "progress": Answer(
        N_("The Council says in its reports how far the state has come. Figures are gathered year by year."),
        ((N_("Figures on progress"), "indicators.show"), (N_("Reports of the Council"), "council.reports")),
    ),
    "programs": Answer(
        N_("This is what the directory is for: it lists the programs and shows where help is missing."),
        ((N_("Find help"), "search.results"), (N_("What exists where"), "reports.coverage")),
    ),
    "awareness": Answer(
        N_("Anybody may print posters and cards, and put our search box on another site."),
        (
            (N_("Posters and cards"), "posters.show"),
            (N_("A search box for your site"), "open_data.search_box"),
        ),
    ),
    "statutes": Answer(
        N_("The acts and statutes on trafficking are listed by year."),
        ((N_("Acts and statutes"), "council.acts"),),
    ),
    "consultation": Answer(
        N_("Anybody may propose a program or a change. Coordinators read each one."),
        ((N_("Propose a program"), "submissions.new"), (N_("Meetings"), "council.meetings")),
    ),
    "cooperation": Answer(
        N_("Agencies can send their listings and take ours, in the format that directories share."),
        ((N_("Data"), "site.data"),),
    ),
    "report": Answer(
        N_("The Council reports each year. Its reports are listed here."),
        ((N_("Reports of the Council"), "council.reports"),),
    ),
}
