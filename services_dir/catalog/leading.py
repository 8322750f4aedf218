"""Where a former slug leads, and a record that was merged into another."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services_dir.catalog.models import FormerSlug, Organization, Program

R = TypeVar("R", bound=Program | Organization)


def follow(session: Session, record: R) -> R:
    """Give the record that a merged one leads to, over as many mergers as there were; else the record itself.

    Only what is published is merged into, so that this never goes in a circle.
    """
    while record.merged_into_id is not None:
        record = session.get_one(type(record), record.merged_into_id)
    return record


def find_current_slug(session: Session, kind: str, slug: str) -> str | None:
    """Give the slug that a former one, or that of a merged record, leads to; None if it leads nowhere else.

    `kind` is "program" or "organization".
    """
    table, owner = (
        (Program, FormerSlug.program_id) if kind == "program" else (Organization, FormerSlug.organization_id)
    )
    former = select(owner).where(FormerSlug.kind == kind, FormerSlug.slug == slug).scalar_subquery()
    wanted = select(table.slug, table.merged_into_id).where(or_(table.slug == slug, table.id == former))
    row = session.execute(wanted).first()
    while row is not None and row.merged_into_id is not None:
        heir = select(table.slug, table.merged_into_id).where(table.id == row.merged_into_id)
        row = session.execute(heir).first()
    return row.slug if row is not None and row.slug != slug else None


def find_current_uuid(session: Session, table: type[R], uuid: str) -> str | None:
    """Give the public id that a merged record leads to; None for a record that was not merged."""
    merged = select(table).where(table.uuid == uuid, table.merged_into_id.is_not(None))
    record = session.scalars(merged).first()
    return follow(session, record).uuid if record is not None else None


def find_organization_id(session: Session, uuid: str | None) -> int | None:
    """Give the row id of the organization that a draft names, or that it was merged into."""
    record = session.scalars(select(Organization).where(Organization.uuid == uuid)).first()
    return follow(session, record).id if record is not None else None
