"""What a request can reach of the application: its settings, and the address others know it by."""

from __future__ import annotations

from typing import cast

from flask import current_app, has_request_context, request

from services_dir.settings import Settings


def settings() -> Settings:
    """Give the settings the application was made with."""
    return cast(Settings, current_app.config["SETTINGS"])


def absolute(path: str) -> str:
    """Give the whole address of a path, for people who read it elsewhere: in a mail, on paper.

    Without a public address in the settings it is that of the request, or the one this machine serves at.
    """
    base = settings().base_url or (
        request.host_url if has_request_context() else current_app.config["SERVED_AT"]
    )
    return f"{base.rstrip('/')}{path}"


def secret_key() -> str:
    """Give the key of this register, from which keys for each purpose are derived."""
    return str(current_app.config["SECRET_KEY"])
