"""A real SMTP server on loopback that keeps what it takes, and says no when told to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox:
    """What a server took, in order; `answers` are given to the next recipients, one each."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.passwords: list[bytes] = []
        self.url = ""

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Take a recipient, or refuse it as told."""
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail."""
        parsed = BytesParser(policy=SMTP).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.recipients.extend(envelope.rcpt_tos)
        return "250 taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        """Take every password, and remember it."""
        self.passwords.append(data.password)
        return AuthResult(success=True)


@contextmanager
def smtp_server(
    *, host: str = "localhost", tls: ssl.SSLContext | None = None, requires_password: bool = False
) -> Iterator[Mailbox]:
    """Run a server on a free port; `url` of the mailbox is how to reach it.

    It takes passwords, over TLS only if it can speak it, and asks for one only there.
    """
    mailbox = Mailbox()
    bound = "127.0.0.1" if host == "localhost" else host
    with socket.socket() as free:
        free.bind((bound, 0))
        port = free.getsockname()[1]
    controller = Controller(
        mailbox,
        hostname=bound,
        port=port,
        tls_context=tls,
        authenticator=mailbox.authenticate,
        auth_require_tls=tls is not None,
        auth_required=tls is not None and requires_password,
        enable_SMTPUTF8=True,
    )
    controller.start()
    mailbox.url = f"smtp://{host}:{port}"
    try:
        yield mailbox
    finally:
        controller.stop()
