"""Canaries: a word in everything that is not public, and a street that becomes confidential.

After a whole life of a program the words are in no public answer, no file of the index, no log and no
outbox, and the street is in no file of the database and in no backup.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from string import ascii_lowercase

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from msgspec.structs import replace
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from services_dir import audit, clock
from services_dir.accounts import operations as accounts
from services_dir.accounts.guards import ANYONE, who_may_open
from services_dir.accounts.models import Role
from services_dir.accounts.passkeys import NewKey
from services_dir.catalog.draft import ProgramDraft, SourceDraft, read_program
from services_dir.catalog.kinds import Level
from services_dir.catalog.models import ForeignId, PrivateContact, Program, ProgramVersion
from services_dir.catalog.operations import wipe_traces
from services_dir.db import db, transaction
from services_dir.exchange import exports
from services_dir.exchange.imports.models import (
    Feed,
    ImportNote,
    ImportRow,
    ImportRun,
    RecordKind,
    RowState,
    RunState,
    TermMapping,
)
from services_dir.exchange.imports.models import Verdict as ImportVerdict
from services_dir.exchange.imports.sources import Format
from services_dir.hsds.reading.notes import Weight
from services_dir.hsds.taxonomies import FACTS_TAXONOMY
from services_dir.indicators.models import ImportState, IndicatorImport
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue
from services_dir.moderation import operations as moderation
from services_dir.moderation.models import Decision, FirstApproval, Note, Review, SavedFilter
from services_dir.moderation.rules import Verdict
from services_dir.policy import PolicySetting
from services_dir.search import sync
from services_dir.search.index import IndexFolder
from services_dir.sheets.directory import directory_pdf
from services_dir.submissions import operations as submissions
from services_dir.submissions.models import FormDraft, PrivateLink, Submission
from services_dir.throttle import ThrottleCount
from services_dir.upkeep import backup, schema
from services_dir.values import seed_uuid
from services_dir.verification.models import PhoneCall, Round, RoundLink
from services_dir.web import logs
from tests.contracts.test_pages import SAMPLES
from tests.council.deeds import make_library
from tests.support import factories
from tests.support.reports import make_report

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

STREET = "12 Zqstreetlane Road"
MARK = "zqx"  # how every canary begins, and the street's own word is looked for beside it

# What anybody may see of a column. Every other text column gets a canary, also one that is added later.
PUBLIC = {
    "organization": {"slug", "name", "url", "email", "partners_note"},
    "organization_name": {"name"},
    "organization_text": {"description"},
    "place": {"key", "name", "code"},
    "term": {"slug"},
    "term_label": {"label", "definition"},
    "term_word": {"word"},
    "word": {"word", "means"},
    "location": {"street", "city", "postal_code", "access_notes"},
    "program": {
        "slug",
        "population_note",
        "interpreter_note",
        "email",
        "url",
        "area_words",
        "partners_note",
        "as_of",
    },
    "former_slug": {"kind", "slug"},
    "link": {"label", "url"},
    "program_language": {"note"},
    "program_name": {"name"},
    "program_text": {
        "name",
        "description",
        "eligibility",
        "how_to_apply",
        "what_happens",
        "cost",
        "alert",
    },
    "site": {"name"},
    "source": {"title", "url", "as_of"},
    "phone": {"number", "extension", "label", "instruction"},
    "schedule": {"words", "zone"},
    "schedule_exception": {"note"},
    "assurance": {"role", "feed"},
}
# All of these is for everybody: the Council's library, figures with their sources, reports, rounded sums. The
# running month's exact sums name kinds of help, regions and languages, and no word of anybody.
PUBLIC_TABLES = ("council_", "indicator_figure", "annual_report", "demand_")
# The index holds the database's id on purpose; numbers in E.164 hold no word.
NO_ROOM = {"catalog_state.database_id", "submission.phone_number"}
# Documents are filled through drafts, whose parts for editors carry canaries.
DOCUMENTS = {"revision.document", "program_version.document", "organization_version.document"}
HOLD_JSON = {
    "questions",
    "choices",
    "document",
    "base",
    "reasons",
    "terms",
    "counts",
    "files",
    "message_values",
    "rows",
}


class Canaries:
    """Words that nothing else holds, and where each was put."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self._numbers = count()

    def new(self, where: str) -> str:
        """Give a word for a place."""
        number = next(self._numbers)
        letters = "".join(ascii_lowercase[number // 26**power % 26] for power in range(3))
        self.words[f"{MARK}{letters}"] = where
        return f"{MARK}{letters}"

    def found_in(self, content: bytes | str) -> list[str]:
        """Give the places of those words that a content holds, and the street."""
        text = content if isinstance(content, str) else content.decode("latin-1")
        folded = text.casefold()
        found = [where for word, where in self.words.items() if word in folded] if MARK in folded else []
        return [*found, *(["the street"] if "zqstreetlane" in folded else [])]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as `serve` logs it."""
    root, stderr, stream = logging.getLogger(), sys.stderr, io.StringIO()
    handlers, level = root.handlers[:], root.level
    sys.stderr = stream
    try:
        logs.configure()
    finally:
        sys.stderr = stderr
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def private_columns() -> Iterator[tuple[sa.Table, sa.Column]]:
    """Give each column with room for a word that is not public."""
    for table in schema.metadata().sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, sa.String | sa.JSON) and not isinstance(column.type, sa.Enum)
            has_room = (getattr(column.type, "length", None) or 99) > len(MARK) + 3
            is_id = "uuid" in column.name
            name = f"{table.name}.{column.name}"
            is_public = table.name.startswith(PUBLIC_TABLES) or column.name in PUBLIC.get(table.name, ())
            known = is_public or name in NO_ROOM | DOCUMENTS
            if is_text and has_room and not (column.foreign_keys or is_id or known):
                yield table, column


def plant(session: Session, canaries: Canaries) -> None:
    """Put a word into every private column that already has a row."""
    with transaction(session):
        for table, column in private_columns():
            if table.name == "audit_event":
                continue  # append-only; it got its words when it was written
            word: object = canaries.new(f"{table.name}.{column.name}")
            if column.name in HOLD_JSON:
                word = json.dumps({"name": word})
            if column.name == "typed":
                word = json.dumps({"name": [word]})
            if column.name == "value":
                word = json.dumps(word)
            key = next(iter(table.primary_key.columns))
            least = sa.select(sa.func.min(key)).scalar_subquery()
            is_one = key == least if column.unique or column.primary_key else sa.true()
            changed = session.execute(table.update().where(is_one).values({column.name: word}))
            assert changed.rowcount, f"no row to put a word into {table.name}.{column.name}"


def make_rows(session: Session, canaries: Canaries, program: Program) -> None:
    """Add rows to the tables that the life of a program leaves empty."""
    at = clock.now()
    with transaction(session):
        account = accounts.add_account(session, "kim@example.org", Role.COORDINATOR, by=None, at=at)
        accounts.invite(session, account, by=None, at=at)
        accounts.sign_in(session, account.id, device="test", at=at)
        accounts.make_recovery_codes(session, account.id, at=at)
        accounts.add_passkey(session, account.id, NewKey("x", b"x", 0), b"x", name="x", at=at)
        session.add(ForeignId(feed="f", kind="program", uuid=program.uuid, foreign_id="x"))
        add_import(session, program, at)
        session.add(PrivateContact(program_id=program.id, name="x", email="x", role="x"))
        session.add(PolicySetting(key="x", value="1", changed_at=at))
        session.add(IndicatorImport(file_name="x", rows="[]", state=ImportState.PLANNED, made_at=at))
        values = {"link": "https://services.example.org/", "label": "x"}
        enqueue(session, Message(MailKind.DECISION, "x@example.org", "en", values), at=at)
        asked = {"organization_id": program.organization_id, "is_trusted": True, "started_at": at}
        session.add(Round(**asked, links=[RoundLink(token_hash="x", expires_at=at)]))
        sent = session.scalars(sa.select(Submission)).first()
        first = {"revision_id": sent.latest.id, "account_id": account.id, "approved_at": at}
        session.add(FirstApproval(**first, contact_check="x", answered_by="x"))
        session.add(Note(submission_id=sent.id, account_id=account.id, text="x", written_at=at))
        session.add(SavedFilter(account_id=account.id, name="x", query="x", made_at=at))
        session.add(FormDraft(submission_id=sent.id, typed="{}", steps="x", saved_at=at))
        session.add(PrivateLink(token_hash="x", submission_id=sent.id, expires_at=at))
        called = {"organization_id": program.organization_id, "called_at": at}
        session.add(PhoneCall(**called, by_account_id=account.id, role="x"))
        session.add(ThrottleCount(digest="x", since=at, count=1))
        session.add(
            audit.AuditEvent(
                at=at,
                deed=canaries.new("audit_event.deed"),
                kind=canaries.new("audit_event.kind"),
                fields=[canaries.new("audit_event.fields")],
            )
        )


def add_import(session: Session, program: Program, at: datetime) -> None:
    """Add an import that brought the program, with all that is kept of one."""
    feed = Feed(name="x", level=Level.LOCAL, zone="UTC", made_at=at)
    run = ImportRun(feed=feed, state=RunState.APPLIED, format=Format.HSDS_3_JSON, file_name="x", made_at=at)
    session.add(run)
    session.flush()
    session.add(TermMapping(feed_id=feed.id, taxonomy="x", code="x", name="x"))
    session.add(
        ImportNote(run_id=run.id, file="x", line=1, column="x", weight=Weight.HINT, message="x", values="{}")
    )
    session.add(
        ImportRow(
            run_id=run.id,
            position=1,
            file="x",
            line=1,
            kind=RecordKind.PROGRAM,
            verdict=ImportVerdict.ADD,
            state=RowState.PUBLISHED,
            name="x",
            foreign_id="x",
            uuid=program.uuid,
        )
    )


def draft_with_canaries(canaries: Canaries) -> ProgramDraft:
    """Give a draft whose parts for editors hold words, with the street where people would write it."""
    return factories.draft_program(
        name="Lantern House",
        sites=(factories.draft_site(street=STREET, access_notes="Behind Zqstreetlane Road"),),
        editor_note=f"{canaries.new('draft.editor_note')} stands at {STREET}",
        confidence="high",
        sources=(
            SourceDraft(
                title="A public page",
                url="https://example.org/",
                is_public=True,
                supports=canaries.new("draft.sources.supports"),
                fields=(canaries.new("draft.sources.fields"),),
                feed=canaries.new("draft.sources.feed"),
            ),
            SourceDraft(
                title=canaries.new("draft.sources.title, for editors"),
                url=f"https://example.org/{canaries.new('draft.sources.url, for editors')}",
            ),
        ),
    )


def propose(session: Session, draft: ProgramDraft, canaries: Canaries, **fields: str) -> Submission:
    made = factories.make_submission(
        session,
        draft,
        message=f"{canaries.new('submission.message')}, it is {STREET}",
        submitter_name=canaries.new("submission.submitter_name"),
        **fields,
    )
    with transaction(session):
        submission = session.get_one(Submission, made.id)
        newer = replace(draft, min_age=18)
        submissions.revise(session, submission, newer, factories.SENDER, seen_revision=1, at=clock.now())
    return submission


def approve(session: Session, submission: Submission, canaries: Canaries) -> None:
    with transaction(session):
        submission = session.get_one(Submission, submission.id)
        verdict = Verdict(
            Decision.APPROVE,
            note=f"{canaries.new('review.note')}: {STREET} is right",
            seen_revision=2,
            seen_version=submission.base_version,
        )
        moderation.decide(session, submission, verdict, by=None, at=clock.now())


def published_draft(session: Session, program: Program) -> ProgramDraft:
    newest = sa.select(ProgramVersion).where(ProgramVersion.program_id == program.id)
    version = session.scalars(newest.order_by(ProgramVersion.number.desc()).limit(1)).one()
    return read_program(version.document, version.format)


def live(app: Flask, canaries: Canaries) -> Program:
    """Propose, revise, approve, change, hide the place, undo; the index follows each step."""
    session = db.session
    approve(session, propose(session, draft_with_canaries(canaries), canaries), canaries)
    program = session.scalars(sa.select(Program)).one()
    assert sync.rebuild(app) is sync.Outcome.REBUILT
    assert "Zqstreetlane" in app.test_client().get(f"/programs/{program.slug}").get_data(as_text=True)
    make_rows(session, canaries, program)
    make_library(session)
    make_report(session, now=clock.now())
    plant(session, canaries)
    draft = published_draft(session, program)
    change = replace(draft, max_age=80)
    approve(session, propose(session, change, canaries), canaries)
    sync.catch_up(app)
    hidden = replace(draft, sites=(draft.sites[0].without_address(),))
    hiding = propose(session, hidden, canaries)
    approve(session, hiding, canaries)
    sync.catch_up(app)
    with transaction(session):
        moderation.undo(session, session.get_one(Submission, hiding.id), by=1, at=clock.now())
    sync.catch_up(app)
    plant(session, canaries)
    sync.catch_up(app)
    session.rollback()
    assert wipe_traces(db.engine)  # what `work` does after an address was removed
    return session.scalars(sa.select(Program)).one()


def public_addresses(app: Flask, program: Program) -> Iterator[str]:
    """Give an address of every page that anyone may open, but for those behind somebody's own link."""
    records = {
        "api.service": program.uuid,
        "api.organization": program.organization.uuid,
        "api.service_at_location": program.sites[0].uuid,
        "api.taxonomy": FACTS_TAXONOMY.id,
        "api.taxonomy_term": seed_uuid("taxonomy-term", "facts", "slug"),
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "sheets.pdf":  # answers only where programs are chosen, and not in text
                continue
            is_open = who_may_open(app.view_functions[rule.endpoint]) == ANYONE
            if not is_open or "GET" not in (rule.methods or ()) or "token" in rule.arguments:
                continue
            is_organization = "/organizations/" in rule.rule
            slug = program.organization.slug if is_organization else program.slug
            samples = SAMPLES | {"slug": slug, "record_id": records.get(rule.endpoint)}
            values = {name: samples[name] for name in rule.arguments}
            yield rule.build(values)[1]
    yield "/hsds/services?format=ndjson"
    yield "/hsds/organizations?full_service=true"
    yield f"/referral-sheet?program={program.slug}"
    yield f"/referral-sheet?program={program.slug}&discreet=1"
    yield "/suggestions?q=lantern"
    yield "/suggestions?q=zq"
    yield "/programs?q=lantern&place=Hartford&within=25"
    yield "/programs.json?q=12+Road"


def text_of(answer: TestResponse) -> str:
    """Give what an answer says, also that of a PDF."""
    if answer.mimetype == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return answer.data.decode("latin-1")


def exported(app: Flask, folder: Path) -> Iterator[tuple[str, str]]:
    """Give every export as text, each file of the package by its name."""
    folder.mkdir()
    at = clock.now()
    with app.test_request_context():
        for chunks in (exports.json_chunks, exports.ndjson_chunks):
            yield chunks.__name__, b"".join(chunks(db.session, at.date())).decode()
        table = exports.csv_chunks(db.session, at.date(), "https://services.example.org")
        yield "table", b"".join(table).decode()
        exports.write_package(db.session, at.date(), folder)
        printed = PdfReader(io.BytesIO(directory_pdf(db.session, at)))
    yield from ((file.name, file.read_text("utf-8")) for file in folder.iterdir())
    yield "directory", " ".join(page.extract_text() for page in printed.pages)
    yield "about the directory", str(printed.metadata)


def test_what_is_not_public_is_in_no_answer_no_index_no_log_and_no_outbox(app, home, log, settings):
    canaries = Canaries()
    with app.app_context():
        program = live(app, canaries)
        assert len(canaries.words) > 60
        visitor = app.test_client()
        addresses = list(public_addresses(app, program))
        assert len(addresses) > 30
        for address in addresses:
            answer = visitor.get(address)
            told = text_of(answer) + str(answer.headers)
            assert (address, canaries.found_in(told)) == (address, [])
            assert answer.status_code < 400, address
        for name, content in exported(app, home.parent / "exports"):
            assert "Lantern House" in content or name != "services.csv"
            assert (name, canaries.found_in(content)) == (name, [])
        for word, where in canaries.words.items():
            assert visitor.get(f"/programs.json?q={word}").json["total"] == 0, where
        assert visitor.get("/programs.json?q=zqstreetlane").json["total"] == 0

        generation = IndexFolder(home).current()
        commit = generation.commit()
        for segment in commit.segments:
            with generation.open(commit, segment).reader() as reader:
                assert canaries.found_in(repr(list(reader.all_terms()))) == []
                assert canaries.found_in(repr(list(reader.iter_docs()))) == []
        with transaction() as session:  # tests make their tables without migrations
            session.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
            session.execute(sa.text("INSERT INTO alembic_version VALUES ('0001')"))
        saved = backup.create(settings, at=clock.now())

    for file in sorted((home / "index").rglob("*")):
        if file.is_file():
            assert (file.name, canaries.found_in(file.read_bytes())) == (file.name, [])
    assert '"rule"' in log.getvalue()
    assert canaries.found_in(log.getvalue()) == []
    outbox = home / "outbox"
    assert [file.name for file in outbox.rglob("*") if canaries.found_in(file.read_bytes())] == []
    with zipfile.ZipFile(saved) as archive:
        assert b"zqstreetlane" not in archive.read("database.sqlite").lower()
    for name in ("services.sqlite", "services.sqlite-wal"):
        file = home / name
        assert not file.exists() or b"zqstreetlane" not in file.read_bytes().lower(), name


def test_every_public_column_exists():
    tables = schema.metadata().tables
    named = {f"{table}.{column}" for table, columns in PUBLIC.items() for column in columns}

    known = {f"{name}.{column.name}" for name, table in tables.items() for column in table.columns}

    assert named | NO_ROOM | DOCUMENTS <= known


def test_the_street_was_known_everywhere_before(app, home):
    """The test above can fail: before the place is hidden, the street is in database and index."""
    canaries = Canaries()
    with app.app_context():
        approve(db.session, propose(db.session, draft_with_canaries(canaries), canaries), canaries)
        sync.rebuild(app)
        assert db.session.scalars(sa.select(Review.note)).one().endswith(f"{STREET} is right")

    files = [home / "services.sqlite", home / "services.sqlite-wal"]
    assert any(b"zqstreetlane" in file.read_bytes().lower() for file in files if file.exists())
    assert canaries.found_in(Path(home / "services.sqlite-wal").read_bytes() + files[0].read_bytes())
