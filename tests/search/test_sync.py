"""The index follows the database, loses nothing, and is made again when it cannot be used."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services_dir import search
from services_dir.catalog import operations
from services_dir.catalog.draft import from_builtins, to_builtins
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import CatalogChange, CatalogState, Program, Term, TermLabel
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.search import engine, sync
from services_dir.search.index import IndexFolder, IndexUnusableError
from services_dir.search.query import SearchQuery
from services_dir.search.sync import Outcome
from tests.support.databases import make_engine
from tests.support.factories import NOON, draft_program, draft_site, make_organization, make_program


def found(app, q="", **query):
    """Give the answer of this process's index as it is; nothing follows by itself."""
    with app.app_context():
        return engine.search(SearchQuery(q=q, **query), at=NOON)


def slugs(app, q=""):
    result = found(app, q)
    assert result.is_complete, "the database answered"
    return {hit.card.slug for hit in result.hits}


def withdraw(session, program):
    with transaction(session):
        operations.withdraw_program(session, session.get_one(Program, program.id), at=NOON)


def files(folder: IndexFolder) -> list[Path]:
    return sorted(path for path in folder.path.rglob("*") if path.is_file())


def test_an_approved_program_is_found_after_catching_up(app, session):
    assert sync.catch_up(app) is Outcome.REBUILT
    program = make_program(session, name="North House")
    assert sync.catch_up(app) is Outcome.UPDATED

    assert slugs(app, "north house") == {program.slug}
    assert sync.catch_up(app) is Outcome.NOTHING


def test_a_program_changed_is_found_by_its_new_words_alone(app, session):
    program = make_program(session, name="North House")
    sync.catch_up(app)
    draft, _number = find_published_draft(session, program)
    content = to_builtins(draft)
    content["texts"]["en"]["name"] = "South House"
    make_program(session, from_builtins(content, type(draft)))
    sync.catch_up(app)

    assert slugs(app, "south") == {program.slug}
    assert slugs(app, "north") == set()


def test_a_withdrawn_program_is_gone_at_once(app, session):
    program, other = make_program(session, name="North House"), make_program(session, name="North Law")
    sync.catch_up(app)
    assert slugs(app, "north") == {program.slug, other.slug}

    withdraw(session, program)

    assert slugs(app, "north") == {other.slug}
    assert found(app, "north").total == 1
    with app.app_context():
        texts = [one.text for one in app.extensions["search"].suggest("north", language="en")]
    assert texts == ["North Law"]
    sync.catch_up(app)
    assert slugs(app, "north") == {other.slug}


def test_a_hidden_place_leaves_no_byte_in_the_index(app, session, home):
    draft = draft_program(name="North House", sites=(draft_site(city="Zyxwood", latitude=41.98765),))
    program = make_program(session, draft)
    sync.catch_up(app)
    folder = IndexFolder(home)
    assert any(b"zyxwood" in file.read_bytes() for file in files(folder))

    published, _version = find_published_draft(session, program)
    make_program(session, replace(published, sites=(draft.sites[0].without_address(),)))
    assert slugs(app) == set(), "shown as it was"

    sync.catch_up(app)
    assert slugs(app, "north") == {program.slug}
    for file in files(folder):
        assert b"zyxwood" not in file.read_bytes().lower(), file
        assert b"41.98765" not in file.read_bytes(), file


def test_new_words_of_a_category_are_found(app, session):
    program = make_program(session, categories=("housing",))
    sync.catch_up(app)
    assert slugs(app, "roof") == set()

    with transaction(session):
        term = session.scalars(select(Term).where(Term.slug == "housing")).one()
        session.get_one(TermLabel, (term.id, "en")).label = "A roof"
        operations.record_change(session, ChangeKind.VOCABULARY, None, NOON)

    assert sync.catch_up(app) is Outcome.REBUILT
    assert slugs(app, "roof") == {program.slug}


@pytest.mark.postgres
@pytest.mark.parametrize("first_commits_first", [True, False])
def test_transactions_that_overlap_lose_nothing(app, session, database_url, first_commits_first):
    """The second waits for the counter, whichever commits first; no follower passes a number by."""
    sync.catch_up(app)
    organization = make_organization(session)
    one, two = make_engine(database_url), make_engine(database_url)
    drafts = [draft_program(name=f"Overlap {n}", organization=organization.uuid) for n in "ab"]
    with Session(one) as a, Session(two) as b:
        first, second = (
            ((a, drafts[0]), (b, drafts[1])) if first_commits_first else ((b, drafts[1]), (a, drafts[0]))
        )
        second[0].execute(select(Program)).all()  # begins before the first has written
        operations.publish_program(first[0], first[1], review_id=None, at=NOON)
        first[0].flush()
        sync.catch_up(app)  # nothing committed yet
        first[0].commit()
        sync.catch_up(app)
        operations.publish_program(second[0], second[1], review_id=None, at=NOON)
        second[0].flush()
        sync.catch_up(app)
        second[0].commit()
        sync.catch_up(app)
    one.dispose()
    two.dispose()

    assert found(app, "overlap").total == 2
    numbers = session.scalars(select(CatalogChange.number).order_by(CatalogChange.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_database_put_back_under_a_newer_index_is_noticed(app, session):
    make_program(session, name="Old")
    sync.catch_up(app)
    with transaction(session):
        session.execute(update(CatalogState).values(database_id="22222222-2222-4222-8222-222222222222"))

    assert not found(app, "old").is_complete
    assert sync.status(app).problem == "it belongs to another database"
    assert sync.catch_up(app) is Outcome.REBUILT
    assert found(app, "old").is_complete


def test_an_index_ahead_of_its_database_is_made_again(app, session):
    make_program(session)
    make_program(session)
    sync.catch_up(app)
    with transaction(session):
        last = session.scalars(select(CatalogState.last_change)).one()
        session.execute(CatalogChange.__table__.delete().where(CatalogChange.number == last))
        session.execute(update(CatalogState).values(last_change=last - 1))

    assert not found(app).is_complete
    assert sync.status(app).problem == "it is ahead of the database"
    assert sync.catch_up(app) is Outcome.REBUILT


def test_an_index_behind_what_was_pruned_is_made_again(app, session):
    sync.catch_up(app)
    make_program(session, name="North")
    with transaction(session):
        session.execute(CatalogChange.__table__.delete())

    assert not found(app).is_complete
    assert sync.catch_up(app) is Outcome.REBUILT
    assert found(app, "north").total == 1


def test_other_rules_make_the_index_anew(app, session, monkeypatch):
    make_program(session)
    sync.catch_up(app)
    monkeypatch.setattr(sync, "fingerprint", lambda: "other rules")

    assert sync.status(app).problem == "it was built by other rules"


def damage_cut(folder):
    file = next(path for path in files(folder) if path.suffix == ".seg")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def damage_bit(folder):
    file = next(path for path in files(folder) if path.suffix == ".seg")
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 0x40
    file.write_bytes(content)


def damage_toc(folder):
    next(path for path in files(folder) if path.suffix == ".toc").write_bytes(b"")


def damage_missing(folder):
    for path in files(folder):
        path.unlink()


def damage_pointer(folder):
    (folder.path / "current").write_text("generation-of-nobody")


def damage_manifest(folder):
    next(path for path in files(folder) if path.name == "manifest.json").unlink()


@pytest.mark.sqlite
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves files open
@pytest.mark.parametrize(
    "damage", [damage_cut, damage_bit, damage_toc, damage_missing, damage_pointer, damage_manifest]
)
def test_a_damaged_index_is_set_aside_and_made_again(app, session, home, damage):
    program = make_program(session, name="North House")
    sync.prepare(app)
    folder = IndexFolder(home)
    damage(folder)

    with app.app_context():
        result = engine.search(SearchQuery(q="north"), at=NOON)  # a page, whatever happened
    assert result.total in (0, 1)
    assert sync.catch_up(app) is Outcome.REBUILT
    assert slugs(app, "north") == {program.slug}
    assert len(list(folder.path.glob("generation-*"))) == 1


@pytest.mark.sqlite
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves files open
def test_a_file_cut_off_under_a_running_search_does_not_end_the_process(app, session, home):
    for number in range(40):  # more than the page of memory that stays readable
        make_program(session, name=f"North House {number}")
    sync.catch_up(app)
    assert len(slugs(app, "north")) == 20
    file = next(path for path in files(IndexFolder(home)) if path.suffix == ".seg")
    os.truncate(file, 100)

    result = found(app, "north")
    assert (result.total > 0, result.is_complete) == (True, False), "the database answers"
    with app.app_context():
        assert app.extensions["search"].suggest("north", language="en") == ()
    assert sync.catch_up(app) is Outcome.REBUILT
    assert len(slugs(app, "north")) == 20


@pytest.mark.sqlite
def test_while_another_process_writes_search_goes_on_and_nothing_is_lost(app, session, home):
    sync.catch_up(app)
    program = make_program(session, name="North House")
    with (home / "index" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert sync.catch_up(app, wait=0.1) is Outcome.BUSY
        assert found(app).is_complete

    assert sync.catch_up(app) is Outcome.UPDATED
    assert slugs(app, "north") == {program.slug}


@pytest.mark.sqlite
def test_a_lock_on_whooshs_own_files_is_waited_for(app, session, home):
    sync.catch_up(app)
    make_program(session, name="North House")
    folder = IndexFolder(home).current().folder
    with next(folder.glob("*WRITELOCK")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert sync.catch_up(app) is Outcome.BUSY

    assert sync.catch_up(app) is Outcome.UPDATED


@pytest.mark.sqlite
def test_the_folder_belongs_to_its_owner_alone(app, home):
    sync.catch_up(app)

    assert (home / "index").stat().st_mode & 0o077 == 0
    with pytest.raises(IndexUnusableError):
        IndexFolder(home / "elsewhere").current()


@pytest.mark.sqlite
def test_a_rebuild_takes_the_place_of_the_old_index(app, session, home):
    program = make_program(session, name="North House")
    sync.catch_up(app)
    before = IndexFolder(home).current_name()
    assert sync.rebuild(app) is Outcome.REBUILT

    assert IndexFolder(home).current_name() != before
    assert slugs(app, "north") == {program.slug}
    status = sync.status(app)
    assert (status.behind, status.programs, status.problem) == (0, 1, None)


@pytest.mark.sqlite
def test_what_a_killed_rebuild_left_is_removed(app, home):
    sync.catch_up(app)
    folder = IndexFolder(home)
    left = folder.create()
    assert sync.catch_up(app) is Outcome.NOTHING

    assert not left.folder.exists()
    assert found(app).is_complete


def test_the_follower_finds_within_a_second_and_ends(app, session):
    follower = search.start_follower(app)
    try:
        _wait(lambda: found(app).is_complete)
        session.rollback()
        program = make_program(session, name="North House")
        with app.app_context():
            search.nudge()
        begun = time.monotonic()
        _wait(lambda: found(app, "north").total == 1)
        assert time.monotonic() - begun < 1
        withdraw(session, program)
        assert found(app, "north").total == 0
    finally:
        follower.stop()
    assert not follower.is_alive()


@pytest.mark.sqlite
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves files open
def test_a_new_process_compares_every_byte_before_anything_is_approved(app, session, home):
    program = make_program(session, name="North House")
    sync.prepare(app)
    damage_bit(IndexFolder(home))

    assert search.Follower(app).step() is Outcome.REBUILT
    assert slugs(app, "north") == {program.slug}
    assert search.Follower(app).step() is Outcome.NOTHING


def test_an_approval_does_not_read_the_vocabulary_again(app, session):
    make_program(session, name="North House")
    sync.catch_up(app)
    with app.app_context():
        before = app.extensions["search"].words(session)
    make_program(session, name="South House")
    sync.catch_up(app)

    assert app.extensions["search"].snapshot.vocabulary is before


def test_another_process_s_commit_is_taken_up(app, session, settings):
    from services_dir.app import create_app

    other = create_app(settings)
    sync.catch_up(other)
    assert found(app).is_complete
    make_program(session, name="North House")
    sync.catch_up(other)
    assert found(app, "north").total == 0

    search.Follower(app).step()

    assert found(app, "north").total == 1
    with other.app_context():
        from services_dir.db import db

        db.engine.dispose()


def _wait(is_so, seconds=10.0):
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)
