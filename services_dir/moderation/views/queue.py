"""Routes of the queue: find what waits, keep a view of it, claim several at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.db import db, transaction
from services_dir.errors import N_, InvalidError
from services_dir.moderation import operations, queries
from services_dir.moderation.filters import QueueFilter
from services_dir.moderation.forms import KeepForm
from services_dir.moderation.pages import QueuePage, waiting_line
from services_dir.moderation.pages.queue import filters_of
from services_dir.moderation.views.parts import NUMBER, bp, check_button, page_number
from services_dir.submissions.showing import read_number
from services_dir.web.errors import sentence
from services_dir.web.languages import current_language


@bp.get("/workspace/queue")
@requires(Permission.REVIEW)
def queue() -> ResponseReturnValue:
    """List what waits, the longest waiting first."""
    return _show(QueueFilter.from_args(request.args), page_number(), KeepForm(None))


@bp.post("/workspace/queue/views")
@requires(Permission.REVIEW)
def keep_view() -> ResponseReturnValue:
    """Keep a view of the queue under a name."""
    view = QueueFilter.from_args(dict(parse_qsl(request.form.get("view", ""))))
    form = KeepForm(request.form)
    if not form.validate():
        return _show(view, 1, form), 422
    try:
        with transaction() as session:
            operations.save_filter(
                session, account().id, form.name.data or "", urlencode(view.to_args()), at=clock.now()
            )
    except InvalidError as error:
        form.form_errors.append(sentence(error))
        return _show(view, 1, form), 422
    flash(N_("This view is kept."))
    return redirect(_address(view), code=303)


@bp.post(f"/workspace/queue/views/<{NUMBER}:filter_id>/remove")
@requires(Permission.REVIEW)
def drop_view(filter_id: int) -> ResponseReturnValue:
    """Remove a kept view."""
    check_button()
    with transaction() as session:
        operations.drop_filter(session, account().id, filter_id)
    flash(N_("The view is removed."))
    return redirect(url_for("moderation.queue"), code=303)


@bp.post("/workspace/queue/claims")
@requires(Permission.REVIEW)
def claim_several() -> ResponseReturnValue:
    """Claim the submissions that are ticked."""
    check_button()
    ids = [number for typed in request.form.getlist("submission") if (number := read_number(typed))]
    view = QueueFilter.from_args(dict(parse_qsl(request.form.get("view", ""))))
    if not ids:
        flash(N_("Tick something first."))
        return redirect(_address(view), code=303)
    with transaction() as session:
        _taken, left = operations.claim_all(session, ids, by=account().id, at=clock.now())
    flash(N_("You are reading what you ticked now."))
    if left:
        flash(N_("Some of it somebody else reads, or it was decided meanwhile: that was left alone."))
    return redirect(_address(view), code=303)


def _show(view: QueueFilter, number: int, form: KeepForm) -> str:
    at = clock.now()
    me = account().id
    categories = queries.list_categories(db.session, current_language())
    counts = queries.count_queue(db.session, view.state, reader=me, at=at)
    known = counts.total if view.state is not None and not view.is_narrowed else None
    paged = queries.list_queue(
        db.session,
        view,
        reader=me,
        below={slug: below for slug, (_label, below) in categories.items()},
        page=number,
        at=at,
        total=known,
    )
    regions = queries.name_places(db.session, {*counts.regions, *([view.region] if view.region else ())})
    page = QueuePage(
        title=_("Queue"),
        view=view,
        lines=[waiting_line(line, at) for line in paged],
        paged=paged,
        counts=counts,
        filters=filters_of(view, counts, categories, regions),
        saved=queries.list_saved_filters(db.session, me),
        targets=queries.get_targets(db.session),
        form=form,
        address=lambda n: _address(view, page=n),
        view_address=_address,
    )
    return render_template("moderation/queue.html", page=page)


def _address(view: QueueFilter, **values: Any) -> str:
    arguments: dict[str, Any] = {**view.to_args(), **values}
    return url_for("moderation.queue", **arguments)
