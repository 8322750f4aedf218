"""People with an account as they sign in: password, then a code of their app.

`sign_in(visitor, role)` goes through the pages; `Visitor.sign_in(session, account)` only begins a session.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask

from services_dir import clock
from services_dir.accounts import operations, sealing, totp
from services_dir.accounts.models import Account, Role
from services_dir.accounts.passwords import NewPassword
from services_dir.db import transaction
from tests.support.client import Visit, Visitor
from tests.support.factories import PASSWORD, next_number


@dataclass
class App:
    """The app on somebody's phone: gives codes that were not used before."""

    secret: str
    last_step: int = field(default=0)

    def code(self) -> str:
        """Give the next code that is good now; where it was used already, wait for a further one."""
        step = max(totp.step_at(clock.now()), self.last_step + 1)
        while step > totp.step_at(clock.now()) + 1:  # a clock may be half a minute ahead, not more
            time.sleep(0.5)
        self.last_step = step
        return totp.code_at(self.secret, step)

    def code_at(self, at: datetime) -> str:
        """Give the code that the app shows at a moment."""
        return totp.code_at(self.secret, totp.step_at(at.astimezone(UTC)))


@dataclass
class Person:
    """Somebody with an account, and what she signs in with."""

    id: int
    email: str
    password: str
    app: App
    recovery_codes: tuple[str, ...]


def make_person(
    app: Flask,
    role: Role = Role.COORDINATOR,
    *,
    email: str | None = None,
    name: str = "Alex Made-up",
    password: str = PASSWORD,
) -> Person:
    """Add an account with a password, an app and recovery codes."""
    email = email or f"person-{next_number()}@example.org"
    secret, at = totp.new_secret(), clock.now()
    hashed = NewPassword.of(password, email)
    with app.app_context(), transaction() as session:
        account = operations.add_account(session, email, role, name=name, by=None, at=at)
        account.password_hash = hashed.hash
        give_app(app, account, secret)
        codes = operations.make_recovery_codes(session, account.id, at=at)
        return Person(account.id, account.email, password, App(secret), codes)


def give_app(app: Flask, account: Account, secret: str) -> App:
    """Set up an app for an account, in the transaction that is open."""
    account.totp_secret, account.totp_last_step = sealing.seal(secret, app.config["SECRET_KEY"]), 0
    return App(secret)


def sign_in(visitor: Visitor, role: Role = Role.COORDINATOR, **changes: str) -> Person:
    """Make somebody with an account and a role, and sign her in on the pages."""
    person = make_person(visitor.app, role, **changes)
    enter(visitor, person)
    return person


def enter(visitor: Visitor, person: Person, *, wanted: str = "") -> Visit:
    """Sign in on the pages: the password, then a code. Gives the answer to the code."""
    form = visitor.get(f"/sign-in?next={wanted}" if wanted else "/sign-in")
    answer = visitor.submit(form, {"email": person.email, "password": person.password}, action="/sign-in")
    return visitor.submit(visitor.follow(answer), {"code": person.app.code()}, action="/sign-in/code")
