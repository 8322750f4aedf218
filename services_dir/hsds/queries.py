"""Reads behind records of HSDS: public values by their public ids, and the nation they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog import queries as catalog
from services_dir.catalog.kinds import CatalogStatus, PlaceKind
from services_dir.catalog.models import Organization, Place, Program, Site
from services_dir.catalog.public import PublicOrganization, PublicProgram


def load_programs(session: Session, ids: Sequence[str]) -> list[PublicProgram]:
    """Give published programs by their public ids, in this order."""
    rows = session.scalars(select(Program.id).where(Program.uuid.in_(ids))).all()
    held = {program.id: program for program in catalog.list_public_programs(session, rows)}
    return [held[one] for one in ids if one in held]


def load_programs_of_sites(session: Session, ids: Sequence[str]) -> list[PublicProgram]:
    """Give the published programs that have any of these sites."""
    rows = session.scalars(select(Site.program_id).where(Site.uuid.in_(ids))).all()
    return catalog.list_public_programs(session, rows)


def load_programs_of(session: Session, organizations: Sequence[str]) -> list[PublicProgram]:
    """Give the published programs of organizations."""
    rows = session.scalars(
        select(Program.id)
        .join(Program.organization)
        .where(Organization.uuid.in_(organizations), Program.status == CatalogStatus.PUBLISHED)
    ).all()
    return catalog.list_public_programs(session, rows)


def load_organizations(session: Session, ids: Iterable[str]) -> dict[str, PublicOrganization]:
    """Give published organizations by their public ids."""
    return {one.id: one for one in catalog.list_public_organizations(session, list(ids))}


def only_country(session: Session) -> str | None:
    """Give the code of the nation, if there is just one among the places."""
    codes = session.scalars(select(Place.code).where(Place.kind == PlaceKind.NATION)).all()
    return codes[0] if len(codes) == 1 else None
