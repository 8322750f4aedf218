"""The seed in a catalog: what waits, what anybody may see, and both databases take it whole."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog import queries
from services_dir.catalog.kinds import Level, Vocabulary
from services_dir.catalog.models import CatalogChange, CatalogState, Organization, Place, Program, Term
from services_dir.catalog.public import public_organization
from services_dir.catalog.queries import list_public_programs
from services_dir.exchange.operations import load_seed
from services_dir.submissions.models import Submission, SubmissionState
from tests.seed.test_seed_facts import HIDDEN, strings
from tests.support.factories import NOON


def test_what_is_held_back_waits_with_its_reason_and_is_not_in_the_catalog(seeded, seed):
    waiting = seeded.scalars(select(Submission).where(Submission.state == SubmissionState.PENDING)).all()
    held = {row.draft.id: row.hold_reason for row in seed.programs if not row.publish}

    assert len(held) == 22
    assert {submission.subject_uuid: submission.hold_reason for submission in waiting} == held
    assert not set(seeded.scalars(select(Program.uuid))) & set(held)


def test_what_is_published_is_what_was_read(seeded, seed):
    drafts = {row.draft.slug: row.draft for row in seed.programs if row.publish}
    programs = {program.slug: program for program in list_public_programs(seeded)}

    assert set(programs) == set(drafts)
    assert len(programs) == 230
    for slug, program in programs.items():
        draft = drafts[slug]
        assert [phone.number for phone in program.phones] == [phone.number for phone in draft.phones]
        assert [site.street for site in program.sites] == [site.street for site in draft.sites]
        assert program.categories == draft.categories
        assert program.populations == draft.populations
        assert len(program.sources) == sum(source.is_public for source in draft.sources)
        assert program.assured is None


def test_nothing_for_editors_is_in_what_anybody_may_see(seeded, seed):
    drafts = {row.draft.slug: row.draft for row in seed.programs}
    for program in list_public_programs(seeded):
        draft = drafts[program.slug]
        shown = list(strings(msgspec.to_builtins(program)))
        secret = {draft.editor_note or "", *(source.supports or "" for source in draft.sources)}
        private = {source.url for source in draft.sources if not source.is_public} - {draft.url}
        # A few words, such as a street or a kind of help, may stand in a public text by themselves.
        long = {words for words in secret if len(words) > 40}
        assert not [text for text in shown for words in long if words in text], program.slug
        assert not private & set(shown), program.slug
        assert "confidence" not in msgspec.to_builtins(program)


def test_no_confidential_place_shows_more_than_its_town(seeded):
    sites = {program.slug: program.sites for program in list_public_programs(seeded)}
    for slug, town in HIDDEN.items():
        for site in sites.get(slug, ()):
            told = {name for name, value in msgspec.to_builtins(site).items() if value}
            assert told <= {"id", "location_id", "visibility", "town"}, slug
            assert (site.town.key if site.town else None) == town


def test_a_private_body_that_serves_the_whole_state_is_not_called_government(seeded):
    program = queries.get_public_program(seeded, "ct-safe-connect")
    labels = queries.get_labels(seeded, "en")

    assert program.level is Level.STATE
    assert "government" not in program.level.label
    assert labels[Vocabulary.LEVEL, "state"] == program.level.label


def test_every_organization_is_shown_with_the_one_above_it(seeded, seed):
    parents = {draft.id: draft.parent for draft in seed.organizations}
    slugs = {draft.id: draft.slug for draft in seed.organizations}
    rows = seeded.scalars(select(Organization)).all()

    assert len(rows) == 204
    for row in rows:
        assert public_organization(row).parent_slug == slugs.get(parents[row.uuid])


def test_changes_are_numbered_without_a_gap(seeded):
    check_numbers(seeded)


@pytest.mark.slow
@pytest.mark.postgres
def test_the_other_database_takes_the_seed_whole_too(session: Session, seed):
    report = load_seed(session, seed, at=NOON)
    session.commit()

    assert (report.published, report.waiting, report.errors) == (230, 22, ())
    assert len(report.warnings) == 20
    for table, least in ((Place, 658), (Term, 46), (Organization, 204), (Program, 230)):
        assert session.scalar(select(func.count()).select_from(table)) >= least
    check_numbers(session)


def check_numbers(session: Session) -> None:
    numbers = session.scalars(select(CatalogChange.number).order_by(CatalogChange.number)).all()
    assert numbers == list(range(1, 232))
    assert session.scalars(select(CatalogState.last_change)).one() == 231
