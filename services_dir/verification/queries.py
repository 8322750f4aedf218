"""Reads of verification: how every program stands, whom to ask, what was asked, whom to call today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from services_dir import policy
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.kinds import CatalogStatus, PhoneKind, ProgramKind
from services_dir.catalog.models import (
    Assurance,
    Organization,
    Phone,
    PrivateContact,
    Program,
    ProgramTerm,
    ProgramText,
    Site,
    Term,
)
from services_dir.catalog.rules import GRAVE_CATEGORIES
from services_dir.errors import N_, NotFoundError
from services_dir.values import sha256, slugify
from services_dir.verification.models import AskedProgram, PhoneCall, Round, RoundLink
from services_dir.verification.rules import REMIND_AFTER, Deadlines, Standing, standing_of

V = TypeVar("V")

_NOT_FOUND = N_("This link leads nowhere. It may be incomplete, or too old.")


@dataclass(frozen=True)
class ProgramLine:
    """A published program and how it stands."""

    id: int
    slug: str
    name: str
    assured_on: date | None
    is_grave: bool
    standing: Standing


@dataclass(frozen=True)
class Asking:
    """What is known of asking an organization: the open round, its contacts, the last call."""

    round: Round | None
    contacts: tuple[PrivateContact, ...]
    last_call: PhoneCall | None

    @property
    def is_bounced(self) -> bool:
        """Tell whether mail to a contact came back and no other contact can be written to."""
        return self.usable is None and any(contact.bounced_at for contact in self.contacts)

    @property
    def usable(self) -> PrivateContact | None:
        """Give the contact to write to: of the organization before of a program, vouched for before not."""
        reachable = [c for c in self.contacts if c.email is not None and c.bounced_at is None]
        return min(
            reachable,
            key=lambda c: (c.organization_id is None, c.recorded_by_id is None, -c.id),
            default=None,
        )

    def is_unanswered(self, at: datetime) -> bool:
        """Tell whether the mail and both reminders brought no full answer."""
        return self.round is not None and at >= self.round.started_at + REMIND_AFTER[-1]


@dataclass(frozen=True)
class OrganizationLine:
    """An organization with its published programs and what is known of asking it."""

    id: int
    slug: str
    name: str
    programs: tuple[ProgramLine, ...]
    asking: Asking

    @property
    def due(self) -> tuple[ProgramLine, ...]:
        """Give the programs that somebody should ask about."""
        return tuple(program for program in self.programs if program.standing.is_due)

    @property
    def is_grave(self) -> bool:
        """Tell whether one of them is a place to stay or a hotline."""
        return any(program.is_grave for program in self.due)

    @property
    def oldest(self) -> date | None:
        """Give when the one that waits longest was confirmed; None if one never was."""
        dates = [program.assured_on for program in self.due]
        return None if None in dates else min((day for day in dates if day is not None), default=None)

    @property
    def rank(self) -> tuple[bool, date, str]:
        """Give its place in a list: the gravest first, then the longest without confirmation."""
        return (not self.is_grave, self.oldest or date.min, self.name.casefold())


def list_organizations_of(session: Session, programs: Sequence[str]) -> list[str]:
    """Give the slugs of the organizations of some programs."""
    query = select(Organization.slug).join(Program, Program.organization_id == Organization.id)
    return list(session.scalars(query.where(Program.slug.in_(programs)).distinct()))


def get_deadlines(session: Session) -> Deadlines:
    """Give after how many months programs should be confirmed again."""
    return Deadlines(
        policy.get(session, "verify_months"),
        policy.get(session, "verify_months_grave"),
        get_freshness(session),
    )


def list_organizations(
    session: Session, *, today: date, only: int | None = None, due_only: bool = True
) -> list[OrganizationLine]:
    """List organizations with programs to ask about, the gravest and oldest first.

    With `only`, that organization alone. A constant number of statements.
    """
    programs = _list_programs(session, today, only)
    asking = _list_asking(session, only)
    names = select(Organization.id, Organization.slug, Organization.name)
    lines = [
        OrganizationLine(id, slug, name, tuple(programs[id]), asking[id])
        for id, slug, name in session.execute(names if only is None else names.where(Organization.id == only))
        if programs[id] or only is not None
    ]
    return sorted((line for line in lines if line.due or not due_only), key=lambda line: line.rank)


def list_calls_for_today(session: Session, *, at: datetime) -> list[OrganizationLine]:
    """List whom to call today, at most as many as a policy says.

    Left out: who was called in the last day, and who was written to and may still answer by mail.
    """
    lines = [
        line
        for line in list_organizations(session, today=at.date())
        if not _may_still_answer(line.asking, at) and not _was_called(line.asking, at)
    ]
    return lines[: policy.get(session, "calls_per_day")]


def get_organization(session: Session, slug: str) -> Organization:
    """Give a published organization. Raises NotFoundError."""
    found = select(Organization).where(
        Organization.slug == slug, Organization.status == CatalogStatus.PUBLISHED
    )
    organization = session.scalars(found).first() if slug == slugify(slug) else None
    if organization is None:
        raise NotFoundError(N_("There is no such organization."))
    return organization


def get_round(session: Session, token: str, at: datetime, *, for_update: bool = False) -> Round:
    """Give the open round a link stands for. Reading changes nothing. Raises NotFoundError."""
    link = session.scalars(
        select(RoundLink).where(RoundLink.token_hash == sha256(token), RoundLink.expires_at > at)
    ).first()
    if link is None:
        raise NotFoundError(_NOT_FOUND)
    query = select(Round).where(Round.id == link.round_id)
    if for_update:
        session.scalars(query.with_for_update()).one()
    loaded = query.options(
        selectinload(Round.programs).joinedload(AskedProgram.program),
        selectinload(Round.programs).joinedload(AskedProgram.submission),
    )
    return session.scalars(loaded.execution_options(populate_existing=True)).one()


def list_open_rounds(session: Session, organization_id: int) -> Sequence[Round]:
    """List the rounds of an organization that are not closed: more than one after a merger."""
    query = select(Round).where(Round.organization_id == organization_id, Round.closed_at.is_(None))
    return session.scalars(query.order_by(Round.id)).all()


def list_rounds(session: Session, organization_id: int) -> Sequence[Round]:
    """List the rounds of an organization, the newest first."""
    query = select(Round).where(Round.organization_id == organization_id)
    loaded = query.options(selectinload(Round.programs).joinedload(AskedProgram.submission))
    return session.scalars(loaded.order_by(Round.id.desc()).limit(10)).all()


def list_calls(session: Session, organization_id: int) -> Sequence[PhoneCall]:
    """List the last calls to an organization, the newest first."""
    query = select(PhoneCall).where(PhoneCall.organization_id == organization_id)
    return session.scalars(query.order_by(PhoneCall.id.desc()).limit(10)).all()


def get_contact(session: Session, organization: Organization, contact_id: int) -> PrivateContact:
    """Give a contact of an organization or of one of its programs. Raises NotFoundError."""
    own = select(Program.id).where(Program.organization_id == organization.id)
    is_own = or_(PrivateContact.organization_id == organization.id, PrivateContact.program_id.in_(own))
    contact = session.scalars(select(PrivateContact).where(PrivateContact.id == contact_id, is_own)).first()
    if contact is None:
        raise NotFoundError(N_("There is no such contact."))
    return contact


def count_started_since(session: Session, since: datetime) -> int:
    """Count the rounds that began by themselves since a moment."""
    query = select(func.count()).select_from(Round)
    return session.scalar(query.where(Round.started_by_id.is_(None), Round.started_at > since)) or 0


def last_started(session: Session) -> dict[int, datetime]:
    """Give when each organization was asked last."""
    query = select(Round.organization_id, func.max(Round.started_at)).group_by(Round.organization_id)
    return dict(session.execute(query).all())


def list_rounds_to_remind(session: Session, at: datetime) -> Sequence[Round]:
    """List the open rounds whose first reminder, or second, may be due."""
    query = select(Round).where(
        Round.closed_at.is_(None),
        or_(
            *(
                and_(Round.reminders == number, Round.started_at <= at - after)
                for number, after in enumerate(REMIND_AFTER)
            )
        ),
    )
    return session.scalars(query.order_by(Round.id)).all()


def is_grave_program() -> ColumnElement[bool]:
    """Tell in SQL whether a program is a place to stay or a hotline, as `catalog.rules.is_grave` does."""
    is_hotline = Phone.kind == PhoneKind.HOTLINE
    has_hotline = exists().where(is_hotline, Phone.program_id == Program.id)
    # By itself: with "or" each program would be compared with each phone.
    site_has_hotline = exists().where(is_hotline, Phone.site_id == Site.id, Site.program_id == Program.id)
    has_category = exists().where(
        ProgramTerm.program_id == Program.id,
        ProgramTerm.term_id == Term.id,
        Term.slug.in_(GRAVE_CATEGORIES),
    )
    return or_(has_hotline, site_has_hotline, has_category)


def _list_programs(session: Session, today: date, only: int | None) -> dict[int, list[ProgramLine]]:
    newest = (
        select(Assurance.program_id, func.max(Assurance.on).label("on"))
        .group_by(Assurance.program_id)
        .subquery()
    )
    query = (
        select(
            Program.organization_id,
            Program.id,
            Program.slug,
            ProgramText.name,
            newest.c.on,
            is_grave_program(),
        )
        .join(ProgramText, and_(ProgramText.program_id == Program.id, ProgramText.language == "en"))
        .outerjoin(newest, newest.c.program_id == Program.id)
        .where(Program.status == CatalogStatus.PUBLISHED, Program.kind == ProgramKind.PROGRAM)
        .order_by(ProgramText.name, Program.id)
    )
    if only is not None:
        query = query.where(Program.organization_id == only)
    deadlines = get_deadlines(session)
    lines: dict[int, list[ProgramLine]] = defaultdict(list)
    for organization, id, slug, name, on, is_grave in session.execute(query):
        standing = standing_of(on, deadlines, today, is_grave=bool(is_grave))
        lines[organization].append(ProgramLine(id, slug, name, on, bool(is_grave), standing))
    return lines


def _list_asking(session: Session, only: int | None) -> dict[int, Asking]:
    owner = func.coalesce(PrivateContact.organization_id, Program.organization_id)
    contacts = _grouped(
        session.execute(
            select(owner, PrivateContact).outerjoin(Program, Program.id == PrivateContact.program_id)
        )
    )
    rounds = _grouped(
        (round.organization_id, round)
        for round in session.scalars(
            select(Round)
            .where(Round.closed_at.is_(None))
            .order_by(Round.id)
            .options(selectinload(Round.programs).joinedload(AskedProgram.submission))
        )
    )
    newest = select(func.max(PhoneCall.id)).group_by(PhoneCall.organization_id)
    calls = {
        call.organization_id: call
        for call in session.scalars(select(PhoneCall).where(PhoneCall.id.in_(newest)))
    }
    keys = {*contacts, *rounds, *calls} if only is None else {only}
    found = {
        key: Asking(next(reversed(rounds.get(key, ())), None), tuple(contacts.get(key, ())), calls.get(key))
        for key in keys
    }
    return defaultdict(lambda: Asking(None, (), None), found)


def _grouped(pairs: Iterable[tuple[int, V]]) -> dict[int, list[V]]:
    groups: dict[int, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _may_still_answer(asking: Asking, at: datetime) -> bool:
    return asking.round is not None and asking.usable is not None and not asking.is_unanswered(at)


def _was_called(asking: Asking, at: datetime) -> bool:
    return asking.last_call is not None and asking.last_call.called_at > at - timedelta(hours=20)
