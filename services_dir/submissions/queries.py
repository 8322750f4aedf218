"""Reads of submissions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from services_dir.catalog import queries
from services_dir.catalog.draft import (
    Draft,
    OrganizationDraft,
    ProgramDraft,
    read_organization,
    read_program,
)
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, OrganizationVersion, Program, ProgramVersion
from services_dir.errors import N_, GoneError, NotFoundError
from services_dir.submissions.models import (
    AuthorKind,
    PrivateLink,
    Revision,
    Subject,
    Submission,
    SubmissionState,
)
from services_dir.values import sha256, slugify

_WAS_SENT = Submission.state != SubmissionState.DRAFT


@dataclass(frozen=True)
class Listing:
    """A record of the catalog with the document and number of its newest version."""

    id: int
    slug: str
    name: str
    draft: Draft
    version: int

    @property
    def is_program(self) -> bool:
        """Tell whether it is a program, not an organization."""
        return isinstance(self.draft, ProgramDraft)


def get_submission(session: Session, submission_id: int) -> Submission:
    """Give a submission with its revisions. Raises NotFoundError, also for what was never sent."""
    query = select(Submission).where(Submission.id == submission_id, _WAS_SENT)
    found = session.scalars(query.options(selectinload(Submission.revisions))).first()
    if found is None:
        raise NotFoundError(N_("There is no such submission."))
    return found


def get_submission_for_update(session: Session, submission_id: int) -> Submission:
    """Give a submission as it is now, locked until the transaction ends.

    Raises NotFoundError, also for what was never sent: a draft is nobody's but its sender's.
    """
    return _get_locked(session, select(Submission).where(Submission.id == submission_id, _WAS_SENT))


def _get_locked(session: Session, query: Select[Submission]) -> Submission:
    locked = query.with_for_update().execution_options(populate_existing=True)
    if session.scalars(locked).first() is None:
        raise NotFoundError(N_("There is no such submission."))
    fresh = query.options(selectinload(Submission.revisions)).execution_options(populate_existing=True)
    return session.scalars(fresh).one()


def find_by_token(session: Session, token: str, at: datetime) -> Submission | None:
    """Give the submission a private link stands for, while the link is valid. Reading changes nothing."""
    held = sha256(token)
    further = select(PrivateLink.submission_id).where(
        PrivateLink.token_hash == held, PrivateLink.expires_at > at
    )
    first = (Submission.token_hash == held) & (Submission.token_expires_at > at)
    query = select(Submission).where(first | Submission.id.in_(further))
    return session.scalars(query.options(selectinload(Submission.revisions))).first()


def get_by_token(session: Session, token: str, at: datetime, *, for_update: bool = False) -> Submission:
    """Give the submission a private link stands for; locked if it will be changed. Raises NotFoundError."""
    found = find_by_token(session, token, at)
    if found is None:
        raise NotFoundError(N_("This private link leads nowhere. It may be incomplete, or too old."))
    return _get_locked(session, select(Submission).where(Submission.id == found.id)) if for_update else found


def list_by_email(session: Session, email: str, at: datetime) -> list[Submission]:
    """Give what was begun or sent with a mail address and can still be opened, newest first, at most ten."""
    query = select(Submission).where(
        func.lower(Submission.submitter_email) == email.strip().lower(),
        Submission.token_expires_at > at,
        Submission.state != SubmissionState.WITHDRAWN,
    )
    return list(session.scalars(query.order_by(Submission.id.desc()).limit(10)))


def read_draft(submission: Submission, revision: Revision | None = None) -> Draft:
    """Give the draft of a revision, by default of the newest."""
    chosen = revision or submission.latest
    read = read_program if submission.subject is Subject.PROGRAM else read_organization
    return read(chosen.document, chosen.format)


def own_sources(submission: Submission, base: Draft | None) -> frozenset[str]:
    """Give the ids of the sources that the sender brought: hers first, and not in the listing before."""
    known = {source.id for source in base.sources} if isinstance(base, ProgramDraft) else set()
    own: set[str] = set()
    for revision in submission.revisions:
        draft = read_draft(submission, revision)
        if isinstance(draft, ProgramDraft):
            new = {source.id for source in draft.sources} - known
            known |= new
            own |= new if revision.author is AuthorKind.SUBMITTER else set()
    return frozenset(own)


def find_base(session: Session, submission: Submission) -> Draft | None:
    """Give the published version that a submission was written on; None for something new."""
    if submission.base_version is None:
        return None
    if submission.subject is Subject.PROGRAM:
        return get_program_version(session, submission.program_id, submission.base_version)
    return get_organization_version(session, submission.organization_id, submission.base_version)


def get_program_version(session: Session, program_id: int | None, number: int) -> ProgramDraft:
    """Give the document of one version of a program. Raises NotFoundError."""
    version = session.scalars(
        select(ProgramVersion).where(ProgramVersion.program_id == program_id, ProgramVersion.number == number)
    ).first()
    if version is None:
        raise NotFoundError(N_("There is no such version."))
    return read_program(version.document, version.format)


def get_organization_version(session: Session, organization_id: int | None, number: int) -> OrganizationDraft:
    """Give the document of one version of an organization. Raises NotFoundError."""
    version = session.scalars(
        select(OrganizationVersion).where(
            OrganizationVersion.organization_id == organization_id, OrganizationVersion.number == number
        )
    ).first()
    if version is None:
        raise NotFoundError(N_("There is no such version."))
    return read_organization(version.document, version.format)


def get_listing(session: Session, subject: Subject, slug: str) -> Listing:
    """Give a published program or organization with its newest version.

    Raises NotFoundError if there never was one with this slug, GoneError if it was withdrawn.
    """
    record: Program | Organization | None = None
    if slug == slugify(slug) and subject is Subject.PROGRAM:
        record = session.scalars(select(Program).where(Program.slug == slug)).first()
    elif slug == slugify(slug):
        record = session.scalars(select(Organization).where(Organization.slug == slug)).first()
    if record is None:
        raise NotFoundError(N_("There is no page at this address. It may have moved."))
    if record.status is not CatalogStatus.PUBLISHED:
        raise GoneError(N_("This is no longer listed."))
    return listing_of(session, record)


def listing_of(session: Session, record: Program | Organization) -> Listing:
    """Give a record with its newest version, whether it is published or withdrawn."""
    held = (
        queries.find_published_draft(session, record)
        if isinstance(record, Program)
        else queries.find_published_organization_draft(session, record)
    )
    if held is None:
        raise NotFoundError(N_("There is no such version."))
    return Listing(record.id, record.slug, held[0].name, held[0], held[1])
