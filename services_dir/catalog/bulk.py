"""Publishing many new records at once: what `operations` do for one, in a few statements for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from services_dir.catalog.draft import FORMAT, OrganizationDraft, ProgramDraft, to_json
from services_dir.catalog.kinds import CatalogStatus, ChangeKind
from services_dir.catalog.models import (
    CatalogChange,
    CatalogState,
    FormerSlug,
    Organization,
    OrganizationVersion,
    Program,
    ProgramVersion,
)
from services_dir.catalog.rows import Named, Parts, fill_program, organization_rows
from services_dir.inserting import NewRow, insert_all
from services_dir.values import slugify

D = TypeVar("D", ProgramDraft, OrganizationDraft)


@dataclass(frozen=True)
class New(Generic[D]):
    """A draft to publish for the first time, and when it was changed last where it comes from."""

    draft: D
    modified_at: datetime


def publish_new_programs(session: Session, new: Sequence[New[ProgramDraft]], *, at: datetime) -> list[NewRow]:
    """Publish programs that were never published; give their rows in the same order, outside the session.

    Their organizations are published, what they name is known, and no other row has their identities: the
    caller has looked. `keep_versions` says afterwards who approved them.
    """
    parts = Parts(Named.of(session, [one.draft for one in new]), NewRow)
    owners = _organizations(session, {one.draft.organization for one in new if one.draft.organization})
    slugs = _free_slugs(session, Program, [(one.draft.slug, one.draft.name) for one in new])
    programs = []
    for one, slug in zip(new, slugs, strict=True):
        program = NewRow(
            Program,
            uuid=one.draft.id,
            slug=slug,
            status=CatalogStatus.PUBLISHED,
            published_at=at,
            modified_at=one.modified_at,
            version=1,
            organization_id=owners[one.draft.organization or ""],
        )
        fill_program(program, one.draft, parts)
        programs.append(program)
    insert_all(session, programs)
    _record(session, one=[program.id for program in programs], at=at)
    return programs


def publish_new_organizations(
    session: Session, new: Sequence[New[OrganizationDraft]], *, at: datetime
) -> list[Organization]:
    """Publish organizations that were never published; give their rows as for programs."""
    slugs = _free_slugs(session, Organization, [(one.draft.slug, one.draft.name) for one in new])
    made, phones = [], []
    for one, slug in zip(new, slugs, strict=True):
        organization = Organization(
            uuid=one.draft.id,
            slug=slug,
            status=CatalogStatus.PUBLISHED,
            published_at=at,
            modified_at=one.modified_at,
            version=1,
        )
        phones.append(organization_rows(organization, one.draft))
        made.append(organization)
    insert_all(session, made)
    for organization, own in zip(made, phones, strict=True):
        for phone in own:
            phone.organization_id = organization.id
    insert_all(session, [phone for own in phones for phone in own])
    _join(session, {one.draft.id: one.draft.parent for one in new if one.draft.parent})
    return made


def keep_versions(
    session: Session,
    records: Sequence[NewRow | Organization],
    drafts: Sequence[ProgramDraft | OrganizationDraft],
    reviews: Sequence[int],
    *,
    at: datetime,
) -> None:
    """Keep the first version of records that were just published, with the review that approved each."""
    versions: list[NewRow] = []
    for record, draft, review_id in zip(records, drafts, reviews, strict=True):
        document = to_json(draft)
        facts = {
            "number": 1,
            "format": FORMAT,
            "document": document,
            "valid_from": at,
            "review_id": review_id,
        }
        if isinstance(draft, ProgramDraft):
            versions.append(NewRow(ProgramVersion, program_id=record.id, **facts))
        else:
            versions.append(NewRow(OrganizationVersion, organization_id=record.id, **facts))
    insert_all(session, versions)


def make_older(session: Session, moments: Mapping[str, datetime], *, at: datetime) -> None:
    """Let organizations that were published at a moment say that they changed earlier: UUIDs to moments."""
    statement = (
        update(Organization.__table__)  # type: ignore[arg-type]
        .where(
            Organization.__table__.c.uuid == bindparam("owner"),
            Organization.__table__.c.published_at == at,
            Organization.__table__.c.modified_at > bindparam("moment"),
        )
        .values(modified_at=bindparam("moment"))
    )
    if moments:
        session.connection().execute(
            statement, [{"owner": uuid, "moment": moment} for uuid, moment in moments.items()]
        )


def _join(session: Session, parents: Mapping[str, str | None]) -> None:
    """Put organizations under those they name, where these are there."""
    ids = _organizations(session, {*parents, *filter(None, parents.values())})
    found = [{"id": ids[one], "parent_id": ids[above]} for one, above in parents.items() if above in ids]
    if found:
        session.execute(update(Organization), found)


def _organizations(session: Session, uuids: set[str]) -> dict[str, int]:
    return dict(
        session.execute(select(Organization.uuid, Organization.id).where(Organization.uuid.in_(uuids))).all()
    )


def _free_slugs(
    session: Session, table: type[Program] | type[Organization], wanted: Sequence[tuple[str | None, str]]
) -> list[str]:
    """Give each a slug that no record has or had; a number is added where one is taken."""
    kind = table.__tablename__
    bases = [said or slugify(name) or kind for said, name in wanted]
    taken = _taken(session, table, set(bases))
    slugs: list[str] = []
    numbers: dict[str, int] = {}
    for base in bases:
        slug = base
        while slug in taken:
            numbers[base] = numbers.get(base, 1) + 1
            slug = f"{base[:75].rstrip('-')}-{numbers[base]}"
            if slug not in taken and _taken(session, table, {slug}):
                taken.add(slug)
        taken.add(slug)
        slugs.append(slug)
    return slugs


def _taken(session: Session, table: type[Program] | type[Organization], slugs: set[str]) -> set[str]:
    held = set(session.scalars(select(table.slug).where(table.slug.in_(slugs))))
    former = select(FormerSlug.slug).where(FormerSlug.kind == table.__tablename__, FormerSlug.slug.in_(slugs))
    return held | set(session.scalars(former))


def _record(session: Session, *, one: Sequence[int], at: datetime) -> None:
    """Number the changes of all in one step; numbers come without gaps, as `record_change` gives them."""
    last = session.execute(
        update(CatalogState)
        .values(last_change=CatalogState.last_change + len(one))
        .returning(CatalogState.last_change)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    first = int(last) - len(one) + 1
    insert_all(
        session,
        [
            NewRow(CatalogChange, number=number, kind=ChangeKind.PUBLISH, program_id=program_id, at=at)
            for number, program_id in enumerate(one, first)
        ],
    )
