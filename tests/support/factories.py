"""Makes one thing with sensible defaults. Each `make_` commits, so that the application sees it too.

`draft_` functions give values and touch no database; what a test cares about it names itself:
`make_program(session, name="North House", categories=("housing",))`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.accounts import operations as accounts
from services_dir.accounts.models import Account, Role
from services_dir.accounts.passwords import NewPassword
from services_dir.catalog.draft import (
    AreaDraft,
    Draft,
    OrganizationDraft,
    PhoneDraft,
    ProgramDraft,
    ProgramText,
    SiteDraft,
)
from services_dir.catalog.kinds import Level, PhoneKind, Precision, Visibility
from services_dir.catalog.models import Organization, Program
from services_dir.db import transaction
from services_dir.moderation import operations as moderation
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.operations import Sender
from services_dir.values import sha256

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # noon on a Monday in New York
ZONE = "America/New_York"
PASSWORD = "seven made-up lanterns"
DESCRIPTION = "A made-up program. It helps people find their way."
TOKEN = "token-of-a-made-up-submitter"
SENDER = Sender(AuthorKind.SUBMITTER, name="Pat Made-up", email="pat@example.org")
_DECISIONS = {
    SubmissionState.APPROVED: Decision.APPROVE,
    SubmissionState.REJECTED: Decision.REJECT,
    SubmissionState.CHANGES_REQUESTED: Decision.REQUEST_CHANGES,
}

_numbers = count(1)


def next_number() -> int:
    """Give a number that no other thing of this process has."""
    return next(_numbers)


def draft_phone(number: str = "+18605550100", **changes: Any) -> PhoneDraft:
    """Give a phone with a number set aside for stories."""
    return PhoneDraft(**{"kind": PhoneKind.VOICE, "number": number} | changes)


def draft_site(**changes: Any) -> SiteDraft:
    """Give a public site in Hartford."""
    values: dict[str, Any] = {
        "street": "12 Made-up Street",
        "city": "Hartford",
        "state": "CT",
        "postal_code": "06103",
        "town": "town/hartford",
        "latitude": 41.766,
        "longitude": -72.683,
        "precision": Precision.EXACT,
    }
    return SiteDraft(**values | changes)


def draft_hidden_site(**changes: Any) -> SiteDraft:
    """Give a site of which only the region is known."""
    values = {"visibility": Visibility.AREA_ONLY, "region": "planning-region/capitol"}
    return SiteDraft(**values | changes)


def draft_organization(**changes: Any) -> OrganizationDraft:
    """Give an organization with a name and a level."""
    values = {"name": f"Made-up Alliance {next_number()}", "level": Level.LOCAL}
    return OrganizationDraft(**values | changes)


def draft_program(**changes: Any) -> ProgramDraft:
    """Give a local program with a phone that serves Hartford, of a new organization unless one is named.

    `name`, `description`, `eligibility` and the other texts are those in English; `texts` replaces them all.
    """
    texts = {key: changes.pop(key) for key in ProgramText.__struct_fields__ if key in changes}
    number = next_number()
    values: dict[str, Any] = {
        "level": Level.LOCAL,
        "texts": {
            "en": ProgramText(**{"name": f"Made-up Program {number}", "description": DESCRIPTION} | texts)
        },
        "categories": ("housing",),
        "populations": ("all-survivors",),
        "phones": (draft_phone(f"+12035550{100 + number % 100}"),),
        "service_areas": (AreaDraft(place="town/hartford"),),
    }
    if not {"organization", "new_organization"} & changes.keys():
        values["new_organization"] = draft_organization()
    return ProgramDraft(**values | changes)


def make_organization(
    session: Session, draft: OrganizationDraft | None = None, *, at: datetime = NOON, **changes: Any
) -> Organization:
    """Publish an organization: this draft, or one with these values."""
    draft = draft_organization(**changes) if draft is None else draft
    with transaction(session):
        moderation.publish_directly(session, draft, author=AuthorKind.SEED, by=None, at=at)
    return session.scalars(select(Organization).where(Organization.uuid == draft.id)).one()


def make_program(
    session: Session, draft: ProgramDraft | None = None, *, at: datetime = NOON, **changes: Any
) -> Program:
    """Publish a program: this draft, or one with these values; a published one gets a new version."""
    draft = draft_program(**changes) if draft is None else draft
    with transaction(session):
        moderation.publish_directly(session, draft, author=AuthorKind.SEED, by=None, at=at)
    return session.scalars(select(Program).where(Program.uuid == draft.id)).one()


def make_submission(
    session: Session,
    draft: Draft | None = None,
    *,
    revisions: int = 1,
    state: SubmissionState = SubmissionState.PENDING,
    at: datetime = NOON,
    **changes: Any,
) -> Submission:
    """Send in a draft, several times if asked for, and bring the submission into a state.

    Of a published program it is a change, otherwise something new. `changes` are set as they are. The
    submitter's page of the first one opens with TOKEN.
    """
    draft = draft_program() if draft is None else draft
    table = Program if isinstance(draft, ProgramDraft) else Organization
    is_first = session.scalar(select(Submission.id).where(Submission.token_hash == sha256(TOKEN))) is None
    with transaction(session):
        base = session.scalar(select(table.version).where(table.uuid == draft.id))
        kind = SubmissionKind.NEW if base is None else SubmissionKind.CHANGE
        submission = submissions.open_submission(session, draft, SENDER, kind=kind, base_version=base, at=at)
        for number in range(1, revisions):
            submissions.revise(session, submission, draft, SENDER, seen_revision=number, at=at)
        submissions.give_link(submission, at)
        if is_first:
            submission.token_hash = sha256(TOKEN)
        for name, value in changes.items():
            setattr(submission, name, value)
        _bring_into(session, submission, state, at)
    return submission


def _bring_into(session: Session, submission: Submission, state: SubmissionState, at: datetime) -> None:
    if state in _DECISIONS:
        verdict = Verdict(
            _DECISIONS[state],
            note="A made-up reason.",
            seen_revision=submission.latest.number,
            seen_version=submission.base_version,
        )
        moderation.decide(session, submission, verdict, by=None, at=at)
    elif state is SubmissionState.WITHDRAWN:
        submissions.withdraw(session, submission, at=at)
    elif state is SubmissionState.DRAFT:
        submission.state, submission.sent_at = state, None


def make_account(
    session: Session,
    role: Role = Role.COORDINATOR,
    *,
    email: str | None = None,
    name: str = "Alex Made-up",
    password: str | None = None,
    at: datetime = NOON,
) -> Account:
    """Add an account, with a password if one is given."""
    email = email or f"person-{next_number()}@example.org"
    with transaction(session):
        account = accounts.add_account(session, email, role, name=name, by=None, at=at)
        if password is not None:
            token = accounts.invite(session, account, by=None, at=at)
            accounts.choose_password(session, token, NewPassword.of(password, email), at=at)
    return account
