"""The last look before something is sent, and sending it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.diff import LABELS, compare
from services_dir.catalog.draft import Draft
from services_dir.catalog.similar import Similar, find_similar
from services_dir.db import db
from services_dir.errors import N_, ConflictError
from services_dir.submissions import operations, queries, typed
from services_dir.submissions.forms import steps
from services_dir.submissions.forms.asking import field_of
from services_dir.submissions.forms.public import SendForm
from services_dir.submissions.models import AuthorKind, Submission, SubmissionState
from services_dir.submissions.operations import Sender
from services_dir.submissions.pages import (
    CheckPage,
    DoubtLine,
    WrongStep,
    errors_of,
    for_outside,
    wording_of,
)
from services_dir.submissions.publishing import publishing
from services_dir.submissions.rules import Doubt, Flag, find_doubts, join_flags
from services_dir.submissions.views.parts import (
    PublicDraftForm,
    Writing,
    allow,
    bp,
    find_public_address,
    mail_link,
    network_may,
    review_days,
)
from services_dir.web.errors import sentence
from services_dir.web.forms import Switched
from services_dir.web.languages import LANGUAGES


@dataclass(frozen=True)
class Checked:
    """What would be sent, and what was noticed about it; no draft while something is wrong."""

    form: PublicDraftForm
    draft: Draft | None
    doubts: list[Doubt]
    similar: list[Similar]

    @classmethod
    def read(cls, session: Session, work: Writing) -> Checked:
        """Check all that is typed."""
        form = work.form()
        draft = work.check(form)
        if draft is None:
            return cls(form, None, [], [])
        similar = find_similar(session, draft) if work.base is None else []
        return cls(form, draft, find_doubts(draft, form.message.data or ""), similar)

    @property
    def flags(self) -> str:
        """Give what coordinators must notice."""
        held = {doubt.flag for doubt in self.doubts} | ({Flag.SIMILAR} if self.similar else set())
        return join_flags(held)

    @property
    def sender(self) -> Sender:
        """Give what the form says of its sender."""
        form = self.form
        return Sender(
            AuthorKind.SUBMITTER,
            name=form.sender_name.data or None,
            email=form.sender_email.data or None,
            role=form.sender_role.data or None,
            language=form.sender_language.data if form.sender_language.data in LANGUAGES else "en",
            may_be_kept=bool(form.may_be_kept.data),
        )


@bp.get("/submissions/<token>/check")
@public
def check(token: str) -> ResponseReturnValue:
    """Show all that will be sent. Opening it changes nothing."""
    work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
    return _show(work, token, SendForm(None))


@bp.post("/submissions/<token>/check")
@public
def send(token: str) -> ResponseReturnValue:
    """Send what was typed, once, however often the button is pressed. Whatever is wrong, nothing is lost."""
    guard = SendForm(request.form)
    own_page = redirect(url_for("submissions.show", token=token), code=303)
    with publishing() as session:
        submission = queries.get_by_token(session, token, clock.now(), for_update=True)
        if _was_sent(submission, guard.seen.data):
            return own_page
        work = Writing.read(session, submission)
        after = typed.taken_over(work.typed, request.form.to_dict(flat=False), ("message",))
        operations.save(session, submission, work.typed, after, is_known=work.is_known, at=clock.now())
    if goal := request.form.get("go"):
        name = goal if any(step.name == goal for step in steps.of(work.form())) else None
        return redirect(_goal(token, name), code=303)
    is_valid = guard.validate()
    work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
    checked = Checked.read(db.session, work)
    sure = request.form.getlist("sure")
    if checked.draft is None or not is_valid or any(doubt.mark not in sure for doubt in checked.doubts):
        is_tried = guard.switched.data != Switched.TYPED
        return _show(work, token, guard, checked=checked, sure=sure, is_tried=is_tried), guard.refusal
    if not _may_send(checked):
        many = _("Many forms came from your network. Wait an hour, then send it again.")
        return _show(work, token, guard, many, checked=checked, sure=sure), 429, {"Retry-After": "3600"}
    try:
        with publishing() as session:
            locked = queries.get_by_token(session, token, clock.now(), for_update=True)
            if locked.form is not None:
                _send(session, locked, token)
    except ConflictError as error:
        with publishing() as session:  # told once; then it can be sent on top of what is newer
            locked = queries.get_by_token(session, token, clock.now(), for_update=True)
            if locked.form is not None and locked.revisions:
                locked.form.seen_revision = locked.latest.number
        work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
        return _show(work, token, SendForm(None), sentence(error), sure=sure), 409
    return own_page


def _send(session: Session, submission: Submission, token: str) -> None:
    """Send what is kept now, so that a word typed in another window a moment ago is not lost."""
    checked = Checked.read(session, Writing.read(session, submission))
    if checked.draft is None or submission.form is None:
        raise ConflictError(N_("This was changed in another window. Please check it once more."))
    if submission.base_version is not None and find_public_address(session, submission) is None:
        raise ConflictError(N_("This is no longer listed."))
    before, at = submission.submitter_email, clock.now()
    message, flags = checked.form.message.data or "", checked.flags
    if submission.state is SubmissionState.DRAFT:
        operations.send_started(
            session, submission, checked.draft, checked.sender, at=at, message=message, flags=flags
        )
    else:
        operations.revise(
            session,
            submission,
            checked.draft,
            checked.sender,
            seen_revision=submission.form.seen_revision,
            at=at,
            message=message or None,
            flags=flags,
        )
    if submission.submitter_email and submission.submitter_email != before:
        mail_link(session, submission.submitter_email, token, submission)


def _was_sent(submission: Submission, seen: str | None) -> bool:
    """Tell whether this same page was sent already: nothing is typed, and its sender's version is newer."""
    if submission.form is not None or submission.state is SubmissionState.DRAFT or not submission.revisions:
        return False
    newest = submission.latest
    return submission.is_closed or (str(newest.number) != seen and newest.author is AuthorKind.SUBMITTER)


def _may_send(checked: Checked) -> bool:
    if not network_may("submission"):
        return False
    email = checked.form.sender_email.data
    if not email:
        return True
    with publishing() as session:
        return allow(session, "submission-mail", email.lower(), "submissions_per_hour")


def _goal(token: str, name: str | None) -> str:
    if name is None:
        return url_for("submissions.show", token=token)
    return url_for("submissions.step", token=token, step_name=name)


def _show(
    work: Writing,
    token: str,
    guard: SendForm,
    *failures: str,
    checked: Checked | None = None,
    sure: Collection[str] = (),
    is_tried: bool = False,
) -> str:
    checked = checked or Checked.read(db.session, work)
    form, draft, submission = checked.form, checked.draft, work.submission
    guard.seen.data = str(submission.latest.number if submission.revisions else 0)
    lines = work.lines(form, token)
    wrong = [
        WrongStep(line.title, line.address, errors_of(form, step))
        for line, step in zip(lines, steps.of(form), strict=True)
        if errors_of(form, step)
    ]
    told = [*failures, *map(str, form.form_errors)]
    own = queries.own_sources(submission, work.base)
    base = for_outside(work.base, own) if work.base is not None else None
    shown = for_outside(draft, own | _new_sources(draft, work.origin.draft)) if draft is not None else None
    page = CheckPage(
        title=_("Check and send"),
        heading=_("Check and send"),
        form=form,
        choices=work.choices,
        action=url_for("submissions.send", token=token),
        lines=lines,
        kept=work.kept(token),
        guard=guard,
        wrong=wrong,
        content=compare(base, shown, wording_of(db.session, shown, base)) if shown is not None else (),
        is_change=base is not None,
        doubts=[DoubtLine.build(doubt, sure) for doubt in checked.doubts],
        similar=checked.similar,
        questions=[(name_of(form, path), question) for path, question in work.questions.items()],
        days=review_days(db.session, submission.kind.value),
        own_page=url_for("submissions.show", token=token),
        is_tried=is_tried,
        failures=told,
    )
    return render_template("submissions/check.html", page=page)


def name_of(form: PublicDraftForm, path: str) -> str:
    """Give the name of the field that a question is about, as the forms call it."""
    field = field_of(form, path)
    label = LABELS.get(path.split(".", maxsplit=1)[0])
    return str(field.label.text) if field is not None else _(label) if label else ""


def _new_sources(draft: Draft | None, began: Draft | None) -> frozenset[str]:
    """Give the sources that were typed now: their sender may see them."""
    before = {source.id for source in getattr(began, "sources", ())}
    return frozenset(source.id for source in getattr(draft, "sources", ()) if source.id not in before)
