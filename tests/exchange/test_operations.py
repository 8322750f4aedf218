"""A reading fills an empty catalog: lists first, then organizations and programs; held ones wait."""

from __future__ import annotations

from dataclasses import replace as replace_place

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import new_id
from services_dir.catalog.kinds import ChangeKind, Vocabulary
from services_dir.catalog.models import (
    CatalogChange,
    Organization,
    Place,
    PlaceParent,
    Program,
    ProgramVersion,
    Term,
    Word,
)
from services_dir.errors import ConflictError, InvalidError
from services_dir.exchange.operations import load_seed, write_places, write_terms, write_words
from services_dir.exchange.reader import read_folder
from services_dir.exchange.reading import ProgramRow, Reading
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.queries import read_draft
from tests.exchange.folders import PROGRAM, tables, write_folder
from tests.support.factories import NOON


@pytest.fixture
def reading(tmp_path) -> Reading:
    held = PROGRAM | {
        "slug": "south-house",
        "name_en": "South House",
        "publish": "no",
        "hold_reason": "Nobody answered.",
    }
    programs = [PROGRAM | {"publish": "yes", "hold_reason": ""}, held]
    return read_folder(write_folder(tmp_path / "folder", tables(programs=programs)))


def count(session: Session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_programs_are_published_by_the_seed_or_wait_with_the_reason(session, reading):
    report = load_seed(session, reading, at=NOON)
    session.commit()

    assert (report.published, report.waiting, report.errors) == (1, 1, ())
    assert [warning.line for warning in report.warnings] == [3]
    assert [program.slug for program in session.scalars(select(Program))] == ["north-house"]
    assert count(session, ProgramVersion) == 1
    assert count(session, Organization) == 1
    waiting = session.scalars(select(Submission).where(Submission.state == SubmissionState.PENDING)).one()
    assert (waiting.kind, waiting.hold_reason) == (SubmissionKind.NEW, "Nobody answered.")
    assert waiting.latest.author is AuthorKind.SEED
    assert read_draft(waiting).name == "South House"
    kinds = session.scalars(select(CatalogChange.kind).order_by(CatalogChange.number)).all()
    assert kinds == [ChangeKind.VOCABULARY, ChangeKind.PUBLISH]


def test_a_catalog_that_has_programs_is_not_filled_again(session, reading):
    load_seed(session, reading, at=NOON)
    session.commit()

    with pytest.raises(ConflictError, match="empty catalog only"):
        load_seed(session, reading, at=NOON)


def test_one_program_refused_leaves_nothing_behind(session, reading):
    before = count(session, Place)
    homeless = replace(reading.programs[0].draft, id=new_id(), slug="west-house", organization=new_id())
    broken = Reading(
        reading.organizations,
        [reading.programs[0], ProgramRow(homeless, publish=True, hold_reason=None, line=4)],
        reading.places,
        reading.terms,
    )

    with pytest.raises(InvalidError, match="not in the register"):
        load_seed(session, broken, at=NOON)
    session.rollback()

    assert count(session, Program) == 0
    assert count(session, Place) == before


def test_lists_are_brought_up_to_date_by_their_keys(session, reading):
    hartford = session.scalars(select(Place).where(Place.key == "town/hartford")).one()
    renamed = [replace_place(place, name=f"New {place.name}") for place in reading.places]
    for _ in range(2):
        write_places(session, reading.places)
        write_terms(session, reading.terms)
        write_words(session, reading.words)
    write_places(session, renamed)
    session.commit()

    north = session.scalars(select(Place).where(Place.key == "town/northtown")).one()
    assert north.name == "New Northtown"
    assert hartford.name == "Hartford"
    assert session.scalars(select(PlaceParent).where(PlaceParent.place_id == north.id)).one().share == 1.0
    housing = session.scalars(
        select(Term).where(Term.vocabulary == Vocabulary.CATEGORY, Term.slug == "housing")
    ).one()
    assert [word.word for word in housing.words] == ["shelter"]
    assert {label.language: label.label for label in housing.labels} == {"en": "Housing", "es": "Vivienda"}
    assert count(session, Word) == 1
