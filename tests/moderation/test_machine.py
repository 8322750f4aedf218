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
from services_dir.catalog.draft import Draft, ProgramDraft, read_program
from services_dir.catalog.kinds import CatalogStatus, PhoneKind
from services_dir.catalog.leading import follow
from services_dir.catalog.models import Organization, OrganizationVersion, Program, ProgramVersion
from services_dir.catalog.queries import find_published_draft, find_published_organization_draft
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
                draft = reworded(read_draft(submission), words)
                seen = submission.latest.number
                submissions.revise(session, submission, draft, SENDER, seen_revision=seen, at=self.at)
                self.revisions[submission.id].append(submission.latest.document)

    @rule(which=WHICH)
    def take_back(self, which):
        with self.deed() as session:
            submission = self._pick(which)
            if submission is not None:
                submissions.withdraw(session, submission, at=self.at)

    @rule(which=WHICH, words=WORDS)
    def send_organization_change(self, which, words):
        with self.deed() as session:
            organization = self._pick_organization(which)
            if organization is None or organization.status is not CatalogStatus.PUBLISHED:
                return
            draft, version = find_published_organization_draft(session, organization)
            changed = replace(draft, partners_note=words)
            self._open(changed, SENDER, SubmissionKind.CHANGE, version)

    @rule(which=WHICH, number=NUMBERS)
    def send_new_of_known_organization(self, which, number):
        with self.deed():
            organization = self._pick_organization(which)
            if organization is not None:
                draft = draft_program(organization=organization.uuid, phones=(draft_phone(number),))
                self._open(draft, SENDER, SubmissionKind.NEW, None)

    # The coordinators.

    @rule(who=PEOPLE, which=WHICH, words=WORDS, kind=KINDS, number=NUMBERS)
    def enter_change(self, who, which, words, kind, number):
        self._propose(which, words, kind, number, self._reviewer(who))

    @rule(who=PEOPLE, which=WHICH, words=WORDS)
    def edit(self, who, which, words):
        with self.deed() as session:
            submission = self._pick(which)
            if submission is not None:
                draft = reworded(read_draft(submission), f"{words}, edited")
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
            reader, until = submission.claimed_by_id, submission.claimed_until
            done = operations.decide(session, submission, verdict, by=self.people[who], at=self.at)
            assert not is_stale, "a decision on what was not seen was taken"
            assert reader in (None, self.people[who]) or until <= self.at, "two decided side by side"
            if decision is Decision.APPROVE:
                assert entered_by != self.people[who], "somebody approved what she entered"
                if needs_two and isinstance(done, Review):
                    self._was_approved_by_another(submission, self.people[who])

    @rule(who=PEOPLE, which=WHICH, take_over=st.booleans())
    def claim(self, who, which, take_over):
        with self.deed() as session:
            submission = self._pick(which, SubmissionState.PENDING)
            if submission is not None:
                by = self.people[who]
                before = submission.claimed_by_id
                is_taken = before not in (None, by) and submission.claimed_until > self.at
                operations.claim(session, submission, by=by, at=self.at, take_over=take_over)
                assert take_over or not is_taken, "somebody's claim was taken without a word"
                assert submission.claimed_from_id == (before if is_taken else None)

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

    @rule(who=PEOPLE, which=WHICH)
    def withdraw_organization(self, who, which):
        with self.deed() as session:
            organization = self._pick_organization(which)
            if organization is not None:
                operations.withdraw_organization(session, organization, by=self.people[who], at=self.at)

    @rule(who=PEOPLE, which=WHICH, number=st.integers(1, 4))
    def publish_organization_version(self, who, which, number):
        with self.deed() as session:
            organization = self._pick_organization(which)
            if organization is not None and number <= organization.version:
                by = self.people[who]
                operations.publish_organization_version(session, organization, number, by=by, at=self.at)

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

    @rule(who=PEOPLE, which=WHICH, other=WHICH)
    def merge_organizations(self, who, which, other):
        with self.deed() as session:
            one, into = self._pick_organization(which), self._pick_organization(other)
            if one is not None and into is not None:
                operations.merge_organizations(session, one, into, by=self.people[who], at=self.at)

    @rule(who=PEOPLE, old=NUMBERS, new=NUMBERS)
    def change_number(self, who, old, new):
        with self.deed() as session:
            operations.change_number(session, old, new, CHECK, by=self.people[who], at=self.at)

    @rule()
    def two_months_pass(self):
        """Who was asked and did not answer is not waited for any longer."""
        self.at += timedelta(days=61)
        with self.deed() as session:
            asked = select(Submission.id).where(Submission.state == SubmissionState.CHANGES_REQUESTED)
            silent = session.scalars(asked).all()
            operations.close_silent(session, lambda token, language: f"{language}/{token}", at=self.at)
            states = select(Submission.state).where(Submission.id.in_(silent))
            assert set(session.scalars(states)) <= {SubmissionState.LAPSED}

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
    def no_program_is_out_without_its_organization(self):
        rows = self.session.execute(select(Program, Organization).join(Program.organization)).all()
        for program, organization in rows:
            is_out = program.status is CatalogStatus.PUBLISHED
            assert not is_out or organization.status is CatalogStatus.PUBLISHED
            held = find_published_draft(self.session, program)[0]
            assert not is_out or held.organization == organization.uuid, "version and row name two owners"
            for record in (program, organization):
                table, owner = (
                    (ProgramVersion, ProgramVersion.program_id)
                    if record is program
                    else (OrganizationVersion, OrganizationVersion.organization_id)
                )
                open_ones = select(table.number).where(owner == record.id, table.valid_to.is_(None))
                is_published = record.status is CatalogStatus.PUBLISHED
                expected = [record.version] if is_published else []
                assert self.session.scalars(open_ones).all() == expected

    @invariant()
    def what_was_merged_is_out_and_leads_to_one_that_was_not(self):
        for table in (Program, Organization):
            merged = select(table).where(table.merged_into_id.is_not(None))
            for record in self.session.scalars(merged):
                assert record.status is CatalogStatus.WITHDRAWN
                assert follow(self.session, record).merged_into_id is None

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

    def _pick_organization(self, which) -> Organization | None:
        rows = self.session.scalars(select(Organization).order_by(Organization.id).with_for_update()).all()
        return rows[which % len(rows)] if rows else None

    def _was_approved_by_another(self, submission, by):
        earlier = select(FirstApproval.account_id).where(FirstApproval.revision_id == submission.latest.id)
        assert self.session.scalars(earlier).one() != by, "one person approved for two"


def reworded(draft: Draft, words: str) -> Draft:
    """Give a draft that says something else."""
    if isinstance(draft, ProgramDraft):
        return replace(draft, area_words=words)
    return replace(draft, partners_note=words)


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
