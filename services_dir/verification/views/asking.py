"""Routes of the coordinators: what is due, whom to ask, contacts, calls, and the call list of today."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.models import Organization, PrivateContact
from services_dir.catalog.queries import list_public_programs
from services_dir.catalog.words import day_words
from services_dir.db import db, transaction
from services_dir.errors import N_, ConflictError, ForbiddenError
from services_dir.moderation.queries import account_names
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import read_number
from services_dir.values import Paged
from services_dir.verification import operations, queries
from services_dir.verification.asking.forms import CallForm, ContactForm
from services_dir.verification.asking.pages import (
    CallsPage,
    ListPage,
    OrganizationPage,
    Show,
    call_line,
    confirmed_on,
    is_shown,
    numbers_of,
)
from services_dir.verification.models import Answer
from services_dir.web.context import absolute, settings
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("asking", __name__)
bp.add_app_template_filter(confirmed_on)

ENTRIES = (Entry(Menu.WORKSPACE, "asking.overview", N_("Verification"), order=25),)

_PAGE_SIZE = 50
_MOST = 100  # organizations or programs ticked at once


@bp.get("/workspace/verification")
@requires(Permission.REVIEW)
def overview() -> ResponseReturnValue:
    """List the organizations with programs to be confirmed, the gravest and oldest first."""
    at = clock.now()
    wanted = request.args.get("show", Show.DUE.value)
    show = Show(wanted) if wanted in list(Show) else Show.DUE
    number = max(1, min(read_number(request.args.get("page")) or 1, 100_000))
    every = queries.list_organizations(db.session, today=at.date())
    lines = [line for line in every if is_shown(line, show, at)]
    start = (number - 1) * _PAGE_SIZE
    page = ListPage(
        title=_("Verification"),
        show=show,
        counts={item: sum(is_shown(line, item, at) for line in every) for item in Show},
        lines=Paged(lines[start : start + _PAGE_SIZE], number, _PAGE_SIZE, len(lines)),
        at=at,
        address=lambda n: url_for("asking.overview", show=show.value, page=n),
        button=WorkspaceForm(None),
    )
    return render_template("verification/asking/overview.html", page=page)


@bp.post("/workspace/verification/rounds")
@requires(Permission.REVIEW)
def start_several() -> ResponseReturnValue:
    """Ask the organizations that are ticked, or whose programs are, each by one mail."""
    _check_button()
    ticked = request.form.getlist("organization")[:_MOST]
    programs = request.form.getlist("program")[:_MOST]
    slugs = {*ticked, *queries.list_organizations_of(db.session, programs)}
    back = url_for("moderation.programs") if programs else url_for("asking.overview")
    if not slugs:
        flash(N_("Tick something first."))
        return redirect(back, code=303)
    with transaction() as session:
        asked, left = operations.start_rounds(session, slugs, make_link, by=account().id, at=clock.now())
    if asked:
        _flash_asked(N_("The mails are on their way."))
    if left:
        flash(
            N_("Organizations without a contact to write to, or asked already, were left alone. Call them.")
        )
    return redirect(back, code=303)


@bp.get("/workspace/verification/calls")
@requires(Permission.REVIEW)
def calls() -> ResponseReturnValue:
    """Show whom to call today, made to be printed."""
    at = clock.now()
    lines = queries.list_calls_for_today(db.session, at=at)
    due = [program.id for line in lines for program in line.due]
    programs = {program.slug: program for program in list_public_programs(db.session, due)}
    page = CallsPage(
        title=_("Calls for today"),
        lines=tuple(
            call_line(line, [programs[p.slug] for p in line.due if p.slug in programs], at) for line in lines
        ),
        day=day_words(at.date()),
    )
    return render_template("verification/asking/calls.html", page=page)


@bp.get("/workspace/verification/organizations/<slug>")
@requires(Permission.REVIEW)
def organization(slug: str) -> ResponseReturnValue:
    """Show an organization: its programs, its contacts, what was asked; `contact` fills one into the form."""
    record = queries.get_organization(db.session, slug)
    chosen = read_number(request.args.get("contact"))
    contact = queries.get_contact(db.session, record, chosen) if chosen else None
    return _show(slug, contact_form=_contact_form(contact))


@bp.post("/workspace/verification/organizations/<slug>/round")
@requires(Permission.REVIEW)
def start(slug: str) -> ResponseReturnValue:
    """Ask an organization by mail about all its programs."""
    _check_button()
    with transaction() as session:
        record = queries.get_organization(session, slug)
        contact = queries.get_contact(session, record, read_number(request.form.get("contact")) or 0)
        operations.start_round(session, record, contact, make_link, by=account().id, at=clock.now())
    _flash_asked(N_("The mail is on its way."))
    return _back(slug)


@bp.post("/workspace/verification/organizations/<slug>/call")
@requires(Permission.REVIEW)
def record_call(slug: str) -> ResponseReturnValue:
    """Record a call and what was said of each program."""
    form = CallForm(request.form)
    record = queries.get_organization(db.session, slug)
    [line] = queries.list_organizations(db.session, today=clock.now().date(), only=record.id, due_only=False)
    answers = form.read_answers(request.form, [program.id for program in line.programs])
    is_silent = bool(request.form.get("nobody"))
    if not form.validate():
        return _show(slug, call_form=form, chosen=answers), 422
    if is_silent == bool(answers):
        form.form_errors.append(_("Say what you heard of at least one program, or that nobody answered."))
        return _show(slug, call_form=form, chosen=answers), 422
    try:
        with publishing() as session:
            held = queries.get_organization(session, slug)
            role = None if is_silent else form.answered_by.data
            operations.record_call(session, held, role, answers, by=account().id, at=clock.now())
    except ConflictError as error:
        form.answered_by.errors = [*form.answered_by.errors, sentence(error)]
        return _show(slug, call_form=form, chosen=answers), 422
    flash(N_("The call is recorded."))
    if Answer.MENDED in answers.values():
        flash(N_("Edit what must change now; after it is approved, record here that it is right."))
    return _back(slug)


@bp.post("/workspace/verification/organizations/<slug>/contact")
@requires(Permission.REVIEW)
def save_contact(slug: str) -> ResponseReturnValue:
    """Add a contact, or change one."""
    form = ContactForm(request.form)
    if not form.validate():
        return _show(slug, contact_form=form), 422
    with transaction() as session:
        record = queries.get_organization(session, slug)
        chosen = read_number(form.contact.data)
        operations.save_contact(
            session,
            record,
            queries.get_contact(session, record, chosen) if chosen else None,
            name=form.name.data or "",
            email=form.email.data or None,
            role=form.role.data or None,
            language=form.language.data,
            by=account().id,
            at=clock.now(),
        )
    flash(N_("The contact is kept."))
    return _back(slug)


@bp.post("/workspace/verification/organizations/<slug>/contact/remove")
@requires(Permission.REVIEW)
def remove_contact(slug: str) -> ResponseReturnValue:
    """Forget a contact."""
    _check_button()
    with transaction() as session:
        record = queries.get_organization(session, slug)
        contact = queries.get_contact(session, record, read_number(request.form.get("contact")) or 0)
        operations.remove_contact(session, contact, by=account().id, at=clock.now())
    flash(N_("The contact is removed."))
    return _back(slug)


@bp.post("/workspace/verification/organizations/<slug>/contact/bounced")
@requires(Permission.REVIEW)
def note_bounced(slug: str) -> ResponseReturnValue:
    """Note that a mail to a contact came back after its server had taken it."""
    _check_button()
    with transaction() as session:
        record = queries.get_organization(session, slug)
        contact = queries.get_contact(session, record, read_number(request.form.get("contact")) or 0)
        if contact.email is not None:
            operations.flag_bounced(session, contact.email, clock.now(), by=account().id)
    flash(N_("Noted. Nobody is written to at this address any more."))
    return _back(slug)


def make_link(token: str, language: str) -> str:
    """Give the whole address of a provider's page."""
    return absolute(url_for("verification.show", token=token, in_language=language))


def _contact_form(contact: PrivateContact | None) -> ContactForm:
    if contact is None:
        return ContactForm(None)
    return ContactForm(
        None,
        contact=str(contact.id),
        name=contact.name,
        role=contact.role,
        email=contact.email,
        language=contact.language,
    )


def _show(
    slug: str,
    *,
    contact_form: ContactForm | None = None,
    call_form: CallForm | None = None,
    chosen: Mapping[int, Answer] | None = None,
) -> str:
    at = clock.now()
    record: Organization = queries.get_organization(db.session, slug)
    [line] = queries.list_organizations(db.session, today=at.date(), only=record.id, due_only=False)
    calls = queries.list_calls(db.session, record.id)
    programs = list_public_programs(db.session, [program.id for program in line.programs])
    page = OrganizationPage(
        title=_("Verification"),
        slug=slug,
        name=record.name,
        line=line,
        rounds=queries.list_rounds(db.session, record.id),
        calls=calls,
        callers=account_names(db.session, [call.by_account_id for call in calls]),
        names={program.id: program.name for program in line.programs},
        numbers=numbers_of(programs),
        contact_form=contact_form or ContactForm(None),
        call_form=call_form or CallForm(None),
        button=WorkspaceForm(),
        chosen=chosen or {},
        at=at,
    )
    return render_template("verification/asking/organization.html", page=page)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("asking.organization", slug=slug), code=303)


def _flash_asked(words: str) -> None:
    """Say that mail goes out; on a machine that sends none yet, where it lies."""
    has_server = settings().mail_url is not None
    flash(
        words
        if has_server
        else N_("This register has no mail server yet: mail lies in the folder “outbox” of its home.")
    )


def _check_button() -> None:
    if not WorkspaceForm().validate():
        raise ForbiddenError(
            N_("You signed in again, or this page was open for very long. Please try again.")
        )
