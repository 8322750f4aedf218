"""The public page of a draft as it would look: published in a transaction that is always taken back."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.orm import Session

from services_dir import clock
from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.freshness import get_freshness
from services_dir.catalog.models import Program
from services_dir.catalog.operations import publish_program
from services_dir.catalog.pages import ProgramPage
from services_dir.catalog.public import PublicProgram
from services_dir.catalog.queries import get_labels, get_public_program
from services_dir.db import db
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.moderation.queries import list_problems
from services_dir.web.languages import current_language


def render_preview(draft: Draft, back: str) -> str:
    """Give the page of a draft, with a way back. Raises InvalidError if it is not complete."""
    if not isinstance(draft, ProgramDraft):
        raise NotFoundError(N_("Only programs can be seen before they are published."))
    for problem in list_problems(db.session, draft):
        if not problem.is_warning:
            raise InvalidError(problem.message, **problem.values)
    language = current_language()
    public = _published_for_a_moment(db.session, draft)
    labels, freshness = get_labels(db.session, language), get_freshness(db.session)
    page = ProgramPage.build(public, labels, freshness, at=clock.now(), language=language)
    return render_template("moderation/preview.html", page=page, back=back)


def _published_for_a_moment(session: Session, draft: ProgramDraft) -> PublicProgram:
    """Go the way of every publication, so that what is shown is what would be; then forget it all."""
    session.rollback()
    session.connection(execution_options={"writes": True})
    try:
        version = publish_program(session, draft, review_id=None, at=clock.now())
        slug = session.get_one(Program, version.program_id).slug
        session.expire_all()
        return get_public_program(session, slug)
    except ConflictError as error:
        raise InvalidError(error.message, **error.values) from error
    finally:
        session.rollback()
