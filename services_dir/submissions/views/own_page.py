"""The sender's own page: opening it changes nothing, each deed is a button."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock, policy
from services_dir.accounts.guards import public
from services_dir.db import db, transaction
from services_dir.submissions import operations, queries
from services_dir.submissions.answers import list_answers
from services_dir.submissions.forms import Origin, form_from_draft, load
from services_dir.submissions.forms.public import ButtonForm
from services_dir.submissions.models import Submission, SubmissionState
from services_dir.submissions.pages import (
    DraftPage,
    SubmissionPage,
    answer_lines,
    for_outside,
    wording_of,
)
from services_dir.submissions.views.parts import (
    FORMS,
    TITLES,
    Writing,
    bp,
    find_again_address,
    find_public_address,
    first_open,
    link_of,
    mail_link,
    review_days,
)
from services_dir.submissions.views.sending import name_of
from services_dir.web.languages import translated


@bp.get("/submissions/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show the sender where it stands. Opening it changes nothing."""
    return _show(token, ButtonForm(None))


@bp.post("/submissions/<token>/withdraw")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Take a submission back; what was never sent is thrown away."""
    form = ButtonForm(request.form)
    if not form.validate():
        return _show(token, form), 422
    with transaction() as session:
        submission = queries.get_by_token(session, token, clock.now(), for_update=True)
        if submission.state is SubmissionState.DRAFT:
            operations.discard(session, submission)
            return redirect(url_for("submissions.new"), code=303)
        operations.withdraw(session, submission, at=clock.now())
    return redirect(url_for("submissions.show", token=token), code=303)


@bp.post("/submissions/<token>/forget-changes")
@public
def forget_changes(token: str) -> ResponseReturnValue:
    """Throw away what was typed after it was sent."""
    form = ButtonForm(request.form)
    if not form.validate():
        return _show(token, form), 422
    with transaction() as session:
        submission = queries.get_by_token(session, token, clock.now(), for_update=True)
        if submission.state is not SubmissionState.DRAFT:
            operations.discard(session, submission)
    return redirect(url_for("submissions.show", token=token), code=303)


@bp.post("/submissions/<token>/new-link")
@public
def new_link(token: str) -> ResponseReturnValue:
    """Give another private link; all links before it end."""
    form = ButtonForm(request.form)
    if not form.validate():
        return _show(token, form), 422
    with transaction() as session:
        submission = queries.get_by_token(session, token, clock.now(), for_update=True)
        fresh = operations.give_link(submission, clock.now())
        if submission.submitter_email:
            mail_link(session, submission.submitter_email, fresh, submission)
    return redirect(url_for("submissions.show", token=fresh), code=303)


def _show(token: str, form: ButtonForm) -> str:
    submission = queries.get_by_token(db.session, token, clock.now())
    if submission.state is SubmissionState.DRAFT:
        return _show_draft(submission, form, token)
    draft = queries.read_draft(submission)
    base = queries.find_base(db.session, submission)
    own = queries.own_sources(submission, base)
    answers = list_answers(db.session, submission)
    page = SubmissionPage.build(
        submission,
        for_outside(draft, own),
        for_outside(base, own) if base else None,
        answer_lines(answers, _names(submission, [path for answer in answers for path in answer.questions])),
        wording=wording_of(db.session, draft, base),
        form=form,
        link=link_of(token),
        path=url_for("submissions.show", token=token),
        days=review_days(db.session, submission.kind.value),
        silence_days=policy.get(db.session, "silence_days"),
        public_address=find_public_address(db.session, submission),
        again_address=find_again_address(db.session, submission),
    )
    return render_template("submissions/submission.html", page=page)


def _show_draft(submission: Submission, form: ButtonForm, token: str) -> str:
    work = Writing.read(db.session, submission)
    checked = work.form()
    work.check(checked)
    lines = work.lines(checked, token)
    page = DraftPage(
        title=_("Not sent yet"),
        heading=_("Suggest a change") if work.base is not None else translated(TITLES[submission.subject]),
        name=submission.label,
        kept=work.kept(token),
        lines=lines,
        check_address=url_for("submissions.check", token=token),
        go_on=first_open(lines).address,
        path=url_for("submissions.show", token=token),
        form=form,
        is_change=work.base is not None,
    )
    return render_template("submissions/draft.html", page=page)


def _names(submission: Submission, paths: list[str]) -> dict[str, str]:
    """Give the name of each field that something was asked about."""
    if not paths:
        return {}
    origin = Origin(queries.read_draft(submission))
    form = form_from_draft(FORMS[submission.subject], load(db.session), origin)
    return {path: name_of(form, path) for path in paths}
