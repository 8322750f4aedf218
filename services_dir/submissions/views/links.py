"""A private link that was lost is mailed again; the answer is the same whoever asks."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.db import transaction
from services_dir.submissions import operations, queries
from services_dir.submissions.forms.public import LinkForm
from services_dir.submissions.pages import LinkPage
from services_dir.submissions.views.parts import bp, mail_link, network_may


@bp.get("/submissions/link")
@public
def ask_for_link() -> ResponseReturnValue:
    """Show the form that asks for a mail address."""
    return _show(LinkForm(None))


@bp.post("/submissions/link")
@public
def send_link() -> ResponseReturnValue:
    """Mail a link to each submission of an address. What is answered tells nothing about the address."""
    form = LinkForm(request.form)
    if not form.validate():
        return _show(form), form.refusal
    if not network_may("link"):
        form.form_errors.append(_("Many forms came from your network. Wait an hour, then send it again."))
        return _show(form), 429, {"Retry-After": "3600"}
    email = form.email.data or ""
    with transaction() as session:
        for submission in queries.list_by_email(session, email, clock.now()):
            token = operations.add_link(session, submission, at=clock.now())
            mail_link(session, submission.submitter_email or email, token, submission)
    return _show(form, is_done=True)


def _show(form: LinkForm, *, is_done: bool = False) -> str:
    page = LinkPage(title=_("Get your private link again"), form=form, is_done=is_done)
    return render_template("submissions/link.html", page=page)
