"""Reads of yearly reports that were published."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.errors import N_, NotFoundError
from services_dir.reports.annual.models import AnnualFile, AnnualReport


def list_reports(session: Session) -> Sequence[AnnualReport]:
    """List all published reports, the newest year and edition first."""
    newest = select(AnnualReport).order_by(AnnualReport.year.desc(), AnnualReport.edition.desc())
    return session.scalars(newest).all()


def get_report(session: Session, number: int) -> AnnualReport:
    """Give a published report. Raises NotFoundError."""
    report = session.get(AnnualReport, number) if number < 2**31 else None
    if report is None:
        raise NotFoundError(N_("There is no such report."))
    return report


def find_file(session: Session, report: AnnualReport, language: str) -> bytes | None:
    """Give the PDF of a report in a language; None if it must be made again."""
    file = session.get(AnnualFile, (report.id, language))
    return file.content if file is not None else None
