"""Routes of the words that searches understand: find, add, change, take out; searches follow."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog import word_operations
from services_dir.catalog.kinds import WordKind
from services_dir.db import db
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import read_number
from services_dir.values import without_controls
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.workspace.forms import WordForm
from services_dir.workspace.pages import SearchWordPage, SearchWordsPage
from services_dir.workspace.search_words import get_word, list_word_lines
from services_dir.workspace.views.parts import bp, check_button

_NUMBER = "int(max=2147483647)"


@bp.get("/workspace/search-words")
@requires(Permission.REVIEW)
def search_words() -> ResponseReturnValue:
    """List the words, or those in which something is sought."""
    return _show_all(WordForm(None))


@bp.post("/workspace/search-words")
@requires(Permission.REVIEW)
def add_word() -> ResponseReturnValue:
    """Add a word."""
    form = WordForm(request.form)
    if not form.validate():
        return _show_all(form), 422
    try:
        with publishing() as session:
            row = word_operations.add_word(session, *form.said(), by=account().id, at=clock.now())
            word = row.word
    except (ConflictError, InvalidError) as error:
        form.word.errors = [*form.word.errors, sentence(error)]
        return _show_all(form), 422
    flash(N_("The word is added. Searches understand it within a few seconds."))
    return redirect(url_for("workspace.search_words", q=word), code=303)


@bp.get(f"/workspace/search-words/<{_NUMBER}:word_id>")
@requires(Permission.REVIEW)
def search_word(word_id: int) -> ResponseReturnValue:
    """Show a word to be changed."""
    row = get_word(db.session, word_id)
    return _show_one(word_id, WordForm(None, data={"kind": row.kind, "word": row.word, "means": row.means}))


@bp.post(f"/workspace/search-words/<{_NUMBER}:word_id>")
@requires(Permission.REVIEW)
def change_word(word_id: int) -> ResponseReturnValue:
    """Change a word or what it stands for."""
    form = WordForm(request.form)
    if not form.validate():
        return _show_one(word_id, form), 422
    try:
        with publishing() as session:
            row = word_operations.change_word(session, word_id, *form.said(), by=account().id, at=clock.now())
            word = row.word
    except (ConflictError, InvalidError) as error:
        form.word.errors = [*form.word.errors, sentence(error)]
        return _show_one(word_id, form), 422
    flash(N_("The word is changed. Searches understand it within a few seconds."))
    return redirect(url_for("workspace.search_words", q=word), code=303)


@bp.post(f"/workspace/search-words/<{_NUMBER}:word_id>/removal")
@requires(Permission.REVIEW)
def remove_word(word_id: int) -> ResponseReturnValue:
    """Take a word out."""
    check_button()
    with publishing() as session:
        word_operations.remove_word(session, word_id, by=account().id, at=clock.now())
    flash(N_("The word is taken out."))
    return redirect(url_for("workspace.search_words"), code=303)


def _show_all(form: WordForm) -> str:
    q = without_controls(request.args.get("q", ""))[:200].strip()
    wanted = request.args.get("kind", "")
    kind = wanted if wanted in (*WordKind, "term") else ""
    number = max(1, min(read_number(request.args.get("page")) or 1, 100_000))
    page = SearchWordsPage(
        title=_("Words of the search"),
        q=q,
        kind=kind,
        lines=list_word_lines(db.session, q=q, kind=kind, page=number),
        address=lambda n: url_for("workspace.search_words", q=q or None, kind=kind or None, page=n),
        form=form,
    )
    return render_template("workspace/search_words.html", page=page)


def _show_one(word_id: int, form: WordForm) -> str:
    word = get_word(db.session, word_id).word
    page = SearchWordPage(_("A word of the search"), word_id, word, form, WorkspaceForm(None))
    return render_template("workspace/search_word.html", page=page)
