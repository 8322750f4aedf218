"""Reads of open data: where the catalog stands, its listings in batches, and what changed last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from services_dir.catalog import queries as catalog
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import CatalogChange, CatalogState, Organization, Program
from services_dir.catalog.public import PublicProgram


@dataclass(frozen=True)
class Stamp:
    """Where the catalog stands: the database's id and the number of its last change."""

    database_id: str
    last_change: int


@dataclass(frozen=True)
class Change:
    """The newest change of a listing; without a program it is no longer shown, and only its id is told."""

    id: str
    at: datetime
    program: PublicProgram | None


@dataclass(frozen=True)
class Listed:
    """The page of a listing (`kind` is "program" or "organization"), and when it last changed."""

    kind: str
    slug: str
    modified_at: datetime


def read_stamp(session: Session) -> Stamp:
    """Read where the catalog stands."""
    return Stamp(*session.execute(select(CatalogState.database_id, CatalogState.last_change)).one())


def list_changes(session: Session, most: int) -> list[Change]:
    """Give the listings that changed last, newest first, each once."""
    newest = (
        select(CatalogChange.program_id, func.max(CatalogChange.number).label("number"))
        .where(CatalogChange.program_id.is_not(None))
        .group_by(CatalogChange.program_id)
        .subquery()
    )
    rows = session.execute(
        select(Program.id, Program.uuid, CatalogChange.at)
        .join(newest, newest.c.program_id == Program.id)
        .join(CatalogChange, CatalogChange.number == newest.c.number)
        .order_by(newest.c.number.desc())
        .limit(most)
    ).all()
    shown = {
        program.id: program for program in catalog.list_public_programs(session, [row.id for row in rows])
    }
    return [Change(row.uuid, row.at, shown.get(row.uuid)) for row in rows]


def list_withdrawn(session: Session) -> list[Change]:
    """Give all that was listed once and is no longer shown, newest first."""
    last = func.max(CatalogChange.number)
    rows = session.execute(
        select(Program.uuid, func.max(CatalogChange.at))
        .join(CatalogChange, CatalogChange.program_id == Program.id)
        .where(Program.status != CatalogStatus.PUBLISHED)
        .group_by(Program.id, Program.uuid)
        .order_by(last.desc())
    )
    return [Change(uuid, at, None) for uuid, at in rows]


def list_pages(session: Session) -> list[Listed]:
    """Give the pages of all listings: organizations, then programs, each by their slugs."""
    pages = [
        select(literal(kind).label("kind"), table.slug, table.modified_at).where(
            table.status == CatalogStatus.PUBLISHED
        )
        for kind, table in (("organization", Organization), ("program", Program))
    ]
    rows = session.execute(union_all(*pages).order_by("kind", "slug"))
    return [Listed(kind, slug, modified_at) for kind, slug, modified_at in rows]
