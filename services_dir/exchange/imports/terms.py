"""What terms of feeds stand for: keeping those that were met, and a coordinator's decisions about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.exchange.imports.models import TermMapping
from services_dir.hsds.reading.context import TermTable
from services_dir.values import Paged


def keep_met(session: Session, feed_id: int, table: TermTable) -> None:
    """Note which terms an import met and how often; new ones get what the shipped facts propose."""
    session.execute(update(TermMapping).where(TermMapping.feed_id == feed_id).values(count=0))
    held = {
        (row.taxonomy, row.code, row.name): row
        for row in session.scalars(select(TermMapping).where(TermMapping.feed_id == feed_id))
    }
    for term, count in table.met.items():
        row = held.get((term.taxonomy, term.code, term.name))
        if row is None:
            proposed = table.propose(term)
            row = TermMapping(
                feed_id=feed_id,
                taxonomy=term.taxonomy,
                code=term.code,
                name=term.name,
                categories=",".join(proposed.categories),
                populations=",".join(proposed.populations),
                is_decided=proposed.is_decided,
            )
            session.add(row)
        row.count = count


def list_terms(
    session: Session, feed_id: int, *, only_open: bool = False, page: int = 1, size: int = 50
) -> Paged[TermMapping]:
    """Give the terms of a feed, those that nobody decided about first, then the commonest."""
    query = select(TermMapping).where(TermMapping.feed_id == feed_id)
    if only_open:
        query = query.where(TermMapping.is_decided.is_(False))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(TermMapping.is_decided, TermMapping.count.desc(), TermMapping.name)
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return Paged(rows, page, size, total)


def decide_term(
    session: Session,
    mapping: TermMapping,
    categories: Sequence[str],
    populations: Sequence[str],
    *,
    by: int,
    at: datetime,
) -> None:
    """Say what a term stands for; nothing is a decision too. The next plan of the feed follows it."""
    mapping.categories, mapping.populations = ",".join(categories), ",".join(populations)
    mapping.is_decided, mapping.decided_by_id, mapping.decided_at = True, by, at
    audit.record(session, "term.mapped", kind="term_mapping", subject=mapping.id, by=by, at=at)
