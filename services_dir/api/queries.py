"""Reads of the API: which records a list holds, and the public values behind a page of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from services_dir.api.parameters import Parameters
from services_dir.catalog import gazetteer
from services_dir.catalog.gazetteer import PlaceEntry
from services_dir.catalog.kinds import CatalogStatus, PlaceKind, Visibility
from services_dir.catalog.kinds import Vocabulary as Kind
from services_dir.catalog.models import (
    CatalogChange,
    CatalogState,
    Location,
    Organization,
    OrganizationVersion,
    Place,
    Program,
    ProgramTerm,
    ServiceArea,
    Site,
    Term,
)
from services_dir.hsds.taxonomies import Taxonomies
from services_dir.search.geometry import miles_between

_METRES_PER_MILE = 1609.344
_FEW = 2_000  # ids that are named in a statement rather than picked from all

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Mark:
    """What an answer depends on: the database's id, its newest changes, and when they were."""

    database_id: str
    last_change: int
    last_version: int  # of an organization, which may have no program whose change would be counted
    changed_at: datetime | None
    version_at: datetime | None

    @property
    def at(self) -> datetime | None:
        """Give when the catalog last changed, if it ever did."""
        return max(filter(None, (self.changed_at, self.version_at)), default=None)


def read_mark(session: Session) -> Mark:
    """Read where the catalog stands."""
    changed = select(CatalogChange.at).where(CatalogChange.number == CatalogState.last_change)
    newest = select(func.coalesce(func.max(OrganizationVersion.id), 0)).scalar_subquery()
    version = select(OrganizationVersion.valid_from).where(OrganizationVersion.id == newest)
    row = session.execute(
        select(
            CatalogState.database_id,
            CatalogState.last_change,
            newest,
            changed.scalar_subquery(),
            version.scalar_subquery(),
        )
    ).one()
    return Mark(*row)


def list_changed(session: Session, after: int, until: int) -> set[str] | None:
    """Give the ids of programs that changed after one change until another; None if any may have.

    Words and places that all share may have changed, or what changed is not known any more.
    """
    rows = session.execute(
        select(CatalogChange.kind, Program.uuid)
        .outerjoin(Program, Program.id == CatalogChange.program_id)
        .where(CatalogChange.number > after, CatalogChange.number <= until)
    ).all()
    is_known = len(rows) == until - after and all(uuid is not None for _kind, uuid in rows)
    return {uuid for _kind, uuid in rows if uuid is not None} if is_known else None


def find_programs(
    session: Session, asked: Parameters, taxonomies: Taxonomies, found: Sequence[str] | None
) -> tuple[int, list[str]]:
    """Give how many services a list has, and the ids of those on the page, in their order.

    `found` are the ids that a search found, best first; without a search the order is that of the ids.
    """
    published, *others = _conditions(asked, taxonomies)
    query = select(Program.uuid).where(published, *others)
    by_id = select(Program.uuid).where(_PUBLISHED_BY_ID, *others)
    if found is not None:
        few = by_id.where(Program.uuid.in_(found)) if len(found) <= _FEW else query
        return _page_of_found(session, few, asked, found)
    return _page(session, query, asked, (query if others else by_id).order_by(Program.uuid))


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
        return _page(session, query, asked, query.order_by(Site.uuid))
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
        return _page(session, query, asked, query.order_by(Organization.uuid))
    rows = session.execute(
        select(Program.uuid, Organization.uuid).join(Program.organization).where(_PUBLISHED)
    )
    owner = dict(rows.all())
    ordered = dict.fromkeys(owner[program] for program in found if program in owner)
    return _page_of_found(session, query, asked, list(ordered))


_PUBLISHED: Condition = Program.status == CatalogStatus.PUBLISHED
# The same for who goes by ids: the plain word of a status leads SQLite to gather every program and sort them.
_PUBLISHED_BY_ID: Condition = func.lower(Program.status) == CatalogStatus.PUBLISHED.value


def _programs(asked: Parameters, taxonomies: Taxonomies) -> Select[str]:
    return select(Program.uuid).where(*_conditions(asked, taxonomies))


def _conditions(asked: Parameters, taxonomies: Taxonomies) -> list[Condition]:
    conditions: list[Condition] = [_PUBLISHED]
    if asked.organization_id is not None:
        conditions.append(Program.organization.has(Organization.uuid == asked.organization_id))
    if asked.modified_after is not None:
        # Also where the organization changed, or somebody confirmed the details.
        changed = select(CatalogChange.program_id).where(CatalogChange.at >= asked.modified_after)
        conditions.append(or_(Program.modified_at >= asked.modified_after, Program.id.in_(changed)))
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


def _page(
    session: Session, query: Select[str], asked: Parameters, ordered: Select[str]
) -> tuple[int, list[str]]:
    """Give how many ids a query has, and those of the page from the same ones in their order."""
    if asked.is_stream:
        return _cut(list(session.scalars(ordered)), asked)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return total, list(session.scalars(ordered.offset(asked.skipped).limit(asked.per_page)))


def _page_of_found(
    session: Session, query: Select[str], asked: Parameters, found: Sequence[str]
) -> tuple[int, list[str]]:
    held = set(session.scalars(query))
    return _cut([one for one in found if one in held], asked)


def _cut(ids: list[str], asked: Parameters) -> tuple[int, list[str]]:
    """Give how many there are and those on the page; a stream has all on one."""
    return len(ids), ids if asked.is_stream else ids[asked.skipped : asked.skipped + asked.per_page]
