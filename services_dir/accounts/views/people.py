"""The administrators' pages about accounts: invite, let in again, change roles, close and open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts import letters, operations, queries, tokens
from services_dir.accounts.forms import InviteForm, RoleForm
from services_dir.accounts.guards import account, find_account, fresh, requires
from services_dir.accounts.models import Account, Role
from services_dir.accounts.pages import AccountLine, NewLinkPage, PeoplePage, PersonPage
from services_dir.accounts.rules import Permission
from services_dir.accounts.views.blueprint import bp, check_button
from services_dir.db import db, transaction
from services_dir.errors import N_, ConflictError, ServicesDirError
from services_dir.web.context import settings
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.navigation import Entry, Menu
from services_dir.web.requests import site_address

_ONE = "/workspace/accounts/<int(max=2147483647):account_id>"


def _is_administrator() -> bool:
    current = find_account()
    return current is not None and current.may(Permission.ADMINISTER)


ENTRIES = (Entry(Menu.WORKSPACE, "accounts.people", N_("Accounts"), order=80, is_shown=_is_administrator),)


@bp.get("/workspace/accounts")
@requires(Permission.ADMINISTER)
@fresh
def people() -> ResponseReturnValue:
    """List all accounts."""
    return _show_people(InviteForm(None))


@bp.post("/workspace/accounts")
@requires(Permission.ADMINISTER)
@fresh
def invite() -> ResponseReturnValue:
    """Invite somebody: the link goes out by mail, and is shown this once."""
    form, at = InviteForm(request.form), clock.now()
    if not form.validate():
        return _show_people(form), 422
    try:
        with transaction() as writing:
            added = operations.add_account(
                writing, form.email.data or "", Role(form.role.data), by=account().id, at=at
            )
            link = _make_link(writing, added, operations.invite, at)
    except ServicesDirError as error:
        form.email.errors = [sentence(error)]
        return _show_people(form), 422
    return link


@bp.get(_ONE)
@requires(Permission.ADMINISTER)
@fresh
def person(account_id: int) -> ResponseReturnValue:
    """Show one account and what can be done about it."""
    row = queries.get_account(db.session, account_id)
    return _show_person(row, RoleForm(None, role=row.role.value))


@bp.post(f"{_ONE}/role")
@requires(Permission.ADMINISTER)
@fresh
def change_role(account_id: int) -> ResponseReturnValue:
    """Give an account another role."""
    form = RoleForm(request.form)
    if not form.validate():
        return _show_person(queries.get_account(db.session, account_id), form), 422
    role = Role(form.role.data)

    def change(session: Session, row: Account, *, by: int | None, at: datetime) -> None:
        operations.change_role(session, row, role, by=by, at=at)

    return _change(account_id, change, N_("The role is changed."))


@bp.post(f"{_ONE}/invitation")
@requires(Permission.ADMINISTER)
@fresh
def invite_again(account_id: int) -> ResponseReturnValue:
    """Make a new link for somebody who has not chosen a password; the one before stops working."""
    return _give_link(account_id, operations.invite)


@bp.post(f"{_ONE}/recovery")
@requires(Permission.ADMINISTER)
@fresh
def recover(account_id: int) -> ResponseReturnValue:
    """Let somebody in again who lost her password or her second factor."""
    return _give_link(account_id, operations.recover)


@bp.post(f"{_ONE}/revocation")
@requires(Permission.ADMINISTER)
@fresh
def revoke(account_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    return _change(account_id, operations.revoke_invitation, N_("The invitation is taken back."))


@bp.post(f"{_ONE}/closing")
@requires(Permission.ADMINISTER)
@fresh
def close(account_id: int) -> ResponseReturnValue:
    """Close an account."""
    return _change(account_id, operations.deactivate, N_("The account is closed. Its sessions are ended."))


@bp.post(f"{_ONE}/opening")
@requires(Permission.ADMINISTER)
@fresh
def reopen(account_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    return _change(account_id, operations.reactivate, N_("The account is open again."))


def _change(account_id: int, deed: Callable[..., None], done: str) -> ResponseReturnValue:
    check_button()
    with transaction() as writing:
        deed(writing, _somebody_else(writing, account_id), by=account().id, at=clock.now())
    flash(done)
    return redirect(url_for("accounts.person", account_id=account_id), code=303)


def _give_link(account_id: int, deed: Callable[..., str]) -> ResponseReturnValue:
    check_button()
    with transaction() as writing:
        return _make_link(writing, _somebody_else(writing, account_id), deed, clock.now())


def _make_link(session: Session, row: Account, deed: Callable[..., str], at: datetime) -> str:
    """Make a link, put it into the outbox, and give the page that shows it."""
    token = deed(session, row, by=account().id, at=at)
    purpose = tokens.get_link(session, token, at).purpose
    link = operations.link_address(site_address(), token)
    letters.send_link(session, row, purpose, link, at=at)
    page = NewLinkPage.build(link, row, purpose, is_mailed=settings().mail_url is not None)
    return render_template("accounts/new_link.html", page=page)


def _somebody_else(session: Session, account_id: int) -> Account:
    """Give an account that is not one's own. Raises NotFoundError, ConflictError for one's own."""
    row = queries.get_account(session, account_id)
    if account_id == account().id:
        raise ConflictError(N_("This is your own account. Another administrator has to do this."))
    return row


def _show_people(form: InviteForm) -> str:
    at = clock.now()
    links, seen = queries.links_until(db.session, at), queries.last_seen(db.session)
    lines = [
        AccountLine.build(row, until=links.get(row.id), seen=seen.get(row.id), at=at)
        for row in queries.list_accounts(db.session)
    ]
    return render_template("accounts/people.html", page=PeoplePage(_("Accounts"), lines, form))


def _show_person(row: Account, form: RoleForm) -> str:
    at = clock.now()
    links, seen = queries.links_until(db.session, at), queries.last_seen(db.session)
    page = PersonPage(
        title=_("One account"),
        account=AccountLine.build(row, until=links.get(row.id), seen=seen.get(row.id), at=at),
        role_form=form,
        button=WorkspaceForm(None),
        is_own=row.id == account().id,
    )
    return render_template("accounts/person.html", page=page)
