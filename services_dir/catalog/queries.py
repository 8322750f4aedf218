"""Reads of the catalog: public values by slug, the vocabularies, and what drafts may refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Mapped, Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from services_dir.catalog.draft import (
    Draft,
    OrganizationDraft,
    ProgramDraft,
    read_organization,
    read_program,
)
from services_dir.catalog.kinds import CatalogStatus, ChangeKind, PlaceKind, Vocabulary, WordKind
from services_dir.catalog.models import (
    CatalogChange,
    CatalogState,
    Organization,
    OrganizationVersion,
    Phone,
    Place,
    Program,
    ProgramLanguage,
    ProgramTerm,
    ProgramVersion,
    Schedule,
    ServiceArea,
    Site,
    Source,
    Term,
    TermLabel,
    Word,
)
from services_dir.catalog.models.sites import Location
from services_dir.catalog.public import (
    PublicOrganization,
    PublicProgram,
    public_organization,
    public_program,
)
from services_dir.catalog.rules import References, list_identities
from services_dir.errors import N_, GoneError, NotFoundError


@dataclass(frozen=True)
class TermView:
    """A term with its labels by language, and the words people type for it by language."""

    uuid: str
    vocabulary: Vocabulary
    slug: str
    parent: str | None
    statutory: bool
    is_retired: bool
    labels: dict[str, str]
    definitions: dict[str, str]
    words: dict[str, tuple[str, ...]]

    def label(self, language: str) -> str:
        """Give the label in a language, or the English one."""
        return self.labels.get(language) or self.labels["en"]


def _hours_of(path: ExecutableOption) -> Sequence[ExecutableOption]:
    return (path, path.selectinload(Schedule.intervals), path.selectinload(Schedule.exceptions))  # type: ignore[attr-defined]


def _whole_program() -> list[ExecutableOption]:
    """Load everything `public_program` reads, in a number of statements that does not grow."""
    sites = selectinload(Program.sites)
    organization = joinedload(Program.organization)
    return [
        organization.selectinload(Organization.names),
        organization.joinedload(Organization.parent),
        selectinload(Program.texts),
        selectinload(Program.names),
        selectinload(Program.terms).joinedload(ProgramTerm.term),
        selectinload(Program.languages),
        selectinload(Program.links),
        selectinload(Program.sources),
        selectinload(Program.assurances),
        selectinload(Program.service_areas).joinedload(ServiceArea.place),
        *_hours_of(selectinload(Program.schedule)),
        *_hours_of(selectinload(Program.phones).selectinload(Phone.schedule)),
        sites.joinedload(Site.location).joinedload(Location.town),
        sites.joinedload(Site.location).joinedload(Location.region),
        sites.selectinload(Site.service_areas).joinedload(ServiceArea.place),
        *_hours_of(sites.selectinload(Site.schedule)),
        *_hours_of(sites.selectinload(Site.phones).selectinload(Phone.schedule)),
    ]


def get_public_program(session: Session, slug: str) -> PublicProgram:
    """Give the published program of a slug.

    Raises NotFoundError if there never was one, GoneError if it was withdrawn.
    """
    program = session.scalars(select(Program).where(Program.slug == slug).options(*_whole_program())).first()
    if program is None:
        raise NotFoundError(N_("There is no program with this address."))
    public = public_program(program)
    if public is None:
        raise GoneError(N_("This program is no longer listed."))
    return public


def list_public_programs(session: Session, ids: Iterable[int] | None = None) -> list[PublicProgram]:
    """Give the published programs of some row ids, or all of them, in the order of their ids."""
    query = select(Program).where(Program.status == CatalogStatus.PUBLISHED).order_by(Program.id)
    if ids is not None:
        query = query.where(Program.id.in_(list(ids)))
    rows = session.scalars(query.options(*_whole_program()))
    return [public for row in rows if (public := public_program(row)) is not None]


def list_programs_of(session: Session, organization_slug: str) -> list[PublicProgram]:
    """Give the published programs of an organization, by name."""
    query = (
        select(Program)
        .join(Program.organization)
        .where(Organization.slug == organization_slug, Program.status == CatalogStatus.PUBLISHED)
    )
    found = [public_program(row) for row in session.scalars(query.options(*_whole_program()))]
    return sorted((public for public in found if public is not None), key=lambda public: public.text().name)


def get_public_organization(session: Session, slug: str) -> PublicOrganization:
    """Give the published organization of a slug. Raises NotFoundError or GoneError."""
    organization = session.scalars(
        select(Organization).where(Organization.slug == slug).options(*_whole_organization())
    ).first()
    if organization is None:
        raise NotFoundError(N_("There is no organization with this address."))
    public = next(iter(_public_organizations(session, [organization])), None)
    if public is None:
        raise GoneError(N_("This organization is no longer listed."))
    return public


def list_public_organizations(session: Session, uuids: Iterable[str]) -> list[PublicOrganization]:
    """Give the published organizations of some UUIDs, in the order of their row ids."""
    query = select(Organization).where(Organization.uuid.in_(list(uuids))).order_by(Organization.id)
    return _public_organizations(session, session.scalars(query.options(*_whole_organization())).all())


def _whole_organization() -> list[ExecutableOption]:
    """Load everything `public_organization` reads but the phones."""
    return [
        selectinload(Organization.names),
        selectinload(Organization.texts),
        joinedload(Organization.parent),
    ]


def _public_organizations(
    session: Session, organizations: Sequence[Organization]
) -> list[PublicOrganization]:
    phones: dict[int | None, list[Phone]] = {}
    for phone in session.scalars(
        select(Phone)
        .where(Phone.organization_id.in_([one.id for one in organizations]))
        .order_by(Phone.position)
        .options(*_hours_of(selectinload(Phone.schedule)))
    ):
        phones.setdefault(phone.organization_id, []).append(phone)
    built = (public_organization(one, phones.get(one.id, ())) for one in organizations)
    return [public for public in built if public is not None]


def find_program(session: Session, slug: str, *, for_update: bool = False) -> Program | None:
    """Give the row of a program, published or withdrawn; locked if it will be changed."""
    query = select(Program).where(Program.slug == slug)
    return session.scalars(query.with_for_update() if for_update else query).first()


def find_published_draft(session: Session, program: Program) -> tuple[ProgramDraft, int] | None:
    """Give the document of the newest version of a program, and its number."""
    version = session.scalars(
        select(ProgramVersion)
        .where(ProgramVersion.program_id == program.id)
        .order_by(ProgramVersion.number.desc())
        .limit(1)
    ).first()
    return (read_program(version.document, version.format), version.number) if version else None


def find_published_organization_draft(
    session: Session, organization: Organization
) -> tuple[OrganizationDraft, int] | None:
    """Give the document of the newest version of an organization, and its number."""
    version = session.scalars(
        select(OrganizationVersion)
        .where(OrganizationVersion.organization_id == organization.id)
        .order_by(OrganizationVersion.number.desc())
        .limit(1)
    ).first()
    return (read_organization(version.document, version.format), version.number) if version else None


def list_terms(session: Session, vocabulary: Vocabulary) -> list[TermView]:
    """Give a vocabulary in its order, retired terms included."""
    query = (
        select(Term)
        .where(Term.vocabulary == vocabulary)
        .order_by(Term.position)
        .options(selectinload(Term.labels), selectinload(Term.words))
    )
    terms = session.scalars(query).all()
    slugs = {term.id: term.slug for term in terms}
    return [_term_view(term, slugs) for term in terms]


def list_words(session: Session) -> tuple[tuple[WordKind, str, str], ...]:
    """Give all misspellings, abbreviations and synonyms: which of them, the word, and what it means."""
    rows = session.execute(select(Word.kind, Word.word, Word.means).order_by(Word.kind, Word.word))
    return tuple((kind, word, means) for kind, word, means in rows)


def _term_view(term: Term, slugs: dict[int, str]) -> TermView:
    words: dict[str, list[str]] = {}
    for word in term.words:
        words.setdefault(word.language, []).append(word.word)
    return TermView(
        uuid=term.uuid,
        vocabulary=term.vocabulary,
        slug=term.slug,
        parent=slugs.get(term.parent_id) if term.parent_id else None,
        statutory=term.statutory,
        is_retired=term.retired_on is not None,
        labels={label.language: label.label for label in term.labels},
        definitions={label.language: label.definition for label in term.labels},
        words={language: tuple(held) for language, held in words.items()},
    )


def get_labels(session: Session, language: str) -> dict[tuple[Vocabulary, str], str]:
    """Give what each term is called in a language, else in English, by vocabulary and slug."""
    query = (
        select(Term.vocabulary, Term.slug, TermLabel.language, TermLabel.label)
        .join(Term.labels)
        .where(TermLabel.language.in_(("en", language)))
    )
    labels: dict[tuple[Vocabulary, str], str] = {}
    for vocabulary, slug, written_in, label in session.execute(query):
        if written_in == language:
            labels[vocabulary, slug] = label
        else:
            labels.setdefault((vocabulary, slug), label)
    return labels


def get_names(session: Session, language: str, *drafts: Draft | None) -> dict[str, str]:
    """Give the names of what drafts refer to, for `wording.Wording`: terms, places, organizations."""
    names = {
        f"{vocabulary}/{slug}": label for (vocabulary, slug), label in get_labels(session, language).items()
    }
    keys: set[str] = set()
    uuids: set[str] = set()
    for draft in drafts:
        if isinstance(draft, ProgramDraft):
            sites = draft.sites
            areas = (*draft.service_areas, *(area for site in sites for area in site.service_areas))
            keys |= {area.place for area in areas} | {
                key for site in sites for key in (site.town, site.region) if key
            }
            uuids |= {draft.organization} if draft.organization is not None else set()
        elif draft is not None and draft.parent is not None:
            uuids.add(draft.parent)
    places = session.execute(select(Place.key, Place.name, Place.kind).where(Place.key.in_(keys)))
    # A town and a county may bear one name.
    for key, name, kind in places:
        names[key] = name if kind is PlaceKind.TOWN else f"{name} ({kind.label})"
    for uuid, name in session.execute(
        select(Organization.uuid, Organization.name).where(Organization.uuid.in_(uuids))
    ):
        names[uuid] = name
    return names


def get_references(session: Session, draft: Draft) -> References:
    """Give those of the names a draft refers to that the register knows, retired terms included."""
    taken = _taken_identities(session, draft)
    if isinstance(draft, OrganizationDraft):
        parents = _known(session, Organization.uuid, {draft.parent})
        return References(_NOTHING, _NOTHING, _NOTHING, parents, taken)
    sites = draft.sites
    areas = {
        area.place for area in (*draft.service_areas, *(a for site in sites for a in site.service_areas))
    }
    places = areas | {site.town for site in sites} | {site.region for site in sites}
    new = draft.new_organization
    populations = {*draft.populations, *draft.populations_excluded}
    is_category, is_population = (
        Term.vocabulary == Vocabulary.CATEGORY,
        Term.vocabulary == Vocabulary.POPULATION,
    )
    return References(
        categories=_known(session, Term.slug, set(draft.categories), is_category),
        populations=_known(session, Term.slug, populations, is_population),
        places=_known(session, Place.key, places),
        organizations=_known(
            session, Organization.uuid, {draft.organization, *((new.id, new.parent) if new else ())}
        ),
        taken=taken,
    )


def _taken_identities(session: Session, draft: Draft) -> frozenset[str]:
    """Give the identities of a draft's parts that stand in rows of other listings."""
    wanted = {identity for _, identity in list_identities(draft)}
    if not wanted:
        return _NOTHING
    held = list_taken_identities(session, wanted)
    if not held:
        return _NOTHING
    own = _published_draft(session, draft)
    return frozenset(held) - {identity for _, identity in list_identities(own)} if own else frozenset(held)


def list_taken_identities(session: Session, wanted: Collection[str]) -> Sequence[str]:
    """Give those of some identities of parts that stand in rows, of whichever listing."""
    return session.scalars(
        union_all(*(select(table.uuid).where(table.uuid.in_(wanted)) for table in _WITH_IDENTITY))
    ).all()


def _published_draft(session: Session, draft: Draft) -> Draft | None:
    if isinstance(draft, ProgramDraft):
        program = session.scalars(select(Program).where(Program.uuid == draft.id)).first()
        found = find_published_draft(session, program) if program else None
        return found[0] if found else None
    organization = session.scalars(select(Organization).where(Organization.uuid == draft.id)).first()
    held = find_published_organization_draft(session, organization) if organization else None
    return held[0] if held else None


_WITH_IDENTITY = (Phone, Schedule, Site, Location, ServiceArea, ProgramLanguage, Source)
_NOTHING: frozenset[str] = frozenset()


def _known(
    session: Session, column: Mapped[str], names: Set[str | None], *criteria: ColumnElement[bool]
) -> frozenset[str]:
    wanted = [name for name in names if name is not None]
    if not wanted:
        return _NOTHING
    return frozenset(session.scalars(select(column).where(column.in_(wanted), *criteria)))


def count_programs(session: Session, status: CatalogStatus = CatalogStatus.PUBLISHED) -> int:
    """Count the programs of a status."""
    query = select(func.count()).select_from(Program).where(Program.status == status)
    return session.scalar(query) or 0


def count_programs_of(session: Session, organization: Organization) -> int:
    """Count the published programs of an organization."""
    query = select(func.count()).select_from(Program)
    own = Program.organization_id == organization.id, Program.status == CatalogStatus.PUBLISHED
    return session.scalar(query.where(*own)) or 0


def last_change(session: Session) -> int:
    """Give the number of the newest catalog change; 0 when there was none."""
    return session.scalar(select(CatalogState.last_change)) or 0


def vocabulary_mark(session: Session, *, with_words: bool = False) -> tuple[str, int]:
    """Name what places and terms are at this moment: the database, and their newest change.

    With words also what searches understand, and the policies that searches follow.
    """
    kinds = (ChangeKind.VOCABULARY, *((ChangeKind.WORDS,) if with_words else ()))
    newest = select(func.max(CatalogChange.number)).where(CatalogChange.kind.in_(kinds))
    held, number = session.execute(select(CatalogState.database_id, newest.scalar_subquery())).one()
    return held, number or 0


def database_id(session: Session) -> str:
    """Give the id of this database, which is new at every restore."""
    return session.scalars(select(CatalogState.database_id)).one()
