"""Taking programs out of the catalog: one at once, several, or one that another repeats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog import queries as catalog
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Program
from services_dir.catalog.operations import lead_to
from services_dir.errors import N_, ConflictError
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import record_review
from services_dir.moderation.rules import Verdict
from services_dir.submissions.models import AuthorKind, SubmissionKind
from services_dir.submissions.operations import Sender, open_submission


def withdraw(session: Session, program: Program, *, by: int, at: datetime) -> Review:
    """Take a program out of the catalog at once. Raises ConflictError if it is not published.

    The program's row is locked.
    """
    published = catalog.find_published_draft(session, program)
    if program.status is not CatalogStatus.PUBLISHED or published is None:
        raise ConflictError(N_("This program is not in the catalog."))
    draft, version = published
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
    """Withdraw a program that another repeats; its addresses lead to the other from now on.

    Both rows are locked. Raises ConflictError if they are one, or if one of them is not in the catalog.
    """
    if duplicate.id == into.id:
        raise ConflictError(N_("Choose another program: these are the same."))
    if into.status is not CatalogStatus.PUBLISHED:
        raise ConflictError(N_("This program is not in the catalog."))
    review = withdraw(session, duplicate, by=by, at=at)
    lead_to(session, duplicate, into)
    audit.record(session, "program.merged", kind="program", subject=duplicate.id, by=by, at=at)
    return review
