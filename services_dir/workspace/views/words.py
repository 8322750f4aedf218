"""Routes of the vocabularies: what people type for a term; for administrators, what terms are called."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog import word_operations
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.models import Term
from services_dir.db import db
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import read_number
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import LANGUAGES
from services_dir.workspace import operations
from services_dir.workspace.forms import TermForm, TermWordForm
from services_dir.workspace.pages import TermPage, WordsPage
from services_dir.workspace.queries import get_term, list_term_lines
from services_dir.workspace.views.parts import bp, check_button


@bp.get("/workspace/words")
@requires(Permission.REVIEW)
def words() -> ResponseReturnValue:
    """List the terms of each vocabulary in their order."""
    lists = [(vocabulary, list_term_lines(db.session, vocabulary)) for vocabulary in Vocabulary]
    return render_template("workspace/words.html", page=WordsPage(_("Kinds of help and other terms"), lists))


@bp.get("/workspace/words/<vocabulary>/<word>")
@requires(Permission.REVIEW)
def term(vocabulary: str, word: str) -> ResponseReturnValue:
    """Show a term and its words; to administrators, to be changed."""
    return _show(vocabulary, word)


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


@bp.post("/workspace/words/<vocabulary>/<word>/words")
@requires(Permission.REVIEW)
def add_term_word(vocabulary: str, word: str) -> ResponseReturnValue:
    """Add a word that people type when they mean the term."""
    form = TermWordForm(request.form)
    if not form.validate():
        return _show(vocabulary, word, word_form=form), 422
    said = form.language.data, form.word.data or ""
    try:
        with publishing() as session:
            word_operations.add_term_word(
                session, _known(vocabulary), word, *said, by=account().id, at=clock.now()
            )
    except (ConflictError, InvalidError) as error:
        form.word.errors = [*form.word.errors, sentence(error)]
        return _show(vocabulary, word, word_form=form), 422
    flash(N_("The word is added. Searches understand it within a few seconds."))
    return redirect(url_for("workspace.term", vocabulary=vocabulary, word=word), code=303)


@bp.post("/workspace/words/<vocabulary>/<word>/words/removal")
@requires(Permission.REVIEW)
def remove_term_word(vocabulary: str, word: str) -> ResponseReturnValue:
    """Take out a word of a term."""
    check_button()
    held = get_term(db.session, _known(vocabulary), word)
    number = read_number(request.form.get("number"))
    if number not in {line.id for line in held.words}:
        raise NotFoundError(N_("There is no such word."))
    with publishing() as session:
        word_operations.remove_term_word(session, number, by=account().id, at=clock.now())
    flash(N_("The word is taken out."))
    return redirect(url_for("workspace.term", vocabulary=vocabulary, word=word), code=303)


def _show(
    vocabulary: str, word: str, form: TermForm | None = None, word_form: TermWordForm | None = None
) -> str:
    row = get_term(db.session, _known(vocabulary), word)
    if form is None and account().may(Permission.ADMINISTER):
        form = _filled(row)
    page = TermPage(
        title=_("A term"),
        label=next((label.label for label in row.labels if label.language == "en"), row.slug),
        vocabulary=vocabulary,
        slug=row.slug,
        statutory=row.statutory,
        form=form,
        words=[(line.id, line.word, line.language) for line in row.words],
        word_form=word_form or TermWordForm(None),
        button=WorkspaceForm(None),
    )
    return render_template("workspace/term.html", page=page)


def _filled(row: Term) -> TermForm:
    labels = {label.language: label.label for label in row.labels}
    data = {f"label_{language}": labels.get(language) for language in LANGUAGES}
    return TermForm(None, data=data | {"position": row.position, "is_retired": row.retired_on is not None})


def _known(vocabulary: str) -> Vocabulary:
    if vocabulary not in list(Vocabulary):
        raise NotFoundError(N_("There is no such list of words."))
    return Vocabulary(vocabulary)
