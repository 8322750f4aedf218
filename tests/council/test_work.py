"""What takes too long while somebody waits is read by `work`."""

from __future__ import annotations

from services_dir.council import queries
from services_dir.council.kinds import DocumentKind
from services_dir.council.pdf.uploads import Found, Upload
from services_dir.upkeep.work import work_once
from tests.council.deeds import make_document
from tests.council.papers import upload

SENTENCE = "The words of a paper of the Council were read."


def test_work_reads_the_words_of_a_paper_from_its_pieces_once(app, session):
    whole = upload("One lantern", "Two lanterns")
    make_document(
        session, DocumentKind.GUIDE, Upload(whole.digest, whole.pieces, Found(2, ())), title="A guide"
    )

    first, second = (work_once(app, with_index=False) for _ in range(2))

    assert SENTENCE in first.done
    assert SENTENCE not in second.done
    assert first.failed == second.failed == []
    session.rollback()
    assert [one.page for one in queries.find_documents(session, ["lantern", "two"], limit=3)] == [2]


def test_work_gives_up_on_a_paper_that_cannot_be_read(app, session):
    broken = Upload("0" * 64, (b"%PDF-1.7 made up",), Found(3, ()))
    make_document(session, DocumentKind.GUIDE, broken, title="A guide")

    work_once(app, with_index=False)

    session.rollback()
    assert queries.find_unread_file(session) is None
