"""What the templates of the coordinators' organizations are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog.diff import FieldChange, compare
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization
from services_dir.moderation import queries
from services_dir.moderation.queries import OrganizationLine, ProgramLine, VersionLine
from services_dir.submissions.models import Submission
from services_dir.submissions.pages import wording_of
from services_dir.submissions.queries import get_organization_version
from services_dir.values import Paged
from services_dir.web.forms import WorkspaceForm


@dataclass(frozen=True)
class OrganizationsPage:
    """All organizations, to find one by name."""

    title: str
    q: str
    lines: Paged[OrganizationLine]
    address: Callable[[int], str]


@dataclass(frozen=True)
class OrganizationPage:
    """One organization: its programs, what waits about it, its versions."""

    title: str
    name: str
    slug: str
    is_published: bool
    programs: list[ProgramLine]
    waiting: list[Submission]
    versions: list[VersionLine]
    older: int | None
    newer: int | None
    changes: list[FieldChange]
    button: WorkspaceForm

    def can_publish(self, version: VersionLine) -> bool:
        """Tell whether a version can be published again: any but the present one."""
        return self.is_published and version.valid_to is not None

    @classmethod
    def build(
        cls, session: Session, organization: Organization, *, older: int | None, newer: int | None
    ) -> OrganizationPage:
        """Give the page, comparing two versions if both are named. Raises NotFoundError for unknown ones."""
        changes = []
        if older is not None and newer is not None:
            before = get_organization_version(session, organization.id, older)
            after = get_organization_version(session, organization.id, newer)
            changes = compare(before, after, wording_of(session, before, after))
        return cls(
            title=_("Organization"),
            name=organization.name,
            slug=organization.slug,
            is_published=organization.status is CatalogStatus.PUBLISHED,
            programs=queries.list_programs_of(session, organization),
            waiting=queries.list_submissions_about(session, organization),
            versions=queries.list_versions(session, organization),
            older=older,
            newer=newer,
            changes=changes,
            button=WorkspaceForm(None),
        )
