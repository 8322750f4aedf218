"""The password once more, or a passkey, before something grave."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts import operations, passkeys
from services_dir.accounts.forms import PasskeyForm, ProveForm
from services_dir.accounts.guards import account, signed_in
from services_dir.accounts.pages import ProvePage
from services_dir.accounts.views.blueprint import (
    bp,
    ceremony,
    passkey_button,
    retry_after,
    too_many_tries,
    wanted_page,
)
from services_dir.db import db, transaction
from services_dir.errors import N_, InvalidError
from services_dir.web.errors import sentence


@bp.get("/workspace/prove")
@signed_in
def prove() -> ResponseReturnValue:
    """Ask who it is that sits there now."""
    form = ProveForm(None)
    form.next.data = request.args.get("next")
    return _show(form)


@bp.post("/workspace/prove")
@signed_in
def take_proof() -> ResponseReturnValue:
    """Take the password. A try is committed before it is looked at."""
    form, current = ProveForm(request.form), account()
    if not form.validate():
        return _show(form), 422
    with transaction() as writing:
        wait = operations.count_proof_try(writing, current.session_id, at=clock.now())
    if wait is not None:
        form.password.errors = [too_many_tries(wait)]
        return _show(form), 429, retry_after(wait)
    if not operations.is_own_password(db.session, current.id, form.password.data or ""):
        form.password.errors = [_("This is not your password.")]
        return _show(form), 422
    return _go_on(form.next.data)


@bp.post("/workspace/prove/passkey")
@signed_in
def take_proof_by_passkey() -> ResponseReturnValue:
    """Take a passkey in place of the password."""
    sent, form, current, at = PasskeyForm(request.form), ProveForm(None), account(), clock.now()
    form.next.data = sent.next.data
    try:
        if not sent.validate():
            raise InvalidError(N_("This page was open for very long. Please try again."))
        answer = passkeys.read_answer(ceremony(), sent.answer.data or "", at=at)
    except InvalidError as error:
        form.form_errors.append(sentence(error))
        return _show(form), 422
    with transaction() as writing:
        found = operations.answer_passkey(
            writing, ceremony(), answer, verified=True, account_id=current.id, at=at
        )
    if found is None:
        form.form_errors.append(_("This passkey does not belong to this account."))
        return _show(form), 422
    return _go_on(sent.next.data)


def _go_on(wanted: str | None) -> ResponseReturnValue:
    with transaction() as writing:
        operations.note_proof(writing, account().session_id, at=clock.now())
    return redirect(wanted_page(wanted), code=303)


def _show(form: ProveForm) -> str:
    page = ProvePage.build(form, passkey_button(account().id, wanted=form.next.data))
    return render_template("accounts/prove.html", page=page)
