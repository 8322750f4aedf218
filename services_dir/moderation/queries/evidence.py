"""What others say of the same phones and places: the catalog, the organization, other submissions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Phone, Place, Program, ProgramText, Site
from services_dir.catalog.models.sites import Location
from services_dir.catalog.rules import Problem
from services_dir.catalog.similar import numbers_of
from services_dir.errors import N_
from services_dir.moderation.queries.queue import WAITING
from services_dir.submissions.models import Subject, Submission
from services_dir.submissions.queries import read_draft
from services_dir.values import fold, spoken_number

_MOST = 5


def list_contradictions(
    session: Session, submission: Submission, draft: Draft, published: Draft | None
) -> list[Problem]:
    """List what another source gives differently; a few statements, whatever the draft.

    Numbers that are published already, and short codes such as 711 that many share, say nothing.
    """
    if not isinstance(draft, ProgramDraft):
        return []
    known = numbers_of(published) if published is not None else frozenset()
    new = {number for number in numbers_of(draft) - known if number.startswith("+")}
    return [
        *_numbers_of_others(session, draft, new),
        *_number_of_the_organization(session, draft),
        *_other_streets(session, draft),
        *_other_submissions(session, submission, draft),
    ]


def _numbers_of_others(session: Session, draft: ProgramDraft, numbers: set[str]) -> Iterator[Problem]:
    """A number that a program of somebody else names: shared, or mistaken."""
    at_site = aliased(Site)
    rows = session.execute(
        select(Phone.number, ProgramText.name, Organization.name)
        .outerjoin(at_site, at_site.id == Phone.site_id)
        .join(Program, (Program.id == Phone.program_id) | (Program.id == at_site.program_id))
        .join(Program.organization)
        .join(ProgramText, (ProgramText.program_id == Program.id) & (ProgramText.language == "en"))
        .where(
            Phone.number.in_(numbers),
            Program.status == CatalogStatus.PUBLISHED,
            Program.uuid != draft.id,
            Organization.uuid != (draft.organization or ""),
        )
        .order_by(Phone.number, ProgramText.name)
        .limit(_MOST)
    )
    for number, name, owner in rows:
        message = N_("{number} is also the number of “{name}” ({owner}), which another organization runs.")
        values = {"number": spoken_number(number), "name": name, "owner": owner}
        yield Problem("phones", message, values, is_warning=True)


def _number_of_the_organization(session: Session, draft: ProgramDraft) -> Iterator[Problem]:
    query = (
        select(Phone.number)
        .join(Organization, Organization.id == Phone.organization_id)
        .where(Organization.uuid == (draft.organization or ""))
        .order_by(Phone.position)
    )
    known, given = session.scalars(query).all(), numbers_of(draft)
    if known and given and not given & set(known):
        message = N_("The entry of its organization gives another number: {number}")
        values = {"number": ", ".join(map(spoken_number, known))}
        yield Problem("phones", message, values, is_warning=True)


def _other_streets(session: Session, draft: ProgramDraft) -> Iterator[Problem]:
    """Another street in the same town, of a program of the same organization."""
    towns = {site.town for site in draft.sites if site.town and site.street}
    streets = {fold(site.street) for site in draft.sites if site.street}
    rows = session.execute(
        select(Location.street, Place.name, ProgramText.name)
        .join(Site, Site.location_id == Location.id)
        .join(Program, Program.id == Site.program_id)
        .join(Program.organization)
        .join(Place, Place.id == Location.town_id)
        .join(ProgramText, (ProgramText.program_id == Program.id) & (ProgramText.language == "en"))
        .where(
            Place.key.in_(towns),
            Location.street.is_not(None),
            Program.status == CatalogStatus.PUBLISHED,
            Program.uuid != draft.id,
            Organization.uuid == (draft.organization or ""),
        )
        .order_by(ProgramText.name)
        .limit(_MOST)
    )
    for street, town, name in rows:
        if street and fold(street) not in streets:
            message = N_("“{name}” of the same organization is at another address in {town}: {street}")
            values = {"name": name, "town": town, "street": street}
            yield Problem("sites", message, values, is_warning=True)


def _other_submissions(session: Session, submission: Submission, draft: ProgramDraft) -> Iterator[Problem]:
    others = session.scalars(
        select(Submission)
        .where(
            Submission.subject_uuid == submission.subject_uuid,
            Submission.subject == Subject.PROGRAM,
            Submission.state.in_(WAITING),
            Submission.id != submission.id,
        )
        .options(selectinload(Submission.revisions))
        .order_by(Submission.id)
        .limit(_MOST)
    )
    for other in others:
        said = read_draft(other)
        numbers = numbers_of(said) - numbers_of(draft)
        message = N_("Submission {id} about the same program waits too.")
        values = {"id": str(other.id)}
        if numbers:
            message = N_(
                "Submission {id} about the same program waits too and gives another number: {numbers}"
            )
            values["numbers"] = ", ".join(sorted(map(spoken_number, numbers)))
        yield Problem("phones", message, values, is_warning=True)
