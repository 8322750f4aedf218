"""Routes of the queue and of one submission: read, claim, edit, decide, undo."""

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
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.moderation import operations, queries
from services_dir.moderation.forms import DecisionForm
from services_dir.moderation.operations import find_published
from services_dir.moderation.pages import QueuePage, ReviewPage
from services_dir.moderation.views.editing import EditForm, receive_draft, show_draft
from services_dir.moderation.views.parts import NUMBER, bp, check_button, reviewer
from services_dir.submissions import operations as submissions
from services_dir.submissions.forms import Origin
from services_dir.submissions.models import SubmissionState
from services_dir.submissions.pages import Words
from services_dir.submissions.publishing import publishing
from services_dir.submissions.queries import get_submission, get_submission_for_update, read_draft
from services_dir.submissions.showing import read_number
from services_dir.web.errors import sentence


@bp.get("/workspace/queue")
@requires(Permission.REVIEW)
def queue() -> ResponseReturnValue:
    """List what waits, the longest waiting first."""
    wanted = request.args.get("state", SubmissionState.PENDING.value)
    state = SubmissionState(wanted) if wanted in list(SubmissionState) else None
    number = max(1, min(read_number(request.args.get("page")) or 1, 100_000))
    at = clock.now()
    page = QueuePage(
        title=_("Queue"),
        lines=queries.list_queue(db.session, state=state, page=number, at=at),
        state=state,
        counts=queries.count_by_state(db.session),
        at=at,
        address=lambda n: url_for("moderation.queue", state=state.value if state else "all", page=n),
    )
    return render_template("moderation/queue.html", page=page)


@bp.get(f"/workspace/submissions/<{NUMBER}:submission_id>")
@requires(Permission.REVIEW)
def review(submission_id: int) -> ResponseReturnValue:
    """Show a submission: what changes, what is doubtful, what can be done."""
    return _show(submission_id, DecisionForm(None))


@bp.post(f"/workspace/submissions/<{NUMBER}:submission_id>/decision")
@requires(Permission.REVIEW)
def decide(submission_id: int) -> ResponseReturnValue:
    """Record what the coordinator decided on what she saw; a newer state is shown first."""
    form = DecisionForm(request.form)
    if not form.validate():
        return _show(submission_id, form), 422
    verdict = form.to_verdict()
    try:
        with publishing() as session:
            submission = get_submission_for_update(session, submission_id)
            operations.decide(session, submission, verdict, by=account().id, at=clock.now())
    except ConflictError as error:
        form.form_errors.append(sentence(error))
        return _show(submission_id, form), 409
    except InvalidError as error:
        form.form_errors.append(sentence(error))
        return _show(submission_id, form), 422
    flash(N_("Your decision is recorded."))
    return redirect(url_for("moderation.queue"), code=303)


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
    """Take an approval back: what was published before is published again."""
    check_button()
    with publishing() as session:
        submission = get_submission_for_update(session, submission_id)
        operations.undo(session, submission, by=account().id, at=clock.now())
    flash(N_("The approval is undone."))
    return _back(submission_id)


@bp.get(f"/workspace/submissions/<{NUMBER}:submission_id>/edit")
@requires(Permission.REVIEW)
def edit(submission_id: int) -> ResponseReturnValue:
    """Show the content of a submission as a form."""
    submission = get_submission(db.session, submission_id)
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

    return receive_draft(Origin(read_draft(get_submission(db.session, submission_id))), _words(), send)


def _words() -> Words:
    return Words(
        _("Edit a submission"),
        _("Your edits are kept as a version of their own, beside what the sender wrote."),
        _("Save as a new version"),
        title=_("Edit a submission"),
    )


def _back(submission_id: int) -> ResponseReturnValue:
    return redirect(url_for("moderation.review", submission_id=submission_id), code=303)


def _show(submission_id: int, form: DecisionForm) -> str:
    if submission_id < 1:
        abort(404)
    submission = get_submission(db.session, submission_id)
    published = find_published(db.session, submission)
    form.saw(submission.latest.number, published[1] if published else None)
    page = ReviewPage.build(db.session, submission, form, reader=account().id, at=clock.now())
    return render_template("moderation/review.html", page=page)
