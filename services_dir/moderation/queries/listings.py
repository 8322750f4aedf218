"""Reads of the listings as coordinators see them: programs, published or withdrawn, and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from services_dir.accounts.models import Account
from services_dir.catalog.kinds import CatalogStatus, Vocabulary
from services_dir.catalog.models import (
    Organization,
    OrganizationVersion,
    Phone,
    Place,
    Program,
    ProgramText,
    ProgramVersion,
    Site,
    Term,
    TermLabel,
)
from services_dir.errors import N_, NotFoundError
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.queries.people import name_of
from services_dir.moderation.queries.queue import WAITING
from services_dir.submissions.models import Revision, Submission, SubmissionKind, SubmissionState
from services_dir.values import Paged, fold, slugify

PAGE_SIZE = 25


@dataclass(frozen=True)
class ProgramLine:
    """A program in the coordinators' list."""

    slug: str
    name: str
    organization: str
    status: CatalogStatus
    modified_at: datetime


@dataclass(frozen=True)
class OrganizationLine:
    """An organization in the coordinators' list."""

    slug: str
    name: str
    status: CatalogStatus
    programs: int


@dataclass(frozen=True)
class PastLine:
    """A closed submission about a listing."""

    id: int
    kind: SubmissionKind
    state: SubmissionState
    closed_at: datetime | None
    by: str | None


@dataclass(frozen=True)
class VersionLine:
    """A version of a listing, with the submission that made it."""

    number: int
    valid_from: datetime
    valid_to: datetime | None
    submission_id: int | None
    by: str | None


def list_programs(
    session: Session, *, q: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Paged[ProgramLine]:
    """Give a page of all programs, published or withdrawn, by name; `q` is part of a name."""
    rows = session.execute(
        select(Program.slug, ProgramText.name, Organization.name, Program.status, Program.modified_at)
        .join(Program.organization)
        .join(ProgramText, and_(ProgramText.program_id == Program.id, ProgramText.language == "en"))
    )
    sought = fold(q)
    lines = [ProgramLine(*row) for row in rows if sought in fold(f"{row[1]} {row[2]} {row[0]}")]
    lines.sort(key=lambda line: fold(line.name))
    return Paged(lines[(page - 1) * size : page * size], page, size, len(lines))


def list_lines(session: Session, slugs: Sequence[str]) -> list[ProgramLine]:
    """Give programs by their slugs, in the order of their names."""
    rows = session.execute(
        select(Program.slug, ProgramText.name, Organization.name, Program.status, Program.modified_at)
        .join(Program.organization)
        .join(ProgramText, and_(ProgramText.program_id == Program.id, ProgramText.language == "en"))
        .where(Program.slug.in_(slugs))
        .order_by(ProgramText.name)
    )
    return [ProgramLine(*row) for row in rows]


def get_program(session: Session, slug: str) -> Program:
    """Give a program, published or withdrawn. Raises NotFoundError."""
    found = session.scalars(select(Program).where(Program.slug == slug)) if slug == slugify(slug) else None
    program = found.first() if found is not None else None
    if program is None:
        raise NotFoundError(N_("There is no program with this address."))
    return program


def get_organization(session: Session, slug: str) -> Organization:
    """Give an organization by its slug. Raises NotFoundError."""
    found = select(Organization).where(Organization.slug == slug)
    organization = session.scalars(found).first() if slug == slugify(slug) else None
    if organization is None:
        raise NotFoundError(N_("There is no organization with this address."))
    return organization


def list_organizations(
    session: Session, *, q: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Paged[OrganizationLine]:
    """Give a page of all organizations by name, with how many programs each has; `q` is part of a name."""
    rows = session.execute(
        select(Organization.slug, Organization.name, Organization.status, func.count(Program.id))
        .outerjoin(
            Program,
            and_(Program.organization_id == Organization.id, Program.status == CatalogStatus.PUBLISHED),
        )
        .group_by(Organization.id)
    )
    sought = fold(q)
    lines = [OrganizationLine(*row) for row in rows if sought in fold(f"{row[1]} {row[0]}")]
    lines.sort(key=lambda line: fold(line.name))
    return Paged(lines[(page - 1) * size : page * size], page, size, len(lines))


def list_programs_of(session: Session, organization: Organization) -> list[ProgramLine]:
    """Give the programs of an organization, published or withdrawn, by name."""
    rows = session.execute(
        select(Program.slug, ProgramText.name, Organization.name, Program.status, Program.modified_at)
        .join(Program.organization)
        .join(ProgramText, and_(ProgramText.program_id == Program.id, ProgramText.language == "en"))
        .where(Program.organization_id == organization.id)
        .order_by(ProgramText.name)
    )
    return [ProgramLine(*row) for row in rows]


def list_versions(session: Session, record: Program | Organization) -> list[VersionLine]:
    """Give the versions of a program or an organization, newest first."""
    is_program = isinstance(record, Program)
    table = ProgramVersion if is_program else OrganizationVersion
    owner = ProgramVersion.program_id if is_program else OrganizationVersion.organization_id
    rows = session.execute(
        select(table.number, table.valid_from, table.valid_to, Revision.submission_id, Account)
        .outerjoin(Review, Review.id == table.review_id)
        .outerjoin(Revision, Revision.id == Review.revision_id)
        .outerjoin(Account, Account.id == Review.reviewer_id)
        .where(owner == record.id)
        .order_by(table.number.desc())
    )
    return [
        VersionLine(number, start, end, submission_id, name_of(account))
        for number, start, end, submission_id, account in rows
    ]


def list_submissions_about(session: Session, record: Program | Organization) -> list[Submission]:
    """Give the submissions about a program or an organization that wait, oldest first."""
    query = select(Submission).where(_about(record), Submission.state.in_(WAITING))
    return list(session.scalars(query.order_by(Submission.sent_at, Submission.id)))


def list_past(session: Session, record: Program | Organization, *, most: int = 50) -> list[PastLine]:
    """Give what was sent about a listing and is closed, the newest first, with who decided."""
    rows = session.execute(
        select(Submission, Account)
        .outerjoin(Revision, Revision.submission_id == Submission.id)
        .join(Review, Review.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Review.reviewer_id)
        .where(
            _about(record),
            Submission.closed_at.is_not(None),
            Review.reviewed_at == Submission.closed_at,
        )
        .order_by(Submission.closed_at.desc(), Submission.id.desc())
        .limit(most)
    )
    return [
        PastLine(submission.id, submission.kind, submission.state, submission.closed_at, name_of(account))
        for submission, account in rows
    ]


def find_last_deed(session: Session, record: Program | Organization) -> Submission | None:
    """Give the submission whose approval made a listing what it is now, if it can still be undone."""
    query = (
        select(Submission, Review)
        .join(Revision, Revision.submission_id == Submission.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(
            _about(record),
            Review.decision == Decision.APPROVE,
            Submission.kind != SubmissionKind.PROBLEM,  # closing a report changes nothing
        )
        .order_by(Review.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return row[0] if row is not None and row[1].undone_at is None else None


def _about(record: Program | Organization) -> ColumnElement[bool]:
    key = Submission.program_id if isinstance(record, Program) else Submission.organization_id
    return or_(key == record.id, Submission.subject_uuid == record.uuid)


def list_numbers(session: Session, *, q: str = "", most: int = 100) -> list[tuple[str, int]]:
    """Give numbers that several published listings name, with how many do; with digits, all with these."""
    digits = "".join(sign for sign in q if sign.isdigit())
    named = (
        select(Phone.number, Program.id.label("listing"))
        .outerjoin(Site, Site.id == Phone.site_id)
        .join(Program, or_(Program.id == Phone.program_id, Program.id == Site.program_id))
        .where(Program.status == CatalogStatus.PUBLISHED)
        .union(
            select(Phone.number, -Organization.id)
            .join(Organization, Organization.id == Phone.organization_id)
            .where(Organization.status == CatalogStatus.PUBLISHED)
        )
        .subquery()
    )
    count = func.count()
    query = select(named.c.number, count).group_by(named.c.number)
    if digits:
        query = query.where(named.c.number.contains(digits, autoescape=True))
    else:
        query = query.having(count > 1)
    rows = session.execute(query.order_by(count.desc(), named.c.number).limit(most))
    return [(number, listings) for number, listings in rows]


def list_categories(session: Session, language: str) -> dict[str, tuple[str, list[str]]]:
    """Give label and slugs, its own and those below, of each kind of help at the top, in their order."""
    parent = aliased(Term)
    label = aliased(TermLabel)
    rows = session.execute(
        select(Term.slug, parent.slug, label.label, TermLabel.label)
        .outerjoin(parent, parent.id == Term.parent_id)
        .outerjoin(label, (label.term_id == Term.id) & (label.language == language))
        .join(TermLabel, (TermLabel.term_id == Term.id) & (TermLabel.language == "en"))
        .where(Term.vocabulary == Vocabulary.CATEGORY)
        .order_by(Term.position)
    ).all()
    parents = {slug: above for slug, above, _said, _english in rows}
    tree = {slug: (said or english, [slug]) for slug, above, said, english in rows if above is None}
    for slug in parents:
        top = slug
        while (above := parents.get(top)) is not None:
            top = above
        if top != slug and top in tree:
            tree[top][1].append(slug)
    return tree


def name_places(session: Session, keys: set[str]) -> dict[str, str]:
    """Give the names of places by their keys, in the order of the names."""
    rows = session.execute(select(Place.key, Place.name).where(Place.key.in_(keys)).order_by(Place.name))
    return dict(rows.all())
