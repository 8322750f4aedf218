"""A place that becomes confidential: its address leaves everything that was ever stored, for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import inspect, select, text

from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import CatalogChange, Program
from services_dir.catalog.operations import wipe_traces
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.moderation import operations
from services_dir.moderation.models import Decision
from services_dir.moderation.rules import Verdict
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import Submission
from services_dir.submissions.queries import get_submission_for_update, read_draft
from tests.support.factories import (
    NOON,
    SENDER,
    draft_program,
    draft_site,
    make_account,
    make_program,
    make_submission,
)

STREET = "77 Quillfeather Terrace"
LATER = NOON + timedelta(hours=1)


def hidden(draft):
    return replace(draft, sites=tuple(site.without_address() for site in draft.sites))


def everything_stored(session):
    """Give all that is in all tables, as one text."""
    session.rollback()
    tables = inspect(session.get_bind()).get_table_names()
    rows = (session.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables)
    return "\n".join(map(repr, rows))


def in_files(home):
    return [file.name for file in home.iterdir() if file.is_file() and STREET.encode() in file.read_bytes()]


@pytest.fixture
def approved(session, engine, home):
    """A program whose street stood in versions, revisions and notes, made area-only; and that deed."""
    by = make_account(session).id
    site = draft_site(street=STREET)
    program = make_program(session, draft_program(sites=(site,)))
    draft, _version = find_published_draft(session, program)
    rejected = make_submission(session, replace(draft, area_words=f"Near {STREET}"), message=f"At {STREET}!")
    verdict = Verdict(Decision.REJECT, note=f"Not at {STREET.upper()}.", seen_revision=1, seen_version=1)
    with transaction(session):
        operations.decide(session, get_submission_for_update(session, rejected.id), verdict, by=by, at=NOON)
    make_program(session, replace(draft, editor_note=f"They moved from {STREET}."))
    submission = make_submission(session, hidden(find_published_draft(session, program)[0]))
    assert STREET in everything_stored(session)
    with transaction(session):
        locked = get_submission_for_update(session, submission.id)
        seen = Verdict(Decision.APPROVE, note="", seen_revision=1, seen_version=2)
        operations.decide(session, locked, seen, by=by, at=LATER)
    wipe_traces(engine)
    return submission.id, program.id, by


def test_the_street_is_gone_from_every_version_revision_and_note(session, approved):
    stored = everything_stored(session)

    assert "quillfeather" not in stored.casefold()
    assert "(address removed)" in stored
    kinds = session.scalars(select(CatalogChange.kind)).all()
    assert kinds.count(ChangeKind.HIDE_PLACE) == 1


@pytest.mark.sqlite
def test_the_street_is_not_in_the_database_file_nor_in_its_log(session, approved, home):
    session.rollback()

    assert in_files(home) == []


def test_no_undo_brings_it_back(session, approved, engine, home):
    submission_id, program_id, by = approved

    with transaction(session):
        operations.undo(session, get_submission_for_update(session, submission_id), by=by, at=LATER)
    wipe_traces(engine)

    assert "quillfeather" not in everything_stored(session).casefold()
    draft, version = find_published_draft(session, session.get_one(Program, program_id))
    assert version == 4
    assert all(site.street is None and site.latitude is None for site in draft.sites)


def revise(session, submission, draft):
    with transaction(session):
        locked = get_submission_for_update(session, submission.id)
        submissions.revise(session, locked, draft, SENDER, seen_revision=1, at=LATER)


def test_a_sender_who_calls_her_address_confidential_has_it_forgotten_before_any_decision(session):
    submission = make_submission(session, draft_program(sites=(draft_site(street=STREET),)))

    revise(session, submission, hidden(read_draft(submission)))

    assert STREET not in everything_stored(session)


def test_an_address_that_only_a_change_brought_is_forgotten_before_any_decision_too(session):
    program = make_program(session)
    draft, _version = find_published_draft(session, program)
    submission = make_submission(session, replace(draft, sites=(draft_site(street=STREET),)))

    revise(session, submission, hidden(read_draft(session.get_one(Submission, submission.id))))

    assert STREET not in everything_stored(session)
