"""Publishes a yearly report of what a test made, without its files: these are made when somebody asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services_dir.db import transaction
from services_dir.reports.annual import operations
from services_dir.reports.annual.counting import Span, count
from services_dir.reports.annual.models import AnnualReport
from tests.support.factories import NOON


def make_report(session: Session, *, now: datetime = NOON + timedelta(days=1)) -> AnnualReport:
    """Publish the report of the year of a moment, as of that moment."""
    figures = count(session, Span.of(now.year, now))
    with transaction(session):
        return operations.publish(session, figures, {}, edition=1, seen_change=0, by=None, at=now)
