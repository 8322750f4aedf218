"""Merging organizations: what belonged to one goes to another, and back if it was a mistake.

Callers open the transaction, and look whether it may be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services_dir.catalog.draft import OrganizationDraft, read_organization
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import (
    Organization,
    OrganizationVersion,
    PrivateContact,
    Program,
    ProgramVersion,
)
from services_dir.catalog.operations import publish_organization, publish_program
from services_dir.catalog.queries import find_published_draft, find_published_organization_draft
from services_dir.values import fold


def lock_both(session: Session, organization: Organization, into: Organization) -> None:
    """Lock two organizations with the programs and branches of the first, as they are now.

    Programs before organizations, as everywhere, and programs that came while it was waited for afterwards.
    """
    programs = select(Program).where(Program.organization_id == organization.id).order_by(Program.id)
    session.scalars(programs.with_for_update()).all()
    family = select(Organization).where(
        Organization.id.in_((organization.id, into.id)) | (Organization.parent_id == organization.id)
    )
    locked = family.order_by(Organization.id).with_for_update().execution_options(populate_existing=True)
    session.scalars(locked).all()
    session.scalars(programs.with_for_update().execution_options(populate_existing=True)).all()


def hand_over(
    session: Session, organization: Organization, into: Organization, *, review_id: int, at: datetime
) -> None:
    """Give an organization's programs, branches, names and contacts to the one that it is merged into.

    Each published program and each branch gets a new version. Everything is locked.
    """
    mine, theirs = _draft_of(session, organization), _draft_of(session, into)
    named = _with_names(theirs, mine)
    if named != theirs:
        publish_organization(session, named, review_id=review_id, at=at)
    _put_programs_under(session, _programs_of(session, organization), into, review_id, at)
    branches = select(Organization).where(
        Organization.parent_id == organization.id, Organization.id != into.id
    )
    _put_branches_under(
        session, session.scalars(branches.order_by(Organization.id)).all(), into, review_id, at
    )
    session.execute(
        update(PrivateContact)
        .where(PrivateContact.organization_id == organization.id)
        .values(organization_id=into.id)
    )


def take_back(
    session: Session,
    organization: Organization,
    into: Organization,
    *,
    merged_by: int,
    review_id: int,
    at: datetime,
) -> None:
    """Give an organization back what `hand_over` took, as it is by now, if it is still there.

    The organization is published again already. `merged_by` is the review of the merger. Contacts stay
    where they are: whom else they may be asked about is for people to say.
    """
    moved = select(ProgramVersion.program_id).where(ProgramVersion.review_id == merged_by)
    programs = select(Program).where(Program.id.in_(moved), Program.organization_id == into.id)
    locked = session.scalars(programs.order_by(Program.id).with_for_update()).all()
    _put_programs_under(session, locked, organization, review_id, at)
    told = select(OrganizationVersion.organization_id).where(OrganizationVersion.review_id == merged_by)
    branches = select(Organization).where(Organization.id.in_(told), Organization.parent_id == into.id)
    _put_branches_under(
        session, session.scalars(branches.order_by(Organization.id)).all(), organization, review_id, at
    )
    _drop_names(session, into, merged_by, review_id, at)


def _programs_of(session: Session, organization: Organization) -> Sequence[Program]:
    return session.scalars(
        select(Program).where(Program.organization_id == organization.id).order_by(Program.id)
    ).all()


def _put_programs_under(
    session: Session, programs: Iterable[Program], owner: Organization, review_id: int, at: datetime
) -> None:
    for program in programs:
        held = find_published_draft(session, program)
        if program.status is CatalogStatus.PUBLISHED and held is not None:
            draft = replace(held[0], organization=owner.uuid)
            publish_program(session, draft, review_id=review_id, at=at)
        else:
            program.organization_id = owner.id
    session.flush()


def _put_branches_under(
    session: Session, branches: Iterable[Organization], parent: Organization, review_id: int, at: datetime
) -> None:
    for branch in branches:
        if branch.status is CatalogStatus.PUBLISHED:
            draft = replace(_draft_of(session, branch), parent=parent.uuid)
            publish_organization(session, draft, review_id=review_id, at=at)
        else:
            branch.parent_id = parent.id
    session.flush()


def _with_names(stays: OrganizationDraft, goes: OrganizationDraft) -> OrganizationDraft:
    """Let the one that stays be found by the names of the one that goes."""
    known = {fold(name) for name in (stays.name, *stays.aliases, *stays.former_names)}
    aliases = tuple(name for name in (goes.name, *goes.aliases) if fold(name) not in known)
    known |= {fold(name) for name in aliases}
    former = tuple(name for name in goes.former_names if fold(name) not in known)
    return replace(stays, aliases=(*stays.aliases, *aliases), former_names=(*stays.former_names, *former))


def _drop_names(session: Session, into: Organization, merged_by: int, review_id: int, at: datetime) -> None:
    """Take away the names that came with a merger."""
    own = select(OrganizationVersion).where(OrganizationVersion.organization_id == into.id)
    after = session.scalars(own.where(OrganizationVersion.review_id == merged_by)).first()
    if after is None or into.status is not CatalogStatus.PUBLISHED:
        return
    before = session.scalars(own.where(OrganizationVersion.number == after.number - 1)).one()
    old, new = (read_organization(version.document, version.format) for version in (before, after))
    came = {*new.aliases, *new.former_names} - {*old.aliases, *old.former_names}
    held = _draft_of(session, into)
    left = replace(
        held,
        aliases=tuple(name for name in held.aliases if name not in came),
        former_names=tuple(name for name in held.former_names if name not in came),
    )
    if left != held:
        publish_organization(session, left, review_id=review_id, at=at)


def _draft_of(session: Session, organization: Organization) -> OrganizationDraft:
    held = find_published_organization_draft(session, organization)
    assert held is not None, "an organization without a version"
    return held[0]
