"""Asking our own API in this process: no server needs to run, and none waits for itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import current_app

from services_dir.exchange.checks.asking import Answer, Params


@dataclass
class SelfAsker:
    """Asks the application as a visitor would; it is counted as one of its own."""

    base: str = "/hsds"
    visitor: str = field(default_factory=lambda: f"self-check-{secrets.token_hex(4)}")

    def __call__(
        self, path: str, params: Params | None = None, *, method: str = "GET", headers: Params | None = None
    ) -> Answer:
        """Ask for a path below the base, or for an address of ours."""
        address = urlsplit(path).path if "://" in path else f"{self.base}{path}"
        is_post = method == "POST"
        with current_app.test_client(use_cookies=False) as client:
            response = client.open(
                address,
                method=method,
                headers=dict(headers or {}),
                environ_overrides={"REMOTE_ADDR": self.visitor},
                data=params if is_post else None,
                query_string=None if is_post else params,
            )
            given = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, given, response.get_data())
