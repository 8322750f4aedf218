"""The catalog as it stood at a moment, read from the versions that were valid just before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import FORMAT, read_organization, read_program, to_json
from services_dir.catalog.kinds import Level, PhoneKind, ProgramKind
from services_dir.catalog.models import (
    Assurance,
    Organization,
    OrganizationVersion,
    Program,
    ProgramVersion,
)
from services_dir.catalog.rules import is_grave
from services_dir.reports.annual.changes import Life

_AT_ONCE = 2_000


class _Area(Struct, frozen=True):
    place: str


class _Phone(Struct, frozen=True):
    kind: PhoneKind


class _Site(Struct, frozen=True):
    phones: tuple[_Phone, ...] = ()
    service_areas: tuple[_Area, ...] = ()


class _Text(Struct, frozen=True):
    name: str


class _Document(Struct, frozen=True):
    """Of a program's document what a report needs; the rest is not read."""

    kind: ProgramKind
    level: Level
    texts: dict[str, _Text]
    organization: str | None = None
    categories: tuple[str, ...] = ()
    phones: tuple[_Phone, ...] = ()
    sites: tuple[_Site, ...] = ()
    service_areas: tuple[_Area, ...] = ()


class _Named(Struct, frozen=True):
    name: str


_PROGRAM = msgspec.json.Decoder(_Document)
_ORGANIZATION = msgspec.json.Decoder(_Named)
_NEVER = Life(before=False, at_start=False, at_end=False, in_year=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A program as it was listed: its row, its names by language, and by what it is counted."""

    id: int
    kind: ProgramKind
    level: Level
    names: dict[str, str]
    organization: str | None
    categories: tuple[str, ...]
    areas: frozenset[str]
    is_grave: bool

    def name(self, language: str) -> str:
        """Give its name in a language, or in English."""
        return self.names.get(language) or self.names["en"]


def list_listed(session: Session, moment: datetime) -> Iterator[Listed]:
    """Give the programs that were listed just before a moment, in the order of their rows."""
    return _read(session, select_documents().where(was_valid(moment)))


def list_last(session: Session, ids: Iterable[int], moment: datetime) -> Iterator[Listed]:
    """Give some programs as they were listed last before a moment."""
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        newest = (
            select(ProgramVersion.program_id, func.max(ProgramVersion.number).label("number"))
            .where(ProgramVersion.program_id.in_(some), ProgramVersion.valid_from < moment)
            .group_by(ProgramVersion.program_id)
            .subquery()
        )
        yield from _read(
            session,
            select_documents().join(
                newest,
                (newest.c.program_id == ProgramVersion.program_id)
                & (newest.c.number == ProgramVersion.number),
            ),
        )


def select_documents() -> Select[int, int, str]:
    """Select versions of programs with their documents, in the order of the programs."""
    columns = (ProgramVersion.program_id, ProgramVersion.format, ProgramVersion.document)
    return select(*columns).order_by(ProgramVersion.program_id)


def was_valid(moment: datetime) -> ColumnElement[bool]:
    """Tell in SQL whether a version of a program was the listed one just before a moment."""
    ended = or_(ProgramVersion.valid_to.is_(None), ProgramVersion.valid_to >= moment)
    return (ProgramVersion.valid_from < moment) & ended


def list_lives(session: Session, start: datetime, moment: datetime) -> dict[int, Life]:
    """Tell of each program that was ever listed before a moment when that was, as to a year."""
    columns = ProgramVersion.program_id, ProgramVersion.valid_from, ProgramVersion.valid_to
    lives: dict[int, Life] = {}
    for key, since, until in session.execute(
        select(*columns).where(ProgramVersion.valid_from < moment).execution_options(yield_per=_AT_ONCE)
    ):
        held = lives.get(key, _NEVER)
        lives[key] = Life(
            before=held.before or since < start,
            at_start=held.at_start or (since < start and (until is None or until >= start)),
            at_end=held.at_end or until is None or until >= moment,
            in_year=held.in_year or since >= start,
        )
    return lives


def list_organization_names(session: Session, moment: datetime) -> dict[str, str]:
    """Give what organizations were called just before a moment, by their UUIDs."""
    ended = or_(OrganizationVersion.valid_to.is_(None), OrganizationVersion.valid_to >= moment)
    rows = session.execute(
        select(Organization.uuid, OrganizationVersion.format, OrganizationVersion.document)
        .join(Organization, Organization.id == OrganizationVersion.organization_id)
        .where(OrganizationVersion.valid_from < moment, ended)
    )
    return {
        uuid: _ORGANIZATION.decode(document).name
        if format == FORMAT
        else read_organization(document, format).name
        for uuid, format, document in rows
    }


def list_assured(session: Session, moment: datetime, day: date) -> dict[int, date]:
    """Give when each program was last confirmed, of what was known just before a moment."""
    was_known = or_(Assurance.recorded_at.is_(None), Assurance.recorded_at < moment)
    rows = session.execute(
        select(Assurance.program_id, func.max(Assurance.on))
        .where(Assurance.on <= day, was_known)
        .group_by(Assurance.program_id)
    )
    return dict(rows.all())


def find_beginning(session: Session) -> datetime | None:
    """Give when the first program was listed; None while there is none."""
    return session.scalar(select(func.min(ProgramVersion.valid_from)))


def list_uuids(session: Session) -> dict[int, str]:
    """Give the UUID of each program by its row."""
    return {row.id: row.uuid for row in session.execute(select(Program.id, Program.uuid))}


def _read(session: Session, query: Select[int, int, str]) -> Iterator[Listed]:
    for program_id, format, document in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        newest = document if format == FORMAT else to_json(read_program(document, format))
        held = _PROGRAM.decode(newest)
        sites = held.sites
        phones = (*held.phones, *(phone for site in sites for phone in site.phones))
        areas = (*held.service_areas, *(area for site in sites for area in site.service_areas))
        yield Listed(
            id=program_id,
            kind=held.kind,
            level=held.level,
            names={language: text.name for language, text in held.texts.items()},
            organization=held.organization,
            categories=held.categories,
            areas=frozenset(area.place for area in areas),
            is_grave=is_grave(held.categories, (phone.kind for phone in phones)),
        )
