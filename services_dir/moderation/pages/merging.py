"""What the template of a merger is given: a listing that repeats another, and both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from services_dir.catalog.diff import FieldChange, compare
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.queries import count_programs_of
from services_dir.catalog.similar import Similar, find_similar
from services_dir.moderation import queries
from services_dir.moderation.forms import MergeForm
from services_dir.submissions.models import Submission
from services_dir.submissions.pages import wording_of
from services_dir.submissions.queries import listing_of


@dataclass(frozen=True)
class MergePage:
    """A listing that goes, those it may repeat, and both side by side once the one that stays is named."""

    title: str
    heading: str
    lead: str
    name: str
    slug: str
    is_organization: bool
    form: MergeForm
    similar: Sequence[Similar] = ()
    into_name: str | None = None
    into_slug: str | None = None
    moves: str = ""  # what goes along with an organization
    changes: list[FieldChange] = field(default_factory=list)
    waiting: list[Submission] = field(default_factory=list)

    @classmethod
    def build(
        cls,
        session: Session,
        duplicate: Program | Organization,
        into: Program | Organization | None,
        form: MergeForm,
    ) -> MergePage:
        """Give the page; `into` is the listing that stays, once it is known."""
        goes = listing_of(session, duplicate)
        is_organization = isinstance(duplicate, Organization)
        stays = listing_of(session, into) if into is not None else None
        return cls(
            title=_("Merge two listings"),
            heading=_("Merge two organizations") if is_organization else _("Merge two programs"),
            lead=_lead(goes.name, is_organization),
            name=goes.name,
            slug=goes.slug,
            is_organization=is_organization,
            form=form,
            similar=find_similar(session, goes.draft) if stays is None else (),
            into_name=stays.name if stays else None,
            into_slug=stays.slug if stays else None,
            moves=_moves(session, duplicate) if isinstance(duplicate, Organization) else "",
            changes=compare(goes.draft, stays.draft, wording_of(session, goes.draft, stays.draft))
            if stays
            else [],
            waiting=queries.list_submissions_about(session, duplicate) if stays else [],
        )


def _lead(name: str, is_organization: bool) -> str:
    if is_organization:
        return _(
            "“%(name)s” is withdrawn, and its address leads to the organization that stays. Its programs, its"
            " branches, its contacts and what they were asked go there, and searches find it by both names."
            " Nothing else is copied: first add to that organization what only this one says.",
            name=name,
        )
    return _(
        "“%(name)s” is withdrawn, and its address leads to the program that stays. Nothing is copied: first"
        " add to that program what only this one says.",
        name=name,
    )


def _moves(session: Session, organization: Organization) -> str:
    programs = count_programs_of(session, organization)
    if not programs:
        return _("It has no published program.")
    return ngettext(
        "%(num)s program gets a new version and is listed under the one that stays.",
        "%(num)s programs get a new version each and are listed under the one that stays.",
        programs,
    )
