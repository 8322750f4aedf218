"""Reading a partner's addresses over HTTP: bounded in bytes and time, patient, and never led elsewhere."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from services_dir.errors import N_, InvalidError
from services_dir.exchange.connecting import Answer, request, resolve, split_address

_MB = 1_000_000
_AGAIN = (429, 500, 502, 503, 504)
_MOVED = (301, 302, 307, 308)
_AGENT = "services-dir (HSDS reader)"


@dataclass(frozen=True)
class Bounds:
    """How much is read of a partner, and how long it is waited for (seconds)."""

    page_bytes: int = 50 * _MB
    total_bytes: int = 4_000 * _MB
    pages: int = 50_000
    seconds: float = 4 * 3600
    timeout: float = 60
    tries: int = 6
    longest_wait: float = 120
    redirects: int = 3


@dataclass
class Client:
    """Reads JSON from one host. `sleep` waits; tests hand in their own."""

    base: str
    allows_private: bool = False
    bounds: Bounds = Bounds()
    sleep: Callable[[float], None] = time.sleep
    started: float = field(default_factory=time.monotonic)
    read: int = 0
    server_time: datetime | None = None

    def get(self, path: str) -> Any:
        """Give the document at a path below the base; None where there is none (404).

        Raises InvalidError with what is wrong: no answer, another host, too much, no JSON.
        """
        address = f"{self.base}/{path.lstrip('/')}" if path else self.base
        for attempt in range(self.bounds.tries):
            if time.monotonic() - self.started > self.bounds.seconds:
                raise InvalidError(N_("The partner took too long; nothing was changed."))
            try:
                answer = self._follow(address)
            except (OSError, http.client.HTTPException) as error:
                reason = str(error) or type(error).__name__
                if attempt + 1 == self.bounds.tries:
                    message = N_("The partner does not answer: {reason}")
                    raise InvalidError(message, reason=reason) from error
                self.sleep(self._wait(attempt, None))
                continue
            if answer.status in _AGAIN and attempt + 1 < self.bounds.tries:
                self.sleep(self._wait(attempt, answer.headers.get("retry-after")))
                continue
            if answer.status in (404, 410):
                return None
            if answer.status != http.HTTPStatus.OK:
                message = N_("The partner answers {status} at {path}.")
                raise InvalidError(message, status=answer.status, path=path)
            return self._decoded(answer.body, path)
        raise InvalidError(N_("The partner does not answer: {reason}"), reason="429")

    def _decoded(self, body: bytes, path: str) -> Any:
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            message = N_("What the partner answers at {path} is no JSON: {reason}")
            raise InvalidError(message, path=path, reason=str(error)) from error

    def _wait(self, attempt: int, said: str | None) -> float:
        """Give the seconds to wait: as the partner says, else twice as long each time."""
        seconds: float = 2**attempt
        if said is not None:
            try:
                seconds = float(said)
            except ValueError:
                with suppress(ValueError, TypeError):
                    seconds = (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
        return min(max(seconds, 0.0), self.bounds.longest_wait)

    def _follow(self, address: str) -> Answer:
        for _hop in range(self.bounds.redirects + 1):
            answer = self._request(address)
            if answer.status not in _MOVED:
                return answer
            target = urljoin(address, answer.headers.get("location", ""))
            if urlsplit(target)[:2] != urlsplit(self.base)[:2]:
                raise InvalidError(N_("The partner leads to another host, and that is not followed."))
            address = target
        raise InvalidError(N_("The partner leads from one address to the next without end."))

    def _request(self, address: str) -> Answer:
        room = min(self.bounds.page_bytes, self.bounds.total_bytes - self.read)
        answer = request(
            address,
            allows_private=self.allows_private,
            timeout=self.bounds.timeout,
            most=room,
            headers={"Accept": "application/json", "User-Agent": _AGENT, "Accept-Encoding": "identity"},
        )
        self.read += len(answer.body)
        if self.server_time is None and "date" in answer.headers:
            self.server_time = _read_date(answer.headers["date"])
        return answer


def check_address(address: str, *, allows_private: bool) -> str:
    """Give the base of an interface without the last slash. Raises InvalidError if it must not be read."""
    parts = split_address(address.strip())
    resolve(parts, allows_private=allows_private)
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _read_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
