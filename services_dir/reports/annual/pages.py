"""What the pages of yearly reports show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from services_dir.reports.annual import making
from services_dir.reports.annual.figures import Figures
from services_dir.reports.annual.models import AnnualReport
from services_dir.reports.annual.sections import Section, Writer
from services_dir.web.forms import WorkspaceForm


@dataclass(frozen=True)
class Published:
    """A published report in a list: what it is called, when it was published, where it is."""

    name: str
    words: str
    address: str
    pdf: str
    csv: str

    @classmethod
    def of(cls, report: AnnualReport) -> Published:
        """Build it from the row."""
        return cls(
            making.title(report.year),
            making.published_on(report.published_at, report.edition),
            url_for("annual.show", number=report.id),
            url_for("annual.pdf", number=report.id),
            url_for("annual.csv", number=report.id),
        )


@dataclass(frozen=True)
class AnnualListPage:
    """All published reports."""

    title: str
    reports: tuple[Published, ...]

    @classmethod
    def build(cls, reports: Iterable[AnnualReport]) -> AnnualListPage:
        """List them."""
        return cls(_("Yearly reports"), tuple(map(Published.of, reports)))


@dataclass(frozen=True)
class AnnualPage:
    """One published report."""

    title: str
    report: Published
    sections: tuple[Section, ...]

    @classmethod
    def build(cls, report: AnnualReport, language: str) -> AnnualPage:
        """Tell its figures."""
        writer = Writer(Figures.read(report.figures), language)
        return cls(making.title(report.year), Published.of(report), tuple(writer.sections()))


@dataclass(frozen=True)
class PublishingPage:
    """Where a coordinator looks at a year and publishes its report."""

    title: str
    year: int
    years: tuple[int, ...]
    sections: tuple[Section, ...]
    problem: str
    form: WorkspaceForm
    published: tuple[Published, ...]
