"""The second step of signing in, and setting up an app at the first: all that a password alone opens."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts import operations, passkeys, rules, sealing
from services_dir.accounts.forms import CodeForm, PasskeyForm, RecoveryCodeForm
from services_dir.accounts.guards import HalfSignedIn, find_half_signed_in, look_up_account, public
from services_dir.accounts.pages import AppPage, CodePage, RecoveryCodesPage
from services_dir.accounts.views.blueprint import (
    HOME,
    bp,
    ceremony,
    complete_session,
    passkey_button,
    retry_after,
    too_many_tries,
    wanted_page,
)
from services_dir.db import transaction
from services_dir.errors import N_, InvalidError
from services_dir.web.context import secret_key
from services_dir.web.errors import sentence
from services_dir.web.requests import network

_STALE = N_("That took long. For your safety, please begin again with your password.")


@bp.get("/sign-in/code")
@public
def ask_code() -> ResponseReturnValue:
    """Ask for the second factor of somebody who gave her password."""
    half = find_half_signed_in()
    if half is None:
        return _begin_again()
    if not half.has_app:
        return redirect(url_for("accounts.show_set_up", next=request.args.get("next")), code=303)
    return _show_code(half, request.args.get("next"))


@bp.post("/sign-in/code")
@public
def take_code() -> ResponseReturnValue:
    """Take a code of the app. A try is committed before it is looked at."""
    half = find_half_signed_in()
    if half is None:
        return _begin_again()
    form, at = CodeForm(request.form), clock.now()
    if not form.validate():
        return _show_code(half, form.next.data, form=form), 422
    with transaction() as writing:
        wait = operations.count_code_try(writing, half.account_id, network(), at=at)
    if wait is not None:
        form.code.errors = [too_many_tries(wait)]
        return _show_code(half, form.next.data, form=form), 429, retry_after(wait)
    with transaction() as writing:
        is_right = operations.check_app_code(
            writing, half.account_id, form.code.data or "", key=secret_key(), at=at
        )
    if not is_right:
        form.code.errors = [
            _(
                "This code is not right, or it was used before. Wait for the next one, "
                "and check the clock of your phone."
            )
        ]
        return _show_code(half, form.next.data, form=form), 422
    complete_session(half.account_id, half.email, instead_of=half.session_id)
    return redirect(wanted_page(form.next.data), code=303)


@bp.post("/sign-in/recovery-code")
@public
def take_recovery_code() -> ResponseReturnValue:
    """Take a recovery code in place of the app."""
    half = find_half_signed_in()
    if half is None:
        return _begin_again()
    form, at = RecoveryCodeForm(request.form), clock.now()
    if not form.validate():
        return _show_code(half, form.next.data, recovery=form), 422
    with transaction() as writing:
        wait = operations.count_recovery_try(writing, half.account_id, network(), at=at)
    if wait is not None:
        form.recovery_code.errors = [too_many_tries(wait)]
        return _show_code(half, form.next.data, recovery=form), 429, retry_after(wait)
    with transaction() as writing:
        is_right = operations.use_recovery_code(
            writing, half.account_id, form.recovery_code.data or "", at=at
        )
    if not is_right:
        form.recovery_code.errors = [_("This is not one of your recovery codes, or it was used before.")]
        return _show_code(half, form.next.data, recovery=form), 422
    complete_session(half.account_id, half.email, instead_of=half.session_id)
    flash(N_("You used a recovery code. Did you lose your phone? Then set up another app on this page."))
    return redirect(url_for("accounts.own"), code=303)


@bp.post("/sign-in/code/passkey")
@public
def take_passkey() -> ResponseReturnValue:
    """Take a passkey in place of a code."""
    half = find_half_signed_in()
    if half is None:
        return _begin_again()
    sent, form, at = PasskeyForm(request.form), CodeForm(None), clock.now()
    try:
        if not sent.validate():
            raise InvalidError(N_("This page was open for very long. Please try again."))
        answer = passkeys.read_answer(ceremony(), sent.answer.data or "", at=at)
    except InvalidError as error:
        form.form_errors.append(sentence(error))
        return _show_code(half, sent.next.data, form=form), 422
    with transaction() as writing:
        found = operations.answer_passkey(
            writing, ceremony(), answer, verified=False, account_id=half.account_id, at=at
        )
    if found is None:
        form.form_errors.append(_("This passkey does not belong to this account."))
        return _show_code(half, sent.next.data, form=form), 422
    complete_session(half.account_id, half.email, instead_of=half.session_id)
    return redirect(wanted_page(sent.next.data), code=303)


@bp.get("/sign-in/set-up")
@public
def show_set_up() -> ResponseReturnValue:
    """Show somebody without a second factor how to set up an app."""
    half = find_half_signed_in()
    if half is None or half.has_app:
        return _begin_again()
    form = CodeForm(None)
    form.next.data = request.args.get("next")
    return _show_app(half, form)


@bp.post("/sign-in/set-up")
@public
def set_up() -> ResponseReturnValue:
    """Set up the app if its code is right; show the recovery codes, this once."""
    half = find_half_signed_in()
    if half is None or half.has_app:
        return _begin_again()
    form = CodeForm(request.form)
    if not form.validate():
        return _show_app(half, form, 422)
    at = clock.now()
    codes: tuple[str, ...] = ()
    with transaction() as writing:
        if operations.set_up_app(
            writing, half.account_id, half.session_id, form.code.data or "", key=secret_key(), at=at
        ):
            codes = operations.make_recovery_codes(writing, half.account_id, at=at)
    if not codes:
        form.code.errors = [
            _("This code is not right. Type the one the app shows now, and check the clock of your phone.")
        ]
        return _show_app(half, form, 422)
    complete_session(half.account_id, half.email, instead_of=half.session_id)
    look_up_account()  # the page that follows is one of somebody who is signed in
    page = RecoveryCodesPage.build(codes, is_first=True, goes_to=wanted_page(form.next.data))
    return render_template("accounts/recovery_codes.html", page=page)


def _begin_again() -> ResponseReturnValue:
    """Send on who is signed in; ask anybody else for the password."""
    if look_up_account() is not None:
        return redirect(HOME, code=303)
    flash(_STALE)
    return redirect(url_for("accounts.sign_in", next=rules.local_path(request.values.get("next"))), code=303)


def _show_code(
    half: HalfSignedIn,
    wanted: str | None,
    *,
    form: CodeForm | None = None,
    recovery: RecoveryCodeForm | None = None,
) -> str:
    form, recovery = form or CodeForm(None), recovery or RecoveryCodeForm(None)
    for each in (form, recovery):
        each.next.data = wanted
    button = passkey_button(half.account_id, verified=False, wanted=wanted)
    page = CodePage.build(half.email, form, recovery, button)
    return render_template("accounts/code.html", page=page)


def _show_app(half: HalfSignedIn, form: CodeForm, status: int = 200) -> ResponseReturnValue:
    secret = sealing.unseal(half.pending_secret, secret_key())
    if secret is None:
        return _begin_again()
    page = AppPage.build(form, secret, email=half.email, is_first=True)
    return render_template("accounts/app.html", page=page), status
