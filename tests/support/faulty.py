"""A made-up API of HSDS that does nearly everything wrong, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

ID = "ac148810-d857-441c-9679-408f346de14b"
OTHER = "bc148810-d857-441c-9679-408f346de14b"
TERM = "cc148810-d857-441c-9679-408f346de14b"


def _service(number: int, **changes: Any) -> dict[str, Any]:
    owner = {"id": OTHER, "name": "Made-up", "description": "Made-up"}
    return {"id": ID, "name": f"Made-up {number}", "status": "open", "organization": owner} | changes


class _Faulty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts, path = urlsplit(self.path), urlsplit(self.path).path
        args = {name: held[0] for name, held in parse_qs(parts.query).items()}
        if path == "/":
            self._send({"version": 3.1, "profile": "no address", "openapi_url": "nowhere"})
        elif path == "/services":
            attribute = {
                "id": TERM,
                "link_type": "service_category",
                "taxonomy_term": {"id": TERM, "name": "x", "description": "x", "parent_id": OTHER},
            }
            place = {"id": OTHER, "location_type": "virtual", "latitude": 41.7}
            at = {"id": TERM, "location": place, "metadata": [{"id": TERM, "previous_value": "1 Old Street"}]}
            record = _service(
                1,
                description=None,
                url="www.example.org",
                last_modified="2026-01-02T10:00:00",
                attributes=[attribute],
                service_at_locations=[at],
            )
            contents = [record, _service(2, id="2", email="")]
            if "organization_id" in args:
                contents = [_service(1, organization_id=TERM)]
            page = {
                "total_items": 5,
                "total_pages": 2,
                "page_number": 1,
                "size": 7,
                "first_page": True,
                "last_page": True,
                "empty": True,
                "contents": contents,
            }
            self._send(page)
        elif path == "/taxonomies":
            self._send(["a list"])
        else:
            self.send_error(500 if path.startswith("/services/") else 404)

    def _send(self, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "visitor=1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class _Busy(BaseHTTPRequestHandler):
    """Answers every other request with 429, then sends the rest to another host."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        if type(self).asked % 2:
            self.send_response(429)
            self.send_header("Retry-After", "7")
        else:
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def faulty_api() -> Any:
    """Serve the faulty API and give its address."""
    return _serving(_Faulty)


def busy_api() -> Any:
    """Serve one that is too busy at first and then leads to a file."""
    return _serving(_Busy)
