"""Every route against everybody: visitor, coordinator without second factor, coordinator, administrator."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from werkzeug.routing import Rule

from services_dir import clock
from services_dir.accounts import operations
from services_dir.accounts.guards import ANYONE, TOKEN, who_may_open
from services_dir.accounts.models import Role
from services_dir.accounts.rules import Permission
from services_dir.db import transaction
from tests.contracts.test_pages import address, filled
from tests.support.client import Visitor
from tests.support.factories import make_account
from tests.support.statements import counted_statements

__all__ = ["filled"]

pytestmark = pytest.mark.sqlite

# What everybody may open, because a session begins or ends there.
_DOORS = ("/sign-in", "/workspace/sign-out")
VISITOR, HALF, COORDINATOR, ADMINISTRATOR = "visitor", "without second factor", "coordinator", "administrator"


@pytest.fixture
def people(filled, session):
    """One of each, with a session of her own; nobody has one for long, so each asks with a fresh one."""
    coordinator = make_account(session, Role.COORDINATOR)
    administrator = make_account(session, Role.ADMINISTRATOR)
    visitors = {name: Visitor(filled) for name in (VISITOR, HALF, COORDINATOR, ADMINISTRATOR)}

    def sign_in_all() -> None:
        visitors[COORDINATOR].sign_in(session, coordinator)
        visitors[ADMINISTRATOR].sign_in(session, administrator)
        with transaction(session):
            token = operations.begin_session(
                session, administrator.id, device="test", key=filled.secret_key, at=clock.now()
            )
        with visitors[HALF].http.session_transaction("/workspace") as cookie:
            cookie[TOKEN] = token

    return visitors, sign_in_all


def routes(app) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not rule.rule.startswith(_DOORS)
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def may(name: str, guard: str | None) -> bool:
    if guard == ANYONE:
        return True
    allowed = {COORDINATOR: {Permission.REVIEW}, ADMINISTRATOR: set(Permission)}.get(name)
    return allowed is not None and (guard not in set(Permission) or guard in allowed)


def is_let_in(visit) -> bool:
    """Nobody is let in who is sent to sign in or told that her account may not."""
    sent_away = visit.status == 303 and "/sign-in" in (visit.location or "")
    told = visit.status == 403 and "Your account may not do this" in visit.text
    asked = visit.status == 403 and "You are signed out" in visit.text
    return not (sent_away or told or asked)


@contextmanager
def sent_and_kept(app):
    """Collect what a request writes into the database, but for when a session was seen and tries."""
    kept: list[str] = []
    with counted_statements(app) as statements:
        yield kept
    unimportant = ("signed_in", "throttle")
    kept += [
        said
        for said in statements
        if not said.lstrip().upper().startswith("SELECT") and not any(name in said for name in unimportant)
    ]


def test_each_route_opens_to_those_it_is_for_and_to_nobody_else(filled, people):
    visitors, sign_in_all = people
    wrong = []
    for rule, method in routes(filled):
        guard = who_may_open(filled.view_functions[rule.endpoint])
        sign_in_all()
        for name, visitor in visitors.items():
            visit = visitor.look(address(rule), method=method, data={} if method == "POST" else None)
            assert visit.status < 500, f"{method} {rule.rule} as {name}: {visit.status}"
            if is_let_in(visit) != may(name, guard):
                wrong.append(f"{method} {rule.rule} as {name}: {visit.status} {visit.location}")
    assert wrong == []


def test_no_post_of_the_workspace_does_anything_without_the_pages_token(filled, people, session):
    visitors, sign_in_all = people
    for rule, method in routes(filled):
        if method == "POST" and rule.rule.startswith("/workspace"):
            sign_in_all()
            with sent_and_kept(filled) as kept:
                visit = visitors[ADMINISTRATOR].look(address(rule), method="POST", data={"nonsense": "x"})
            assert kept == [], f"{rule.rule}: {visit.status} {visit.location} {kept}"
