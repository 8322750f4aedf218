"""Routes of submissions: propose a program, an organization or a change, and the sender's own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock, policy, throttle
from services_dir.accounts.guards import public
from services_dir.catalog import queries as catalog
from services_dir.catalog.draft import Draft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Program
from services_dir.db import db, transaction
from services_dir.errors import N_, ConflictError, GoneError
from services_dir.submissions import operations, queries
from services_dir.submissions.answers import list_answers
from services_dir.submissions.forms import (
    Origin,
    SubmitOrganizationForm,
    SubmitProgramForm,
    draft_from_form,
    form_from_draft,
    load,
)
from services_dir.submissions.models import AuthorKind, Subject, Submission, SubmissionKind
from services_dir.submissions.operations import Sender
from services_dir.submissions.pages import FormPage, SubmissionPage, Words, for_outside, wording_of
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import change_rows, read_number, show_form, terms_of, wants_rows
from services_dir.web.context import settings
from services_dir.web.errors import sentence
from services_dir.web.forms import PublicForm
from services_dir.web.languages import current_language
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("submissions", __name__)

ENTRIES = (
    Entry(Menu.MAIN, "submissions.new", N_("Suggest a program"), order=40),
    Entry(Menu.PROGRAM, "submissions.change_program", N_("Suggest a change"), order=10),
    Entry(Menu.ORGANIZATION, "submissions.change_organization", N_("Suggest a change"), order=10),
)

_TEMPLATE = "submissions/form.html"

PublicDraftForm = SubmitProgramForm | SubmitOrganizationForm
_FORMS: dict[Subject, type[PublicDraftForm]] = {
    Subject.PROGRAM: SubmitProgramForm,
    Subject.ORGANIZATION: SubmitOrganizationForm,
}
# Puts a checked draft where it belongs and gives the token of the sender's page.
Send = Callable[[Session, Draft, PublicDraftForm], str]


class WithdrawForm(PublicForm):
    """The button that takes a submission back."""

    form_name = "withdraw"


@bp.get("/submit")
@public
def new() -> ResponseReturnValue:
    """Show the empty form of a program."""
    return _show(Subject.PROGRAM, Origin(), _new_program())


@bp.post("/submit")
@public
def send_new() -> ResponseReturnValue:
    """Take in a new program."""
    return _receive(Subject.PROGRAM, Origin(), _new_program(), _open(SubmissionKind.NEW, None))


@bp.get("/submit/organization")
@public
def new_organization() -> ResponseReturnValue:
    """Show the empty form of an organization."""
    return _show(Subject.ORGANIZATION, Origin(), _new_organization())


@bp.post("/submit/organization")
@public
def send_new_organization() -> ResponseReturnValue:
    """Take in a new organization."""
    return _receive(Subject.ORGANIZATION, Origin(), _new_organization(), _open(SubmissionKind.NEW, None))


@bp.get("/programs/<slug>/changes/new")
@public
def change_program(slug: str) -> ResponseReturnValue:
    """Show the form of a program as it is published; a former slug leads to it."""
    return _show_change(Subject.PROGRAM, slug)


@bp.post("/programs/<slug>/changes/new")
@public
def send_program_change(slug: str) -> ResponseReturnValue:
    """Take in a change to a program."""
    return _receive_change(Subject.PROGRAM, slug)


@bp.get("/organizations/<slug>/changes/new")
@public
def change_organization(slug: str) -> ResponseReturnValue:
    """Show the form of an organization as it is published; a former slug leads to it."""
    return _show_change(Subject.ORGANIZATION, slug)


@bp.post("/organizations/<slug>/changes/new")
@public
def send_organization_change(slug: str) -> ResponseReturnValue:
    """Take in a change to an organization."""
    return _receive_change(Subject.ORGANIZATION, slug)


@bp.get("/submissions/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show the sender where it stands. Opening it changes nothing."""
    return _show_submission(token, WithdrawForm(None))


@bp.get("/submissions/<token>/edit")
@public
def edit(token: str) -> ResponseReturnValue:
    """Show the form with what was sent last."""
    submission = queries.get_by_token(db.session, token, clock.now())
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    return _show(
        submission.subject,
        _origin(submission),
        _revision(),
        seen_revision=submission.latest.number,
        sender_name=submission.submitter_name,
        sender_email=submission.submitter_email,
        message=submission.message,
    )


@bp.post("/submissions/<token>/edit")
@public
def revise(token: str) -> ResponseReturnValue:
    """Take in a newer version."""
    submission = queries.get_by_token(db.session, token, clock.now())

    def send(session: Session, draft: Draft, form: PublicDraftForm) -> str:
        locked = queries.get_by_token(session, token, clock.now(), for_update=True)
        seen = read_number(form.seen_revision.data)
        form.seen_revision.data = str(locked.latest.number)  # should it be refused, it can be sent once more
        operations.revise(
            session,
            locked,
            draft,
            _sender(form),
            seen_revision=seen or 0,
            at=clock.now(),
            message=form.message.data or "",
        )
        return token

    return _receive(submission.subject, _origin(submission), _revision(), send)


@bp.post("/submissions/<token>/withdraw")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Take a submission back."""
    form = WithdrawForm(request.form)
    if not form.validate():
        return _show_submission(token, form), 422
    with transaction() as session:
        submission = queries.get_by_token(session, token, clock.now(), for_update=True)
        operations.withdraw(session, submission, at=clock.now())
    return redirect(url_for("submissions.show", token=token), code=303)


def _show_change(subject: Subject, slug: str) -> ResponseReturnValue:
    current = catalog.find_current_slug(db.session, subject.value, slug) if slug.isascii() else None
    if current is not None:
        return redirect(url_for(request.endpoint or "", slug=current), code=308)
    listing = queries.get_listing(db.session, subject, slug)
    return _show(subject, Origin(listing.draft), _change(listing.name), seen_version=listing.version)


def _receive_change(subject: Subject, slug: str) -> ResponseReturnValue:
    """The form began with a version; the change is read on that version, even if there is a newer one."""
    slug = (catalog.find_current_slug(db.session, subject.value, slug) if slug.isascii() else None) or slug
    try:
        listing = queries.get_listing(db.session, subject, slug)
    except GoneError as error:
        return _give_back(subject, sentence(error))
    listed = listing.version
    number = min(read_number(request.form.get("seen_version", "")) or listed, listed)
    draft = listing.draft
    if number < listed:
        is_program = subject is Subject.PROGRAM
        get_version = queries.get_program_version if is_program else queries.get_organization_version
        draft = get_version(db.session, listing.id, number)
    return _receive(subject, Origin(draft), _change(listing.name), _open(SubmissionKind.CHANGE, number))


def _receive(subject: Subject, origin: Origin, words: Words, send: Send) -> ResponseReturnValue:
    """Do what the pressed button asks for: another row, or sending. Whatever is wrong, nothing is lost."""
    choices = load(db.session, also=terms_of(origin.draft))
    form = form_from_draft(_FORMS[subject], choices, origin, request.form)
    page = FormPage(words.title, words, form, choices, request.path)
    if wants_rows():
        change_rows(form)
        return show_form(_TEMPLATE, page)
    draft = draft_from_form(form, choices, origin, today=clock.now().date())
    if draft is None:
        return show_form(_TEMPLATE, page), 422
    if not _may_send():
        form.form_errors.append(_("Many forms came from your network. Wait an hour, then send it again."))
        return show_form(_TEMPLATE, page), 429, {"Retry-After": "3600"}
    try:
        with publishing() as session:
            token = send(session, draft, form)
    except ConflictError as error:
        form.form_errors.append(sentence(error))
        return show_form(_TEMPLATE, page), 409
    return redirect(url_for("submissions.show", token=token), code=303)


def _give_back(subject: Subject, why: str) -> ResponseReturnValue:
    """Show what was typed about a listing that was withdrawn meanwhile, and nothing of the listing itself."""
    choices = load(db.session)
    form = form_from_draft(_FORMS[subject], choices, Origin(), request.form)
    form.form_errors.append(why)
    words = Words(_("Suggest a change"), why, _("Send it to the coordinators"), title=_("Suggest a change"))
    return show_form(_TEMPLATE, FormPage(words.title, words, form, choices, request.path)), 410


def _open(kind: SubmissionKind, base_version: int | None) -> Send:
    def send(session: Session, draft: Draft, form: PublicDraftForm) -> str:
        at = clock.now()
        submission = operations.open_submission(
            session,
            draft,
            _sender(form),
            kind=kind,
            at=at,
            base_version=base_version,
            message=form.message.data or "",
        )
        return operations.give_link(submission, at)

    return send


def _show(subject: Subject, origin: Origin, words: Words, **values: Any) -> str:
    choices = load(db.session, also=terms_of(origin.draft))
    form = form_from_draft(_FORMS[subject], choices, origin, **values)
    return show_form(_TEMPLATE, FormPage(words.title, words, form, choices, request.path))


def _show_submission(token: str, form: WithdrawForm) -> str:
    submission = queries.get_by_token(db.session, token, clock.now())
    base = queries.find_base(db.session, submission)
    own = queries.own_sources(submission, base)
    page = SubmissionPage.build(
        submission,
        for_outside(queries.read_draft(submission), own),
        for_outside(base, own) if base else None,
        list_answers(db.session, submission),
        wording=wording_of(db.session, queries.read_draft(submission), base),
        form=form,
        link=f"{settings().base_url or request.host_url.rstrip('/')}{request.path.removesuffix('/withdraw')}",
        edit_address=url_for("submissions.edit", token=token),
        withdraw_address=url_for("submissions.withdraw", token=token),
        public_address=_public_address(submission),
    )
    return render_template("submissions/submission.html", page=page)


def _public_address(submission: Submission) -> str | None:
    """Give where the listing is shown, if it is published."""
    is_program = submission.subject is Subject.PROGRAM
    record: Program | Organization | None = None
    if submission.program_id is not None:
        record = db.session.get(Program, submission.program_id)
    elif submission.organization_id is not None:
        record = db.session.get(Organization, submission.organization_id)
    if record is None or record.status is not CatalogStatus.PUBLISHED:
        return None
    return url_for("catalog.program" if is_program else "catalog.organization", slug=record.slug)


def _origin(submission: Submission) -> Origin:
    base = queries.find_base(db.session, submission)
    return Origin(queries.read_draft(submission), queries.own_sources(submission, base))


def _sender(form: PublicDraftForm) -> Sender:
    return Sender(
        AuthorKind.SUBMITTER,
        name=form.sender_name.data or None,
        email=form.sender_email.data or None,
        language=current_language(),
    )


def _may_send() -> bool:
    """Count what was sent from this network; the address is not kept."""
    with transaction() as session:
        return throttle.allow(
            session,
            "submission",
            request.remote_addr or "",
            limit=policy.get(session, "submissions_per_hour"),
            within=timedelta(hours=1),
            at=clock.now(),
        )


def _new_program() -> Words:
    return Words(
        _("Suggest a program"),
        _("Tell us about a program that helps people who were trafficked or exploited."),
        _("Send it to the coordinators"),
    )


def _new_organization() -> Words:
    return Words(
        _("Suggest an organization"),
        _("Tell us about an organization that runs programs."),
        _("Send it to the coordinators"),
        title=_("Suggest an organization"),
    )


def _change(name: str) -> Words:
    return Words(
        _("Suggest a change to %(name)s", name=name),
        _("The form shows what is published now. Change what is wrong and leave the rest."),
        _("Send it to the coordinators"),
        title=_("Suggest a change"),
    )


def _revision() -> Words:
    return Words(
        _("Change what you sent"),
        _("The form shows what you sent last. Change it and send it again."),
        _("Send it again"),
        title=_("Change what you sent"),
    )
