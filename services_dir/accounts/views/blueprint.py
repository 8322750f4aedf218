"""What the routes of accounts have in common: their blueprint, bare buttons, and the next session."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, g, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from services_dir import clock
from services_dir.accounts import operations, passkeys, queries, rules
from services_dir.accounts.forms import NewPasskeyForm, PasskeyForm
from services_dir.accounts.guards import TOKEN, find_account
from services_dir.accounts.pages import PasskeyButton
from services_dir.accounts.passkeys import Ceremony
from services_dir.db import db, transaction
from services_dir.errors import N_, ForbiddenError
from services_dir.web.context import secret_key
from services_dir.web.forms import WorkspaceForm
from services_dir.web.requests import network, site_address

HOME = "/workspace"

bp = Blueprint("accounts", __name__)


@bp.app_context_processor
def _who_is_here() -> dict[str, object]:
    """Give templates `find_account()`, None on public pages, and `workspace_form()` for a bare button."""
    return {"find_account": find_account, "workspace_form": lambda: WorkspaceForm(None)}


def check_button() -> None:
    """Raise ForbiddenError if a form that is only a button did not come from our page."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))


def too_many_tries(wait: timedelta) -> str:
    """Say how long somebody must wait who tried too often."""
    if wait < timedelta(hours=1):
        return _("There were too many tries. Wait five minutes, then try again.")
    if wait < timedelta(days=1):
        return _("There were too many tries. Wait an hour, then try again.")
    return _("There were too many tries today. Try again tomorrow, or ask an administrator for a link.")


def retry_after(wait: timedelta) -> dict[str, str]:
    """Give the header that says the same to a program."""
    return {"Retry-After": str(int(wait.total_seconds()))}


def begin_session(account_id: int) -> None:
    """Put a fresh token into an emptied cookie, good for nothing but the second step of signing in."""
    device = rules.device_name(request.user_agent.string)
    with transaction() as writing:
        token = operations.begin_session(writing, account_id, device=device, key=secret_key(), at=clock.now())
    _keep(token)


def complete_session(account_id: int, email: str, *, instead_of: int | None) -> None:
    """Put a fresh token into an emptied cookie: somebody proved wholly who she is."""
    device = rules.device_name(request.user_agent.string)
    at = clock.now()
    with transaction() as writing:
        operations.forget_tries(writing, account_id, email, network(), at=at)
        token = operations.sign_in(writing, account_id, device=device, at=at, instead_of=instead_of)
    _keep(token)


def _keep(token: str) -> None:
    session.clear()
    for cached in ("csrf_token", "current_account"):  # of the session before
        g.pop(cached, None)
    session[TOKEN] = token


def ceremony() -> Ceremony:
    """Give our side of a passkey ceremony with this browser."""
    generate_csrf()  # makes the secret of the cookie if there is none yet
    return Ceremony(
        origin=site_address(),
        name=_("Services directory"),
        key=secret_key(),
        browser=str(session.get("csrf_token", "")),
    )


def passkey_button(
    account_id: int | None = None, *, verified: bool = True, wanted: str | None = None
) -> PasskeyButton | None:
    """Give a button for proving oneself with a passkey, or None where that is not possible.

    For an account: with one of its passkeys, None if it has none. Without: as the whole sign-in.
    `verified`: the device asks for a finger, a face or a PIN.
    """
    ours = ceremony()
    known = (
        []
        if account_id is None
        else [row.credential_id for row in queries.list_passkeys(db.session, account_id)]
    )
    if not ours.is_possible or (account_id is not None and not known):
        return None
    form = PasskeyForm(None)
    form.next.data = wanted
    options = passkeys.ask_to_prove(ours, known=known, verified=verified, at=clock.now())
    return PasskeyButton(options, form)


def new_passkey_button(account_id: int, email: str, form: NewPasskeyForm) -> PasskeyButton | None:
    """Give a button for making a passkey, or None where that is not possible."""
    ours = ceremony()
    if not ours.is_possible:
        return None
    known = [row.credential_id for row in queries.list_passkeys(db.session, account_id)]
    options = passkeys.ask_to_make(ours, account_id=account_id, email=email, known=known, at=clock.now())
    return PasskeyButton(options, form)


def wanted_page(text: str | None) -> str:
    """Give where somebody wants to go after signing in: a page of the workspace, else its home."""
    return rules.local_path(text) or HOME
