"""Somebody who visits pages and reads each of them with care."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, template_rendered
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from services_dir import clock
from services_dir.accounts import operations
from services_dir.accounts.guards import TOKEN
from services_dir.accounts.models import Account
from services_dir.db import transaction
from services_dir.web.languages import translated
from tests.support.markup import Markup

# What a title on a public page must not give away to somebody who looks over a shoulder.
TELLING = (
    "traffick",
    "victim",
    "survivor",
    "sobrevivient",
    "víctim",
    "trata de personas",
    "shelter",
    "refugio",
)
CONTENT_SECURITY_POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}

# A file that was handed in is saved; if it is shown all the same, nothing in it may run.
DOWNLOAD_POLICY = {"default-src 'none'", "sandbox", "base-uri 'none'", "frame-ancestors 'none'"}
_DOWNLOADS = "/council/files/"

# What programs read may be kept by who asked, and is asked for anew; everything else is kept nowhere.
_KEPT = (
    "/hsds",
    "/data/programs.",
    "/data/changes.",
    "/data/withdrawn.",
    "/es/data/changes.",
    "/es/data/withdrawn.",
    "/es/data/programs.",
    "/sitemap.xml",
)

# The templates that careful eyes have read so far, in this process.
read_templates: set[str] = set()


def is_public(path: str) -> bool:
    """Tell whether a path lies outside the only places with a session."""
    return not path.startswith(("/sign-in", "/workspace"))


def is_spanish(path: str) -> bool:
    """Tell whether an address is that of a page in Spanish."""
    return path.partition("?")[0].rstrip("/").startswith("/es") and path[3:4] in ("", "/", "?")


@dataclass(frozen=True)
class Visit:
    """An answer, and how it reads."""

    path: str
    response: TestResponse

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """The body as text."""
        return self.response.get_data(as_text=True)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return self.response.get_json()

    @property
    def location(self) -> str | None:
        """Where the answer sends the visitor."""
        return self.response.headers.get("Location")

    @cached_property
    def page(self) -> Markup:
        """The body as a page."""
        return Markup(self.text)


class Visitor:
    """Opens pages of an application and fails at the first thing wrong with one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()

    def get(self, path: str, *, status: int = 200, **kwargs: Any) -> Visit:
        """Open an address and read what comes; anything but this status fails the test."""
        return self._visit("GET", path, status, kwargs)

    def post(self, path: str, data: Any = None, *, status: int = 303, **kwargs: Any) -> Visit:
        """Send a form and read what comes."""
        return self._visit("POST", path, status, {"data": data, **kwargs})

    def head(self, path: str, *, status: int = 200, **kwargs: Any) -> Visit:
        """Ask for the head of an answer only."""
        return self._visit("HEAD", path, status, kwargs)

    def look(self, path: str, *, method: str = "GET", **kwargs: Any) -> Visit:
        """Open an address whatever comes, and read it with the same care."""
        return self._visit(method, path, None, kwargs)

    def follow(self, visit: Visit, *, status: int = 200) -> Visit:
        """Go where an answer sends the visitor."""
        assert visit.location, f"{visit.path} sends nobody on: {visit.status}"
        return self.get(visit.location, status=status)

    def submit(
        self, visit: Visit, changes: dict[str, Any], *, action: str | None = None, status: int = 303
    ) -> Visit:
        """Send a form of a page: as it came, with these fields changed (None leaves a field out)."""
        form = visit.page.form(action)
        data: dict[str, Any] = {**form.values, **changes}
        sent = {name: value for name, value in data.items() if value is not None}
        return self.post(form.action or visit.path, sent, status=status)

    def sign_in(self, session: Session, account: Account) -> None:
        """Begin a session of an account, as after the right password."""
        with transaction(session):
            token = operations.sign_in(session, account.id, device="test", at=clock.now())
        with self.http.session_transaction("/workspace") as cookie:
            cookie[TOKEN] = token

    def _visit(self, method: str, path: str, status: int | None, kwargs: dict[str, Any]) -> Visit:
        rendered: list[tuple[str, str | None]] = []

        def note(_app: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
            title = getattr(context.get("page"), "title", None)
            rendered.append((template.name, None if title is None else translated(str(title))))

        with template_rendered.connected_to(note, self.app):
            visit = Visit(path, self.http.open(path, method=method, buffered=True, **kwargs))
        if status is not None:
            assert visit.status == status, (
                f"{method} {path}: {visit.status}, not {status}\n{visit.text[:2000]}"
            )
        check_headers(visit)
        is_read = method != "HEAD" and not 300 <= visit.status < 400  # a redirect is never shown
        if is_read and visit.response.mimetype == "text/html" and visit.text:
            if visit.text.lstrip()[:9].lower() == "<!doctype":
                promised = rendered[-1][1] if rendered else None
                check_page(visit, promised)
            read_templates.update(name for name, _title in rendered if name)
        return visit


def check_headers(visit: Visit) -> None:
    """Hold an answer to what every answer promises (DESIGN, decision 8)."""
    headers = visit.response.headers
    where = f"{visit.path} ({visit.status})"
    policy = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";") if part.strip()}
    is_download = visit.path.startswith(_DOWNLOADS) and visit.status < 400
    promised = DOWNLOAD_POLICY if is_download else CONTENT_SECURITY_POLICY
    assert policy == promised, f"{where}: {sorted(policy ^ promised)}"
    assert headers.get("Referrer-Policy") == "same-origin", where
    assert headers.get("X-Content-Type-Options") == "nosniff", where
    if visit.path.startswith(_KEPT) and visit.status < 400:
        assert headers.get("Cache-Control") == "private, no-cache", where
    elif not visit.path.startswith("/static/"):
        assert headers.get("Cache-Control") == "no-store", f"{where}: {headers.get('Cache-Control')}"
    if is_public(visit.path):
        assert "Set-Cookie" not in headers, f"{where} sets a cookie"
        assert "cookie" not in headers.get("Vary", "").lower(), f"{where} depends on a cookie"


def check_page(visit: Visit, promised: str | None = None) -> None:
    """Read a page with care and hold it to its title; one assertion names everything wrong with it."""
    page = visit.page
    faults = list(page.faults())
    expected = "es" if is_spanish(visit.path) else "en"
    if page.root.get("lang") != expected:
        faults.append(f"lang is {page.root.get('lang')!r}, not {expected!r}")
    if promised is not None and promised not in page.title:
        faults.append(f"the title is {page.title!r}, not {promised!r}")
    if is_public(visit.path):
        faults += [
            f"the title {page.title!r} tells: {word}" for word in TELLING if word in page.title.lower()
        ]
    assert not faults, f"{visit.path}:\n" + "\n".join(f"  {fault}" for fault in faults)
