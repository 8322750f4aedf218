"""What a submission is about: what is published of it, what is wrong with it, what must be checked."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services_dir.catalog import queries as catalog
from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.leading import follow
from services_dir.catalog.models import Organization, Phone, Program, Site
from services_dir.catalog.rules import Problem, check_organization, check_program
from services_dir.moderation import numbers, safeguards
from services_dir.moderation.models import FirstApproval
from services_dir.moderation.numbers import ListingWith
from services_dir.moderation.safeguards import Lead
from services_dir.submissions.models import Subject, Submission, SubmissionKind
from services_dir.submissions.queries import Listing, listing_of, read_draft

# Of these nothing of a draft becomes public.
_PUBLISHES_NOTHING = (SubmissionKind.PROBLEM, SubmissionKind.WITHDRAWAL)


def find_published(session: Session, submission: Submission) -> tuple[Draft, int] | None:
    """Give the published draft of what a submission is about, and its version; None while withdrawn."""
    if submission.program_id is not None:
        program = session.get_one(Program, submission.program_id)
        if program.status is CatalogStatus.PUBLISHED:
            return catalog.find_published_draft(session, program)
    elif submission.organization_id is not None:
        organization = session.get_one(Organization, submission.organization_id)
        if organization.status is CatalogStatus.PUBLISHED:
            return catalog.find_published_organization_draft(session, organization)
    return None


def find_heir(session: Session, submission: Submission) -> Listing | None:
    """Give what the listing that a submission is about was merged into; None if it was not."""
    if submission.program_id is not None:
        return heir_of(session, session.get_one(Program, submission.program_id))
    if submission.organization_id is not None:
        return heir_of(session, session.get_one(Organization, submission.organization_id))
    return None


def heir_of(session: Session, record: Program | Organization) -> Listing | None:
    """Give what a listing was merged into; None if it was not."""
    return listing_of(session, follow(session, record)) if record.merged_into_id is not None else None


def list_problems(session: Session, draft: Draft) -> list[Problem]:
    """List what is wrong with a draft, measured against the register as it is now."""
    known = catalog.get_references(session, draft)
    if isinstance(draft, ProgramDraft):
        return check_program(draft, known)
    return check_organization(draft, known)


def leads_of(session: Session, submission: Submission, *, for_two: bool = False) -> list[Lead]:
    """List what of a submission must be checked before it is approved, or be approved by two."""
    if submission.kind in _PUBLISHES_NOTHING:
        return []
    if submission.subject is Subject.PHONE:
        return _leads_of_number(session, submission, for_two)
    published = find_published(session, submission)
    find = safeguards.leads_for_two if for_two else safeguards.leads_to_check
    return find(published[0] if published else None, read_draft(submission))


def find_first_approval(session: Session, submission: Submission) -> FirstApproval | None:
    """Give the first of two approvals, if the newest revision has one."""
    return session.scalars(
        select(FirstApproval).where(FirstApproval.revision_id == submission.latest.id)
    ).first()


def list_listings_with(session: Session, number: str, *, for_update: bool = False) -> list[ListingWith]:
    """Give the published listings that name a number, organizations first; locked if they will be changed."""
    organizations = (
        select(Organization)
        .where(
            Organization.id.in_(select(Phone.organization_id).where(Phone.number == number)),
            Organization.status == CatalogStatus.PUBLISHED,
        )
        .order_by(Organization.id)
    )
    at_sites = select(Site.program_id).join(Phone, Phone.site_id == Site.id).where(Phone.number == number)
    own = select(Phone.program_id).where(Phone.number == number)
    programs = (
        select(Program)
        .where(or_(Program.id.in_(own), Program.id.in_(at_sites)), Program.status == CatalogStatus.PUBLISHED)
        .order_by(Program.id)
    )
    if for_update:
        organizations, programs = organizations.with_for_update(), programs.with_for_update()
    # Locked in one order everywhere: programs, then organizations.
    of_programs = [(row, catalog.find_published_draft(session, row)) for row in session.scalars(programs)]
    of_organizations = [
        (row, catalog.find_published_organization_draft(session, row))
        for row in session.scalars(organizations)
    ]
    return [
        *(_listing(row, *found) for row, found in of_organizations if found is not None),
        *(_listing(row, *found) for row, found in of_programs if found is not None),
    ]


def _leads_of_number(session: Session, submission: Submission, for_two: bool) -> list[Lead]:
    number = numbers.read(submission.latest.document).number
    drafts = [listing.draft for listing in list_listings_with(session, number)]
    is_hotline = any(number in safeguards.hotlines_of(draft) for draft in drafts)
    leads = [] if for_two else [Lead.PHONE]
    return [*leads, Lead.HOTLINE] if is_hotline else leads


def _listing(record: Program | Organization, draft: Draft, version: int) -> ListingWith:
    return ListingWith(record.uuid, record.slug, draft.name, isinstance(record, Program), version, draft)
