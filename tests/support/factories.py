"""Makes one thing with sensible defaults. Each `make_` commits, so that the application sees it too.

`draft_` functions give values and touch no database; what a test cares about it names itself:
`make_program(session, name="North House", categories=("housing",))`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.accounts import operations as accounts
from services_dir.accounts.models import Account, Role
from services_dir.catalog import operations as catalog
from services_dir.catalog.draft import (
    FORMAT,
    AreaDraft,
    Draft,
    OrganizationDraft,
    PhoneDraft,
    ProgramDraft,
    ProgramText,
    SiteDraft,
    to_json,
)
from services_dir.catalog.kinds import Level, PhoneKind, Precision, Visibility
from services_dir.catalog.models import Organization, Program
from services_dir.db import transaction
from services_dir.submissions.models import (
    AuthorKind,
    Revision,
    Subject,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from services_dir.values import sha256

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # noon on a Monday in New York
ZONE = "America/New_York"
PASSWORD = "seven made-up lanterns"
TOKEN = "token-of-a-made-up-submitter"
_CLOSED = (SubmissionState.APPROVED, SubmissionState.REJECTED, SubmissionState.WITHDRAWN)

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
    values = {"visibility": Visibility.AREA_ONLY, "region": "planning_region/capitol"}
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
        "texts": {"en": ProgramText(**{"name": f"Made-up Program {number}"} | texts)},
        "categories": ("housing",),
        "populations": ("all-survivors",),
        "phones": (draft_phone(f"+18605550{100 + number % 100}"),),
        "service_areas": (AreaDraft(place="town/hartford"),),
    }
    if not {"organization", "new_organization"} & changes.keys():
        values["new_organization"] = draft_organization()
    return ProgramDraft(**values | changes)


def make_organization(session: Session, *, at: datetime = NOON, **changes: Any) -> Organization:
    """Publish an organization."""
    with _writing(session):
        return catalog.publish_organization(session, draft_organization(**changes), review_id=None, at=at)


def make_program(
    session: Session, draft: ProgramDraft | None = None, *, at: datetime = NOON, **changes: Any
) -> Program:
    """Publish a program: this draft, or one with these values."""
    draft = draft_program(**changes) if draft is None else draft
    with _writing(session):
        catalog.publish_program(session, draft, review_id=None, at=at)
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
    """Make a submission of a new program with some revisions; its submitter's page opens with TOKEN."""
    draft = draft_program() if draft is None else draft
    name = draft.name
    is_first = session.scalar(select(Submission.id).where(Submission.token_hash == sha256(TOKEN))) is None
    values: dict[str, Any] = {
        "uuid": str(uuid4()),
        "subject": Subject.PROGRAM if isinstance(draft, ProgramDraft) else Subject.ORGANIZATION,
        "kind": SubmissionKind.NEW,
        "state": state,
        "label": name,
        "submitter_name": "Pat Made-up",
        "submitter_email": "pat@example.org",
        "token_hash": sha256(TOKEN) if is_first else None,
        "created_at": at,
        "sent_at": None if state is SubmissionState.DRAFT else at,
        "closed_at": at if state in _CLOSED else None,
    }
    submission = Submission(**values | changes)
    submission.revisions = [
        Revision(
            number=number,
            format=FORMAT,
            document=to_json(draft),
            author=AuthorKind.SUBMITTER,
            created_at=at,
        )
        for number in range(1, revisions + 1)
    ]
    with _writing(session):
        session.add(submission)
    return submission


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
    with _writing(session):
        account = accounts.add_account(session, email, role, name=name, by=None, at=at)
        if password is not None:
            token = accounts.invite(session, account, by=None, at=at)
            accounts.choose_password(session, token, password, at=at)
    return account


@contextmanager
def _writing(session: Session) -> Iterator[None]:
    with transaction(session):
        yield
