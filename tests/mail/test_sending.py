"""Sending, against a real server: what arrives, what is tried again, what is given up, what is never lost."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.db import transaction
from services_dir.errors import InvalidError
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.models import MailError, OutgoingMail
from services_dir.mail.operations import enqueue
from services_dir.mail.sending import send_due
from services_dir.mail.transport import Folder, Server, Smtp
from tests.support import databases
from tests.support.factories import NOON
from tests.support.mailbox import smtp_server

SENDER = "directory@example.org"
VALUES = {"link": "https://services.example.org/submissions/made-up-token", "label": "Made-up Hall"}


def put(session, *, to="pat@example.org", label="Made-up Hall", kind=MailKind.PRIVATE_LINK, language="en"):
    with transaction(session):
        return enqueue(session, Message(kind, to, language, VALUES | {"label": label}), at=NOON)


def send(session, mailbox, *, at=NOON, refused=None):
    transport = Smtp(Server.read(mailbox.url), sender=SENDER)
    told = refused if refused is not None else []
    return send_due(
        session, transport, now=lambda: at, on_refused=lambda _s, address, _at: told.append(address)
    )


def only(session) -> OutgoingMail:
    session.expire_all()
    return session.scalars(select(OutgoingMail)).one()


@contextmanager
def grumpy_server(answers: list[str]) -> Iterator[int]:
    """A server that takes one connection, gives these answers one after the other, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _peer = listening.accept()
            with connection, connection.makefile("rw", newline="\r\n") as stream:
                for answer in answers:
                    stream.write(f"{answer}\n")
                    stream.flush()
                    stream.readline()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@pytest.fixture
def mailbox():
    with smtp_server() as mailbox:
        yield mailbox


@pytest.mark.sqlite
def test_a_mail_arrives_in_text_and_html_with_its_link(session, mailbox):
    put(session)

    outcome = send(session, mailbox)

    [mail] = mailbox.mails
    assert outcome.sent == 1
    assert mailbox.recipients == ["pat@example.org"]
    assert mail["Subject"] == "Your private link: Made-up Hall"
    assert mail["From"] == "Services directory <directory@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert VALUES["link"] in text.get_content()
    assert f'href="{VALUES["link"]}"' in html.get_content()


@pytest.mark.sqlite
def test_a_mail_in_spanish_keeps_its_accents_in_subject_and_body(session, mailbox):
    put(session, language="es", label="Casa Añoranza · número 3 — 家", kind=MailKind.DECISION)

    send(session, mailbox)

    [mail] = mailbox.mails
    assert mail["Subject"] == "Hay una respuesta para usted: Casa Añoranza · número 3 — 家"
    assert mail["Content-Language"] == "es"
    assert "Una persona de coordinación leyó" in mail.get_body(("plain",)).get_content()
    assert "Casa Añoranza · número 3 — 家" in mail.get_body(("html",)).get_content()


@pytest.mark.sqlite
def test_nothing_can_be_put_into_the_headers_or_the_html(session, mailbox):
    put(session, label='Hall\r\nBcc: other@example.org\u2028X: y <script>alert("x")</script>')

    send(session, mailbox)

    [mail] = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert mailbox.recipients == ["pat@example.org"]
    assert "\n" not in mail["Subject"]
    assert "<script" not in mail.get_body(("html",)).get_content()


def test_what_a_mail_said_is_gone_once_it_is_sent(session, mailbox):
    put(session)

    send(session, mailbox)

    mail = only(session)
    assert (mail.recipient, mail.subject, mail.text, mail.html) == (None, None, None, None)
    assert (mail.kind, mail.sent_at, mail.next_try_at) == (MailKind.PRIVATE_LINK, NOON, None)


def test_a_mail_is_sent_once_however_often_one_looks(session, mailbox):
    put(session)

    outcomes = [send(session, mailbox).sent for _ in range(3)]

    assert outcomes == [1, 0, 0]
    assert len(mailbox.mails) == 1


@pytest.mark.sqlite
def test_a_server_that_asks_for_patience_gets_it_and_then_the_mail(session, mailbox):
    put(session)
    mailbox.answers = ["451 try again later"]

    first = send(session, mailbox)
    too_early = send(session, mailbox, at=NOON + timedelta(seconds=30))
    later = send(session, mailbox, at=NOON + timedelta(minutes=1))

    assert (first.sent, first.put_off) == (0, 1)
    assert (too_early.sent, later.sent) == (0, 1)
    assert only(session).tries == 2
    assert only(session).error is None


@pytest.mark.sqlite
def test_waiting_grows_from_a_minute_to_a_day_and_ends(session, mailbox):
    put(session)
    mailbox.answers = ["451 not now"] * 20
    at, waits, refused = NOON, [], []

    while (mail := only(session)).failed_at is None:
        send(session, mailbox, at=at, refused=refused)
        mail = only(session)
        if mail.next_try_at:
            waits.append(int((mail.next_try_at - at).total_seconds() // 60))
            at = mail.next_try_at

    assert waits == [1, 5, 30, 120, 360, 1440, 1440, 1440]
    assert refused == ["pat@example.org"]
    assert only(session).error is MailError.LATER


@pytest.mark.sqlite
def test_a_recipient_that_does_not_exist_is_given_up_at_once_and_told(session, mailbox):
    put(session)
    put(session, to="kim@example.org")
    mailbox.answers = ["550 5.1.1 no such person"]
    refused = []

    outcome = send(session, mailbox, refused=refused)

    assert (outcome.sent, outcome.refused) == (1, 1)
    assert refused == ["pat@example.org"]
    assert mailbox.recipients == ["kim@example.org"]
    failed = session.scalars(select(OutgoingMail).where(OutgoingMail.failed_at.is_not(None))).one()
    assert (failed.error, failed.recipient, failed.text) == (MailError.REFUSED, None, None)


def test_a_dead_server_loses_nothing(session):
    with smtp_server() as mailbox:
        pass
    put(session)
    put(session, to="kim@example.org")
    refused = []

    for days in range(0, 60, 2):
        outcome = send(session, mailbox, at=NOON + timedelta(days=days), refused=refused)
        assert outcome.errors == {MailError.UNREACHABLE}
    with smtp_server() as mailbox:
        send(session, mailbox, at=NOON + timedelta(days=60))

    assert refused == []
    assert sorted(mailbox.recipients) == ["kim@example.org", "pat@example.org"]


@pytest.mark.parametrize(
    "answers",
    [
        ["554 No mail is taken here"],
        ["220 Hello", "250 no way to sign in", "535 wrong"],
        ["220 Hello", "554 a", "554 b"],
    ],
    ids=["closed", "no password is taken", "no greeting is taken"],
)
def test_a_server_that_takes_nothing_from_us_loses_nothing(session, answers):
    mail_id, told = put(session).id, []
    with grumpy_server(answers) as port:
        transport = Smtp(Server.read(f"smtp://us:secret@127.0.0.1:{port}"), sender=SENDER)
        send_due(session, transport, now=lambda: NOON, on_refused=lambda _s, who, _at: told.append(who))

    mail = session.get_one(OutgoingMail, mail_id)
    assert (mail.error, mail.failed_at, told) == (MailError.REFUSED_US, None, [])
    assert mail.recipient == "pat@example.org"
    assert mail.next_try_at == NOON + timedelta(minutes=1)


def test_a_sender_killed_after_the_server_took_the_mail_sends_it_again_under_the_same_id(session, mailbox):
    put(session)

    class Killed(Smtp):
        def send(self, message):
            super().send(message)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(
            session,
            Killed(Server.read(mailbox.url), sender=SENDER),
            now=lambda: NOON,
            on_refused=lambda *_: None,
        )
    at_once = send(session, mailbox, at=NOON + timedelta(minutes=1))
    later = send(session, mailbox, at=NOON + timedelta(minutes=10))

    assert (at_once.sent, later.sent) == (0, 1)
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1


@pytest.mark.slow
def test_several_senders_at_once_send_each_mail_once(session, database_url, mailbox):
    for number in range(30):
        put(session, to=f"person-{number}@example.org")
    errors = []

    def work() -> None:
        engine = databases.make_engine(database_url)
        try:
            with Session(engine) as own:
                send(own, mailbox)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert sorted(mailbox.recipients) == sorted(f"person-{number}@example.org" for number in range(30))


@pytest.mark.sqlite
def test_a_rolled_back_deed_sends_nothing(session, mailbox):
    message = Message(MailKind.PRIVATE_LINK, "pat@example.org", "en", VALUES)

    def deed() -> None:
        with transaction(session):
            enqueue(session, message, at=NOON)
            enqueue(session, replace(message, to="nobody"), at=NOON)

    with pytest.raises(InvalidError):
        deed()

    assert send(session, mailbox).sent == 0


@pytest.mark.sqlite
def test_without_a_server_mails_are_files_for_their_owner_alone(session, home):
    put(session)

    transport = Folder(home / "outbox", sender=SENDER)
    send_due(session, transport, now=lambda: NOON, on_refused=lambda *_: None)

    [file] = (home / "outbox").iterdir()
    assert VALUES["link"].encode() in file.read_bytes().replace(b"=\r\n", b"")
    assert file.stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost, and its key."""
    if shutil.which("openssl") is None:
        databases.missing("openssl is not on this machine")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    more = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert]
    subprocess.run([*command, *more], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def tls(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


@pytest.mark.sqlite
def test_a_server_that_can_encrypt_gets_the_password_and_the_mail_encrypted(
    session, tls, certificate, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    put(session)

    with smtp_server(tls=tls, requires_password=True) as mailbox:
        mailbox.url = mailbox.url.replace("smtp://", "smtp://kim%40example.org:made%2Fup@")
        outcome = send(session, mailbox)

    assert outcome.sent == 1
    assert mailbox.passwords == [b"made/up"]


@pytest.mark.sqlite
def test_a_server_with_a_certificate_nobody_vouches_for_gets_nothing(session, tls):
    put(session)

    with smtp_server(tls=tls) as mailbox:
        outcome = send(session, mailbox)

    assert outcome.errors == {MailError.UNREACHABLE}
    assert mailbox.mails == []
    assert only(session).text is not None


@pytest.mark.sqlite
def test_a_password_is_never_sent_readable_to_another_machine(session):
    put(session)

    with smtp_server(host="127.0.0.2") as mailbox:  # not one of the names of this one
        mailbox.url = mailbox.url.replace("smtp://", "smtp://kim:made-up@")
        outcome = send(session, mailbox)

    assert outcome.errors == {MailError.REFUSED_US}
    assert (mailbox.passwords, mailbox.mails) == ([], [])
