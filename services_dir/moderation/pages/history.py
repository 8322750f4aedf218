"""What the pages of programs and of organizations have in common: versions, what waits, what was decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services_dir.catalog.diff import FieldChange, compare
from services_dir.catalog.draft import Draft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Program
from services_dir.moderation import queries
from services_dir.moderation.queries import PastLine, VersionLine
from services_dir.submissions.models import Submission
from services_dir.submissions.pages import wording_of
from services_dir.submissions.queries import (
    get_organization_version,
    get_program_version,
)


@dataclass(frozen=True)
class History:
    """A listing as it was and is: its versions, two of them compared if both are named."""

    is_published: bool
    versions: list[VersionLine]
    waiting: list[Submission]
    past: list[PastLine]
    undo_id: int | None  # the submission that made it what it is, if that can be undone
    older: int | None
    newer: int | None
    changes: list[FieldChange]

    def can_publish(self, version: VersionLine) -> bool:
        """Tell whether a version is not what is published now."""
        return not self.is_published or version.valid_to is not None

    @classmethod
    def build(
        cls, session: Session, record: Program | Organization, older: int | None, newer: int | None
    ) -> History:
        """Give the history of a listing. Raises NotFoundError for versions that are unknown."""
        is_published = record.status is CatalogStatus.PUBLISHED
        is_first = record.version == 1 and is_published  # withdrawing says it better
        last = None if is_first else queries.find_last_deed(session, record)
        changes = []
        if older is not None and newer is not None:
            before, after = (version_of(session, record, number) for number in (older, newer))
            changes = compare(before, after, wording_of(session, before, after))
        return cls(
            is_published=is_published,
            versions=queries.list_versions(session, record),
            waiting=queries.list_submissions_about(session, record),
            past=queries.list_past(session, record),
            undo_id=last.id if last is not None else None,
            older=older,
            newer=newer,
            changes=changes,
        )


def version_of(session: Session, record: Program | Organization, number: int) -> Draft:
    """Give what a version of a listing says. Raises NotFoundError."""
    get = get_program_version if isinstance(record, Program) else get_organization_version
    return get(session, record.id, number)
