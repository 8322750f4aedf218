"""Closing months of demand: with what the catalog knows, and so that the exact sums leave the files."""

from __future__ import annotations

from datetime import datetime

from babel import Locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import PlaceKind, Vocabulary
from services_dir.catalog.models import Place, Term
from services_dir.catalog.operations import wipe_traces
from services_dir.db import db, transaction
from services_dir.demand import operations, queries
from services_dir.demand.models import TABLES_LEFT_OUT_OF_BACKUPS, Breakdown


def close_due(session: Session, *, at: datetime) -> int:
    """Close the months that ended, in a transaction of its own; give how many were kept."""
    if not queries.is_due(session, at):
        return 0
    with transaction(session):
        number = operations.close_months(session, _possible(session), at=at)
    wipe_traces(db.engine, TABLES_LEFT_OUT_OF_BACKUPS)  # if somebody reads now, erasure does it later
    return number


def _possible(session: Session) -> dict[Breakdown, int]:
    """Give how many values each breakdown may have: those of the catalog, any language, and “not said”."""
    roots = select(func.count()).where(Term.vocabulary == Vocabulary.CATEGORY, Term.parent_id.is_(None))
    regions = select(func.count()).where(Place.kind == PlaceKind.PLANNING_REGION)
    return {
        Breakdown.CATEGORY: session.scalars(roots).one() + 1,
        Breakdown.REGION: session.scalars(regions).one() + 1,
        Breakdown.LANGUAGE: len(Locale("en").languages),
    }
