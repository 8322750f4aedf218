"""Reads of the workspace: the audit, what changed, who is on what, how fresh the catalog is, the terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, selectinload

from services_dir.accounts.models import Account
from services_dir.audit import AuditEvent
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.models import Program, ProgramText, ProgramVersion, Term
from services_dir.errors import N_, NotFoundError
from services_dir.moderation.models import Review
from services_dir.moderation.queries import account_names, name_of
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.values import Paged
from services_dir.verification.queries import list_organizations
from services_dir.verification.rules import Standing

PAGE_SIZE = 50


@dataclass(frozen=True)
class Deed:
    """One line of the audit: ids and names of fields, and what the account is called now."""

    at: datetime
    by: str | None
    by_id: int | None
    deed: str
    kind: str
    subject: int | None
    fields: tuple[str, ...]


@dataclass(frozen=True)
class AuditFilter:
    """Which deeds are shown; it reads itself from an address and writes itself back."""

    deed: str = ""
    by: int | None = None
    kind: str = ""
    subject: int | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> AuditFilter:
        """Read what is sought; what cannot be understood is left out."""
        return cls(
            deed=args.get("deed", "")[:80],
            by=_number(args.get("by")),
            kind=args.get("kind", "")[:80],
            subject=_number(args.get("subject")),
            since=_day(args.get("since")),
            until=_day(args.get("until")),
        )

    def to_args(self) -> dict[str, str]:
        """Write what is sought into an address."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(value) for name, value in values.items() if value}


@dataclass(frozen=True)
class Change:
    """A new version of a program."""

    slug: str
    name: str
    number: int
    at: datetime
    by: str | None


@dataclass(frozen=True)
class TermLine:
    """A term in its vocabulary."""

    slug: str
    labels: dict[str, str]
    is_under: bool
    statutory: bool
    is_retired: bool


def list_deeds(
    session: Session, view: AuditFilter | None = None, *, page: int = 1, size: int = PAGE_SIZE
) -> Paged[Deed]:
    """Give a page of the audit, newest first."""
    criteria = _criteria(view or AuditFilter())
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*criteria)) or 0
    query = select(AuditEvent).where(*criteria).order_by(AuditEvent.id.desc())
    events = session.scalars(query.limit(size).offset((page - 1) * size)).all()
    names = account_names(session, [event.by_account_id for event in events])
    deeds = [
        Deed(
            at=event.at,
            by=names.get(event.by_account_id),
            by_id=event.by_account_id,
            deed=event.deed,
            kind=event.kind,
            subject=event.subject_id,
            fields=tuple(event.fields),
        )
        for event in events
    ]
    return Paged(deeds, page, size, total)


def list_deed_names(session: Session) -> list[str]:
    """Give the deeds that were ever done."""
    return list(session.scalars(select(AuditEvent.deed).distinct().order_by(AuditEvent.deed)))


def list_actors(session: Session) -> list[tuple[int, str]]:
    """Give the accounts, by name."""
    accounts = session.scalars(select(Account).order_by(func.lower(Account.name), Account.id))
    return [(account.id, name_of(account) or "") for account in accounts]


def list_changes(session: Session, *, size: int) -> list[Change]:
    """Give the newest versions of programs, with who approved them."""
    rows = session.execute(
        select(Program.slug, ProgramText.name, ProgramVersion.number, ProgramVersion.valid_from, Account)
        .join(Program, Program.id == ProgramVersion.program_id)
        .join(ProgramText, and_(ProgramText.program_id == Program.id, ProgramText.language == "en"))
        .join(Review, Review.id == ProgramVersion.review_id)
        .join(Account, Account.id == Review.reviewer_id)
        .order_by(ProgramVersion.id.desc())
        .limit(size)
    )
    return [Change(slug, name, number, at, name_of(account)) for slug, name, number, at, account in rows]


def list_readers(session: Session, *, at: datetime) -> list[tuple[str, int]]:
    """Give who is reading how many submissions now."""
    rows = session.execute(
        select(Account, func.count())
        .join(Submission, Submission.claimed_by_id == Account.id)
        .where(Submission.state == SubmissionState.PENDING, Submission.claimed_until > at)
        .group_by(Account.id)
        .order_by(func.count().desc())
    )
    return [(name_of(account) or "", number) for account, number in rows]


def count_standings(session: Session, *, today: date) -> dict[Standing, int]:
    """Count the published programs by how they stand with regard to being confirmed."""
    lines = list_organizations(session, today=today, due_only=False)
    return Counter(program.standing for line in lines for program in line.programs)


def list_term_lines(session: Session, vocabulary: Vocabulary) -> list[TermLine]:
    """Give the terms of a vocabulary in their order, retired ones too."""
    terms: Sequence[Term] = session.scalars(
        select(Term)
        .where(Term.vocabulary == vocabulary)
        .order_by(Term.position, Term.id)
        .options(selectinload(Term.labels))
    ).all()
    return [
        TermLine(
            term.slug,
            {label.language: label.label for label in term.labels},
            term.parent_id is not None,
            term.statutory,
            term.retired_on is not None,
        )
        for term in terms
    ]


def get_term(session: Session, vocabulary: Vocabulary, slug: str, *, for_update: bool = False) -> Term:
    """Give a term; locked if it will be changed. Raises NotFoundError."""
    query = select(Term).where(Term.vocabulary == vocabulary, Term.slug == slug)
    term = session.scalars(query.with_for_update() if for_update else query).first()
    if term is None:
        raise NotFoundError(N_("There is no such term."))
    return term


def _criteria(view: AuditFilter) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if view.deed:
        criteria.append(AuditEvent.deed == view.deed)
    if view.by is not None:
        criteria.append(AuditEvent.by_account_id == view.by)
    if view.kind:
        criteria.append(AuditEvent.kind == view.kind)
    if view.subject is not None:
        criteria.append(AuditEvent.subject_id == view.subject)
    if view.since is not None:
        criteria.append(AuditEvent.at >= datetime.combine(view.since, time(), UTC))
    if view.until is not None:
        criteria.append(AuditEvent.at < datetime.combine(view.until + timedelta(days=1), time(), UTC))
    return criteria


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _day(typed: str | None) -> date | None:
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return None
    return day if day < date.max else None
