"""What an import has to know of the register: places, words, what foreign terms stand for."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.models import Term
from services_dir.exchange.imports.models import Feed, TermMapping
from services_dir.hsds.reading.context import Context, ForeignTerm, MappedTerm, TermTable
from services_dir.hsds.taxonomies import FACTS
from services_dir.settings import SEED_DATA
from services_dir.values import seed_uuid

_SHELTER = "housing"
_SHIPPED = "open_eligibility.csv"


def make_context(session: Session, feed: Feed) -> Context:
    """Read what is needed to read the records of a feed."""
    terms = session.execute(select(Term.uuid, Term.vocabulary, Term.slug, Term.id, Term.parent_id)).all()
    slugs = {
        kind: frozenset(slug for _, vocabulary, slug, _, _ in terms if vocabulary is kind)
        for kind in (Vocabulary.CATEGORY, Vocabulary.POPULATION)
    }
    decided = {
        ForeignTerm(row.taxonomy, row.code, row.name): MappedTerm(
            split(row.categories), split(row.populations), row.is_decided
        )
        for row in session.scalars(select(TermMapping).where(TermMapping.feed_id == feed.id))
    }
    return Context(
        feed=feed.name,
        level=feed.level,
        zone=feed.zone,
        areas=split(feed.areas),
        gazetteer=gazetteer.current(session),
        categories=slugs[Vocabulary.CATEGORY],
        populations=slugs[Vocabulary.POPULATION],
        sheltering=_sheltering(terms),
        terms=TermTable(decided, shipped_terms(SEED_DATA)),
        own_terms={uuid: (vocabulary, slug) for uuid, vocabulary, slug, _, _ in terms},
        facts={seed_uuid("taxonomy-term", "facts", code): code for code in FACTS},
    )


def _sheltering(terms: Iterable[Any]) -> frozenset[str]:
    """Give the kinds of help that are a place to stay: housing, and what lies under it."""
    rows = [row for row in terms if row.vocabulary is Vocabulary.CATEGORY]
    ids = {row.id for row in rows if row.slug == _SHELTER}
    return frozenset(row.slug for row in rows if row.slug == _SHELTER or row.parent_id in ids)


def split(text: str) -> tuple[str, ...]:
    """Give the words of a list with commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


@cache
def shipped_terms(folder: Path) -> dict[str, MappedTerm]:
    """Read what the terms of Open Eligibility stand for here, by their names in small letters."""
    found: dict[str, MappedTerm] = {}
    with (folder / _SHIPPED).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            mapped = MappedTerm(
                tuple(word.strip() for word in row["categories"].split("|") if word.strip()),
                tuple(word.strip() for word in row["populations"].split("|") if word.strip()),
                is_decided=True,
            )
            found.setdefault(row["name"].casefold(), mapped)
    return found
