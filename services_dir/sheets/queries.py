"""Reads of sheets: the chosen programs as anybody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog import queries as catalog
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.leading import find_current_slug
from services_dir.catalog.models import Program
from services_dir.catalog.public import PublicProgram


@dataclass(frozen=True)
class Found:
    """The published programs in the order asked for; how many are withdrawn, and how many never were."""

    programs: tuple[PublicProgram, ...]
    withdrawn: int
    unknown: int


def list_chosen(session: Session, slugs: Sequence[str]) -> Found:
    """Give the programs of some slugs, former ones and those of merged programs included, each once."""
    rows = _rows(session, slugs)
    former = {
        slug: current
        for slug in slugs
        if not _is_published(rows, slug) and (current := find_current_slug(session, "program", slug))
    }
    rows |= _rows(session, tuple(former.values()))
    wanted = tuple(dict.fromkeys(former.get(slug, slug) for slug in slugs))
    known = [rows[slug] for slug in wanted if slug in rows]
    ids = [number for number, status in known if status is CatalogStatus.PUBLISHED]
    public = {program.slug: program for program in catalog.list_public_programs(session, ids)} if ids else {}
    return Found(
        programs=tuple(public[slug] for slug in wanted if slug in public),
        withdrawn=len(known) - len(public),
        unknown=len(wanted) - len(known),
    )


def _is_published(rows: dict[str, tuple[int, CatalogStatus]], slug: str) -> bool:
    return slug in rows and rows[slug][1] is CatalogStatus.PUBLISHED


def _rows(session: Session, slugs: Sequence[str]) -> dict[str, tuple[int, CatalogStatus]]:
    if not slugs:
        return {}
    found = session.execute(select(Program.slug, Program.id, Program.status).where(Program.slug.in_(slugs)))
    return {slug: (number, status) for slug, number, status in found}
