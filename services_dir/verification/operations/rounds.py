"""Asking: a round begins with a mail, is brought to mind twice, and ends."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit, policy
from services_dir.catalog.kinds import CatalogStatus, ProgramKind
from services_dir.catalog.models import Organization, PrivateContact, Program
from services_dir.errors import N_, ConflictError
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue
from services_dir.values import new_token, sha256
from services_dir.verification import queries, rules
from services_dir.verification.models import AskedProgram, Round, RoundLink

# Gives the whole address of a round's page for a token and a language.
MakeLink = Callable[[str, str], str]

_NO_MAIL = N_("Mail to this contact does not arrive. Choose another one, or call.")


def start_round(
    session: Session,
    organization: Organization,
    contact: PrivateContact,
    make_link: MakeLink,
    *,
    by: int | None,
    at: datetime,
) -> Round:
    """Ask an organization about all its programs, by one mail to one contact. An open round before it ends.

    Raises ConflictError if nothing of it is published, or if the contact cannot be written to.
    """
    if contact.email is None or contact.bounced_at is not None:
        raise ConflictError(_NO_MAIL)
    programs = session.scalars(
        select(Program)
        .where(
            Program.organization_id == organization.id,
            Program.status == CatalogStatus.PUBLISHED,
            Program.kind == ProgramKind.PROGRAM,
        )
        .order_by(Program.id)
    ).all()
    if not programs:
        raise ConflictError(N_("No program of this organization is published."))
    _close_open_rounds(session, organization.id, at)
    round = Round(
        organization_id=organization.id,
        contact_id=contact.id,
        is_trusted=contact.recorded_by_id is not None,
        started_at=at,
        started_by_id=by,
        reminders=0,
        programs=[AskedProgram(program_id=program.id) for program in programs],
    )
    session.add(round)
    session.flush()
    _write(session, round, MailKind.VERIFICATION, make_link, at)
    audit.record(session, "verification.started", kind="organization", subject=organization.id, by=by, at=at)
    return round


def start_rounds(
    session: Session, slugs: Collection[str], make_link: MakeLink, *, by: int, at: datetime
) -> tuple[int, int]:
    """Ask several organizations; give how many were asked, and how many were left alone.

    Left alone is who has no address to write to, an open round, or nothing that is published.
    """
    lines = queries.list_organizations(session, today=at.date(), due_only=False)
    asked = 0
    for line in lines:
        contact = line.asking.usable
        if line.slug in slugs and contact is not None and line.asking.round is None and line.programs:
            organization = session.get_one(Organization, line.id)
            start_round(session, organization, contact, make_link, by=by, at=at)
            asked += 1
    return asked, len(set(slugs)) - asked


def start_due_rounds(session: Session, make_link: MakeLink, *, at: datetime, limit: int = 20) -> int:
    """Ask organizations whose programs are due, the gravest and oldest first, and give how many.

    Organizations of which nothing was ever confirmed are asked at most so many a week as a policy says;
    who was asked within half a year is not asked again.
    """
    room = policy.get(session, "verify_new_per_week") - queries.count_started_since(
        session, at - timedelta(days=7)
    )
    asked = queries.last_started(session)
    started = 0
    for line in queries.list_organizations(session, today=at.date()):
        contact = line.asking.usable
        was_asked = line.id in asked and asked[line.id] > at - rules.ASK_AGAIN_AFTER
        if contact is None or was_asked:
            continue
        is_new = all(program.standing is rules.Standing.NEVER for program in line.due)
        if is_new and room < 1:
            continue
        start_round(session, session.get_one(Organization, line.id), contact, make_link, by=None, at=at)
        room -= 1
        started += 1
        if started == limit:
            break
    return started


def remind_due(session: Session, make_link: MakeLink, *, at: datetime) -> int:
    """Remind contacts after three and six weeks of what they did not answer, and give how many."""
    reminded = 0
    for round in queries.list_rounds_to_remind(session, at):
        close_if_answered(round, at)
        contact = round.contact
        if round.closed_at is not None or contact is None or contact.email is None or contact.bounced_at:
            continue
        if rules.needs_reminder(round.started_at, round.reminders, at):
            round.reminders += 1
            _write(session, round, MailKind.REMINDER, make_link, at)
            reminded += 1
    return reminded


def close_if_answered(round: Round, at: datetime) -> None:
    """End a round when every program that is still listed has an answer."""
    if all(asked.said is not None or not asked.is_listed for asked in round.programs):
        round.closed_at = round.closed_at or at


def close(round: Round, at: datetime) -> None:
    """End a round whether it was answered or not; its links lead nowhere then."""
    round.closed_at = round.closed_at or at
    round.links.clear()


def _write(session: Session, round: Round, kind: MailKind, make_link: MakeLink, at: datetime) -> None:
    """Put the mail of a round into the outbox, with a link of its own."""
    contact = round.contact
    if contact is None or contact.email is None:
        raise ConflictError(_NO_MAIL)
    token = new_token()
    session.add(RoundLink(token_hash=sha256(token), round_id=round.id, expires_at=at + rules.LINK_LIVES))
    organization = session.get_one(Organization, round.organization_id)
    open_ones = [asked for asked in round.programs if asked.said is None]
    values = {
        "link": make_link(token, contact.language),
        "label": organization.name,
        "count": str(len(open_ones)),
    }
    enqueue(session, Message(kind, contact.email, contact.language, values), at=at)


def _close_open_rounds(session: Session, organization_id: int, at: datetime) -> None:
    open_ones = select(Round).where(Round.organization_id == organization_id, Round.closed_at.is_(None))
    for round in session.scalars(open_ones):
        close(round, at)
