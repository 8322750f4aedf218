"""Taking out of the catalog: a program at once, several, one that another repeats, an organization."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog import queries as catalog
from services_dir.catalog.draft import Draft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.merging import lock_both
from services_dir.catalog.models import Organization, PrivateContact, Program
from services_dir.errors import N_, ConflictError
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import record_review, refuse_contact_of
from services_dir.moderation.rules import Verdict
from services_dir.submissions.models import AuthorKind, SubmissionKind
from services_dir.submissions.operations import Sender, open_submission


def withdraw(session: Session, program: Program, *, by: int | None, at: datetime) -> Review:
    """Take a program out of the catalog at once. Raises ConflictError if it is not published.

    The program's row is locked.
    """
    published = catalog.find_published_draft(session, program)
    if program.status is not CatalogStatus.PUBLISHED or published is None:
        raise ConflictError(N_("This program is not in the catalog."))
    return _withdraw(session, *published, by=by, at=at)


def withdraw_organization(
    session: Session, organization: Organization, *, by: int | None, at: datetime
) -> Review:
    """Take an organization and all its programs out of the catalog at once.

    Raises ConflictError if it is not published.
    """
    published = catalog.find_published_organization_draft(session, organization)
    if organization.status is not CatalogStatus.PUBLISHED or published is None:
        raise ConflictError(N_("This organization is not in the catalog."))
    return _withdraw(session, *published, by=by, at=at)


def withdraw_all(session: Session, slugs: Iterable[str], *, by: int, at: datetime) -> tuple[int, int]:
    """Withdraw several programs; give how many were, and how many were not in the catalog."""
    wanted = set(slugs)
    rows = session.scalars(
        select(Program).where(Program.slug.in_(wanted)).order_by(Program.id).with_for_update()
    ).all()
    published = [program for program in rows if program.status is CatalogStatus.PUBLISHED]
    for program in published:
        withdraw(session, program, by=by, at=at)
    return len(published), len(wanted) - len(published)


def merge(session: Session, duplicate: Program, into: Program, *, by: int, at: datetime) -> Review:
    """Withdraw a program that another repeats; its addresses and contacts go to the other from now on.

    Both rows are locked. Raises ConflictError if they are one, or if one of them is not in the catalog.
    """
    if duplicate.id == into.id:
        raise ConflictError(N_("Choose another program: these are the same."))
    if into.status is not CatalogStatus.PUBLISHED:
        raise ConflictError(N_("This program is not in the catalog."))
    review = withdraw(session, duplicate, by=by, at=at)
    duplicate.merged_into_id = into.id
    contacts = update(PrivateContact).where(PrivateContact.program_id == duplicate.id)
    session.execute(contacts.values(program_id=into.id))
    audit.record(session, "program.merged", kind="program", subject=duplicate.id, by=by, at=at)
    return review


def merge_organizations(
    session: Session, duplicate: Organization, into: Organization, *, by: int, at: datetime
) -> Review:
    """Withdraw an organization that another repeats; all that belonged to it goes to the other.

    Its programs and branches get a new version each, its names find the other, its addresses lead there.
    Raises ConflictError if they are one, if one of them is not in the catalog, if the one that stays is a
    part of the other, or if the account is the contact of either: that needs somebody else.
    """
    lock_both(session, duplicate, into)
    published = catalog.find_published_organization_draft(session, duplicate)
    if duplicate.id == into.id:
        raise ConflictError(N_("Choose another organization: these are the same."))
    if published is None or {duplicate.status, into.status} != {CatalogStatus.PUBLISHED}:
        raise ConflictError(N_("This organization is not in the catalog."))
    if into.parent_id == duplicate.id:
        raise ConflictError(
            N_("“{part}” is a part of “{whole}”. Merge the part into the whole."),
            part=into.name,
            whole=duplicate.name,
        )
    refuse_contact_of(session, (duplicate.id, into.id), by)
    duplicate.merged_into_id = into.id
    review = _withdraw(session, *published, by=by, at=at)
    audit.record(session, "organization.merged", kind="organization", subject=duplicate.id, by=by, at=at)
    return review


def _withdraw(session: Session, draft: Draft, version: int, *, by: int | None, at: datetime) -> Review:
    """Open a submission that takes a published listing back, and approve it."""
    submission = open_submission(
        session,
        draft,
        Sender(AuthorKind.REVIEWER, account_id=by),
        kind=SubmissionKind.WITHDRAWAL,
        at=at,
        base_version=version,
    )
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=version)
    return record_review(session, submission, verdict, by=by, at=at)
