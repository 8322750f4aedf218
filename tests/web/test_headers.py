"""Headers of every answer."""

from __future__ import annotations

import gzip

import pytest


@pytest.mark.parametrize(
    ("path", "status"),
    [("/safety", 200), ("/nowhere", 404), ("/fails/down", 503), ("/fails/bug", 500), ("/exit", 303)],
)
def test_every_answer_says_what_may_be_loaded_kept_and_told(visitor, path, status):
    headers = visitor.get(path, status=status).response.headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_texts_are_packed_for_browsers_that_accept_it(visitor):
    plain = visitor.get("/safety")
    packed = visitor.http.get("/safety", headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.response.data
    assert len(packed.data) < len(plain.response.data) / 2
    assert "Content-Encoding" not in plain.response.headers


def test_a_browser_that_refuses_packing_gets_it_plain(visitor):
    answer = visitor.http.get("/safety", headers={"Accept-Encoding": "gzip;q=0"})

    assert "Content-Encoding" not in answer.headers


def test_pages_with_a_session_are_never_packed(small_app, visitor):
    small_app.add_url_rule("/workspace/long", view_func=lambda: "word " * 1000)

    answer = visitor.http.get("/workspace/long", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
