"""Publishing what an administrator lets an import publish at once, without review of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog.bulk import (
    New,
    keep_versions,
    make_older,
    publish_new_organizations,
    publish_new_programs,
)
from services_dir.catalog.draft import Draft, OrganizationDraft
from services_dir.catalog.models import Organization
from services_dir.inserting import NewRow, insert_all
from services_dir.moderation.models import Decision, Review
from services_dir.moderation.operations.deciding import approve_at_once
from services_dir.moderation.rules import Verdict
from services_dir.submissions.models import (
    AuthorKind,
    SubmissionKind,
    SubmissionState,
)
from services_dir.submissions.operations import Sender, Sending, open_submission, open_submissions


def publish_imported(
    session: Session, draft: Draft, *, seen_version: int | None, by: int | None, at: datetime
) -> Review:
    """Publish one record: a submission opened and approved at once.

    Raises ConflictError if the listing is not at the version that the plan saw, InvalidError if the draft is
    not complete.
    """
    submission = open_submission(
        session,
        draft,
        Sender(AuthorKind.IMPORT, account_id=by),
        kind=SubmissionKind.IMPORT,
        at=at,
        base_version=seen_version,
    )
    verdict = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=seen_version)
    return approve_at_once(session, submission, verdict, by=by, at=at)


@dataclass(frozen=True)
class Arrival:
    """A record of an import that is new, and when it was changed last where it comes from."""

    draft: Draft
    modified_at: datetime | None = None


@dataclass(frozen=True)
class Published:
    """What came of an arrival: ids of its submission, its review, and its row in the catalog."""

    submission_id: int
    review_id: int
    record_id: int


def publish_all_imported(
    session: Session, arrivals: Sequence[Arrival], *, by: int | None, at: datetime
) -> list[Published]:
    """Publish records that are new, in a few statements; the caller has looked that they are whole and free.

    The same comes of it as of `publish_imported` for each: submission, review, version, audit, change.
    """
    if not arrivals:
        return []
    drafts = [arrival.draft for arrival in arrivals]
    records = _publish(session, arrivals, at)
    sendings = [Sending(draft, SubmissionKind.IMPORT) for draft in drafts]
    sender = Sender(AuthorKind.IMPORT, account_id=by)
    submissions = open_submissions(session, sendings, sender, at=at, state=SubmissionState.APPROVED)
    reviews = [
        Review(
            revision_id=submission.latest.id,
            decision=Decision.APPROVE,
            note="",
            reviewer_id=by,
            reviewed_at=at,
        )
        for submission in submissions
    ]
    insert_all(session, reviews)
    keep_versions(session, records, drafts, [review.id for review in reviews], at=at)
    insert_all(
        session,
        [
            audit.make_entry(
                "submission.approved",
                kind="submission",
                subject=submission.id,
                by=by,
                at=at,
                fields=sorted(name for name in draft.__struct_fields__ if getattr(draft, name)),
            )
            for submission, draft in zip(submissions, drafts, strict=True)
        ],
    )
    return [
        Published(submission.id, review.id, record.id)
        for submission, review, record in zip(submissions, reviews, records, strict=True)
    ]


def _publish(session: Session, arrivals: Sequence[Arrival], at: datetime) -> list[NewRow | Organization]:
    organizations, programs = [], []
    owners: dict[str, datetime] = {}
    for arrival in arrivals:
        changed = arrival.modified_at
        moment = changed if changed is not None and changed <= at else at
        if isinstance(arrival.draft, OrganizationDraft):
            organizations.append(New(arrival.draft, moment))
            continue
        programs.append(New(arrival.draft, moment))
        owner = arrival.draft.organization
        if changed is not None and changed <= at and owner is not None:
            owners[owner] = min(changed, owners.get(owner, changed))
    made: dict[str, NewRow | Organization] = {}
    if organizations:
        made |= {one.uuid: one for one in publish_new_organizations(session, organizations, at=at)}
    if programs:
        made |= {one.uuid: one for one in publish_new_programs(session, programs, at=at)}
    # HSDS dates no organization: one that came along is no newer than the programs it runs.
    make_older(session, owners, at=at)
    return [made[arrival.draft.id] for arrival in arrivals]
