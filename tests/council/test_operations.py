"""Publishing, changing and taking away what the library holds, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.audit import AuditEvent
from services_dir.council import operations, queries
from services_dir.council.kinds import Approval, DocumentKind, Holding, Reading
from services_dir.council.models import Document, DocumentWord, Meeting, PageText, Piece, StoredFile
from services_dir.council.operations import DocumentFacts, MeetingFacts
from services_dir.council.pdf.uploads import Found, Upload
from services_dir.council.rules import asked_words
from services_dir.db import transaction
from services_dir.errors import NotFoundError
from tests.council.deeds import make_document, make_library, make_meeting
from tests.council.papers import pdf, upload
from tests.support.factories import NOON
from tests.support.together import at_once


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def find(session, words):
    found = queries.find_documents(session, asked_words(words), limit=10)
    return [(one.slug, one.page) for one in found]


def test_a_file_comes_back_from_its_pieces_as_it_was(session):
    document = make_document(session, DocumentKind.GUIDE, upload("One"), title="A made-up guide")

    assert b"".join(queries.each_piece(session, document.digest)) == pdf("One")
    assert document.holding is Holding.HELD


def test_a_page_is_found_by_words_of_it_and_of_the_title(session):
    make_library(session)

    assert find(session, "interpreter windham") == [("minutes-2026-03-04", 2)]
    assert find(session, "minutes of March 4 2026") == [("minutes-2026-03-04", None)]
    assert find(session, "acta marzo 2026 windham") == [("minutes-2026-03-04", 2)]
    assert find(session, "agenda interpreters") == []  # on no page together


def test_words_that_say_nothing_find_nothing(session):
    make_library(session)

    assert find(session, "the of and") == []
    assert find(session, "help") == []
    assert find(session, "") == []


def test_documents_whose_titles_fit_come_first_then_the_newest(session):
    old = make_meeting(session, date(2025, 1, 1))
    new = make_meeting(session, date(2026, 1, 1))
    for meeting in (old, new):
        make_document(session, DocumentKind.MINUTES, upload("Lanterns are made up"), meeting_id=meeting.id)
    make_document(session, title="Lanterns")

    assert find(session, "lanterns") == [
        ("lanterns", None),
        ("minutes-2026-01-01", 1),
        ("minutes-2025-01-01", 1),
    ]


def test_another_file_takes_the_place_of_the_one_before_and_leaves_nothing_of_it(session):
    document = make_document(session, DocumentKind.GUIDE, upload("Before"), title="A made-up guide")
    facts = DocumentFacts(DocumentKind.GUIDE, title="A made-up guide")

    with transaction(session):
        held = queries.get_document_by_id(session, document.id)
        operations.save_document(session, held, facts, upload("After"), by=None, at=NOON)

    assert find(session, "before") == []
    assert find(session, "after guide") == [("a-made-up-guide", 1)]
    assert count(session, StoredFile) == 1
    assert session.scalars(select(PageText.text)).all() == ["After"]


def test_a_file_that_another_document_has_too_stays(session):
    first = make_document(session, DocumentKind.GUIDE, upload("Lantern"), title="First")
    make_document(session, DocumentKind.GUIDE, upload("Lantern"), title="Second")

    with transaction(session):
        operations.remove_file(session, queries.get_document_by_id(session, first.id), by=None, at=NOON)

    assert count(session, StoredFile) == 1
    assert find(session, "lantern") == [("second", 1)]


@pytest.mark.parametrize("remove", [operations.remove_file, operations.remove_document])
def test_what_is_taken_away_leaves_no_byte_and_no_word(session, remove):
    document = make_document(session, DocumentKind.GUIDE, upload("Lantern"), title="A guide")

    with transaction(session):
        remove(session, queries.get_document_by_id(session, document.id), by=None, at=NOON)

    assert [count(session, table) for table in (StoredFile, Piece, PageText)] == [0, 0, 0]
    assert find(session, "lantern") == []
    is_left = remove is operations.remove_file
    assert (count(session, Document), count(session, DocumentWord) > 0) == (int(is_left), is_left)


def test_a_document_without_a_file_has_none_to_take_away(session):
    document = make_document(session, title="Only a title")

    with pytest.raises(NotFoundError), transaction(session):
        operations.remove_file(session, queries.get_document_by_id(session, document.id), by=None, at=NOON)


def test_a_meeting_that_moves_takes_its_papers_along(session):
    meeting = make_meeting(session)
    make_document(session, DocumentKind.AGENDA, meeting_id=meeting.id, url="https://example.org/a.pdf")

    with transaction(session):
        held = queries.get_meeting(session, "2026-03-04")
        operations.save_meeting(session, held, MeetingFacts(date(2026, 4, 9)), by=None, at=NOON)

    assert queries.get_meeting(session, "2026-04-09").revision == 1
    assert find(session, "agenda April 9") == [("agenda-2026-03-04", None)]


def test_two_meetings_on_a_day_have_addresses_of_their_own(session):
    slugs = [make_meeting(session).slug for _ in range(3)]

    assert slugs == ["2026-03-04", "2026-03-04-2", "2026-03-04-3"]


def test_work_reads_what_took_too_long_and_then_it_is_found(session):
    whole = upload("One lantern", "Two lanterns")
    begun = Upload(whole.digest, whole.pieces, Found(2, whole.found.texts[:1]))
    document = make_document(session, DocumentKind.GUIDE, begun, title="A guide")
    assert queries.find_unread_file(session) == document.digest
    assert find(session, "two") == []

    with transaction(session):
        operations.keep_texts(session, whole.digest, whole.found)

    assert find(session, "two lanterns") == [("a-guide", 2)]
    assert queries.find_unread_file(session) is None


def test_a_file_that_cannot_be_read_to_its_end_is_not_tried_for_ever(session):
    whole = upload("One lantern", "Two lanterns")
    begun = Upload(whole.digest, whole.pieces, Found(2, ()))
    make_document(session, DocumentKind.GUIDE, begun, title="A guide")

    with transaction(session):
        operations.give_up_reading(session, whole.digest)

    assert session.get(StoredFile, whole.digest).reading is Reading.PARTLY
    assert queries.find_unread_file(session) is None


def test_each_deed_is_in_the_audit_by_names_of_fields(session):
    meeting = make_meeting(session)
    document = make_document(
        session, DocumentKind.MINUTES, upload("One"), meeting_id=meeting.id, approval=Approval.DRAFT
    )
    facts = DocumentFacts(
        DocumentKind.MINUTES, title=document.title, meeting_id=meeting.id, approval=Approval.APPROVED
    )
    with transaction(session):
        held = queries.get_document_by_id(session, document.id)
        operations.save_document(session, held, facts, by=None, at=NOON)
    with transaction(session):
        operations.remove_document(
            session, queries.get_document_by_id(session, document.id), by=None, at=NOON
        )

    deeds = session.execute(select(AuditEvent.deed, AuditEvent.fields).order_by(AuditEvent.id)).all()
    assert [deed for deed, _ in deeds] == [
        "meeting.published",
        "document.published",
        "document.changed",
        "document.removed",
    ]
    assert deeds[1].fields[-1] == "file"
    assert deeds[2].fields == ["approval"]


def test_the_same_file_handed_in_at_the_same_moment_is_kept_once(engine, session):
    paper = upload("Handed in by two at once")
    barrier = Barrier(4)

    def hand_in(_number):
        with Session(engine) as own:
            barrier.wait()
            return make_document(own, DocumentKind.GUIDE, paper, title="A made-up guide").slug

    with ThreadPoolExecutor(4) as pool:
        slugs = list(pool.map(hand_in, range(4)))

    assert len(set(slugs)) == 4
    assert (count(session, StoredFile), count(session, Document)) == (1, 4)
    assert b"".join(queries.each_piece(session, paper.digest)) == pdf("Handed in by two at once")


def test_a_file_taken_away_while_another_hands_it_in_is_still_there(engine, session):
    paper = upload("Taken and given")
    for _ in range(5):
        first = make_document(session, DocumentKind.GUIDE, paper, title="First").id
        barrier = Barrier(2)

        def take_away(number=first, barrier=barrier):
            with Session(engine) as own:
                barrier.wait()
                with transaction(own):
                    operations.remove_document(own, own.get_one(Document, number), by=None, at=NOON)

        def hand_in(barrier=barrier):
            with Session(engine) as own:
                barrier.wait()
                return make_document(own, DocumentKind.GUIDE, paper, title="Second").id

        with ThreadPoolExecutor(2) as pool:
            given, taken = pool.submit(hand_in), pool.submit(take_away)
            taken.result()
            kept = given.result()

        with transaction(session):
            document = session.get_one(Document, kept)
            assert b"".join(queries.each_piece(session, document.digest)) == pdf("Taken and given")
            operations.remove_document(session, document, by=None, at=NOON)


def test_two_meetings_of_one_day_published_at_once_have_names_of_their_own(engine, session):
    facts = MeetingFacts(held_on=date(2026, 3, 4))

    def deed(own):
        operations.save_meeting(own, None, facts, by=None, at=NOON)

    assert at_once(engine, deed, deed, deed) == ["done"] * 3
    assert len(set(session.scalars(select(Meeting.slug)))) == 3
