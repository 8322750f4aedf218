"""Routes of the vocabularies: what terms are called, their order, and which are no longer offered."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.kinds import Vocabulary
from services_dir.db import db
from services_dir.errors import N_, NotFoundError
from services_dir.submissions.publishing import publishing
from services_dir.web.languages import LANGUAGES
from services_dir.workspace import operations
from services_dir.workspace.forms import TermForm
from services_dir.workspace.pages import TermPage, WordsPage
from services_dir.workspace.queries import get_term, list_term_lines
from services_dir.workspace.views.parts import bp


@bp.get("/workspace/words")
@requires(Permission.ADMINISTER)
def words() -> ResponseReturnValue:
    """List the terms of each vocabulary in their order."""
    lists = [(vocabulary, list_term_lines(db.session, vocabulary)) for vocabulary in Vocabulary]
    return render_template("workspace/words.html", page=WordsPage(_("Words"), lists))


@bp.get("/workspace/words/<vocabulary>/<word>")
@requires(Permission.ADMINISTER)
def term(vocabulary: str, word: str) -> ResponseReturnValue:
    """Show a term to be changed."""
    row = get_term(db.session, _known(vocabulary), word)
    labels = {label.language: label.label for label in row.labels}
    form = TermForm(
        None,
        data={
            "label_en": labels.get("en"),
            "label_es": labels.get("es"),
            "position": row.position,
            "is_retired": row.retired_on is not None,
        },
    )
    return _show(vocabulary, word, form)


@bp.post("/workspace/words/<vocabulary>/<word>")
@requires(Permission.ADMINISTER)
def change_term(vocabulary: str, word: str) -> ResponseReturnValue:
    """Change what a term is called, its place, and whether it is offered."""
    form = TermForm(request.form)
    if not form.validate():
        return _show(vocabulary, word, form), 422
    with publishing() as session:
        operations.change_term(
            session,
            get_term(session, _known(vocabulary), word, for_update=True),
            labels={language: form[f"label_{language}"].data or "" for language in LANGUAGES},
            position=form.position.data or 0,
            is_retired=bool(form.is_retired.data),
            by=account().id,
            at=clock.now(),
        )
    flash(N_("The term is changed."))
    return redirect(url_for("workspace.words"), code=303)


def _show(vocabulary: str, word: str, form: TermForm) -> str:
    row = get_term(db.session, _known(vocabulary), word)
    label = next((label.label for label in row.labels if label.language == "en"), row.slug)
    page = TermPage(_("A term"), label, vocabulary, row.slug, row.statutory, form)
    return render_template("workspace/term.html", page=page)


def _known(vocabulary: str) -> Vocabulary:
    if vocabulary not in list(Vocabulary):
        raise NotFoundError(N_("There is no such list of words."))
    return Vocabulary(vocabulary)
