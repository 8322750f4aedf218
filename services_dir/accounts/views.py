"""Routes of accounts: sign in and out, one-time links, one's own sessions."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts import operations, queries, rules, tokens
from services_dir.accounts.forms import PasswordForm, SignInForm
from services_dir.accounts.guards import (
    TOKEN,
    account,
    find_account,
    look_up_account,
    public,
    signed_in,
)
from services_dir.accounts.models import OneTimeLink
from services_dir.accounts.pages import LinkPage, SessionsPage, SignInPage
from services_dir.db import db, transaction
from services_dir.errors import N_, ForbiddenError
from services_dir.web.forms import WorkspaceForm

HOME = "/workspace"

bp = Blueprint("accounts", __name__)


@bp.app_context_processor
def _who_is_here() -> dict[str, object]:
    """Give templates `find_account()`, None on public pages, and `workspace_form()` for a bare button."""
    return {"find_account": find_account, "workspace_form": lambda: WorkspaceForm(None)}


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; somebody who is signed in goes on at once."""
    wanted = rules.local_path(request.args.get("next"))
    if look_up_account() is not None:
        return redirect(wanted or HOME, code=303)
    form = SignInForm(None)
    form.next.data = wanted
    return _show_sign_in(form)


@bp.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Sign in. Each try is counted and committed before the password is looked at."""
    form = SignInForm(request.form)
    if not form.validate():
        return _show_sign_in(form), 422
    email, password, at = form.email.data or "", form.password.data or "", clock.now()
    with transaction() as writing:
        wait = operations.count_try(writing, email, request.remote_addr or "", at=at)
    if wait is not None:
        form.password.errors = [_too_many_tries(wait)]
        return _show_sign_in(form), 429, {"Retry-After": str(int(wait.total_seconds()))}
    account_id = operations.find_account_to_sign_in(db.session, email, password)
    if account_id is None:
        form.password.errors = [_("This e-mail and this password do not belong together.")]
        return _show_sign_in(form), 422
    _begin_session(account_id)
    return redirect(rules.local_path(form.next.data) or HOME, code=303)


@bp.post("/workspace/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session."""
    _check_button()
    current = account()
    with transaction() as writing:
        operations.end_session(writing, current.id, current.session_id, by=current.id, at=clock.now())
    session.clear()
    flash(N_("You are signed out."))
    return redirect(url_for("accounts.sign_in"), code=303)


@bp.get("/sign-in/link/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Show what a one-time link is for; a mail scanner that opens it uses nothing up."""
    link = tokens.get_link(db.session, token, clock.now())
    return _show_link(_link_form(link), link)


@bp.post("/sign-in/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Choose a password with a one-time link, and be signed in."""
    link = tokens.get_link(db.session, token, clock.now())
    form = _link_form(link)
    if not form.validate():
        return _show_link(form, link), 422
    with transaction() as writing:
        person = operations.choose_password(
            writing,
            token,
            form.password.data or "",
            email=form.typed_email,
            name=form.typed_name,
            at=clock.now(),
        )
        account_id = person.id
    _begin_session(account_id)
    flash(N_("Your password is saved, and you are signed in."))
    return redirect(HOME, code=303)


@bp.get("/workspace/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    """List where this account is signed in."""
    at = clock.now()
    rows = queries.list_sessions(db.session, account().id, at)
    page = SessionsPage.build(rows, this_one=account().session_id, at=at)
    return render_template("accounts/sessions.html", page=page)


@bp.post("/workspace/sessions/<int(max=2147483647):session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session of one's own."""
    _check_button()
    with transaction() as writing:
        operations.end_session(writing, account().id, session_id, by=account().id, at=clock.now())
    flash(N_("That session is ended."))
    return redirect(url_for("accounts.sessions"), code=303)


@bp.post("/workspace/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions of one's own but this one."""
    _check_button()
    current = account()
    with transaction() as writing:
        operations.end_sessions(writing, current.id, by=current.id, at=clock.now(), but=current.session_id)
    flash(N_("All other sessions are ended."))
    return redirect(url_for("accounts.sessions"), code=303)


def _too_many_tries(wait: timedelta) -> str:
    if wait < timedelta(days=1):
        return _("There were too many tries. Wait five minutes, then try again.")
    return _("There were too many tries today. Try again tomorrow, or ask an administrator for a link.")


def _begin_session(account_id: int) -> None:
    """Put a fresh token into an emptied cookie."""
    device = rules.device_name(request.user_agent.string)
    with transaction() as writing:
        token = operations.sign_in(writing, account_id, device=device, at=clock.now())
    session.clear()
    session[TOKEN] = token


def _check_button() -> None:
    """Raise ForbiddenError if a form that is only a button did not come from our page."""
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))


def _link_form(link: OneTimeLink) -> PasswordForm:
    formdata = request.form if request.method == "POST" else None
    return PasswordForm(formdata, purpose=link.purpose, account_email=_email_of(link) or "")


def _email_of(link: OneTimeLink) -> str | None:
    return None if link.account_id is None else queries.get_account(db.session, link.account_id).email


def _show_sign_in(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", page=SignInPage.build(form))


def _show_link(form: PasswordForm, link: OneTimeLink) -> str:
    return render_template("accounts/link.html", page=LinkPage.build(form, _email_of(link)))
