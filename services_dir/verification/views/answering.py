"""Routes of the provider's page. Opening it changes nothing, whoever does; buttons do."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.models import Organization, Program
from services_dir.catalog.pages import ProgramPage
from services_dir.catalog.queries import get_labels, list_public_programs
from services_dir.db import db
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.submissions import operations as submissions
from services_dir.submissions.forms import Origin, SubmitProgramForm, form_from_draft, load, steps
from services_dir.submissions.models import Subject, Submission, SubmissionState
from services_dir.submissions.operations import Beginning
from services_dir.submissions.publishing import publishing
from services_dir.submissions.queries import listing_of
from services_dir.submissions.showing import terms_of
from services_dir.values import new_token
from services_dir.verification import operations
from services_dir.verification.forms import AnswerForm
from services_dir.verification.models import Round
from services_dir.verification.pages import VerifyPage
from services_dir.verification.queries import get_round
from services_dir.web.errors import sentence
from services_dir.web.languages import current_language

bp = Blueprint("verification", __name__)


@bp.get("/verify/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show the programs of a round, each with its buttons."""
    return _show(token, AnswerForm(None))


@bp.post("/verify/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Take the answer of the button that was pressed."""
    form = AnswerForm(request.form)
    if not form.validate():
        return _show(token, form), 422
    at = clock.now()
    try:
        with publishing() as session:
            round = get_round(session, token, at, for_update=True)
            address = _take(session, round, request.form.get("answer", ""), at)
    except ConflictError as error:
        form.form_errors.append(sentence(error))
        return _show(token, form), 409
    except InvalidError as error:
        form.form_errors.append(sentence(error))
        return _show(token, form), 422
    return redirect(address or url_for("verification.show", token=token), code=303)


def _take(session: Session, round: Round, pressed: str, at: datetime) -> str | None:
    """Do what a button says, and give where to go on if that is another page."""
    deed, _colon, number = pressed.partition(":")
    if deed == "all":
        operations.confirm_all(session, round, at=at)
    elif deed == "stop":
        operations.stop_writing(session, round, at=at)
    elif not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise InvalidError(N_("Press one of the buttons below."))
    elif deed == "confirmed":
        operations.confirm(session, round, int(number), at=at)
    elif deed == "gone":
        operations.report_gone(session, round, int(number), at=at)
    elif deed == "mended":
        return _begin_change(session, round, int(number), at)
    else:
        raise InvalidError(N_("Press one of the buttons below."))
    return None


def _begin_change(session: Session, round: Round, program_id: int, at: datetime) -> str:
    """Open the change form of a program, or open it again where a change was begun."""
    asked = next((asked for asked in round.programs if asked.program_id == program_id), None)
    if asked is None:
        raise NotFoundError(N_("This program is not listed any more."))
    begun = asked.submission
    token = new_token()
    if begun is not None and begun.state is SubmissionState.DRAFT:
        submissions.give_link(begun, at, token)
    else:
        begun = _draft(session, asked.program, round, token, at)
        operations.note_change(round, program_id, begun, at=at)
    return url_for("submissions.show", token=token)


def _draft(session: Session, program: Program, round: Round, token: str, at: datetime) -> Submission:
    listing = listing_of(session, program)
    beginning = Beginning(
        Subject.PROGRAM,
        program_id=program.id,
        uuid=program.uuid,
        version=listing.version,
        label=listing.name,
    )
    email = round.contact.email if round.contact is not None else None
    choices = load(session, also=terms_of(listing.draft))
    form = form_from_draft(SubmitProgramForm, choices, Origin(listing.draft), sender_email=email)
    return submissions.start(
        session,
        beginning,
        steps.inputs(form),
        token=token,
        at=at,
        language=current_language(),
        email=email,
    )


def _show(token: str, form: AnswerForm) -> str:
    at = clock.now()
    round = get_round(db.session, token, at)
    language = current_language()
    labels, freshness = get_labels(db.session, language), get_freshness(db.session)
    ids = {asked.program.slug: asked.program_id for asked in round.programs if asked.is_listed}
    shown = {
        ids[program.slug]: ProgramPage.build(program, labels, freshness, at=at, language=language)
        for program in list_public_programs(db.session, list(ids.values()))
    }
    organization = db.session.get_one(Organization, round.organization_id)
    address = url_for("verification.show", token=token)
    page = VerifyPage.build(round, organization.name, shown, form, address)
    return render_template("verification/verify.html", page=page)
