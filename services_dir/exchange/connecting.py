"""One request to an address of others: looked at before it is made, bounded in bytes and time.

A name is resolved once and the connection goes to the number that was looked at, so that a name cannot
lead to a machine of ours after it was checked. Certificates are those of the name, or nothing is sent.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec

from services_dir.errors import N_, InvalidError

_PIECE = 65_536


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by their small names, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Give the document, None if it is none."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, RecursionError):
            return None

    @property
    def is_json(self) -> bool:
        """Tell whether it says that it is JSON, and is."""
        return "json" in self.headers.get("content-type", "") and self.json is not None


def request(
    address: str,
    *,
    allows_private: bool,
    timeout: float,
    most: int,
    headers: Mapping[str, str],
    method: str = "GET",
    body: str | None = None,
) -> Answer:
    """Ask once. `timeout` in seconds, `most` bytes of the answer.

    Raises InvalidError for an address that must not be asked, a certificate that is not to be trusted, and an
    answer that is too large; OSError or HTTPException if nothing comes back.
    """
    parts = split_address(address)
    connection = _connection(parts, allows_private, timeout)
    try:
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection.request(method, path, body=body, headers=dict(headers))
        response = connection.getresponse()
        given = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, given, _body(response, most, parts.hostname or ""))
    except ssl.SSLCertVerificationError as error:
        message = N_("The certificate of “{name}” is not to be trusted: {reason}. Nothing was sent.")
        raise InvalidError(message, name=parts.hostname, reason=error.verify_message) from error
    finally:
        connection.close()


def split_address(address: str) -> SplitResult:
    """Give the parts of an address of the web. Raises InvalidError for what is none."""
    message = N_("“{value}” is no address of the web. It starts with https:// or http://.")
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        _port = parts.port
    except ValueError as error:
        raise InvalidError(message, value=address) from error
    if not is_web or any(sign.isspace() for sign in address):
        raise InvalidError(message, value=address)
    return parts


def resolve(parts: SplitResult, *, allows_private: bool) -> str:
    """Give the number of a host. Raises InvalidError if there is none, or it is private and may not be."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InvalidError(N_("There is no host “{name}”."), name=host) from error
    numbers = [str(entry[4][0]) for entry in found]
    if not allows_private and not all(ipaddress.ip_address(one.split("%")[0]).is_global for one in numbers):
        raise InvalidError(
            N_("“{name}” lies on this machine or in a private network. That has to be allowed expressly."),
            name=host,
        )
    return numbers[0]


def _body(response: http.client.HTTPResponse, most: int, host: str) -> bytes:
    pieces, size = [], 0
    while piece := response.read(_PIECE):
        size += len(piece)
        if size > most:
            raise InvalidError(N_("“{name}” sends more than is read at once."), name=host)
        pieces.append(piece)
    return b"".join(pieces)


def _connection(parts: SplitResult, allows_private: bool, timeout: float) -> http.client.HTTPConnection:
    number = resolve(parts, allows_private=allows_private)
    kind = _Secure if parts.scheme == "https" else _Plain
    return kind(parts.hostname or "", number, parts.port, timeout)


class _Plain(http.client.HTTPConnection):
    """A connection to a number that was looked at, whatever its name leads to now."""

    def __init__(self, host: str, number: str, port: int | None, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._number = number

    def connect(self) -> None:
        """Connect to the number."""
        self.sock = socket.create_connection((self._number, self.port), self.timeout)


class _Secure(http.client.HTTPSConnection):
    """The same, with the certificate of the name."""

    def __init__(self, host: str, number: str, port: int | None, timeout: float) -> None:
        self._context_of_name = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout, context=self._context_of_name)
        self._number = number

    def connect(self) -> None:
        """Connect to the number, and see that the certificate is that of the name."""
        bare = socket.create_connection((self._number, self.port), self.timeout)
        try:
            self.sock = self._context_of_name.wrap_socket(bare, server_hostname=self.host)
        except OSError:
            bare.close()
            raise
