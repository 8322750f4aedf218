"""Guards: who may open a view, and what a view says about it."""

from __future__ import annotations

import pytest

from services_dir.accounts.guards import account, find_account, public, requires, signed_in, who_may_open
from services_dir.accounts.models import Role
from services_dir.accounts.rules import Permission
from tests.support.client import Visitor
from tests.support.factories import make_account

pytestmark = pytest.mark.sqlite

PATHS = {
    "/workspace/try-signed-in": signed_in,
    "/workspace/try-review": requires(Permission.REVIEW),
    "/workspace/try-administer": requires(Permission.ADMINISTER),
}


@pytest.fixture
def guarded_app(own_app):
    def who():
        return f"{account().email} {account().role}"

    for number, (path, guard) in enumerate(PATHS.items()):
        own_app.add_url_rule(path, f"try_{number}", guard(who), methods=["GET", "POST"])
    own_app.add_url_rule("/try-public", "try_public", public(lambda: str(find_account())))
    return own_app


@pytest.mark.parametrize(
    ("role", "statuses"),
    [(None, [303, 303, 303]), (Role.COORDINATOR, [200, 200, 403]), (Role.ADMINISTRATOR, [200, 200, 200])],
)
def test_each_page_opens_for_those_who_may_open_it(guarded_app, session, role, statuses):
    visitor = Visitor(guarded_app)
    if role:
        visitor.sign_in(session, make_account(session, role, email="ana@example.org"))

    answers = [visitor.look(path) for path in PATHS]

    assert [answer.status for answer in answers] == statuses
    for answer in answers:
        assert answer.status != 200 or answer.text == f"ana@example.org {role}"
        assert answer.status != 403 or "Ask an administrator" in answer.text


def test_a_stranger_is_led_back_to_where_she_wanted_to_go(guarded_app):
    visitor = Visitor(guarded_app)

    assert visitor.get("/workspace/try-review?kind=new", status=303).location == (
        "/sign-in?next=/workspace/try-review?kind%3Dnew"
    )
    assert visitor.head("/workspace/try-review", status=303).location == "/sign-in?next=/workspace/try-review"
    visitor.post("/workspace/try-review", {}, status=403)


def test_a_public_page_does_not_know_who_is_signed_in(guarded_app, session):
    visitor = Visitor(guarded_app)
    visitor.sign_in(session, make_account(session))

    assert visitor.get("/try-public").text == "None"


def test_a_view_says_who_may_open_it():
    def view():
        return ""

    assert who_may_open(view) is None
    assert who_may_open(signed_in(view)) == "signed-in"
    assert who_may_open(requires(Permission.REVIEW)(view)) == "review"
    assert who_may_open(requires(Permission.ADMINISTER)(view)) == "administer"
    assert who_may_open(view) is None
    assert who_may_open(public(view)) == "anyone"


def test_asking_for_the_account_on_an_unguarded_page_is_a_mistake(app):
    with app.test_request_context("/workspace"), pytest.raises(RuntimeError, match="anyone may open"):
        account()
