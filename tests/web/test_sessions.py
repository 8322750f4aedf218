"""The session cookie: where it exists, what it may do, and what happens elsewhere."""

from __future__ import annotations

import pytest
from flask import Flask, flash, request, session
from flask_wtf.csrf import generate_csrf

from services_dir.web.sessions import has_session, use_workspace_sessions

PUBLIC = ["/", "/programs", "/es/programs", "/es/workspace", "/sign-inn", "/workspaces", "/a/workspace"]
WITH_SESSION = ["/sign-in", "/sign-in/link/abc", "/workspace", "/workspace/", "/workspace/sessions"]


def make_app(base_url=""):
    app = Flask("small")
    app.secret_key = "only for this test"
    use_workspace_sessions(app, base_url=base_url)

    @app.get("/<path:_path>")
    @app.get("/", defaults={"_path": ""})
    def touch(_path: str) -> str:
        deeds = {
            "write": lambda: session.update(word="x"),
            "flash": lambda: flash("Done."),
            "csrf": generate_csrf,
            "read": lambda: session.get("word"),
            "clear": session.clear,
        }
        deeds[request.args["deed"]]()
        return "done"

    return app


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("deed", ["write", "flash", "csrf", "clear"])
def test_on_public_pages_writing_to_the_session_is_a_mistake_that_says_so(path, deed):
    client = make_app().test_client()
    client.application.testing = True

    with pytest.raises(RuntimeError, match="public pages have no session"):
        client.get(f"{path}?deed={deed}")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_neither_set_nor_depend_on_a_cookie(path):
    client = make_app().test_client()
    client.get("/workspace?deed=write")

    answer = client.get(f"{path}?deed=read")

    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    assert not has_session(path)


@pytest.mark.parametrize("path", WITH_SESSION)
def test_the_workspace_has_a_session_that_scripts_and_other_sites_cannot_use(path):
    answer = make_app().test_client().get(f"{path}?deed=write")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("workspace=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Expires" not in cookie
    assert has_session(path)


def test_behind_https_the_cookie_never_travels_in_the_open():
    answer = make_app("https://services.example.org").test_client().get("/workspace?deed=write")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-workspace=")
    assert "; Secure" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie
