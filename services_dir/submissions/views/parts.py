"""What the routes of submissions share: what somebody writes, read from the database; limits; mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from services_dir import clock, policy, throttle
from services_dir.catalog.draft import Draft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Program
from services_dir.db import transaction
from services_dir.errors import N_, ConflictError
from services_dir.mail.messages import MailKind, Message
from services_dir.mail.operations import enqueue
from services_dir.submissions import queries, typed
from services_dir.submissions.answers import list_answers
from services_dir.submissions.forms import (
    Choices,
    Origin,
    SubmitOrganizationForm,
    SubmitProgramForm,
    draft_from_form,
    form_from_draft,
    load,
    steps,
)
from services_dir.submissions.forms.asking import fields_asked
from services_dir.submissions.forms.steps import Step, StepState
from services_dir.submissions.models import Subject, Submission, SubmissionState
from services_dir.submissions.operations import DRAFT_LIVES
from services_dir.submissions.pages import Kept, StepLine
from services_dir.submissions.pages.own import REVISED
from services_dir.submissions.showing import terms_of
from services_dir.submissions.typed import Typed
from services_dir.web.context import absolute
from services_dir.web.languages import translated
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("submissions", __name__)

ENTRIES = (
    Entry(Menu.MAIN, "submissions.new", N_("Suggest a program"), order=40),
    Entry(Menu.PROGRAM, "submissions.change_program", N_("Suggest a change"), order=10),
    Entry(Menu.PROGRAM, "submissions.report_problem", N_("Report a problem"), order=20),
    Entry(Menu.ORGANIZATION, "submissions.change_organization", N_("Suggest a change"), order=10),
)

PublicDraftForm = SubmitProgramForm | SubmitOrganizationForm
FORMS: Mapping[Subject, type[PublicDraftForm]] = {
    Subject.PROGRAM: SubmitProgramForm,
    Subject.ORGANIZATION: SubmitOrganizationForm,
}
TITLES: Mapping[Subject, str] = {
    Subject.PROGRAM: N_("Suggest a program"),
    Subject.ORGANIZATION: N_("Suggest an organization"),
}


@dataclass(frozen=True)
class Writing:
    """What somebody writes: the submission, what it began with, and what is typed so far."""

    submission: Submission
    origin: Origin
    base: Draft | None
    choices: Choices
    typed: Typed
    began: Typed | None  # what the form showed first, where it began with something
    questions: Mapping[str, str]  # path of the draft to what coordinators ask

    @classmethod
    def read(cls, session: Session, submission: Submission) -> Writing:
        """Read it. Raises ConflictError if it can no longer be written."""
        if submission.is_closed:
            raise ConflictError(N_("This submission was decided meanwhile."))
        if submission.kind not in REVISED or submission.subject not in FORMS:
            raise ConflictError(N_("This cannot be changed any more."))
        base = queries.find_base(session, submission)
        origin = Origin(base)
        if submission.revisions:
            origin = Origin(queries.read_draft(submission), queries.own_sources(submission, base))
        choices = load(session, also=terms_of(origin.draft))
        kind = FORMS[submission.subject]
        began = None
        if origin.draft is not None:
            began = steps.inputs(form_from_draft(kind, choices, origin, **_who(submission)))
        held = typed.read(submission.form.typed) if submission.form else began or {}
        questions: dict[str, str] = {}
        if submission.state is SubmissionState.CHANGES_REQUESTED:
            for answer in list_answers(session, submission)[:1]:
                questions = answer.questions
        return cls(submission, origin, base, choices, held, began, questions)

    @property
    def is_sent(self) -> bool:
        """Tell whether something was sent before."""
        return bool(self.submission.revisions)

    @property
    def seen(self) -> frozenset[str]:
        """Give the names of the steps that were looked at; all, where it began with something."""
        if self.origin.draft is not None:
            return frozenset(step.name for step in (*steps.PROGRAM_STEPS, *steps.ORGANIZATION_STEPS))
        return frozenset((self.submission.form.steps if self.submission.form else "").split(","))

    def form(self, content: Typed | None = None) -> PublicDraftForm:
        """Give the form with what is typed, or with other content; nothing is checked yet."""
        held = self.typed if content is None else content
        items = [(name, value) for name, values in held.items() for value in values]
        return form_from_draft(FORMS[self.submission.subject], self.choices, self.origin, MultiDict(items))

    def check(self, form: PublicDraftForm) -> Draft | None:
        """Give the draft that a form says; None if something is wrong: the form then says what."""
        return draft_from_form(form, self.choices, self.origin, today=clock.now().date())

    def is_known(self, name: str, words: str) -> bool:
        """Tell whether words name a town or a region."""
        find = self.choices.find_region if name == "region" else self.choices.find_town
        return find(words) is not None

    def lines(self, form: PublicDraftForm, token: str, current: Step | None = None) -> list[StepLine]:
        """Give the list of steps; the form was checked."""
        asked = fields_asked(form, self.questions)
        return [
            StepLine(
                step.name,
                step.title,
                steps.state_of(form, step, seen=self.seen, asked=asked, began=self.began),
                url_for("submissions.step", token=token, step_name=step.name),
                step is current,
            )
            for step in steps.of(form)
        ]

    def kept(self, token: str) -> Kept:
        """Give what the pages say of how it is kept."""
        form = self.submission.form
        until = (form.saved_at if form else clock.now()) + DRAFT_LIVES
        is_new = not self.is_sent and not (form and form.steps)
        return Kept.build(link_of(token), until, is_new=is_new, is_sent=self.is_sent)


def first_open(lines: list[StepLine]) -> StepLine:
    """Give the step to go on with: what is asked, what is wrong, what was not looked at."""
    for state in (StepState.ASKED, StepState.WRONG, StepState.OPEN, StepState.FREE, StepState.CHANGED):
        for line in lines:
            if line.state is state:
                return line
    return lines[0]


def link_of(token: str) -> str:
    """Give the private link."""
    return absolute(url_for("submissions.show", token=token))


def review_days(session: Session, submission_kind: str) -> int:
    """Give in how many working days somebody reads something of a kind."""
    return policy.get(session, "review_days_new" if submission_kind == "new" else "review_days_change")


def mail_link(session: Session, to: str, token: str, submission: Submission) -> None:
    """Mail the private link, unless many were mailed there within the hour."""
    label = submission.label or translated(TITLES.get(submission.subject, N_("Suggest a program")))
    if allow(session, "link-mail", to.strip().lower(), "links_per_hour"):
        values = {"link": link_of(token), "label": label}
        message = Message(MailKind.PRIVATE_LINK, to, submission.language, values)
        enqueue(session, message, at=clock.now())


def allow(session: Session, scope: str, who: str, key: str) -> bool:
    """Count one more deed of somebody and tell whether the policy allows it."""
    return throttle.allow(
        session, scope, who, limit=policy.get(session, key), within=timedelta(hours=1), at=clock.now()
    )


def network_may(scope: str) -> bool:
    """Count a deed of the network a request comes from; its address is not kept."""
    with transaction() as session:
        return allow(session, scope, throttle.network(request.remote_addr), "submissions_per_hour")


def find_public_address(session: Session, submission: Submission) -> str | None:
    """Give where the listing is shown, if it is published."""
    record = _find_published(session, submission)
    if record is None:
        return None
    is_program = isinstance(record, Program)
    return url_for("catalog.program" if is_program else "catalog.organization", slug=record.slug)


def find_again_address(session: Session, submission: Submission) -> str:
    """Give where a sender begins anew what was closed: a change of what is published, or something new."""
    record = _find_published(session, submission)
    is_program = submission.subject is Subject.PROGRAM
    if record is None:
        return url_for("submissions.new" if is_program else "submissions.new_organization")
    return url_for(f"submissions.change_{'program' if is_program else 'organization'}", slug=record.slug)


def _find_published(session: Session, submission: Submission) -> Program | Organization | None:
    record: Program | Organization | None = None
    if submission.program_id is not None:
        record = session.get(Program, submission.program_id)
    elif submission.organization_id is not None:
        record = session.get(Organization, submission.organization_id)
    return record if record is not None and record.status is CatalogStatus.PUBLISHED else None


def _who(submission: Submission) -> dict[str, Any]:
    return {
        "sender_name": submission.submitter_name,
        "sender_email": submission.submitter_email,
        "sender_role": submission.submitter_role,
        "sender_language": submission.language,
        "may_be_kept": submission.contact_consent_at is not None,
    }
