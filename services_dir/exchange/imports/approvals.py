"""What an approval adds when a record that an import put into the queue is approved: the feed's assurance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import AssuranceMethod
from services_dir.catalog.models import Program
from services_dir.catalog.operations import assure_program
from services_dir.exchange.imports.models import ImportRow, ImportRun
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations import followers
from services_dir.submissions.models import Submission, SubmissionKind


def assure_imported(session: Session, submission: Submission, review: Review, at: datetime) -> None:
    """Record that a feed confirmed a program, if what was approved is just what the feed said.

    A reviewer's edits and a choice of fields are a revision of their own: no feed vouches for it.
    """
    is_import = submission.kind is SubmissionKind.IMPORT and submission.program_id is not None
    if not is_import or review.decision is not Decision.APPROVE:
        return
    rows = select(ImportRow).where(ImportRow.submission_id == submission.id).order_by(ImportRow.id.desc())
    row = session.scalars(rows.limit(1)).first()
    if row is None or row.assured_on is None or row.document != submission.latest.document:
        return
    assure_program(
        session,
        session.get_one(Program, submission.program_id),
        AssuranceMethod.FEED,
        on=row.assured_on,
        role=None,
        by=None,
        at=at,
        review_id=review.id,
        feed=session.get_one(ImportRun, row.run_id).feed.name,
    )


# Here and not in `app.py`: whatever can queue what a feed says must also keep its date.
followers.append(assure_imported)
