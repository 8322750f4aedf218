"""Writes to the catalog: publish, withdraw, make an address be forgotten. Callers open the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from services_dir.catalog import past
from services_dir.catalog.draft import FORMAT, OrganizationDraft, ProgramDraft, to_json
from services_dir.catalog.kinds import AssuranceMethod, CatalogStatus, ChangeKind
from services_dir.catalog.models import (
    Assurance,
    CatalogChange,
    CatalogState,
    FormerSlug,
    Organization,
    OrganizationVersion,
    Program,
    ProgramVersion,
)
from services_dir.catalog.rows import write_organization, write_program
from services_dir.errors import N_, ConflictError
from services_dir.values import slugify

# Tables whose texts may have held a street before it was removed; PostgreSQL rewrites them.
_HELD_ADDRESSES = (
    "location site program program_text program_name program_language phone schedule schedule_exception "
    "link source program_version revision submission review first_approval submission_note import_row "
    "import_note foreign_id annual_file"
).split()


def record_change(session: Session, kind: ChangeKind, program_id: int | None, at: datetime) -> int:
    """Give followers something to take up, and return its number.

    Numbers come from the one row of `catalog_state`, locked until the transaction ends: they appear
    in order and without gaps.
    """
    number = session.execute(
        update(CatalogState)
        .values(last_change=CatalogState.last_change + 1)
        .returning(CatalogState.last_change)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.add(CatalogChange(number=number, kind=kind, program_id=program_id, at=at))
    return int(number)


def publish_program(
    session: Session, draft: ProgramDraft, *, review_id: int | None, at: datetime
) -> ProgramVersion:
    """Make a draft the published state of its program, as a new version.

    A new organization in the draft is published first, and the version refers to it, so that
    publishing the version again leaves the organization alone. If a place became area-only, its address is
    taken out of everything stored of the program. Raises ConflictError if the web name is taken, or if its
    organization was withdrawn.
    """
    if draft.new_organization is not None:
        organization = publish_organization(session, draft.new_organization, review_id=review_id, at=at)
        draft = replace(draft, organization=organization.uuid, new_organization=None)
    else:
        organization = _published_organization(session, draft.organization)
        draft = replace(draft, organization=organization.uuid)
    program = _program_row(session, draft, organization, at)
    removal = past.find_removal(session, program, draft)
    if removal is not None:
        draft = removal.from_draft(draft)
        past.rewrite(session, program, removal)
        record_change(session, ChangeKind.HIDE_PLACE, program.id, at)
    write_program(session, program, draft)
    version = _next_program_version(session, program, draft, review_id=review_id, at=at)
    record_change(session, ChangeKind.PUBLISH, program.id, at)
    session.flush()
    return version


def publish_organization(
    session: Session, draft: OrganizationDraft, *, review_id: int | None, at: datetime
) -> Organization:
    """Make a draft the published state of its organization, as a new version."""
    organization = session.scalars(
        select(Organization).where(Organization.uuid == draft.id).with_for_update()
    ).one_or_none()
    if organization is None:
        organization = Organization(
            uuid=draft.id,
            slug=_free_slug(session, Organization, draft.slug or slugify(draft.name), draft.slug is not None),
            name=draft.name,
            level=draft.level,
            status=CatalogStatus.PUBLISHED,
            version=0,
            published_at=at,
            modified_at=at,
        )
        session.add(organization)
    else:
        _keep_former_slug(session, organization, draft.slug)
    organization.status, organization.merged_into_id = CatalogStatus.PUBLISHED, None
    organization.modified_at = at
    session.flush()
    write_organization(session, organization, draft)
    organization.version = _last_organization_version(session, organization, at) + 1
    session.add(
        OrganizationVersion(
            organization_id=organization.id,
            number=organization.version,
            format=FORMAT,
            document=to_json(draft),
            valid_from=at,
            review_id=review_id,
        )
    )
    session.flush()
    _record_programs_of(session, organization, at)
    return organization


def withdraw_program(session: Session, program: Program, *, at: datetime) -> None:
    """Take a program out of the public catalog; its versions stay."""
    program.status = CatalogStatus.WITHDRAWN
    program.modified_at = at
    session.execute(
        update(ProgramVersion)
        .where(ProgramVersion.program_id == program.id, ProgramVersion.valid_to.is_(None))
        .values(valid_to=at)
    )
    record_change(session, ChangeKind.WITHDRAW, program.id, at)


def withdraw_organization(session: Session, organization: Organization, *, at: datetime) -> None:
    """Take an organization out of the public catalog, with all its programs; the versions stay.

    Programs are locked before their organization, as everywhere, and those that came while it was waited
    for afterwards.
    """
    published = (
        select(Program)
        .where(Program.organization_id == organization.id, Program.status == CatalogStatus.PUBLISHED)
        .order_by(Program.id)
        .with_for_update()
    )
    session.scalars(published).all()
    session.refresh(organization, with_for_update=True)
    for program in session.scalars(published).all():
        withdraw_program(session, program, at=at)
    organization.status = CatalogStatus.WITHDRAWN
    organization.modified_at = at
    session.execute(
        update(OrganizationVersion)
        .where(OrganizationVersion.organization_id == organization.id, OrganizationVersion.valid_to.is_(None))
        .values(valid_to=at)
    )
    record_change(session, ChangeKind.WITHDRAW, None, at)  # also where it had no program
    _record_programs_of(session, organization, at)  # those of its branches name it


def assure_program(
    session: Session,
    program: Program,
    method: AssuranceMethod,
    *,
    on: date,
    role: str | None,
    by: int | None,
    at: datetime,
    review_id: int | None = None,
    feed: str | None = None,
) -> Assurance:
    """Record that somebody checked the details of a published program, and how.

    `role` is that of who answered, never a name; `by` the coordinator who asked; `feed` the partner that
    says so. The version stays.
    """
    assurance = Assurance(
        program_id=program.id,
        on=on,
        method=method,
        role=role,
        feed=feed,
        by_account_id=by,
        review_id=review_id,
        recorded_at=at,
    )
    session.add(assurance)
    record_change(session, ChangeKind.PUBLISH, program.id, at)
    session.flush()
    return assurance


def find_unwiped(session: Session) -> int | None:
    """Give the number of the newest removal of an address whose traces may be in the files; None for none."""
    wiped = select(CatalogState.wiped_change).scalar_subquery()
    return session.scalar(
        select(func.max(CatalogChange.number)).where(
            CatalogChange.number > wiped, CatalogChange.kind == ChangeKind.HIDE_PLACE
        )
    )


def mark_wiped(session: Session, number: int) -> None:
    """Remember that what was removed up to a change has left the files."""
    state = update(CatalogState).where(CatalogState.wiped_change < number)
    session.execute(state.values(wiped_change=number).execution_options(synchronize_session=False))


def wipe_traces(engine: Engine, tables: Iterable[str] = _HELD_ADDRESSES) -> bool:
    """Make what was overwritten leave the database's files, after a commit that removed or erased something.

    SQLite deletes securely, but its log still holds the pages; PostgreSQL keeps dead rows until the
    tables are rewritten. Runs outside any transaction; gives False if somebody was reading for so long
    that it must be tried again.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        if is_sqlite:
            driver.execute("PRAGMA busy_timeout = 2000")
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
        driver.autocommit = True
        driver.execute("SET lock_timeout = '2s'")
        for table in tables:
            driver.execute(f"VACUUM (FULL) {table}")
    except engine.dialect.loaded_dbapi.OperationalError:
        return False
    finally:
        connection.invalidate()  # its settings are not those of other connections
        connection.close()
    return True


def _program_row(session: Session, draft: ProgramDraft, organization: Organization, at: datetime) -> Program:
    program = session.scalars(select(Program).where(Program.uuid == draft.id).with_for_update()).one_or_none()
    if program is None:
        program = Program(
            uuid=draft.id,
            slug=_free_slug(session, Program, draft.slug or slugify(draft.name), draft.slug is not None),
            published_at=at,
            version=0,
            kind=draft.kind,
            level=draft.level,
            availability=draft.availability,
            asks_immigration_status=draft.asks_immigration_status,
            needs_police_report=draft.needs_police_report,
            mandated_reporters=draft.mandated_reporters,
        )
        session.add(program)
    else:
        _keep_former_slug(session, program, draft.slug)
    program.organization = organization
    program.status, program.merged_into_id = CatalogStatus.PUBLISHED, None
    program.modified_at = at
    session.flush()
    return program


def _next_program_version(
    session: Session, program: Program, draft: ProgramDraft, *, review_id: int | None, at: datetime
) -> ProgramVersion:
    last = session.scalars(
        select(ProgramVersion)
        .where(ProgramVersion.program_id == program.id)
        .order_by(ProgramVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.valid_to is None:
        last.valid_to = at
    program.version = last.number + 1 if last else 1
    version = ProgramVersion(
        program_id=program.id,
        number=program.version,
        format=FORMAT,
        document=to_json(draft),
        valid_from=at,
        review_id=review_id,
    )
    session.add(version)
    session.flush()
    return version


def _last_organization_version(session: Session, organization: Organization, at: datetime) -> int:
    last = session.scalars(
        select(OrganizationVersion)
        .where(OrganizationVersion.organization_id == organization.id)
        .order_by(OrganizationVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return 0
    last.valid_to = last.valid_to or at
    return last.number


def _published_organization(session: Session, uuid: str | None) -> Organization:
    """Give an organization, or the one it was merged into, that stays as it is until the transaction ends."""
    row = select(Organization).with_for_update(read=True).execution_options(populate_existing=True)
    organization = session.scalars(row.where(Organization.uuid == uuid)).one()
    while organization.merged_into_id is not None:
        organization = session.scalars(row.where(Organization.id == organization.merged_into_id)).one()
    if organization.status is not CatalogStatus.PUBLISHED:
        raise ConflictError(N_("The organization of this program was withdrawn. Publish it again first."))
    return organization


def _record_programs_of(session: Session, organization: Organization, at: datetime) -> None:
    """Programs show their organization's name and that of its parent, so they are taken up again too."""
    published = (
        select(Program.id)
        .join(Program.organization)
        .where(
            (Organization.id == organization.id) | (Organization.parent_id == organization.id),
            Program.status == CatalogStatus.PUBLISHED,
        )
    )
    for program_id in session.scalars(published.order_by(Program.id)).all():
        record_change(session, ChangeKind.PUBLISH, program_id, at)


def _free_slug(
    session: Session, table: type[Program] | type[Organization], wanted: str, is_exact: bool
) -> str:
    """Give a slug that no record has or had; a number is added unless the wanted one is exact."""
    wanted = wanted or table.__tablename__
    number = 1
    slug = wanted
    while _is_taken(session, table, slug):
        if is_exact:
            raise ConflictError(N_("The web name “{slug}” is taken."), slug=slug)
        number += 1
        slug = f"{wanted[:75].rstrip('-')}-{number}"
    return slug


def _is_taken(session: Session, table: type[Program] | type[Organization], slug: str) -> bool:
    if session.scalar(select(table.id).where(table.slug == slug)) is not None:
        return True
    return session.get(FormerSlug, (table.__tablename__, slug)) is not None


def _keep_former_slug(session: Session, record: Program | Organization, wanted: str | None) -> None:
    if wanted is None or wanted == record.slug:
        return
    kind = record.__tablename__
    former = session.get(FormerSlug, (kind, wanted))
    is_own = former is not None and record.id in (former.program_id, former.organization_id)
    if former is not None and is_own:
        session.delete(former)  # a record may have its own former name back
    else:
        _free_slug(session, type(record), wanted, is_exact=True)
    session.add(
        FormerSlug(
            kind=kind,
            slug=record.slug,
            program_id=record.id if isinstance(record, Program) else None,
            organization_id=record.id if isinstance(record, Organization) else None,
        )
    )
    record.slug = wanted
    session.flush()
