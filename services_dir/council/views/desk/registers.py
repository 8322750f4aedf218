"""Routes of the coordinators' registers: laws, seats and committees, each by the same few pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.council import operations, queries
from services_dir.council.forms import ActForm, CommitteeForm, MemberForm
from services_dir.council.models import Act, Committee, Member
from services_dir.council.pages import EntryFormPage
from services_dir.council.queries import Entry
from services_dir.council.views.desk.parts import NUMBER, bp, check_button
from services_dir.db import db, transaction
from services_dir.errors import N_
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import translated

EntryForm = ActForm | MemberForm | CommitteeForm


@dataclass(frozen=True)
class Register:
    """A register: its table, its form, what a line of it is called, and what a form begins with."""

    table: type[Entry]
    form: type[EntryForm]
    label: str
    begin: Callable[[Any], dict[str, Any]]


def _of_act(act: Act) -> dict[str, Any]:
    effects = {f"effect_{language}": text for language, text in act.effects.items()}
    return {
        name: getattr(act, name) for name in ("kind", "year", "name", "url", "source", "source_url")
    } | effects


def _of_member(member: Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in ("seat", "name", "since", "until", "position")}


def _of_committee(committee: Committee) -> dict[str, Any]:
    members = [member.id for member in committee.members]
    return {"name": committee.name, "purpose": committee.purpose, "members": members}


_REGISTERS = {
    "acts": Register(Act, ActForm, N_("An act or statute"), _of_act),
    "members": Register(Member, MemberForm, N_("A seat of the Council"), _of_member),
    "committees": Register(Committee, CommitteeForm, N_("A committee"), _of_committee),
}
_REGISTER = f"any({', '.join(_REGISTERS)})"


@bp.get(f"/workspace/council/<{_REGISTER}:register>/new")
@requires(Permission.REVIEW)
def new_entry(register: str) -> ResponseReturnValue:
    """Offer the form of a new line."""
    return _show(register, None, _REGISTERS[register].form(None))


@bp.post(f"/workspace/council/<{_REGISTER}:register>/new")
@requires(Permission.REVIEW)
def add_entry(register: str) -> ResponseReturnValue:
    """Add a line."""
    return _save(register, None)


@bp.get(f"/workspace/council/<{_REGISTER}:register>/<{NUMBER}:entry_id>")
@requires(Permission.REVIEW)
def entry(register: str, entry_id: int) -> ResponseReturnValue:
    """Show a line to be changed."""
    held = _REGISTERS[register]
    found = queries.get_entry(db.session, held.table, entry_id)
    return _show(register, entry_id, held.form(None, data=held.begin(found)))


@bp.post(f"/workspace/council/<{_REGISTER}:register>/<{NUMBER}:entry_id>")
@requires(Permission.REVIEW)
def change_entry(register: str, entry_id: int) -> ResponseReturnValue:
    """Change a line."""
    queries.get_entry(db.session, _REGISTERS[register].table, entry_id)
    return _save(register, entry_id)


@bp.post(f"/workspace/council/<{_REGISTER}:register>/<{NUMBER}:entry_id>/removal")
@requires(Permission.REVIEW)
def remove_entry(register: str, entry_id: int) -> ResponseReturnValue:
    """Take a line out."""
    check_button()
    with transaction() as session:
        found = queries.get_entry(session, _REGISTERS[register].table, entry_id)
        operations.remove_entry(session, found, by=account().id, at=clock.now())
    flash(N_("It is taken out."))
    return redirect(url_for("council_workspace.home"), code=303)


def _save(register: str, entry_id: int | None) -> ResponseReturnValue:
    held = _REGISTERS[register]
    form = held.form(request.form)
    _offer_members(form)
    if not form.validate():
        return _show(register, entry_id, form), 422
    with transaction() as session:
        before = queries.get_entry(session, held.table, entry_id) if entry_id is not None else None
        values = form.to_values() | _members(session, form)
        operations.save_entry(session, held.table, before, values, by=account().id, at=clock.now())
    flash(N_("It is saved."))
    return redirect(url_for("council_workspace.home"), code=303)


def _show(register: str, entry_id: int | None, form: EntryForm) -> str:
    _offer_members(form)
    label = translated(_REGISTERS[register].label)
    page = EntryFormPage(_("The Council"), label, register, entry_id, form, WorkspaceForm(None))
    return render_template("workspace/council/entry.html", page=page)


def _offer_members(form: EntryForm) -> None:
    if isinstance(form, CommitteeForm):
        held = queries.list_members(db.session)
        form.offer([(one.id, one.name or one.seat) for one in held])


def _members(session: Session, form: EntryForm) -> dict[str, Any]:
    if not isinstance(form, CommitteeForm):
        return {}
    chosen = set(form.members.data or ())
    return {"members": [member for member in queries.list_members(session) if member.id in chosen]}
