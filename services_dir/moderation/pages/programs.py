"""What the templates of the coordinators' programs are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog.diff import FieldChange, compare
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Program
from services_dir.moderation import queries
from services_dir.moderation.forms import MergeForm
from services_dir.moderation.queries import PastLine, ProgramLine, VersionLine
from services_dir.submissions.models import Submission
from services_dir.submissions.pages import wording_of
from services_dir.submissions.queries import get_program_version
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
    is_published: bool
    versions: list[VersionLine]
    waiting: list[Submission]
    older: int | None
    newer: int | None
    changes: list[FieldChange]
    undo_address: str | None
    button: WorkspaceForm
    past: list[PastLine] = field(default_factory=list)

    def can_publish(self, version: VersionLine) -> bool:
        """Tell whether a version is not what is published now."""
        return not self.is_published or version.valid_to is not None

    @classmethod
    def build(
        cls,
        session: Session,
        program: Program,
        *,
        older: int | None,
        newer: int | None,
        undo_address: str | None,
    ) -> ProgramPage:
        """Give the page, comparing two versions if both are named. Raises NotFoundError for unknown ones."""
        versions = queries.list_versions(session, program)
        changes = []
        if older is not None and newer is not None:
            before = get_program_version(session, program.id, older)
            after = get_program_version(session, program.id, newer)
            changes = compare(before, after, wording_of(session, before, after))
        return cls(
            title=_("Program"),
            name=get_program_version(session, program.id, versions[0].number).name,
            slug=program.slug,
            is_published=program.status is CatalogStatus.PUBLISHED,
            versions=versions,
            waiting=queries.list_submissions_about(session, program),
            older=older,
            newer=newer,
            changes=changes,
            undo_address=undo_address,
            button=WorkspaceForm(None),
            past=queries.list_past(session, program),
        )


@dataclass(frozen=True)
class MergePage:
    """A program that another one repeats, and both side by side once the other is named."""

    title: str
    name: str
    slug: str
    form: MergeForm
    into_name: str | None = None
    into_slug: str | None = None
    changes: list[FieldChange] = field(default_factory=list)
    waiting: list[Submission] = field(default_factory=list)

    @classmethod
    def build(cls, session: Session, duplicate: Program, into: Program | None, form: MergeForm) -> MergePage:
        """Give the page; `into` is the program that stays, once it is known."""
        draft = get_program_version(session, duplicate.id, duplicate.version)
        page = cls(_("Merge two programs"), draft.name, duplicate.slug, form)
        if into is None:
            return page
        other = get_program_version(session, into.id, into.version)
        changes = compare(other, draft, wording_of(session, other, draft))
        waiting = queries.list_submissions_about(session, duplicate)
        return cls(page.title, page.name, page.slug, form, other.name, into.slug, changes, waiting)
