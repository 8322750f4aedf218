"""Reads of the API: which records a list holds, and the public values behind a page of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from services_dir.api.parameters import Parameters
from services_dir.catalog import gazetteer
from services_dir.catalog import queries as catalog
from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.catalog.kinds import CatalogStatus, PlaceKind, Visibility
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.models import (
    CatalogChange,
    CatalogState,
    Location,
    Organization,
    Place,
    Program,
    ProgramTerm,
    ServiceArea,
    Site,
    Term,
)
from services_dir.catalog.public import PublicOrganization, PublicProgram
from services_dir.hsds.taxonomies import Taxonomies
from services_dir.search.geometry import miles_between

_METRES_PER_MILE = 1609.344

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Mark:
    """What an answer depends on: the database's id, its last change, and when that was."""

    database_id: str
    last_change: int
    at: datetime | None


def read_mark(session: Session) -> Mark:
    """Read where the catalog stands."""
    newest = select(CatalogChange.at).where(CatalogChange.number == CatalogState.last_change)
    row = session.execute(
        select(CatalogState.database_id, CatalogState.last_change, newest.scalar_subquery())
    ).one()
    return Mark(*row)


def find_programs(
    session: Session, asked: Parameters, taxonomies: Taxonomies, found: Sequence[str] | None
) -> tuple[int, list[str]]:
    """Give how many services a list has, and the ids of those on the page, in their order.

    `found` are the ids that a search found, best first; without a search the order is that of the ids.
    """
    query = _programs(asked, taxonomies)
    if found is None:
        return _page(session, query.order_by(Program.uuid), asked)
    return _page_of_found(session, query, asked, found)


def find_sites(
    session: Session, asked: Parameters, taxonomies: Taxonomies, found: Sequence[str] | None
) -> tuple[int, list[str]]:
    """Give how many services at locations a list has, and the ids of those on the page."""
    programs = _programs(asked, taxonomies).subquery()
    query = select(Site.uuid).join(Program, Site.program_id == Program.id)
    query = query.where(Program.uuid.in_(select(programs.c.uuid)))
    if asked.postcode is not None:
        query = query.where(*_near(session, asked))
    if found is None:
        return _page(session, query.order_by(Site.uuid), asked)
    rows = session.execute(query.add_columns(Program.uuid).order_by(Site.uuid)).all()
    by_program: dict[str, list[str]] = {}
    for site, program in rows:
        by_program.setdefault(program, []).append(site)
    return _cut([site for program in found for site in by_program.get(program, ())], asked)


def find_organizations(
    session: Session, asked: Parameters, taxonomies: Taxonomies, found: Sequence[str] | None
) -> tuple[int, list[str]]:
    """Give how many organizations a list has, and the ids of those on the page.

    An organization is found by what its services are, and by its own name.
    """
    query = select(Organization.uuid).where(Organization.status == CatalogStatus.PUBLISHED)
    if asked.taxonomy_id or asked.taxonomy_term_id:
        owners = select(Program.organization_id).where(*_conditions(asked, taxonomies))
        query = query.where(Organization.id.in_(owners))
    if found is None:
        return _page(session, query.order_by(Organization.uuid), asked)
    rows = session.execute(
        select(Program.uuid, Organization.uuid).join(Program.organization).where(_PUBLISHED)
    )
    owner = dict(rows.all())
    ordered = dict.fromkeys(owner[program] for program in found if program in owner)
    return _page_of_found(session, query, asked, list(ordered))


def load_programs(session: Session, ids: Sequence[str]) -> list[PublicProgram]:
    """Give published programs by their public ids, in this order."""
    rows = session.scalars(select(Program.id).where(Program.uuid.in_(ids))).all()
    held = {program.id: program for program in catalog.list_public_programs(session, rows)}
    return [held[one] for one in ids if one in held]


def load_programs_of_sites(session: Session, ids: Sequence[str]) -> list[PublicProgram]:
    """Give the published programs that have any of these sites."""
    rows = session.scalars(select(Site.program_id).where(Site.uuid.in_(ids))).all()
    return catalog.list_public_programs(session, rows)


def load_programs_of(session: Session, organizations: Sequence[str]) -> list[PublicProgram]:
    """Give the published programs of organizations."""
    rows = session.scalars(
        select(Program.id).join(Program.organization).where(Organization.uuid.in_(organizations), _PUBLISHED)
    ).all()
    return catalog.list_public_programs(session, rows)


def load_organizations(session: Session, ids: Iterable[str]) -> dict[str, PublicOrganization]:
    """Give published organizations by their public ids."""
    return {one.id: one for one in catalog.list_public_organizations(session, list(ids))}


def only_country(session: Session) -> str | None:
    """Give the code of the nation, if there is just one among the places."""
    codes = session.scalars(select(Place.code).where(Place.kind == PlaceKind.NATION)).all()
    return codes[0] if len(codes) == 1 else None


_PUBLISHED: Condition = Program.status == CatalogStatus.PUBLISHED


def _programs(asked: Parameters, taxonomies: Taxonomies) -> Select[str]:
    return select(Program.uuid).where(*_conditions(asked, taxonomies))


def _conditions(asked: Parameters, taxonomies: Taxonomies) -> list[Condition]:
    conditions: list[Condition] = [_PUBLISHED]
    if asked.organization_id is not None:
        conditions.append(Program.organization.has(Organization.uuid == asked.organization_id))
    if asked.modified_after is not None:
        conditions.append(Program.modified_at >= asked.modified_after)
    if asked.taxonomy_term_id is not None:
        terms = taxonomies.with_descendants(asked.taxonomy_term_id)
        conditions.append(Program.terms.any(ProgramTerm.term.has(Term.uuid.in_(terms))) | _level_in(terms))
    if asked.taxonomy_id is not None:
        kind = taxonomies.vocabularies.get(asked.taxonomy_id)
        terms = frozenset(one.id for one in taxonomies.terms.values() if one.taxonomy_id == asked.taxonomy_id)
        held = ProgramTerm.term.has(Term.vocabulary == kind)
        conditions.append(Program.terms.any(held) | _level_in(terms))
    return conditions


def _level_in(terms: Iterable[str]) -> Condition:
    """Ask for programs of a level, which they hold as a value and not as a term."""
    return Program.level.in_(
        select(Term.slug).where(Term.uuid.in_(list(terms)), Term.vocabulary == Kind.LEVEL)
    )


def _near(session: Session, asked: Parameters) -> list[Condition]:
    """Ask for sites whose area holds a ZIP code, and that lie within the distance, if one is given."""
    places = gazetteer.current(session)
    place = places.find(asked.postcode or "")
    if place is None or place.kind is not PlaceKind.ZIP:
        return [Site.id.in_(())]
    keys = [key for tier in places.tiers(place.key) for key in tier]
    serving = ServiceArea.place.has(Place.key.in_(keys))
    own = select(ServiceArea.id).where(ServiceArea.site_id == Site.id)
    conditions: list[Condition] = [
        or_(
            own.where(serving).exists(),
            and_(
                ~own.exists(),
                select(ServiceArea.id).where(ServiceArea.program_id == Site.program_id, serving).exists(),
            ),
        )
    ]
    if asked.proximity is not None:
        near = list(_sites_within(session, places, place, asked.proximity))
        conditions.append(Site.id.in_(near))
    return conditions


def _sites_within(
    session: Session, places: gazetteer.Gazetteer, place: PlaceEntry, metres: float
) -> Iterator[int]:
    """Give the sites with known coordinates, or else their town's, within a distance of a ZIP code."""
    start = places.point(place.key)
    if start is None:
        return
    rows = session.execute(
        select(Site.id, Location.latitude, Location.longitude, Place.key)
        .join(Site.location)
        .outerjoin(Place, Place.id == Location.town_id)
        .where(Location.visibility == Visibility.PUBLIC)
    )
    for site, latitude, longitude, town in rows:
        own = (latitude, longitude) if latitude is not None and longitude is not None else None
        point = own or (places.point(town) if town else None)
        if point is not None and miles_between(start, point) * _METRES_PER_MILE <= metres:
            yield site


def _page(session: Session, query: Select[str], asked: Parameters) -> tuple[int, list[str]]:
    if asked.is_stream:
        return _cut(list(session.scalars(query)), asked)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return total, list(session.scalars(query.offset(asked.skipped).limit(asked.per_page)))


def _page_of_found(
    session: Session, query: Select[str], asked: Parameters, found: Sequence[str]
) -> tuple[int, list[str]]:
    held = set(session.scalars(query))
    return _cut([one for one in found if one in held], asked)


def _cut(ids: list[str], asked: Parameters) -> tuple[int, list[str]]:
    """Give how many there are and those on the page; a stream has all on one."""
    return len(ids), ids if asked.is_stream else ids[asked.skipped : asked.skipped + asked.per_page]
