"""The page that leads to all reports: those that this program has, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from services_dir.errors import N_
from services_dir.reports.annual.models import AnnualReport
from services_dir.reports.annual.pages import Published
from services_dir.web.languages import translated

# Path below /reports, what the report is called, and what it answers. One that is not there is left out.
_REPORTS = (
    (
        "coverage",
        N_("What exists where"),
        N_("How many programs serve each place, and what is missing: as a table, a map and a file."),
    ),
    (
        "freshness",
        N_("How fresh the details are"),
        N_("How many programs were confirmed in time, how many were not, and what was done about it."),
    ),
    (
        "demand",
        N_("What people look for"),
        N_("What is searched for each month, and what is searched for in vain. Nobody can be recognized."),
    ),
    (
        "annual",
        N_("Yearly reports"),
        N_("The inventory of programs as it stood at the end of a year, to download as PDF and table."),
    ),
)


@dataclass(frozen=True)
class Report:
    """A report: where it is, what it is called, what it answers."""

    address: str
    name: str
    words: str


@dataclass(frozen=True)
class OverviewPage:
    """All reports."""

    title: str
    reports: tuple[Report, ...]
    published: tuple[Published, ...]

    @classmethod
    def build(cls, base: str, paths: Collection[str], published: Iterable[AnnualReport]) -> OverviewPage:
        """List the reports that lie below an address, if there are pages of these paths."""
        return cls(_("Reports"), tuple(_reports(base, paths)), tuple(map(Published.of, published)))


def _reports(base: str, paths: Collection[str]) -> Iterator[Report]:
    for name, label, words in _REPORTS:
        if f"/reports/{name}" in paths:
            yield Report(f"{base}/{name}", translated(label), translated(words))
