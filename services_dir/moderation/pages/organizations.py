"""What the templates of the coordinators' organizations are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization
from services_dir.moderation import queries
from services_dir.moderation.pages.history import History
from services_dir.moderation.queries import OrganizationLine, ProgramLine
from services_dir.submissions.queries import Listing
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
    """One organization: what can be done with it, its programs, its versions."""

    title: str
    name: str
    slug: str
    history: History
    programs: list[ProgramLine]
    button: WorkspaceForm
    heir: Listing | None  # what it was merged into

    @property
    def published_programs(self) -> int:
        """Give how many programs go with it when it is withdrawn."""
        return sum(line.status is CatalogStatus.PUBLISHED for line in self.programs)

    @classmethod
    def build(
        cls, session: Session, organization: Organization, *, older: int | None, newer: int | None
    ) -> OrganizationPage:
        """Give the page, comparing two versions if both are named. Raises NotFoundError for unknown ones."""
        return cls(
            title=_("Organization"),
            name=organization.name,
            slug=organization.slug,
            history=History.build(session, organization, older, newer),
            programs=queries.list_programs_of(session, organization),
            button=WorkspaceForm(None),
            heir=queries.heir_of(session, organization),
        )
