"""What a person sees when something does not work."""

from __future__ import annotations

import json

import pytest
from gunicorn.http.errors import InvalidChunkSize

from services_dir.web.hotlines import FILE, Hotline, HotlineNumber, remember_hotlines, remembered_hotlines
from tests.web.conftest import SECRET

LINE = Hotline("lamp-line", "Lamp Line", (HotlineNumber("hotline", "+18605550199"),))


def test_an_address_that_leads_nowhere_offers_a_search(visitor):
    page = visitor.get("/nowhere", status=404).page

    assert page.one("form", role="search").get("action") == "/programs"
    assert page.one("input", name="q") is not None


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("missing", 404, "There is no lamp."),
        ("gone", 410, "It is no longer listed."),
        ("conflict", 409, "Somebody was faster."),
    ],
)
def test_an_error_gives_its_sentence_and_its_status(visitor, kind, status, sentence):
    page = visitor.get(f"/fails/{kind}", status=status).page

    assert sentence in page.text
    assert page.all("form", role="search")


def test_a_wrong_method_says_which_ones_work(visitor):
    visit = visitor.post("/safety", status=405)

    assert "GET" in visit.response.headers["Allow"]
    assert "cannot be used in that way" in visit.page.text


def test_a_body_that_is_too_large_is_refused_in_words(visitor):
    visit = visitor.post("/letter", data={"text": "x" * 1_100_000}, status=413)

    assert "less than one megabyte" in visit.page.text


def test_a_form_with_too_many_fields_is_refused_in_words(visitor):
    visitor.post(
        "/letter", data={f"f{n}": "x" for n in range(3000)}, status=413, content_type="multipart/form-data"
    )


def test_a_failing_database_shows_the_lines_last_published(visitor, home):
    remember_hotlines(home, [LINE])

    visit = visitor.get("/fails/down", status=503)

    assert visit.response.headers["Retry-After"] == "60"
    assert "Lamp Line" in visit.page.text
    assert "tel:+18605550199" in visit.page.links
    assert "tel:911" in visit.page.links


@pytest.mark.parametrize("kind", ["down", "damaged"])
def test_a_failing_database_is_told_from_a_mistake_of_ours(visitor, kind):
    visitor.get(f"/fails/{kind}", status=503)


def test_a_mistake_of_ours_says_nothing_of_what_was_asked(visitor):
    visit = visitor.get("/fails/bug", status=500)

    assert SECRET not in visit.text
    assert "RuntimeError" not in visit.text
    assert "The mistake is ours." in visit.page.text


def test_an_error_page_that_fails_itself_still_names_911(small_app, visitor):
    del small_app.jinja_env.globals["navigation"]

    answer = visitor.http.get("/fails/down")

    assert answer.status_code == 503
    assert "Call 911" in answer.text


def test_a_host_that_no_address_can_have_gets_a_few_words(visitor):
    answer = visitor.http.get("/safety", headers={"Host": "x" * 5000})

    assert answer.status_code == 400
    assert "Call 911" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers


def test_a_body_that_breaks_off_is_not_a_mistake_of_ours(small_app, visitor):
    @small_app.post("/broken")
    def broken() -> str:
        raise InvalidChunkSize(b"zz")

    assert visitor.post("/broken", status=400).page.heading == "Not understood"


@pytest.mark.parametrize(("kind", "status"), [("missing", 404), ("down", 503), ("bug", 500)])
def test_an_address_of_json_answers_in_json(visitor, kind, status):
    answer = visitor.http.get(f"/fails/{kind}.json")

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["status"] == status
    assert SECRET not in answer.text


def test_an_unforeseen_status_of_flask_gets_a_page_too(small_app, visitor):
    @small_app.get("/teapot")
    def teapot() -> str:
        from flask import abort

        return abort(418)

    assert visitor.get("/teapot", status=418).page.heading == "Not understood"


def test_lines_are_kept_whole_and_read_back(home):
    remember_hotlines(home, [LINE])

    assert remembered_hotlines(home) == (LINE,)
    assert [path.name for path in home.iterdir()] == [FILE]


@pytest.mark.parametrize("content", ["", "{", '[{"name": 1}]', "\x00"])
def test_a_damaged_file_of_lines_means_none(home, content):
    (home / FILE).write_text(content)

    assert remembered_hotlines(home) == ()


def test_lines_that_did_not_change_are_not_written_again(home):
    remember_hotlines(home, [LINE])
    before = (home / FILE).stat().st_ino

    remember_hotlines(home, [LINE])

    assert (home / FILE).stat().st_ino == before
