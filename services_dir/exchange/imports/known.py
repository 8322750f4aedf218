"""What the register holds of the records of one stretch of a plan, read in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import Draft, read_organization, read_program
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.leading import find_current_uuid
from services_dir.catalog.models import (
    ForeignId,
    FormerSlug,
    Organization,
    OrganizationVersion,
    Program,
    ProgramVersion,
)
from services_dir.catalog.queries import list_taken_identities
from services_dir.catalog.rules import list_identities
from services_dir.exchange.imports.models import RecordKind

_STRETCH = 900  # values of one statement


@dataclass(frozen=True)
class Held:
    """A record as the register holds it: its newest document and version, and whether it is published."""

    uuid: str
    draft: Draft
    version: int
    is_published: bool
    heir: str | None = None  # the UUID of what it was merged into here


def find_links(session: Session, feed: str, kind: RecordKind, ids: Collection[str]) -> dict[str, ForeignId]:
    """Give what the feed calls by these ids, as it was seen last."""
    found: dict[str, ForeignId] = {}
    for some in stretches(ids):
        rows = session.scalars(
            select(ForeignId).where(
                ForeignId.feed == feed, ForeignId.kind == kind.value, ForeignId.foreign_id.in_(some)
            )
        )
        found |= {row.foreign_id: row for row in rows}
    return found


def find_held(session: Session, kind: RecordKind, uuids: Collection[str]) -> dict[str, Held]:
    """Give the records of these UUIDs with their newest documents."""
    found: dict[str, Held] = {}
    is_program = kind is RecordKind.PROGRAM
    query = _PROGRAMS if is_program else _ORGANIZATIONS
    table = Program if is_program else Organization
    for some in stretches(uuids):
        rows = session.execute(query.where(table.uuid.in_(some)))
        for uuid, status, merged_into, document, format, number in rows:
            draft: Draft = (read_program if is_program else read_organization)(document, format)
            heir = find_current_uuid(session, table, uuid) if merged_into is not None else None
            found[uuid] = Held(uuid, draft, number, status is CatalogStatus.PUBLISHED, heir)
    return found


_PROGRAMS: Select[str, CatalogStatus, int | None, str, int, int] = select(
    Program.uuid,
    Program.status,
    Program.merged_into_id,
    ProgramVersion.document,
    ProgramVersion.format,
    ProgramVersion.number,
).join(
    ProgramVersion,
    (ProgramVersion.program_id == Program.id) & (ProgramVersion.number == Program.version),
)
_ORGANIZATIONS: Select[str, CatalogStatus, int | None, str, int, int] = select(
    Organization.uuid,
    Organization.status,
    Organization.merged_into_id,
    OrganizationVersion.document,
    OrganizationVersion.format,
    OrganizationVersion.number,
).join(
    OrganizationVersion,
    (OrganizationVersion.organization_id == Organization.id)
    & (OrganizationVersion.number == Organization.version),
)


def list_taken_slugs(session: Session, kind: RecordKind, drafts: Iterable[Draft]) -> frozenset[str]:
    """Give those of the web names of drafts that another record has or had."""
    table = Program if kind is RecordKind.PROGRAM else Organization
    owners = {draft.slug: draft.id for draft in drafts if draft.slug}
    taken: set[str] = set()
    for some in stretches(owners):
        rows = session.execute(select(table.slug, table.uuid).where(table.slug.in_(some)))
        taken |= {slug for slug, uuid in rows if owners[slug] != uuid}
        former = select(FormerSlug.slug).where(FormerSlug.kind == table.__tablename__)
        taken |= set(session.scalars(former.where(FormerSlug.slug.in_(some))))
    return frozenset(taken)


def list_taken(session: Session, drafts: Sequence[Draft]) -> frozenset[str]:
    """Give the identities of parts of drafts that stand in rows of the register."""
    wanted = {identity for draft in drafts for _path, identity in list_identities(draft)}
    return frozenset(one for some in stretches(wanted) for one in list_taken_identities(session, some))


def stretches(values: Collection[str]) -> Iterable[list[str]]:
    """Cut values into stretches that fit into a statement."""
    listed = list(values)
    for start in range(0, len(listed), _STRETCH):
        yield listed[start : start + _STRETCH]
