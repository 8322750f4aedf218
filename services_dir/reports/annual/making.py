"""Making a yearly report: counting it, setting it in each language, publishing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog.queries import last_change
from services_dir.db import snapshot, transaction
from services_dir.reports.annual import counting, operations, queries
from services_dir.reports.annual.counting import Span
from services_dir.reports.annual.figures import Figures
from services_dir.reports.annual.models import AnnualReport
from services_dir.reports.annual.printing import annual_pdf
from services_dir.web.languages import LANGUAGES


@dataclass(frozen=True)
class Draft:
    """A report that is not published, the edition it would be, and the newest change it knows."""

    figures: Figures
    edition: int
    seen_change: int


def draft(session: Session, year: int, *, now: datetime, as_of: date | None = None) -> Draft:
    """Count a report for a year, or until a day in it. Raises InvalidError."""
    with snapshot(session):
        figures = counting.count(session, Span.of(year, now, as_of))
        return Draft(figures, operations.next_edition(session, year), last_change(session))


def recount(session: Session, report: AnnualReport) -> Figures:
    """Count a published report again, from the database as of its day."""
    published = Figures.read(report.figures)
    with snapshot(session):
        return counting.count(session, Span.again(published), published)


def differences(session: Session, report: AnnualReport) -> list[str]:
    """Give the names of the figures of a published report that are others when they are counted again."""
    published = Figures.read(report.figures)
    counted = recount(session, report)
    return [name for name in Figures.__struct_fields__ if getattr(published, name) != getattr(counted, name)]


def publish(session: Session, year: int, *, by: int | None, now: datetime, as_of: date | None = None) -> int:
    """Count a report, set it in each language and publish it; give its number. Raises InvalidError.

    What takes long is done before the transaction that writes.
    """
    made = draft(session, year, now=now, as_of=as_of)
    files = {language: _in_language(session, made, now, language) for language in LANGUAGES}
    with transaction(session):
        report = operations.publish(
            session,
            made.figures,
            files,
            edition=made.edition,
            seen_change=made.seen_change,
            by=by,
            at=now,
        )
        return report.id


def draft_pdf(session: Session, made: Draft) -> bytes:
    """Set a draft, in the language of the request."""
    words = _("Draft, as of %(day)s", day=format_date(made.figures.as_of, "long"))
    return annual_pdf(session, made.figures, title(made.figures.year), words)


def published_pdf(session: Session, report: AnnualReport, language: str) -> bytes:
    """Give the PDF of a published report as it was kept; if its file was forgotten, made again."""
    kept = queries.find_file(session, report, language)
    if kept is not None:
        return kept
    words = published_on(report.published_at, report.edition)
    return annual_pdf(session, Figures.read(report.figures), title(report.year), words)


def title(year: int) -> str:
    """Give the title of a report."""
    return _("Yearly inventory of programs %(year)s", year=year)


def published_on(at: datetime, edition: int) -> str:
    """Say when a report was published."""
    return _("Published on %(day)s, edition %(edition)s", day=format_date(at, "long"), edition=edition)


def _in_language(session: Session, made: Draft, at: datetime, language: str) -> bytes:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.test_request_context(f"/{language}/"):
        words = published_on(at, made.edition)
        return annual_pdf(session, made.figures, title(made.figures.year), words)
