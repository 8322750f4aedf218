"""Beginning: something new, or a change to what is published. The button makes the draft, not the page."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.draft import Draft
from services_dir.catalog.leading import find_current_slug
from services_dir.db import db, transaction
from services_dir.errors import N_, ConflictError
from services_dir.submissions import operations, queries
from services_dir.submissions.forms import Origin, form_from_draft, load, steps
from services_dir.submissions.forms.public import StartForm
from services_dir.submissions.models import Subject, Submission, SubmissionState
from services_dir.submissions.operations import Beginning
from services_dir.submissions.pages import StartPage
from services_dir.submissions.showing import terms_of
from services_dir.submissions.typed import Typed
from services_dir.submissions.views.parts import FORMS, TITLES, bp, mail_link, network_may, review_days
from services_dir.web.languages import current_language


@bp.get("/submit")
@public
def new() -> ResponseReturnValue:
    """Say what will be asked before a program is suggested."""
    return _show(Beginning(Subject.PROGRAM), StartForm(None))


@bp.post("/submit")
@public
def begin_new() -> ResponseReturnValue:
    """Begin the draft of a program."""
    return _begin(Beginning(Subject.PROGRAM), None)


@bp.get("/submit/organization")
@public
def new_organization() -> ResponseReturnValue:
    """Say what will be asked before an organization is suggested."""
    return _show(Beginning(Subject.ORGANIZATION), StartForm(None))


@bp.post("/submit/organization")
@public
def begin_new_organization() -> ResponseReturnValue:
    """Begin the draft of an organization."""
    return _begin(Beginning(Subject.ORGANIZATION), None)


@bp.get("/programs/<slug>/changes/new")
@public
def change_program(slug: str) -> ResponseReturnValue:
    """Say what will be asked before a program is changed; a former slug leads to it."""
    return _show_change(Subject.PROGRAM, slug)


@bp.post("/programs/<slug>/changes/new")
@public
def begin_program_change(slug: str) -> ResponseReturnValue:
    """Begin a change with the program as it is published."""
    return _begin(*_listing(Subject.PROGRAM, slug))


@bp.get("/organizations/<slug>/changes/new")
@public
def change_organization(slug: str) -> ResponseReturnValue:
    """Say what will be asked before an organization is changed; a former slug leads to it."""
    return _show_change(Subject.ORGANIZATION, slug)


@bp.post("/organizations/<slug>/changes/new")
@public
def begin_organization_change(slug: str) -> ResponseReturnValue:
    """Begin a change with the organization as it is published."""
    return _begin(*_listing(Subject.ORGANIZATION, slug))


def _show_change(subject: Subject, slug: str) -> ResponseReturnValue:
    current = find_current_slug(db.session, subject.value, slug) if slug.isascii() else None
    if current is not None:
        return redirect(url_for(request.endpoint or "", slug=current), code=308)
    return _show(_listing(subject, slug)[0], StartForm(None))


def _listing(subject: Subject, slug: str) -> tuple[Beginning, Draft]:
    """Give what a change begins with. Raises NotFoundError or GoneError."""
    slug = (find_current_slug(db.session, subject.value, slug) if slug.isascii() else None) or slug
    found = queries.get_listing(db.session, subject, slug)
    beginning = Beginning(subject, uuid=found.draft.id, version=found.version, label=found.name)
    if subject is Subject.PROGRAM:
        return replace(beginning, program_id=found.id), found.draft
    return replace(beginning, organization_id=found.id), found.draft


def _begin(beginning: Beginning, draft: Draft | None) -> ResponseReturnValue:
    form = StartForm(request.form)
    if not form.validate():
        return _show(beginning, form), form.refusal
    if not network_may("draft"):
        form.form_errors.append(_("Many forms came from your network. Wait an hour, then send it again."))
        return _show(beginning, form), 429, {"Retry-After": "3600"}
    token, email = form.ticket.data or "", form.email.data or None
    content = _content(db.session, beginning.subject, draft, email)
    with transaction() as session:
        is_first = queries.find_by_token(session, token, clock.now()) is None
        submission = operations.start(
            session,
            beginning,
            content,
            token=token,
            at=clock.now(),
            language=current_language(),
            email=email,
        )
        if submission.state is not SubmissionState.DRAFT or not _is_same(submission, beginning):
            raise ConflictError(N_("This form was used already. Open it anew to begin again."))
        if email and is_first:
            mail_link(session, email, token, submission)
    if beginning.version is not None:
        return redirect(url_for("submissions.show", token=token), code=303)
    first = steps.PROGRAM_STEPS if beginning.subject is Subject.PROGRAM else steps.ORGANIZATION_STEPS
    return redirect(url_for("submissions.step", token=token, step_name=first[0].name), code=303)


def _is_same(submission: Submission, beginning: Beginning) -> bool:
    same = (submission.subject, submission.program_id, submission.organization_id)
    return same == (beginning.subject, beginning.program_id, beginning.organization_id)


def _content(session: Session, subject: Subject, draft: Draft | None, email: str | None) -> Typed:
    """Give what the form of a draft shows, as if it had been typed."""
    if draft is None:
        return {"sender_email": [email]} if email else {}
    choices = load(session, also=terms_of(draft))
    return steps.inputs(form_from_draft(FORMS[subject], choices, Origin(draft), sender_email=email))


def _show(beginning: Beginning, form: StartForm) -> str:
    is_program = beginning.subject is Subject.PROGRAM
    leads = {
        True: _("Tell us about a program that helps people who were trafficked or exploited."),
        False: _("Tell us of an organization that runs programs here."),
    }
    heading, lead, title = _(TITLES[beginning.subject]), leads[is_program], TITLES[beginning.subject]
    if beginning.version is not None:
        heading = _("Suggest a change to %(name)s", name=beginning.label)
        lead = _("You begin with what is published now. Change what is wrong and leave the rest.")
        title = _("Suggest a change")
    page = StartPage(
        title=title,
        heading=heading,
        lead=lead,
        form=form,
        action=request.path,
        steps=steps.PROGRAM_STEPS if is_program else steps.ORGANIZATION_STEPS,
        days=review_days(db.session, beginning.kind.value),
        kind="change" if beginning.version is not None else beginning.subject.value,
    )
    return render_template("submissions/start.html", page=page)
