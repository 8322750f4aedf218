"""Signing in and out: the password, a passkey as the whole of it, and one-time links."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts import letters, operations, passkeys, queries, tokens
from services_dir.accounts.forms import PasskeyForm, PasswordForm, SignInForm
from services_dir.accounts.guards import account, look_up_account, public, signed_in
from services_dir.accounts.models import LinkPurpose, OneTimeLink
from services_dir.accounts.pages import LinkPage, SignInPage
from services_dir.accounts.passwords import NewPassword
from services_dir.accounts.views.blueprint import (
    begin_session,
    bp,
    ceremony,
    check_button,
    complete_session,
    passkey_button,
    retry_after,
    too_many_tries,
    wanted_page,
)
from services_dir.db import db, transaction
from services_dir.errors import N_, InvalidError
from services_dir.web.errors import sentence
from services_dir.web.requests import network, site_address


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; somebody who is signed in goes on at once."""
    wanted = request.args.get("next")
    if look_up_account() is not None:
        return redirect(wanted_page(wanted), code=303)
    form = SignInForm(None)
    form.next.data = wanted
    return _show_sign_in(form)


@bp.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Take the password, then ask for the second factor. A try is committed before it is looked at."""
    form = SignInForm(request.form)
    if not form.validate():
        return _show_sign_in(form), 422
    email, password = form.email.data or "", form.password.data or ""
    with transaction() as writing:
        wait = operations.count_try(writing, email, network(), at=clock.now())
    if wait is not None:
        form.password.errors = [too_many_tries(wait)]
        return _show_sign_in(form), 429, retry_after(wait)
    account_id = operations.find_account_to_sign_in(db.session, email, password)
    if account_id is None:
        form.password.errors = [_("This e-mail and this password do not belong together.")]
        return _show_sign_in(form), 422
    begin_session(account_id)
    return redirect(url_for("accounts.ask_code", next=wanted_page(form.next.data)), code=303)


@bp.post("/sign-in/passkey")
@public
def enter_with_passkey() -> ResponseReturnValue:
    """Sign in with nothing but a passkey that asked for a finger, a face or a PIN."""
    form = PasskeyForm(request.form)
    at = clock.now()
    with transaction() as writing:
        wait = operations.count_passkey_try(writing, network(), at=at)
    if wait is not None:
        return _passkey_refused(form, too_many_tries(wait)), 429, retry_after(wait)
    if not form.validate():
        return _passkey_refused(form, _("This page was open for very long. Please try again.")), 422
    try:
        answer = passkeys.read_answer(ceremony(), form.answer.data or "", at=at)
    except InvalidError as error:
        return _passkey_refused(form, sentence(error)), 422
    with transaction() as writing:
        account_id = operations.answer_passkey(writing, ceremony(), answer, verified=True, at=at)
    if account_id is None:
        return _passkey_refused(form, _("This passkey is not known here. Use your password.")), 422
    complete_session(account_id, queries.get_account(db.session, account_id).email, instead_of=None)
    return redirect(wanted_page(form.next.data), code=303)


@bp.post("/workspace/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session."""
    check_button()
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
    """Choose a password with a one-time link; the second factor is next."""
    link = tokens.get_link(db.session, token, clock.now())
    form = _link_form(link)
    if not form.validate():
        return _show_link(form, link), 422
    password = NewPassword.of(form.password.data or "", form.email_to_be)  # before the transaction begins
    with transaction() as writing:
        person = operations.choose_password(
            writing, token, password, email=form.typed_email, name=form.typed_name, at=clock.now()
        )
        account_id = person.id
        if tokens.find_last_purpose(writing, account_id) is LinkPurpose.RECOVERY:
            letters.tell_recovered(writing, person, site_address(), at=clock.now())
    begin_session(account_id)
    return redirect(url_for("accounts.ask_code"), code=303)


def _link_form(link: OneTimeLink) -> PasswordForm:
    formdata = request.form if request.method == "POST" else None
    if link.account_id is None:
        return PasswordForm(formdata, purpose=link.purpose)
    person = queries.get_account(db.session, link.account_id)
    return PasswordForm(formdata, purpose=link.purpose, account_email=person.email, account_name=person.name)


def _email_of(link: OneTimeLink) -> str | None:
    return None if link.account_id is None else queries.get_account(db.session, link.account_id).email


def _passkey_refused(sent: PasskeyForm, reason: str) -> str:
    form = SignInForm(None)
    form.next.data = sent.next.data
    form.form_errors.append(reason)
    return _show_sign_in(form)


def _show_sign_in(form: SignInForm) -> str:
    page = SignInPage.build(form, passkey_button(wanted=form.next.data))
    return render_template("accounts/sign_in.html", page=page)


def _show_link(form: PasswordForm, link: OneTimeLink) -> str:
    return render_template("accounts/link.html", page=LinkPage.build(form, _email_of(link)))
