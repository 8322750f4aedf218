"""Three people's deeds in any order: nothing unreviewed is published, no revision is lost, all tell the same.

A sender, and two coordinators who also enter, edit and withdraw. After each deed the database, the audit and
the index are compared with what a simple model says.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.app import create_app
from services_dir.audit import AuditEvent
from services_dir.catalog.draft import ProgramDraft, read_program
from services_dir.catalog.kinds import CatalogStatus, PhoneKind
from services_dir.catalog.models import Program, ProgramVersion
from services_dir.catalog.queries import find_published_draft
from services_dir.db import db, transaction
from services_dir.errors import ConflictError, InvalidError
from services_dir.moderation import operations
from services_dir.moderation.models import Decision, FirstApproval, Review
from services_dir.moderation.queries import find_published, leads_of
from services_dir.moderation.rules import Verdict
from services_dir.moderation.safeguards import ContactCheck
from services_dir.search import sync
from services_dir.search.engine import search
from services_dir.search.query import SearchQuery
from services_dir.settings import Settings
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import AuthorKind, Revision, Submission, SubmissionKind, SubmissionState
from services_dir.submissions.operations import Sender
from services_dir.submissions.queries import get_submission_for_update, read_draft
from tests.support import databases
from tests.support.factories import NOON, SENDER, draft_phone, draft_program, make_account

CHECK = ContactCheck("a list of the state", "intake worker", NOON.date())
PEOPLE = st.sampled_from([0, 1])  # which coordinator
WHICH = st.integers(0, 50)  # which of those there are
WORDS = st.sampled_from(["Here", "There", "Everywhere"])
KINDS = st.sampled_from([PhoneKind.VOICE, PhoneKind.HOTLINE])
NUMBERS = st.sampled_from(["+18605550101", "+18605550102", "+18605550103"])


class Deeds(RuleBasedStateMachine):
    """What three people may do; refusals are part of it."""

    def __init__(self, worlds: Callable[[], AbstractContextManager[Flask]]) -> None:
        super().__init__()
        self.world = ExitStack()
        self.app = self.world.enter_context(worlds())
        self.engine = databases.make_engine(self.app.config["SETTINGS"].database_url)
        self.session = Session(self.engine)
        self.at = NOON
        self.revisions: dict[int, list[str]] = {}  # of each submission, its documents in order

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()
        self.world.close()

    @initialize()
    def begin(self) -> None:
        self.people = [make_account(self.session).id for _ in range(2)]

    # The sender.

    @rule(words=WORDS, kind=KINDS, number=NUMBERS)
    def send_new(self, words, kind, number):
        draft = draft_program(area_words=words, phones=(draft_phone(number, kind=kind),))
        with self.deed():
            self._open(draft, SENDER, SubmissionKind.NEW, None)

    @rule(which=WHICH, words=WORDS, kind=KINDS, number=NUMBERS)
    def send_change(self, which, words, kind, number):
        self._propose(which, words, kind, number, SENDER)

    @rule(which=WHICH, words=WORDS)
    def revise(self, which, words):
        with self.deed() as session:
            submission = self._pick(which)
            if submission is not None:
                draft = replace(read_draft(submission), area_words=words)
                seen = submission.latest.number
                submissions.revise(session, submission, draft, SENDER, seen_revision=seen, at=self.at)
                self.revisions[submission.id].append(submission.latest.document)

    @rule(which=WHICH)
    def take_back(self, which):
        with self.deed() as session:
            submission = self._pick(which)
            if submission is not None:
                submissions.withdraw(session, submission, at=self.at)

    # The coordinators.

    @rule(who=PEOPLE, which=WHICH, words=WORDS, kind=KINDS, number=NUMBERS)
    def enter_change(self, who, which, words, kind, number):
        self._propose(which, words, kind, number, self._reviewer(who))

    @rule(who=PEOPLE, which=WHICH, words=WORDS)
    def edit(self, who, which, words):
        with self.deed() as session:
            submission = self._pick(which)
            if submission is not None:
                draft = replace(read_draft(submission), area_words=f"{words}, edited")
                seen = submission.latest.number
                author = self._reviewer(who)
                submissions.revise(session, submission, draft, author, seen_revision=seen, at=self.at)
                self.revisions[submission.id].append(submission.latest.document)

    @rule(who=PEOPLE, which=WHICH, decision=st.sampled_from(Decision), is_stale=st.booleans())
    def decide(self, who, which, decision, is_stale):
        with self.deed() as session:
            submission = self._pick(which, SubmissionState.PENDING)
            if submission is None:
                return
            published = find_published(session, submission)
            verdict = Verdict(
                decision,
                note="A reason.",
                seen_revision=submission.latest.number - is_stale,
                seen_version=published[1] if published else None,
                check=CHECK,
            )
            needs_two = bool(leads_of(session, submission, for_two=True))
            entered_by = submission.entered_by_id
            done = operations.decide(session, submission, verdict, by=self.people[who], at=self.at)
            assert not is_stale, "a decision on what was not seen was taken"
            if decision is Decision.APPROVE:
                assert entered_by != self.people[who], "somebody approved what she entered"
                if needs_two and isinstance(done, Review):
                    self._was_approved_by_another(submission, self.people[who])

    @rule(who=PEOPLE, which=WHICH)
    def bring_up_to_date(self, who, which):
        with self.deed() as session:
            submission = self._pick(which)
            if submission is not None:
                operations.bring_up_to_date(session, submission, by=self.people[who], at=self.at)
                self.revisions[submission.id].append(submission.latest.document)

    @rule(who=PEOPLE, which=WHICH)
    def undo(self, who, which):
        with self.deed() as session:
            submission = self._pick(which, SubmissionState.APPROVED)
            if submission is not None:
                operations.undo(session, submission, by=self.people[who], at=self.at)

    @rule(who=PEOPLE, which=WHICH)
    def withdraw(self, who, which):
        with self.deed() as session:
            program = self._pick_program(which)
            if program is not None:
                operations.withdraw(session, program, by=self.people[who], at=self.at)

    @rule(who=PEOPLE, which=WHICH, number=st.integers(1, 4))
    def publish_version(self, who, which, number):
        with self.deed() as session:
            program = self._pick_program(which)
            if program is not None and number <= program.version:
                operations.publish_version(session, program, number, by=self.people[who], at=self.at)

    @rule(who=PEOPLE, which=WHICH, other=WHICH)
    def merge(self, who, which, other):
        with self.deed() as session:
            one, into = self._pick_program(which), self._pick_program(other)
            if one is not None and into is not None:
                operations.merge(session, one, into, by=self.people[who], at=self.at)

    @rule(who=PEOPLE, old=NUMBERS, new=NUMBERS)
    def change_number(self, who, old, new):
        with self.deed() as session:
            operations.change_number(session, old, new, CHECK, by=self.people[who], at=self.at)

    # What must hold after each deed.

    @invariant()
    def nothing_unreviewed_is_published(self):
        self.session.rollback()
        rows = self.session.execute(
            select(ProgramVersion, Review, Revision)
            .outerjoin(Review, Review.id == ProgramVersion.review_id)
            .outerjoin(Revision, Revision.id == Review.revision_id)
        ).all()
        for version, review, revision in rows:
            assert review is not None, "a version without a review"
            assert review.decision is Decision.APPROVE
            submission = self.session.get_one(Submission, revision.submission_id)
            assert submission.state is SubmissionState.APPROVED
            if submission.program_id == version.program_id:
                said = replace(read_draft(submission, revision), organization=None, new_organization=None)
                held = document_of(version)
                assert held == said, "what was published is not what was reviewed"

    @invariant()
    def no_revision_is_lost(self):
        for submission_id, documents in self.revisions.items():
            kept = self.session.scalars(
                select(Revision.document)
                .where(Revision.submission_id == submission_id)
                .order_by(Revision.number)
            ).all()
            assert kept == documents

    @invariant()
    def the_audit_holds_one_event_for_each_review(self):
        decided = self.session.scalar(select(func.count()).select_from(Review))
        told = self.session.scalar(
            select(func.count())
            .select_from(AuditEvent)
            .where(
                AuditEvent.deed.in_(
                    ("submission.approved", "submission.rejected", "submission.changes-requested")
                )
            )
        )
        assert told == decided
        firsts = self.session.scalar(select(func.count()).select_from(FirstApproval))
        of_first = select(func.count()).select_from(AuditEvent)
        assert firsts == self.session.scalar(of_first.where(AuditEvent.deed == "submission.approved-first"))

    @invariant()
    def the_index_holds_what_is_published(self):
        published = set(
            self.session.scalars(select(Program.slug).where(Program.status == CatalogStatus.PUBLISHED))
        )
        self.session.rollback()
        sync.catch_up(self.app)
        assert indexed(self.app) == published

    # Parts.

    @contextmanager
    def deed(self) -> Iterator[Session]:
        """One transaction; what is refused leaves nothing behind."""
        self.at += timedelta(minutes=1)
        before = {key: list(value) for key, value in self.revisions.items()}
        self.session.rollback()
        try:
            with transaction(self.session) as session:
                yield session
        except (ConflictError, InvalidError):
            self.revisions = before

    def _open(self, draft, sender, kind, base):
        submission = submissions.open_submission(
            self.session, draft, sender, kind=kind, at=self.at, base_version=base
        )
        self.revisions[submission.id] = [submission.latest.document]

    def _propose(self, which, words, kind, number, sender):
        with self.deed() as session:
            program = self._pick_program(which)
            if program is None or program.status is not CatalogStatus.PUBLISHED:
                return
            draft, version = find_published_draft(session, program)
            changed = replace(draft, area_words=words, phones=(draft_phone(number, kind=kind),))
            self._open(changed, sender, SubmissionKind.CHANGE, version)

    def _reviewer(self, who) -> Sender:
        return Sender(AuthorKind.REVIEWER, account_id=self.people[who])

    def _pick(self, which, state: SubmissionState | None = None) -> Submission | None:
        """Give one of those in a state, the change of a number too; else one that was sent as a listing."""
        query = select(Submission.id).order_by(Submission.id)
        if state is None:
            query = query.where(Submission.id.in_(self.revisions))
        else:
            query = query.where(Submission.state == state)
        keys = self.session.scalars(query).all()
        return get_submission_for_update(self.session, keys[which % len(keys)]) if keys else None

    def _pick_program(self, which) -> Program | None:
        rows = self.session.scalars(select(Program).order_by(Program.id).with_for_update()).all()
        return rows[which % len(rows)] if rows else None

    def _was_approved_by_another(self, submission, by):
        earlier = select(FirstApproval.account_id).where(FirstApproval.revision_id == submission.latest.id)
        assert self.session.scalars(earlier).one() != by, "one person approved for two"


def document_of(version: ProgramVersion) -> ProgramDraft:
    draft = read_program(version.document, version.format)
    return replace(draft, organization=None, new_organization=None)


def indexed(app: Flask) -> set[str]:
    """Give what a search without words finds, on all pages."""
    slugs: set[str] = set()
    with app.app_context():
        for page in range(1, 10):
            result = search(SearchQuery(page=page), at=NOON)
            assert result.is_complete
            slugs |= {hit.card.slug for hit in result.hits}
    return slugs


@pytest.fixture
def worlds(request, tmp_path, database_url):
    """Makes a new application with a database and a home of its own, as often as asked."""
    numbers = count(1)

    @contextmanager
    def make() -> Iterator[Flask]:
        home = tmp_path / f"world-{next(numbers)}"
        home.mkdir()
        with ExitStack() as stack:
            if database_url.startswith("sqlite"):
                file = home / "services.sqlite"
                shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
                url = f"sqlite:///{file}"
            else:
                template = request.getfixturevalue("postgres_template")
                url = stack.enter_context(request.getfixturevalue("postgres").database(template))
            app = create_app(
                Settings.from_environment(
                    {
                        "SERVICES_DIR_HOME": str(home),
                        "SERVICES_DIR_DATABASE_URL": url,
                        "SERVICES_DIR_SECRET_KEY": "not a secret: only tests know this key",
                    }
                )
            )
            yield app
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()

    return make


@pytest.mark.slow
def test_no_order_of_deeds_breaks_what_must_hold(worlds):
    run_state_machine_as_test(
        lambda: Deeds(worlds),
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
