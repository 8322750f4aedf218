"""The session cookie: only below /sign-in and /workspace, by construction."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask, Request
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface

_PATHS_WITH_SESSION = ("/sign-in", "/workspace")


class NoSession(NullSession):
    """Stands in on public pages: reading finds nothing, writing is a mistake in the code."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError(
            "public pages have no session: flash(), csrf_token() and session[...] = ... "
            "work only below /sign-in and /workspace"
        )

    __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _refuse


class WorkspaceOnlySessions(SecureCookieSessionInterface):
    """Sessions of Flask that exist in the workspace and nowhere else."""

    null_session_class = NoSession

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie in the workspace; elsewhere give None, so that Flask makes a NoSession."""
        return super().open_session(app, request) if has_session(request.path) else None


def has_session(path: str) -> bool:
    """Tell whether pages at this path have a session."""
    return (path + "/").startswith(tuple(f"{prefix}/" for prefix in _PATHS_WITH_SESSION))


def use_workspace_sessions(app: Flask, *, base_url: str) -> None:
    """Set up the cookie. It ends with the browser and holds a token, the CSRF secret and flash sentences.

    SameSite is Lax: with Strict, a link in a mail to a coordinator would open as if she were signed out.
    Every deed is a POST with a token, so Lax lets nobody act for her.
    """
    is_https = base_url.startswith("https://")
    app.session_interface = WorkspaceOnlySessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-workspace" if is_https else "workspace",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, so that a long review is not refused
    )
