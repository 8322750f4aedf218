"""Routes of one submission: read, claim, edit, decide, note, close a report, undo."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.draft import Draft
from services_dir.db import db, transaction
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.forms import DecisionForm, NoteForm, ReportForm
from services_dir.moderation.models import Decision, FirstApproval
from services_dir.moderation.pages import ReviewPage
from services_dir.moderation.previewing import render_preview
from services_dir.moderation.rules import Verdict, can_be_asked
from services_dir.moderation.views.editing import EditForm, receive_draft, show_draft
from services_dir.moderation.views.parts import NUMBER, bp, check_button, reviewer, tell_sender
from services_dir.submissions import operations as submissions
from services_dir.submissions.forms import Origin
from services_dir.submissions.models import Subject, Submission, SubmissionKind
from services_dir.submissions.pages import Words
from services_dir.submissions.publishing import publishing
from services_dir.submissions.queries import get_submission, get_submission_for_update, read_draft
from services_dir.submissions.showing import read_number
from services_dir.web.errors import sentence


@bp.get(f"/workspace/submissions/<{NUMBER}:submission_id>")
@requires(Permission.REVIEW)
def review(submission_id: int) -> ResponseReturnValue:
    """Show a submission: what changes, what is doubtful, what can be done."""
    return _show(submission_id)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/decision")
@requires(Permission.REVIEW)
def decide(submission_id: int) -> ResponseReturnValue:
    """Record what the coordinator decided on what she saw; a newer state is shown first."""
    form = DecisionForm(request.form)
    form.read_fields(request.form, request.form.getlist("offered"), request.form.getlist("accepted"))
    if not form.validate():
        return _show(submission_id, form=form), 422
    verdict = form.to_verdict()
    try:
        with publishing() as session:
            submission = get_submission_for_update(session, submission_id)
            done = operations.decide(session, submission, verdict, by=account().id, at=clock.now())
            if not isinstance(done, FirstApproval):
                tell_sender(session, submission)
    except ConflictError as error:
        form.form_errors.append(sentence(error))
        return _show(submission_id, form=form), 409
    except InvalidError as error:
        form.form_errors.append(sentence(error))
        return _show(submission_id, form=form), 422
    if isinstance(done, FirstApproval):
        flash(N_("Your approval is kept. It is published when a second coordinator approves it too."))
    else:
        flash(N_("Your decision is recorded."))
    return redirect(url_for("moderation.queue"), code=303)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/report")
@requires(Permission.REVIEW)
def close_report(submission_id: int) -> ResponseReturnValue:
    """Close a problem report with what was found out."""
    form = ReportForm(request.form)
    if not form.validate():
        return _show(submission_id, report_form=form), 422
    verdict = Verdict(
        decision=Decision(form.outcome.data),
        note=form.note.data or "",
        seen_revision=read_number(form.seen_revision.data) or 0,
        seen_version=read_number(form.seen_version.data),
    )
    try:
        with publishing() as session:
            submission = get_submission_for_update(session, submission_id)
            if submission.kind is not SubmissionKind.PROBLEM:
                raise ConflictError(N_("This is not a problem report."))
            operations.decide(session, submission, verdict, by=account().id, at=clock.now())
    except ConflictError as error:
        form.form_errors.append(sentence(error))
        return _show(submission_id, report_form=form), 409
    flash(N_("The report is closed."))
    return redirect(url_for("moderation.queue"), code=303)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/notes")
@requires(Permission.REVIEW)
def add_note(submission_id: int) -> ResponseReturnValue:
    """Write something down for other coordinators."""
    form = NoteForm(request.form)
    if not form.validate():
        return _show(submission_id, note_form=form), 422
    with transaction() as session:
        submission = get_submission_for_update(session, submission_id)
        operations.add_note(session, submission, form.text.data or "", by=account().id, at=clock.now())
    flash(N_("Your note is kept."))
    return _back(submission_id)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/claim")
@requires(Permission.REVIEW)
def claim(submission_id: int) -> ResponseReturnValue:
    """Say that one is reading a submission; with `take_over` also if somebody else is."""
    check_button()
    with transaction() as session:
        submission = get_submission_for_update(session, submission_id)
        take_over = bool(request.form.get("take_over"))
        operations.claim(session, submission, by=account().id, at=clock.now(), take_over=take_over)
    flash(N_("You are reading this submission now."))
    return _back(submission_id)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/release")
@requires(Permission.REVIEW)
def release(submission_id: int) -> ResponseReturnValue:
    """Give a claim back."""
    check_button()
    with transaction() as session:
        submission = get_submission_for_update(session, submission_id)
        operations.release(session, submission, by=account().id, at=clock.now())
    flash(N_("Others can read this submission now."))
    return _back(submission_id)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/update")
@requires(Permission.REVIEW)
def update(submission_id: int) -> ResponseReturnValue:
    """Put what the sender changed on top of the newest published version."""
    check_button()
    with publishing() as session:
        submission = get_submission_for_update(session, submission_id)
        rebased = operations.bring_up_to_date(session, submission, by=account().id, at=clock.now())
    flash(N_("This submission is up to date."))
    if rebased.conflicts:
        flash(N_("Both sides changed the same fields. What the sender wrote was kept there: please check."))
    return _back(submission_id)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/undo")
@requires(Permission.REVIEW)
def undo(submission_id: int) -> ResponseReturnValue:
    """Take an approval back."""
    check_button()
    with publishing() as session:
        submission = get_submission_for_update(session, submission_id)
        operations.undo(session, submission, by=account().id, at=clock.now())
    flash(N_("The approval is undone. What was there before is there again."))
    return _back(submission_id)


@bp.get(f"/workspace/submissions/<{NUMBER}:submission_id>/preview")
@requires(Permission.REVIEW)
def preview(submission_id: int) -> ResponseReturnValue:
    """Show the public page as it would look. Nothing of it is published or kept."""
    submission = _get_with_draft(submission_id)
    return render_preview(read_draft(submission), url_for("moderation.review", submission_id=submission_id))


@bp.get(f"/workspace/submissions/<{NUMBER}:submission_id>/edit")
@requires(Permission.REVIEW)
def edit(submission_id: int) -> ResponseReturnValue:
    """Show the content of a submission as a form."""
    submission = _get_with_draft(submission_id)
    if submission.is_closed:
        raise ConflictError(N_("This submission was decided meanwhile."))
    return show_draft(Origin(read_draft(submission)), _words(), seen_revision=submission.latest.number)


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/edit")
@requires(Permission.REVIEW)
def revise(submission_id: int) -> ResponseReturnValue:
    """Store the coordinator's own edits as a revision of hers."""

    def send(session: Session, draft: Draft, form: EditForm) -> str:
        locked = get_submission_for_update(session, submission_id)
        seen = read_number(form.seen_revision.data)
        form.seen_revision.data = str(locked.latest.number)  # should it be refused, it can be sent once more
        submissions.revise(session, locked, draft, reviewer(), seen_revision=seen or 0, at=clock.now())
        return url_for("moderation.review", submission_id=submission_id)

    return receive_draft(Origin(read_draft(_get_with_draft(submission_id))), _words(), send)


def _get_with_draft(submission_id: int) -> Submission:
    """Give a submission about a listing. Raises NotFoundError for the change of a number: it has no form."""
    submission = get_submission(db.session, submission_id)
    if submission.subject is Subject.PHONE:
        raise NotFoundError(N_("There is no such submission."))
    return submission


def _words() -> Words:
    return Words(
        _("Edit a submission"),
        _("Your edits are kept as a version of their own, beside what the sender wrote."),
        _("Save as a new version"),
        title=_("Edit a submission"),
    )


def _back(submission_id: int) -> ResponseReturnValue:
    return redirect(url_for("moderation.review", submission_id=submission_id), code=303)


def _show(
    submission_id: int,
    *,
    form: DecisionForm | None = None,
    report_form: ReportForm | None = None,
    note_form: NoteForm | None = None,
) -> str:
    if submission_id < 1:
        abort(404)
    submission = get_submission(db.session, submission_id)
    published = queries.find_published(db.session, submission)
    form = form or DecisionForm(None)
    form.saw(submission.latest.number, published[1] if published else None)
    if not can_be_asked(submission.token_hash, submission.submitter_email):
        form.leave_out_asking()
    me = account()
    page = ReviewPage.build(
        db.session,
        submission,
        form,
        reader=me.id,
        email=me.email,
        at=clock.now(),
        report_form=report_form,
        note_form=note_form,
    )
    return render_template("moderation/review.html", page=page)
