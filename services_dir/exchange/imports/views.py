"""Routes of imports: hand in a file, read the plan, apply it, take it back, decide about terms."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.kinds import Vocabulary
from services_dir.catalog.queries import list_terms as list_vocabulary
from services_dir.db import db, transaction
from services_dir.errors import N_, ForbiddenError, InvalidError, NotFoundError
from services_dir.exchange.imports import running, showing, terms
from services_dir.exchange.imports.contexts import split
from services_dir.exchange.imports.forms import MappingForm, UploadForm
from services_dir.exchange.imports.ledger import without_values
from services_dir.exchange.imports.models import (
    ImportRow,
    RecordKind,
    RowState,
    TermMapping,
    Verdict,
)
from services_dir.exchange.imports.pages import (
    ImportsPage,
    NotesPage,
    ReasonLine,
    RowView,
    RunPage,
    TermPage,
    TermsPage,
)
from services_dir.submissions.showing import read_number
from services_dir.values import without_controls
from services_dir.web.errors import sentence
from services_dir.web.forms import WorkspaceForm
from services_dir.web.navigation import Entry, Menu

bp = Blueprint("imports", __name__)

ENTRIES = (Entry(Menu.WORKSPACE, "imports.index", N_("Imports"), order=60),)

_NUMBER = "int(max=2147483647)"
_LARGEST = 100_000_000  # bytes of a file that is handed in here; larger ones by the command
_SECONDS = 20  # of one step of applying or taking back; then the page shows how far it came
_LAST_PAGE = 100_000


@bp.get("/workspace/imports")
@requires(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """List imports, and offer another one."""
    return _show_index(UploadForm(None))


@bp.post("/workspace/imports")
@requires(Permission.REVIEW)
def upload() -> ResponseReturnValue:
    """Plan the import of a file that is handed in; the catalog stays as it is."""
    request.max_content_length = _LARGEST
    form = UploadForm()
    if not form.validate():
        return _show_index(form), 422
    file = form.file.data
    options = running.Options(
        form.feed.data or "",
        areas=[form.area.data] if form.area.data else None,
        level=form.level.data,
        is_complete=form.is_complete.data,
    )
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    try:
        run_id = running.plan_path(file.stream, options, by=account().id, at=clock.now(), name=name)
    except InvalidError as error:
        form.file.errors = [*form.file.errors, sentence(error)]
        return _show_index(form), 422
    return redirect(url_for("imports.run", run_id=run_id), code=303)


@bp.get(f"/workspace/imports/<{_NUMBER}:run_id>")
@requires(Permission.REVIEW)
def run(run_id: int) -> ResponseReturnValue:
    """Show what an import would do, or did."""
    held = showing.get_run(db.session, run_id)
    chosen = _filter()
    rows = showing.list_rows(db.session, run_id, chosen, page=_page())
    arguments: dict[str, Any] = {
        "verdict": chosen.verdict.value if chosen.verdict else None,
        "kind": chosen.kind.value if chosen.kind else None,
        "state": chosen.state.value if chosen.state else None,
        "q": chosen.q or None,
    }
    page = RunPage(
        title=_("An import"),
        run=held,
        counts={kind: showing.count_verdicts(held, kind) for kind in reversed(RecordKind)},
        states=showing.count_states(db.session, run_id),
        files=[
            (line, [f"{count}: {_(reason)}" for reason, count in line.left.items()])
            for line in showing.file_lines(held)
        ],
        rows=showing.paged_like(rows, [_row_view(row) for row in rows]),
        chosen=chosen,
        reasons=_reason_lines(run_id),
        button=WorkspaceForm(None),
        may_publish=account().may(Permission.ADMINISTER),
        address=lambda n: url_for("imports.run", run_id=run_id, page=n, **arguments),
    )
    return render_template("imports/run.html", page=page)


@bp.post(f"/workspace/imports/<{_NUMBER}:run_id>/application")
@requires(Permission.REVIEW)
def apply(run_id: int) -> ResponseReturnValue:
    """Do what the plan says, for as long as a page may take; pressed again it goes on."""
    _check_button()
    publishes = bool(request.form.get("publish"))
    running.refuse_unless_administrator(db.session, account().id, publishes)
    ends = running.apply_run(
        run_id, by=account().id, at=clock.now(), publishes=publishes, is_time_up=_deadline()
    )
    waiting = ends.get(RowState.WAITING, 0)
    flash(N_("A part is done. Press the button again to go on.") if waiting else N_("The import is applied."))
    return redirect(url_for("imports.run", run_id=run_id), code=303)


@bp.post(f"/workspace/imports/<{_NUMBER}:run_id>/undoing")
@requires(Permission.REVIEW)
def undo(run_id: int) -> ResponseReturnValue:
    """Take an import back; what was changed since stays."""
    _check_button()
    ends, kept = running.undo_run(run_id, by=account().id, at=clock.now(), is_time_up=_deadline())
    left = ends.get(RowState.QUEUED, 0) + ends.get(RowState.PUBLISHED, 0)
    flash(N_("A part is done. Press the button again to go on.") if left else N_("The import is taken back."))
    if kept and not left:
        flash(N_("Some records were changed since, so they stay. They are listed here."))
        return redirect(url_for("imports.run", run_id=run_id, state=RowState.KEPT.value), code=303)
    return redirect(url_for("imports.run", run_id=run_id), code=303)


@bp.get(f"/workspace/imports/<{_NUMBER}:run_id>/notes")
@requires(Permission.REVIEW)
def notes(run_id: int) -> ResponseReturnValue:
    """List what was noted of parts of records."""
    counted = showing.count_notes(db.session, run_id)
    about = next((one for one in counted if one.key == request.args.get("about")), None)
    held = showing.list_notes(db.session, run_id, about.message if about else None, page=_page())
    page = NotesPage(
        title=_("Notes of an import"),
        run=showing.get_run(db.session, run_id),
        reasons=_reason_lines(run_id, about),
        notes=held,
        sentences=[_said(note.message, msgspec.json.decode(note.values)) for note in held],
        address=lambda n: url_for("imports.notes", run_id=run_id, page=n, about=about.key if about else None),
    )
    return render_template("imports/notes.html", page=page)


@bp.get(f"/workspace/imports/<{_NUMBER}:run_id>/to-mend.csv")
@requires(Permission.REVIEW)
def to_mend(run_id: int) -> ResponseReturnValue:
    """Give the records that cannot be taken as a table to mend, without what tells where a place is."""
    showing.get_run(db.session, run_id)
    rows = db.session.scalars(
        select(ImportRow)
        .where(ImportRow.run_id == run_id, ImportRow.verdict == Verdict.REFUSE)
        .order_by(ImportRow.position)
    ).all()
    response = Response("".join(running.to_mend(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=to-mend.csv"
    return response


@bp.get(f"/workspace/imports/<{_NUMBER}:run_id>/terms")
@requires(Permission.REVIEW)
def list_terms(run_id: int) -> ResponseReturnValue:
    """List the terms of the feed and what they stand for."""
    held = showing.get_run(db.session, run_id)
    page = TermsPage(
        title=_("Terms of a feed"),
        run=held,
        terms=terms.list_terms(db.session, held.feed_id, page=_page()),
        labels=_choices(Vocabulary.CATEGORY) | _choices(Vocabulary.POPULATION),
        address=lambda n: url_for("imports.list_terms", run_id=run_id, page=n),
    )
    return render_template("imports/terms.html", page=page)


@bp.get(f"/workspace/imports/<{_NUMBER}:run_id>/terms/<{_NUMBER}:term_id>")
@requires(Permission.REVIEW)
def term(run_id: int, term_id: int) -> ResponseReturnValue:
    """Show a term to be decided about."""
    mapping = _mapping(run_id, term_id)
    data = {"categories": list(split(mapping.categories)), "populations": list(split(mapping.populations))}
    return _show_term(run_id, mapping, _with_choices(MappingForm(None, data=data)))


@bp.post(f"/workspace/imports/<{_NUMBER}:run_id>/terms/<{_NUMBER}:term_id>")
@requires(Permission.REVIEW)
def decide_term(run_id: int, term_id: int) -> ResponseReturnValue:
    """Say what a term stands for."""
    form = _with_choices(MappingForm(request.form))
    mapping = _mapping(run_id, term_id)
    if not form.validate():
        return _show_term(run_id, mapping, form), 422
    with transaction() as session:
        terms.decide_term(
            session,
            session.get_one(TermMapping, term_id),
            form.categories.data or (),
            form.populations.data or (),
            by=account().id,
            at=clock.now(),
        )
    flash(N_("The term is decided. The next plan of this feed follows it."))
    return redirect(url_for("imports.list_terms", run_id=run_id), code=303)


def _show_index(form: UploadForm) -> str:
    page = ImportsPage(
        title=_("Imports"),
        form=form,
        runs=showing.list_runs(db.session, page=_page()),
        address=lambda n: url_for("imports.index", page=n),
    )
    return render_template("imports/index.html", page=page)


def _show_term(run_id: int, mapping: TermMapping, form: MappingForm) -> str:
    held = showing.get_run(db.session, run_id)
    return render_template("imports/term.html", page=TermPage(_("A term of a feed"), held, mapping, form))


def _mapping(run_id: int, term_id: int) -> TermMapping:
    held = showing.get_run(db.session, run_id)
    mapping = db.session.get(TermMapping, term_id)
    if mapping is None or mapping.feed_id != held.feed_id:
        raise NotFoundError(N_("There is no such term."))
    return mapping


def _with_choices(form: MappingForm) -> MappingForm:
    form.offer(_choices(Vocabulary.CATEGORY), _choices(Vocabulary.POPULATION))
    return form


def _choices(vocabulary: Vocabulary) -> dict[str, str]:
    language = str(get_locale() or "en")
    views = list_vocabulary(db.session, vocabulary)
    return {view.slug: view.label(language) for view in views if not view.is_retired}


def _reason_lines(run_id: int, chosen: showing.NoteCount | None = None) -> list[ReasonLine]:
    return [
        ReasonLine(
            without_values(_(one.message)),
            one.weight,
            one.count,
            url_for("imports.notes", run_id=run_id, about=one.key),
            is_chosen=one == chosen,
        )
        for one in showing.count_notes(db.session, run_id)
    ]


def _row_view(row: ImportRow) -> RowView:
    reasons = [
        f"{column}: {_said(message, values)}" if column else _said(message, values)
        for message, values, column, _line, _file in showing.read_reasons(row)
    ]
    address = (
        url_for("moderation.review", submission_id=row.submission_id)
        if row.submission_id is not None
        else None
    )
    return RowView(row, reasons, address)


def _said(message: str, values: dict[str, Any]) -> str:
    return _(message).format(**values)


def _filter() -> showing.Filter:
    asked = request.args
    return showing.Filter(
        verdict=next((one for one in Verdict if one.value == asked.get("verdict")), None),
        kind=next((one for one in RecordKind if one.value == asked.get("kind")), None),
        state=next((one for one in RowState if one.value == asked.get("state")), None),
        q=without_controls(asked.get("q", ""))[:200].strip(),
    )


def _page() -> int:
    return max(1, min(read_number(request.args.get("page")) or 1, _LAST_PAGE))


def _deadline() -> Callable[[], bool]:
    until = time.monotonic() + _SECONDS
    return lambda: time.monotonic() > until


def _check_button() -> None:
    if not WorkspaceForm().validate():
        raise ForbiddenError(N_("This page was open for very long. Go back, reload it and try again."))
