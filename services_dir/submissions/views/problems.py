"""Something is wrong here: a report in a sentence, from anybody, without a name."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.draft import ProgramDraft
from services_dir.catalog.kinds import PhoneKind
from services_dir.catalog.leading import find_current_slug
from services_dir.db import db, transaction
from services_dir.submissions import operations, queries
from services_dir.submissions.forms.public import ProblemForm
from services_dir.submissions.models import AuthorKind, Subject, SubmissionKind
from services_dir.submissions.operations import Sender
from services_dir.submissions.pages import ProblemPage
from services_dir.submissions.queries import Listing
from services_dir.submissions.rules import Doubt, Flag, doubts_about, flags_of_report, join_flags
from services_dir.submissions.views.parts import bp, mail_link, network_may, review_days
from services_dir.web.languages import current_language


@bp.get("/programs/<slug>/problems/new")
@public
def report_problem(slug: str) -> ResponseReturnValue:
    """Show the form of a report; a former slug leads to it."""
    current = find_current_slug(db.session, "program", slug) if slug.isascii() else None
    if current is not None:
        return redirect(url_for("submissions.report_problem", slug=current), code=308)
    return _show(queries.get_listing(db.session, Subject.PROGRAM, slug), ProblemForm(None))


@bp.post("/programs/<slug>/problems/new")
@public
def send_problem(slug: str) -> ResponseReturnValue:
    """Take in a report, once, however often the button is pressed."""
    slug = (find_current_slug(db.session, "program", slug) if slug.isascii() else None) or slug
    listing = queries.get_listing(db.session, Subject.PROGRAM, slug)
    form = ProblemForm(request.form)
    token, message = form.ticket.data or "", form.message.data or ""
    doubts = list(doubts_about(message, "message", False))
    if not form.validate():
        return _show(listing, form, doubts if form.sure.data else None), form.refusal
    if " ".join(doubt.mark for doubt in doubts) != (form.sure.data or ""):
        form.sure.data = " ".join(doubt.mark for doubt in doubts)
        return _show(listing, form, doubts), 422
    if queries.find_by_token(db.session, token, clock.now()) is not None:
        return redirect(url_for("submissions.show", token=token), code=303)
    if not network_may("submission"):
        form.form_errors.append(_("Many forms came from your network. Wait an hour, then send it again."))
        return _show(listing, form), 429, {"Retry-After": "3600"}
    with transaction() as session:
        if queries.find_by_token(session, token, clock.now()) is None:
            _report(listing, form, {doubt.flag for doubt in doubts}, token)
    return redirect(url_for("submissions.show", token=token), code=303)


def _report(listing: Listing, form: ProblemForm, also: set[Flag], token: str) -> None:
    session, at, email = db.session, clock.now(), form.email.data or None
    is_hotline = isinstance(listing.draft, ProgramDraft) and any(
        phone.kind is PhoneKind.HOTLINE
        for phone in (*listing.draft.phones, *(p for site in listing.draft.sites for p in site.phones))
    )
    submission = operations.open_submission(
        session,
        listing.draft,
        Sender(AuthorKind.SUBMITTER, email=email, language=current_language()),
        kind=SubmissionKind.PROBLEM,
        at=at,
        base_version=listing.version,
        message=form.message.data or "",
        flags=join_flags(flags_of_report(form.flag, is_hotline=is_hotline) | also),
    )
    operations.give_link(submission, at, token)
    if email:
        mail_link(session, email, token, submission)


def _show(listing: Listing, form: ProblemForm, doubts: list[Doubt] | None = None) -> str:
    page = ProblemPage(
        title=_("Report a problem"),
        name=listing.name,
        form=form,
        action=request.path,
        listing=url_for("catalog.program", slug=listing.slug),
        days=review_days(db.session, "problem"),
        doubts=[doubt.sentence for doubt in doubts or ()],
    )
    return render_template("submissions/problem.html", page=page)
