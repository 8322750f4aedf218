"""What goes into the outbox: final words in the recipient's language, and only real addresses."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services_dir.db import transaction
from services_dir.errors import InvalidError
from services_dir.mail.messages import LETTERS, MailKind, Message
from services_dir.mail.models import OutgoingMail
from services_dir.mail.operations import enqueue
from services_dir.upkeep import dumps
from tests.support.factories import NOON

pytestmark = pytest.mark.sqlite

VALUES = {
    "link": "https://services.example.org/x?a=1&b=2",
    "label": "Hall & {Lantern}",
    "count": "3",
    "waiting": "4",
    "overdue": "1",
    "due": "9",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_can_be_written_in_every_language(session, kind, language):
    with transaction(session):
        mail = enqueue(session, Message(kind, "pat@example.org", language, VALUES), at=NOON)

    assert VALUES["link"] in mail.text
    assert 'href="https://services.example.org/x?a=1&amp;b=2"' in mail.html
    assert f'<html lang="{language}">' in mail.html
    is_english = mail.subject == LETTERS[kind].subject.format_map(VALUES)
    assert is_english == (language == "en")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pat",
        "pat@",
        "pat@example.org, kim@example.org",
        "pat@example.org\r\nBcc: kim@example.org",
        "a b@c.de",
    ],
)
def test_what_is_no_address_is_refused(session, address):
    with pytest.raises(InvalidError, match="not an e-mail address"), transaction(session):
        enqueue(session, Message(MailKind.DECISION, address, "en", VALUES), at=NOON)

    assert session.scalars(select(OutgoingMail)).all() == []


def test_a_value_that_is_missing_is_noticed_before_anything_is_written(session):
    with pytest.raises(KeyError), transaction(session):
        enqueue(session, Message(MailKind.DECISION, "pat@example.org", "en", {"link": "x"}), at=NOON)


def test_a_backup_holds_no_mail():
    assert OutgoingMail.__tablename__ in dumps.LEFT_EMPTY
