"""What the templates of the coordinators' programs are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog.models import Program
from services_dir.moderation import queries
from services_dir.moderation.pages.history import History
from services_dir.moderation.queries import Assured, ProgramLine
from services_dir.submissions.queries import Listing, get_program_version
from services_dir.values import Paged
from services_dir.web.forms import WorkspaceForm


@dataclass(frozen=True)
class ProgramsPage:
    """All programs, to find one by name or do something with several."""

    title: str
    q: str
    lines: Paged[ProgramLine]
    address: Callable[[int], str]
    button: WorkspaceForm
    chosen: list[ProgramLine] = field(default_factory=list)  # to be withdrawn, once it is confirmed


@dataclass(frozen=True)
class ProgramPage:
    """One program: what can be done with it, and its versions."""

    title: str
    name: str
    slug: str
    organization: str  # its slug
    history: History
    button: WorkspaceForm
    heir: Listing | None  # what it was merged into
    assurances: list[Assured]

    @classmethod
    def build(
        cls, session: Session, program: Program, *, older: int | None, newer: int | None
    ) -> ProgramPage:
        """Give the page, comparing two versions if both are named. Raises NotFoundError for unknown ones."""
        return cls(
            title=_("Program"),
            name=get_program_version(session, program.id, program.version).name,
            slug=program.slug,
            organization=program.organization.slug,
            history=History.build(session, program, older, newer),
            button=WorkspaceForm(None),
            heir=queries.heir_of(session, program),
            assurances=queries.list_assurances(session, program),
        )
