"""Accounts for tests, and visitors who are signed in."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts import operations
from services_dir.accounts.models import Account, Role
from services_dir.accounts.passwords import hash_password
from services_dir.db import db, transaction
from tests.support.client import Visit, Visitor

PASSWORD = "two words of mine"
_HASH = hash_password(PASSWORD)


def make_account(
    session: Session,
    email: str = "ana@example.org",
    *,
    role: Role = Role.COORDINATOR,
    name: str = "Ana Example",
    at: datetime | None = None,
) -> Account:
    """Add an account whose password is PASSWORD. The caller commits."""
    account = operations.add_account(session, email, role, by=None, at=at or clock.now(), name=name)
    account.password_hash = _HASH
    session.flush()
    return account


def signed_in_visitor(
    app: Flask, email: str = "ana@example.org", *, role: Role = Role.COORDINATOR, at: datetime | None = None
) -> Visitor:
    """Give a visitor who is signed in with a new account, without going through the form."""
    visitor = Visitor(app)
    with app.app_context(), transaction() as session:
        account = make_account(session, email, role=role)
        token = operations.sign_in(session, account.id, device="Firefox on Linux", at=at or clock.now())
    with app.app_context():
        db.session.rollback()
    with visitor.http.session_transaction("/workspace") as cookie:
        cookie["token"] = token
    return visitor


def send(
    visitor: Visitor, path: str, data: dict | None = None, *, shown_at: str = "", status: int = 303
) -> Visit:
    """Send a form of the workspace with the CSRF token of the page that shows it."""
    page = visitor.get(shown_at or path).page
    token = page.all("input", name="csrf_token")[0].get("value")
    return visitor.post(path, {"csrf_token": token, **(data or {})}, status=status)
