"""Processes killed at random moments: after the restart catalog, versions, audit and index agree."""

from __future__ import annotations

import random
import time
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services_dir.audit import AuditEvent
from services_dir.catalog.draft import read_program
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import CatalogChange, CatalogState, Program, ProgramVersion
from services_dir.catalog.operations import withdraw_program
from services_dir.catalog.queries import list_public_programs
from services_dir.db import db, transaction
from services_dir.moderation.models import Review
from services_dir.search import sync
from services_dir.search.document import Card
from services_dir.search.index import IndexFolder
from services_dir.submissions.models import Revision, Submission, SubmissionState
from tests.support import databases, factories
from tests.upkeep import crash_deeds
from tests.upkeep.crash_deeds import Deed, opened

pytestmark = pytest.mark.slow

KILLS = 50
TRIES = 250
PROGRAMS = 12

processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.upkeep.crash_deeds"])


class Killer:
    """Starts a deed in a process and kills it at a random moment of the time the deed takes."""

    def __init__(self, home: Path, deed: Deed) -> None:
        self.home, self.deed = home, deed
        self.random = random.Random(f"{deed.__name__} 2026")
        self.length = 0.0
        self.killed = 0

    def measure(self, number: int) -> None:
        """Let the deed be done once, and remember how long it takes."""
        process, said = self._start(number)
        began = time.perf_counter()
        assert said.recv() == "done"
        self.length = time.perf_counter() - began
        process.join()

    def strike(self, number: int) -> bool:
        """Begin the deed and kill it; tell whether it was under way. True counts."""
        process, said = self._start(number)
        delay = self.random.uniform(0, self.length)
        until = time.perf_counter() + delay
        while time.perf_counter() < until:
            pass  # sleeping is too coarse for what takes milliseconds
        process.kill()
        process.join()
        was_done = self._was_done(said)
        self.killed += not was_done
        if was_done:
            self.length *= 0.97  # it was faster than measured
        return not was_done

    def _start(self, number: int):
        said, say = processes.Pipe(duplex=False)
        process = processes.Process(
            target=crash_deeds.work, args=(self.deed, self.home, number, say), daemon=True
        )
        process.start()
        say.close()
        assert said.recv() == "ready"
        return process, said

    @staticmethod
    def _was_done(said) -> bool:
        try:
            return said.recv() == "done"
        except EOFError:
            return False


@pytest.fixture
def catalog(sqlite_template: Path, home: Path) -> Path:
    """A home with a small catalog and an index of it."""
    (home / "services.sqlite").write_bytes(sqlite_template.read_bytes())
    with databases.open_session(f"sqlite:///{home / 'services.sqlite'}") as session:
        organization = factories.make_organization(session).uuid
        for number in range(PROGRAMS):
            factories.make_program(session, organization=organization, name=f"Lantern House {number}")
    with opened(home) as app:
        assert sync.rebuild(app) is sync.Outcome.REBUILT
    return home


def test_approval_happens_whole_or_not_at_all(catalog):
    url = f"sqlite:///{catalog / 'services.sqlite'}"
    killer = Killer(catalog, crash_deeds.approve)
    with databases.open_session(url) as session:
        killer.measure(new_submission(session))
        approved = 0
        for _ in range(TRIES):
            submission_id = new_submission(session)
            killer.strike(submission_id)
            approved += is_whole(session, submission_id)
            if killer.killed == KILLS:
                break

        assert killer.killed == KILLS
        check_database(session)
    check_index(catalog)
    assert approved < TRIES


def test_catching_up_does_everything_once(catalog):
    url = f"sqlite:///{catalog / 'services.sqlite'}"
    killer = Killer(catalog, crash_deeds.catch_up)
    with databases.open_session(url) as session:
        change_something(session, 0)
        killer.measure(0)
        for number in range(1, TRIES):
            change_something(session, number)
            killer.strike(number)
            if killer.killed % 10 == 0:
                check_index(catalog)
            if killer.killed == KILLS:
                break

        assert killer.killed == KILLS
        check_database(session)
    check_index(catalog)


def test_a_rebuild_leaves_the_old_index_or_the_new_one(catalog):
    killer = Killer(catalog, crash_deeds.rebuild)
    killer.measure(0)
    for number in range(TRIES):
        killer.strike(number)
        assert indexed(catalog) == published(catalog), "what answers is whole at every moment"
        if killer.killed == KILLS:
            break

    assert killer.killed == KILLS
    check_index(catalog)
    with opened(catalog) as app:
        sync.rebuild(app)
    assert len(list((catalog / "index").glob("generation-*"))) == 1, "nothing is left over"
    check_index(catalog)


def new_submission(session: Session) -> int:
    """Propose a change of some program, or a new one."""
    programs = session.scalars(select(Program).order_by(func.random()).limit(1)).all()
    number = factories.next_number()
    if number % 2:
        return factories.make_submission(session).id
    version = session.scalars(
        select(ProgramVersion).where(
            ProgramVersion.program_id == programs[0].id, ProgramVersion.number == programs[0].version
        )
    ).one()
    draft = read_program(version.document, version.format)
    return factories.make_submission(session, draft).id


def is_whole(session: Session, submission_id: int) -> bool:
    """See that a submission was approved with all that belongs to it, or waits with nothing of it."""
    session.rollback()
    session.expire_all()
    submission = session.get_one(Submission, submission_id)
    reviews = session.scalars(
        select(Review.id).join(Review.revision).where(Revision.submission_id == submission_id)
    ).all()
    versions = session.scalars(select(ProgramVersion.id).where(ProgramVersion.review_id.in_(reviews))).all()
    deeds = session.scalars(
        select(AuditEvent.deed).where(AuditEvent.kind == "submission", AuditEvent.subject_id == submission_id)
    ).all()
    if submission.state is SubmissionState.APPROVED:
        assert len(reviews) == len(versions) == 1
        assert deeds.count("submission.approved") == 1
        return True
    assert submission.state is SubmissionState.PENDING
    assert (reviews, versions) == ([], [])
    assert "submission.approved" not in deeds
    return False


def check_database(session: Session) -> None:
    """See that the database is whole: versions open once, changes numbered without a gap."""
    session.rollback()
    assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    assert session.execute(text("PRAGMA foreign_key_check")).first() is None
    numbers = session.scalars(select(CatalogChange.number).order_by(CatalogChange.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))
    assert session.scalar(select(CatalogState.last_change)) == len(numbers)
    for program in session.scalars(select(Program)):
        versions = session.scalars(
            select(ProgramVersion)
            .where(ProgramVersion.program_id == program.id)
            .order_by(ProgramVersion.number)
        ).all()
        assert [version.number for version in versions] == list(range(1, program.version + 1))
        is_open = [version.number for version in versions if version.valid_to is None]
        assert is_open == ([program.version] if program.status is CatalogStatus.PUBLISHED else [])


def change_something(session: Session, number: int) -> None:
    """Publish a program or a new version of one, or withdraw one."""
    if number % 3 == 0:
        factories.make_program(session, name=f"Compass Project {number}")
        return
    query = select(Program).where(Program.status == CatalogStatus.PUBLISHED).order_by(func.random()).limit(1)
    with transaction(session):
        program = session.scalars(query).one()
        if number % 3 == 1:
            withdraw_program(session, program, at=factories.NOON)
            return
    version = session.scalars(
        select(ProgramVersion).where(
            ProgramVersion.program_id == program.id, ProgramVersion.number == program.version
        )
    ).one()
    factories.make_program(session, read_program(version.document, version.format))


def check_index(home: Path) -> None:
    """After a restart, see that catching up makes the index agree with the catalog."""
    with opened(home) as app:
        sync.catch_up(app)
        status = sync.status(app)
        assert (status.problem, status.behind) == (None, 0)
    assert indexed(home) == published(home)


def indexed(home: Path) -> dict[str, str]:
    """Give name by slug of every program in the index, as its documents hold them."""
    generation = IndexFolder(home).current()
    commit = generation.commit()
    stored: list[dict[str, bytes]] = []
    for segment in commit.segments:
        with generation.open(commit, segment).reader() as reader:
            stored += [fields for _number, fields in reader.iter_docs() if "card" in fields]
    cards = [msgspec.json.decode(fields["card"], type=Card) for fields in stored]
    assert len({card.slug for card in cards}) == len(cards), "no program twice"
    return {card.slug: card.text("en").name for card in cards}


def published(home: Path) -> dict[str, str]:
    """Give name by slug of every program in the catalog."""
    with opened(home):
        return {program.slug: program.text().name for program in list_public_programs(db.session)}
