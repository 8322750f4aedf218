"""Ways out: an SMTP server, or a folder where none is set."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from services_dir.mail.models import MailError
from services_dir.settings import Settings

_TIMEOUT = 30.0  # seconds for each answer of the server


class DeliveryError(Exception):
    """A mail did not go out: why, as a kind."""

    def __init__(self, kind: MailError) -> None:
        super().__init__(kind.value)
        self.kind = kind


class Transport(Protocol):
    """Takes mails, one after the other. `send` raises DeliveryError."""

    sender: str

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over."""

    def close(self) -> None:
        """Say goodbye."""


def open_transport(settings: Settings) -> Transport:
    """Give the way out that the settings name. Nothing is connected before the first mail."""
    if settings.mail_url is None:
        return Folder(settings.home / "outbox", sender=_default_sender(settings, None))
    server = Server.read(settings.mail_url)
    return Smtp(server, sender=server.sender or _default_sender(settings, server.user))


def _default_sender(settings: Settings, user: str | None) -> str:
    if user is not None and "@" in user:
        return user
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"services-directory@{host if '.' in host and not _is_number(host) else 'localhost.localdomain'}"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class Folder:
    """Writes each mail into a file of its own, for somebody to look at or to hand to another program."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, message: EmailMessage) -> None:
        """Write a mail; the file is there whole or not at all. Raises DeliveryError."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            draft = self.folder / f"{name}.part"
            draft.touch(mode=0o600)
            draft.write_bytes(message.as_bytes())
            draft.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise DeliveryError(MailError.UNREACHABLE) from error

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Server:
    """An SMTP server as `SERVICES_DIR_MAIL_URL` names it."""

    host: str
    port: int
    is_encrypted: bool  # from the first byte; else STARTTLS where the server offers it
    user: str | None
    password: str | None
    sender: str | None  # from `?from=…`

    @classmethod
    def read(cls, url: str) -> Server:
        """Read an address that the settings have checked."""
        parts = urlsplit(url)
        is_encrypted = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if is_encrypted else 587 if parts.username else 25),
            is_encrypted=is_encrypted,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            sender=next(iter(parse_qs(parts.query).get("from", ())), None),
        )


class Smtp:
    """One connection for all mails of a pass, made anew when it broke."""

    def __init__(self, server: Server, *, sender: str) -> None:
        self.server = server
        self.sender = sender
        self._client: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand a mail to the server. Raises DeliveryError."""
        client = self._client = self._client or self._open()
        try:
            client.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _said in error.recipients.values()]
            raise self._failed(_kind_of(codes[0] if codes else 0)) from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._failed(MailError.REFUSED) from error  # the address needs what the server lacks
        except smtplib.SMTPSenderRefused as error:
            raise self._failed(MailError.REFUSED_US) from error
        except smtplib.SMTPResponseException as error:
            raise self._failed(_kind_of(error.smtp_code)) from error
        except (OSError, smtplib.SMTPException) as error:  # the connection broke
            raise self._failed(MailError.UNREACHABLE) from error

    def close(self) -> None:
        """Say goodbye; a server that is gone already does no harm."""
        if self._client is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._client.quit()
            self._client.close()
            self._client = None

    def _failed(self, kind: MailError) -> DeliveryError:
        self.close()
        return DeliveryError(kind)

    def _open(self) -> smtplib.SMTP:
        """Connect and sign in. What fails here is no fault of a mail, so none is given up for it."""
        try:
            return self._connect()
        except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise DeliveryError(MailError.REFUSED_US) from error
        except (OSError, smtplib.SMTPException) as error:  # no connection, no trust, no sense
            raise DeliveryError(MailError.UNREACHABLE) from error

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        if server.is_encrypted:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_TIMEOUT, context=context
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
        try:
            client.ehlo()
            if not server.is_encrypted and client.has_extn("starttls"):
                client.starttls(context=context)
                client.ehlo()
            if server.user is not None:
                self._sign_in(client)
        except BaseException:
            client.close()
            raise
        return client

    def _sign_in(self, client: smtplib.SMTP) -> None:
        """Give name and password, but never readable on the way to another machine."""
        is_readable = not isinstance(client.sock, ssl.SSLSocket)
        if is_readable and self.server.host not in ("localhost", "127.0.0.1", "::1"):
            raise DeliveryError(MailError.REFUSED_US)
        client.login(self.server.user or "", self.server.password or "")


def _kind_of(code: int) -> MailError:
    return MailError.REFUSED if 500 <= code < 600 else MailError.LATER
