"""Two registers exchange their catalogs over HTTP until they are equal, withdrawals included."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask

from services_dir import clock
from services_dir.catalog.queries import list_public_programs
from services_dir.db import transaction
from services_dir.errors import InvalidError
from services_dir.exchange.imports import running
from services_dir.exchange.imports.fetching import Bounds, Client, check_address
from services_dir.moderation.operations import withdraw
from services_dir.settings import Settings
from tests.support.factories import (
    draft_hidden_site,
    draft_phone,
    draft_program,
    draft_site,
    make_program,
)
from tests.support.serving import serving_app

pytestmark = pytest.mark.sqlite


@pytest.fixture
def other(tmp_path, sqlite_template):
    """A second register with a database and a home of its own."""
    import shutil

    from services_dir.app import create_app
    from services_dir.db import db

    home = tmp_path / "other"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "services.sqlite")
    app = create_app(Settings.from_environment({"SERVICES_DIR_HOME": str(home)}))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def watch(app: Flask, address: str):
    """Let a register follow an interface for one round."""
    with app.app_context():
        options = running.Options("Partner", f"{address}/hsds")
        return running.watch_address(options, by=None, at=clock.now(), publishes=True, allows_private=True)[1]


def published(app: Flask):
    """Give what anybody may see in a register, without what each says of its own dates and numbers."""
    from services_dir.db import db

    with app.app_context():
        programs = list_public_programs(db.session)
        db.session.rollback()
    return {
        one.id: (one.slug, one.texts, one.phones, one.sites, one.service_areas, one.categories)
        for one in programs
    }


def test_two_registers_exchange_until_both_are_equal(app, other, session):
    at = clock.now() - timedelta(days=2)
    first = make_program(session, draft_program(sites=(draft_site(), draft_hidden_site())), at=at)
    make_program(session, draft_program(name="Second"), at=at)
    with serving_app(app) as address:
        watch(other, address)
        assert published(other) == published(app)
        assert len(published(app)) == 2

        with transaction(session):
            withdraw(session, first, by=None, at=clock.now())
        make_program(session, draft_program(name="Third", phones=(draft_phone("+18605550177"),)))
        watch(other, address)
        assert published(other) == published(app)
        assert len(published(other)) == 2

        assert not watch(other, address).get("published")
    with serving_app(other) as address:
        watch(app, address)
    assert published(app) == published(other)


class Partner(BaseHTTPRequestHandler):
    """Answers as told, one answer after the other."""

    answers: list[tuple[int, dict[str, str], object]] = []
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        status, headers, body = self.answers.pop(0)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


@pytest.fixture
def partner():
    """A partner on this machine and its address."""
    server = HTTPServer(("127.0.0.1", 0), Partner)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def read(partner, *answers, **bounds):
    Partner.answers, waited = list(answers), []
    client = Client(partner, allows_private=True, bounds=Bounds(**bounds), sleep=waited.append)
    return client.get("services"), waited


def test_a_busy_partner_is_asked_again_when_it_says(partner):
    answer, waited = read(
        partner, (429, {"Retry-After": "7"}, {}), (503, {}, {}), (200, {}, {"contents": []})
    )

    assert answer == {"contents": []}
    assert waited == [7, 2]


@pytest.mark.parametrize(
    ("answers", "bounds", "sentence"),
    [
        ([(302, {"Location": "http://elsewhere.example/"}, {})], {}, "leads to another host"),
        ([(302, {"Location": "file:///etc/passwd"}, {})], {}, "leads to another host"),
        ([(200, {}, b"x" * 5000)], {"page_bytes": 1000}, "more than is read at once"),
        ([(200, {}, b"<html>")], {}, "no JSON"),
        ([(403, {}, {})], {}, "answers 403"),
        ([(500, {}, {})] * 2, {"tries": 2}, "answers 500"),
        ([(302, {"Location": "/services"}, {})] * 4, {}, "without end"),
    ],
)
def test_a_partner_that_does_not_answer_well_is_told_in_a_sentence(partner, answers, bounds, sentence):
    with pytest.raises(InvalidError, match=sentence):
        read(partner, *answers, **bounds)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/hsds",
        "http://localhost:80",
        "http://169.254.169.254/latest",
        "http://10.0.0.1",
        "http://[::1]/",
    ],
)
def test_an_address_of_this_machine_or_a_private_network_is_refused(address):
    with pytest.raises(InvalidError, match="private network"):
        check_address(address, allows_private=False)


@pytest.mark.parametrize(
    "address", ["ftp://partner.example/", "partner.example", "https://user:word@partner.example"]
)
def test_what_is_no_plain_web_address_is_refused(address):
    with pytest.raises(InvalidError, match="no address of the web"):
        check_address(address, allows_private=True)
