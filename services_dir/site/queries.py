"""Reads of the site's own pages: kinds of help, lines that answer at any hour, the state served."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import Availability, CatalogStatus, Level, PhoneKind, PlaceKind, Vocabulary
from services_dir.catalog.models import CatalogState, Place, Program, ProgramTerm, Term
from services_dir.catalog.public import PublicPhone, PublicProgram
from services_dir.catalog.queries import list_public_programs, list_terms
from services_dir.web.hotlines import Hotline, HotlineNumber

CRISIS_LINES = "crisis-hotline"
ALL_SURVIVORS = "all-survivors"
_TRAFFICKED = {"labor-trafficking", "sex-trafficking"}
_FAR_REACHING = (Level.FEDERAL, Level.NATIONAL, Level.STATE)
_ANSWERED = (PhoneKind.HOTLINE, PhoneKind.TEXT)


@dataclass(frozen=True)
class Topic:
    """A kind of help as the home page shows it, in one language."""

    slug: str
    label: str
    definition: str


def list_topics(session: Session, language: str) -> list[Topic]:
    """Give the kinds of help that stand at the root: those the law names first, then in their order."""
    terms = [
        term
        for term in list_terms(session, Vocabulary.CATEGORY)
        if term.parent is None and not term.is_retired
    ]
    return [
        Topic(term.slug, term.label(language), term.definitions.get(language, ""))
        for term in sorted(terms, key=lambda term: not term.statutory)
    ]


def get_catalog_stamp(session: Session) -> tuple[str, int]:
    """Give what changes whenever the public catalog does: the database's id and its last change."""
    state = session.get_one(CatalogState, 1)
    return state.database_id, state.last_change


def find_state_name(session: Session) -> str | None:
    """Give the name of the state whose places are loaded."""
    return session.scalar(select(Place.name).where(Place.kind == PlaceKind.STATE).order_by(Place.id).limit(1))


def list_hotlines(session: Session, language: str) -> tuple[Hotline, ...]:
    """Give the lines that answer anyone at any hour."""
    lines = (hotline(program, language) for program in list_line_programs(session))
    return tuple(line for line in lines if line.numbers)


def list_line_programs(session: Session) -> list[PublicProgram]:
    """List the programs that answer anyone; those that name people who were trafficked come first.

    They are above all crisis lines, for all survivors, and reach the whole state.
    """
    ids = session.scalars(
        select(Program.id)
        .join(Program.terms)
        .join(ProgramTerm.term)
        .where(
            Program.status == CatalogStatus.PUBLISHED,
            Program.availability != Availability.CLOSED,
            Program.level.in_(_FAR_REACHING),
            Term.vocabulary == Vocabulary.CATEGORY,
            Term.slug == CRISIS_LINES,
        )
    ).all()
    programs = sorted(list_public_programs(session, ids), key=names_trafficking, reverse=True)
    return [program for program in programs if _is_for_anyone(program)]


def hotline(program: PublicProgram, language: str) -> Hotline:
    """Give the numbers of a program that are answered at any hour."""
    numbers = (_number(phone) for phone in program.phones if _answers_always(program, phone))
    return Hotline(program.slug, program.text(language).name, tuple(numbers))


def _is_for_anyone(program: PublicProgram) -> bool:
    return program.categories[:1] == (CRISIS_LINES,) and ALL_SURVIVORS in program.populations


def names_trafficking(program: PublicProgram) -> int:
    """Tell how many kinds of trafficking a program names among those it is for."""
    return len(_TRAFFICKED & set(program.populations))


def _answers_always(program: PublicProgram, phone: PublicPhone) -> bool:
    hours = phone.hours or program.hours
    return phone.kind in _ANSWERED and hours is not None and hours.round_the_clock


def _number(phone: PublicPhone) -> HotlineNumber:
    language = None if phone.label else phone.language  # a label says it already
    return HotlineNumber(
        phone.kind.value, phone.number, phone.label, language, phone.instruction, phone.extension
    )
