"""Who may open a page: each view says so, directly below its route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services_dir import clock, policy
from services_dir.accounts import operations, queries, rules
from services_dir.accounts.models import Role, SignedIn
from services_dir.accounts.pages import ProveFirstPage, SignedOutPage
from services_dir.accounts.rules import PERMISSIONS, Permission
from services_dir.db import db, transaction
from services_dir.errors import N_, ForbiddenError

View = TypeVar("View", bound=Callable[..., Any])

TOKEN: Final = "token"  # where the cookie keeps the session's token
ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed-in"
_MARK: Final = "_who_may_open"


@dataclass(frozen=True)
class CurrentAccount:
    """The account that is signed in, as plain values."""

    id: int
    email: str
    name: str
    role: Role
    session_id: int
    proved_at: datetime  # when the password or a passkey was last given

    def may(self, permission: Permission) -> bool:
        """Tell whether this account has a permission."""
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True)
class HalfSignedIn:
    """Somebody who gave her password, and has still to give or to set up the second factor."""

    account_id: int
    email: str
    session_id: int
    has_app: bool
    pending_secret: str | None  # sealed


def public(view: View) -> View:
    """Let anyone open this view."""
    setattr(view, _MARK, ANYONE)
    return view


def signed_in(view: View) -> View:
    """Let any account open this view; ask others to sign in."""
    return _guarded(view, SIGNED_IN, None)


def requires(permission: Permission) -> Callable[[View], View]:
    """Let accounts with a permission open this view; ask others to sign in."""

    def decorate(view: View) -> View:
        return _guarded(view, permission.value, permission)

    return decorate


def fresh(view: View) -> View:
    """Ask for the password again if it was given long ago: for grave deeds, below `requires` or `signed_in`.

    Put it on the page with the form as well as on the post that it sends: the post then has some minutes
    more, so that nobody loses what she typed.
    """

    @wraps(view)
    def proved(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        is_read = request.method in ("GET", "HEAD")
        within = timedelta(minutes=policy.get(db.session, "proof_minutes"))
        if not is_read:
            within += rules.PROOF_GRACE
        if rules.is_fresh(account().proved_at, within=within, at=clock.now()):
            return cast("ResponseReturnValue", view(*args, **kwargs))
        if is_read:
            return redirect(url_for("accounts.prove", next=_here()), code=303)
        return make_response(render_template("accounts/prove_first.html", page=ProveFirstPage.build()), 403)

    return cast("View", proved)


def who_may_open(view: Callable[..., Any]) -> str | None:
    """Give what a view says: "anyone", "signed-in", a permission's value, or None if it says nothing."""
    return getattr(view, _MARK, None)


def account() -> CurrentAccount:
    """Give the account that is signed in. Only for views that are guarded."""
    current = find_account()
    if current is None:
        raise RuntimeError("account() was called in a view that anyone may open")
    return current


def find_account() -> CurrentAccount | None:
    """Give the account that a guard or `look_up_account` found in this request, or None."""
    return cast("CurrentAccount | None", g.get("current_account"))


def look_up_account() -> CurrentAccount | None:
    """Read whose session the cookie belongs to, and keep the answer for this request."""
    if "current_account" not in g:
        g.current_account = _read_account()
    return find_account()


def find_half_signed_in() -> HalfSignedIn | None:
    """Give who gave a password in this browser and still owes the second factor, or None."""
    token = session.get(TOKEN)
    row = queries.find_unconfirmed(db.session, token, clock.now()) if isinstance(token, str) else None
    if row is None:
        return None
    person = row.account
    return HalfSignedIn(person.id, person.email, row.id, person.totp_secret is not None, row.pending_secret)


def _guarded(view: View, mark: str, permission: Permission | None) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        current = look_up_account()
        if current is None:
            return _ask_to_sign_in()
        if permission is not None and not current.may(permission):
            raise ForbiddenError(N_("Your account may not do this. Ask an administrator."))
        return cast("ResponseReturnValue", view(*args, **kwargs))

    setattr(guarded, _MARK, mark)
    return cast("View", guarded)


def _read_account() -> CurrentAccount | None:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    at = clock.now()
    row = queries.find_session(db.session, token, at)
    if row is None:
        return None
    current = _plain(row)
    if at - row.seen_at >= timedelta(minutes=1):
        with transaction() as writing:
            operations.note_seen(writing, current.session_id, at=at)
    return current


def _plain(row: SignedIn) -> CurrentAccount:
    person = row.account
    return CurrentAccount(person.id, person.email, person.name, person.role, row.id, row.proved_at)


def _here() -> str:
    return request.full_path if request.query_string else request.path


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send a reader to the sign-in page, or on to its next step; tell a writer how to keep what was typed."""
    if request.method not in ("GET", "HEAD"):
        return make_response(render_template("accounts/signed_out.html", page=SignedOutPage.build()), 403)
    half = find_half_signed_in()
    if half is None:
        return redirect(url_for("accounts.sign_in", next=_here()), code=303)
    step = "accounts.ask_code" if half.has_app else "accounts.show_set_up"
    return redirect(url_for(step, next=_here()), code=303)
