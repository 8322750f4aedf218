"""Asking an API over HTTP: bounded in requests, bytes and time, patient where it says so (429)."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urljoin

from services_dir.errors import N_, InvalidError
from services_dir.exchange.connecting import Answer, request, split_address

_AGENT = "services-dir (hsds check)"
_MOVED = (301, 302, 303, 307, 308)
_REDIRECTS = 3
Params = Mapping[str, str]


class Asker(Protocol):
    """Something that can be asked: an API over HTTP, or our own in this process."""

    base: str

    def __call__(
        self, path: str, params: Params | None = None, *, method: str = "GET", headers: Params | None = None
    ) -> Answer:
        """Ask for a path below the base. Raises InvalidError if nothing comes back."""
        ...


@dataclass(frozen=True)
class Bounds:
    """How much is asked for at most; times in seconds."""

    requests: int = 400
    bytes: int = 20_000_000  # of one answer
    seconds: float = 600
    timeout: float = 30
    longest_wait: float = 120


@dataclass
class HttpAsker:
    """Asks a base address. Where `allows_private` is false only machines of the public network are asked."""

    base: str
    bounds: Bounds = field(default_factory=Bounds)
    allows_private: bool = True
    sleep: Callable[[float], None] = time.sleep
    asked: int = 0
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.base = self.base.strip().rstrip("/")
        split_address(self.base)

    def __call__(
        self, path: str, params: Params | None = None, *, method: str = "GET", headers: Params | None = None
    ) -> Answer:
        """Ask once, or again after as long as a 429 asks to wait. Raises InvalidError."""
        address = path if "://" in path else f"{self.base}{path}"
        sent = urlencode(params or {})
        while True:
            self._count()
            answer = self._follow(address, sent, method, headers or {})
            wait = answer.headers.get("retry-after", "")
            if answer.status != http.HTTPStatus.TOO_MANY_REQUESTS or not wait.isdecimal():
                return answer
            if time.monotonic() - self.started + float(wait) > self.bounds.seconds:
                return answer
            self.sleep(min(float(wait), self.bounds.longest_wait))

    def _count(self) -> None:
        self.asked += 1
        if self.asked > self.bounds.requests:
            raise InvalidError(N_("This needs more requests than are made."))
        if time.monotonic() - self.started > self.bounds.seconds:
            raise InvalidError(N_("This takes longer than is waited for."))

    def _follow(self, address: str, sent: str, method: str, headers: Params) -> Answer:
        if method == "GET" and sent:
            address = f"{address}?{sent}"
        for _hop in range(_REDIRECTS + 1):
            try:
                answer = request(
                    address,
                    allows_private=self.allows_private,
                    timeout=self.bounds.timeout,
                    most=self.bounds.bytes,
                    method=method,
                    body=sent if method == "POST" else None,
                    headers={**_headers(method), **headers},
                )
            except (OSError, http.client.HTTPException) as error:
                message = N_("{address} does not answer: {reason}")
                reason = str(error) or type(error).__name__
                raise InvalidError(message, address=address.partition("?")[0], reason=reason) from error
            if answer.status not in _MOVED or "location" not in answer.headers:
                return answer
            address = urljoin(address, answer.headers["location"])
        raise InvalidError(N_("{address} leads from one address to the next."), address=address)


def _headers(method: str) -> dict[str, str]:
    form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    return {"Accept": "application/json", "User-Agent": _AGENT} | form
