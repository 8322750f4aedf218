"""One's own account: name, password, app, recovery codes, passkeys, sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts import operations, passkeys, queries, sealing
from services_dir.accounts.forms import CodeForm, NewPasskeyForm, OwnPasswordForm, ProfileForm
from services_dir.accounts.guards import account, fresh, signed_in
from services_dir.accounts.models import SignedIn
from services_dir.accounts.pages import (
    AppPage,
    OfferAppPage,
    OwnPage,
    OwnPasswordPage,
    PasskeyLine,
    PasskeysPage,
    RecoveryCodesPage,
    SessionsPage,
)
from services_dir.accounts.passwords import NewPassword
from services_dir.accounts.views.blueprint import (
    bp,
    ceremony,
    check_button,
    new_passkey_button,
    retry_after,
    too_many_tries,
)
from services_dir.db import db, transaction
from services_dir.errors import N_, NotFoundError, ServicesDirError
from services_dir.web.context import secret_key
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import SOURCE_LANGUAGE


@bp.get("/workspace/account")
@signed_in
def own() -> ResponseReturnValue:
    """Show one's own account."""
    person = queries.get_account(db.session, account().id)
    form = ProfileForm(None)
    form.name.data, form.language.data = person.name, person.language or SOURCE_LANGUAGE
    return _show_own(form)


@bp.post("/workspace/account")
@signed_in
def change_own() -> ResponseReturnValue:
    """Change one's name and the language of one's mail."""
    form = ProfileForm(request.form)
    if not form.validate():
        return _show_own(form), 422
    with transaction() as writing:
        operations.change_profile(
            writing, account().id, name=form.name.data or "", language=form.language.data, at=clock.now()
        )
    flash(N_("Your account is changed."))
    return _to_own()


@bp.get("/workspace/account/password")
@signed_in
def show_password() -> ResponseReturnValue:
    """Show the form for another password."""
    form = OwnPasswordForm(None, account_email=account().email)
    return render_template("accounts/password.html", page=OwnPasswordPage.build(form))


@bp.post("/workspace/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change one's password; all other sessions end."""
    current = account()
    form = OwnPasswordForm(request.form, account_email=current.email)
    if not form.validate():
        return _show_password(form), 422
    with transaction() as writing:
        wait = operations.count_proof_try(writing, current.session_id, at=clock.now())
    if wait is not None:
        form.current.errors = [too_many_tries(wait)]
        return _show_password(form), 429, retry_after(wait)
    if not operations.is_own_password(db.session, current.id, form.current.data or ""):
        form.current.errors = [_("This is not your password.")]
        return _show_password(form), 422
    password = NewPassword.of(form.password.data or "", current.email)  # before the transaction begins
    with transaction() as writing:
        at = clock.now()
        operations.change_password(writing, current.id, password, this_session=current.session_id, at=at)
        operations.note_proof(writing, current.session_id, at=at)
    flash(N_("Your password is changed. All your other sessions are ended."))
    return _to_own()


@bp.post("/workspace/account/app/new")
@signed_in
@fresh
def offer_app() -> ResponseReturnValue:
    """Make the secret for another app."""
    check_button()
    with transaction() as writing:
        operations.offer_app(writing, account().session_id, key=secret_key())
    return redirect(url_for("accounts.show_app"), code=303)


@bp.get("/workspace/account/app")
@signed_in
@fresh
def show_app() -> ResponseReturnValue:
    """Show the secret for another app, or first ask whether there shall be one."""
    return _show_app(CodeForm(None))


@bp.post("/workspace/account/app")
@signed_in
@fresh
def set_up_app() -> ResponseReturnValue:
    """Take another app in place of the one before, if its code is right."""
    form, current = CodeForm(request.form), account()
    if not form.validate():
        return _show_app(form, 422)
    with transaction() as writing:
        is_right = operations.set_up_app(
            writing, current.id, current.session_id, form.code.data or "", key=secret_key(), at=clock.now()
        )
    if not is_right:
        form.code.errors = [
            _("This code is not right. Type the one the app shows now, and check the clock of your phone.")
        ]
        return _show_app(form, 422)
    flash(N_("The app is set up. Codes of the app before are worth nothing now."))
    return _to_own()


@bp.get("/workspace/account/recovery-codes")
@signed_in
@fresh
def show_recovery_codes() -> ResponseReturnValue:
    """Ask before new recovery codes are made."""
    return _show_codes(())


@bp.post("/workspace/account/recovery-codes")
@signed_in
@fresh
def make_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, this once."""
    check_button()
    with transaction() as writing:
        codes = operations.make_recovery_codes(writing, account().id, at=clock.now())
    return _show_codes(codes)


@bp.get("/workspace/account/passkeys")
@signed_in
@fresh
def show_passkeys() -> ResponseReturnValue:
    """List one's passkeys."""
    return _show_passkeys(NewPasskeyForm(None))


@bp.post("/workspace/account/passkeys")
@signed_in
@fresh
def add_passkey() -> ResponseReturnValue:
    """Add the passkey that the browser has just made."""
    form, at = NewPasskeyForm(request.form), clock.now()
    if not form.validate():
        return _show_passkeys(form), 422
    try:
        key, challenge = passkeys.read_new(ceremony(), form.answer.data or "", at=at)
        with transaction() as writing:
            operations.add_passkey(
                writing, account().id, key, challenge, name=form.passkey_name.data or "", at=at
            )
    except ServicesDirError as error:
        form.form_errors.append(sentence(error))
        return _show_passkeys(form), 422
    flash(N_("The passkey is added. You can sign in with it from now on."))
    return redirect(url_for("accounts.show_passkeys"), code=303)


@bp.post("/workspace/account/passkeys/<int(max=2147483647):passkey_id>/remove")
@signed_in
@fresh
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Remove one of one's own passkeys."""
    check_button()
    with transaction() as writing:
        if not operations.remove_passkey(writing, account().id, passkey_id, at=clock.now()):
            raise NotFoundError(N_("There is no such passkey."))
    flash(N_("The passkey is removed. It opens nothing here any more."))
    return redirect(url_for("accounts.show_passkeys"), code=303)


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
    check_button()
    with transaction() as writing:
        operations.end_session(writing, account().id, session_id, by=account().id, at=clock.now())
    flash(N_("That session is ended."))
    return redirect(url_for("accounts.sessions"), code=303)


@bp.post("/workspace/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions of one's own but this one."""
    check_button()
    current = account()
    with transaction() as writing:
        operations.end_sessions(writing, current.id, by=current.id, at=clock.now(), but=current.session_id)
    flash(N_("All other sessions are ended."))
    return redirect(url_for("accounts.sessions"), code=303)


def _to_own() -> ResponseReturnValue:
    return redirect(url_for("accounts.own"), code=303)


def _show_own(form: ProfileForm) -> str:
    current, at = account(), clock.now()
    page = OwnPage(
        title=_("Your account"),
        email=current.email,
        role=current.role,
        profile=form,
        codes_left=queries.count_recovery_codes(db.session, current.id),
        passkeys=[PasskeyLine.build(row, at) for row in queries.list_passkeys(db.session, current.id)],
        sessions=len(queries.list_sessions(db.session, current.id, at)),
    )
    return render_template("accounts/own.html", page=page)


def _show_password(form: OwnPasswordForm) -> str:
    return render_template("accounts/password.html", page=OwnPasswordPage.build(form))


def _show_app(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    current = account()
    row = db.session.get(SignedIn, current.session_id)
    secret = sealing.unseal(row.pending_secret, secret_key()) if row is not None else None
    if secret is None:
        offer = OfferAppPage(_("Set up another app"), WorkspaceForm(None))
        return render_template("accounts/another_app.html", page=offer)
    page = AppPage.build(form, secret, email=current.email, is_first=False)
    return render_template("accounts/app.html", page=page), status


def _show_codes(codes: tuple[str, ...]) -> str:
    page = RecoveryCodesPage.build(codes, is_first=False, goes_to=url_for("accounts.own"))
    return render_template("accounts/recovery_codes.html", page=page)


def _show_passkeys(form: NewPasskeyForm) -> str:
    current, at = account(), clock.now()
    page = PasskeysPage(
        title=_("Passkeys"),
        passkeys=[PasskeyLine.build(row, at) for row in queries.list_passkeys(db.session, current.id)],
        new=new_passkey_button(current.id, current.email, form),
        button=WorkspaceForm(None),
    )
    return render_template("accounts/passkeys.html", page=page)
