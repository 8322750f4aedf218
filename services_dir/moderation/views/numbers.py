"""Routes of phone numbers: who names one, and another number in all of them at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import account, requires
from services_dir.accounts.rules import Permission
from services_dir.catalog.rules import normal_number
from services_dir.db import db
from services_dir.errors import N_, ConflictError, InvalidError, NotFoundError
from services_dir.moderation import operations, queries
from services_dir.moderation.forms import NumberForm
from services_dir.moderation.models import FirstApproval
from services_dir.moderation.pages import NumberPage, NumbersPage
from services_dir.moderation.pages.numbers import NumberLine
from services_dir.moderation.safeguards import hotlines_of
from services_dir.moderation.views.parts import bp
from services_dir.submissions.publishing import publishing
from services_dir.values import spoken_number, without_controls
from services_dir.web.errors import sentence


@bp.get("/workspace/numbers")
@requires(Permission.REVIEW)
def numbers() -> ResponseReturnValue:
    """List the numbers that several listings name, or those with some digits."""
    q = without_controls(request.args.get("q", "")).strip()[:40]
    lines = [
        NumberLine(number, spoken_number(number), count)
        for number, count in queries.list_numbers(db.session, q=q)
    ]
    page = NumbersPage(_("Phone numbers"), q, lines)
    return render_template("moderation/numbers.html", page=page)


@bp.get("/workspace/numbers/<phone>")
@requires(Permission.REVIEW)
def number(phone: str) -> ResponseReturnValue:
    """Show who names a number, and the form for another one."""
    return _show(phone, NumberForm(None))


@bp.post("/workspace/numbers/<phone>")
@requires(Permission.REVIEW)
def change_number(phone: str) -> ResponseReturnValue:
    """Put another number in the place of one, in every listing."""
    form = NumberForm(request.form)
    if not form.validate():
        return _show(phone, form), 422
    try:
        with publishing() as session:
            done = operations.change_number(
                session,
                _known(phone),
                form.new_number.data or "",
                form.to_check(),
                by=account().id,
                at=clock.now(),
            )
    except (ConflictError, InvalidError) as error:
        form.form_errors.append(sentence(error))
        return _show(phone, form), 409 if isinstance(error, ConflictError) else 422
    if isinstance(done, FirstApproval):
        flash(N_("This is the number of a hotline. It changes when a second coordinator approves it too."))
    else:
        flash(N_("The number is changed in all listings."))
    return redirect(url_for("moderation.numbers"), code=303)


def _show(number: str, form: NumberForm) -> str:
    number = _known(number)
    listings = queries.list_listings_with(db.session, number)
    if not listings:
        raise NotFoundError(N_("No listing names this number any more."))
    page = NumberPage(
        title=_("Phone number"),
        number=number,
        spoken=spoken_number(number),
        listings=listings,
        is_hotline=any(number in hotlines_of(listing.draft) for listing in listings),
        form=form,
    )
    return render_template("moderation/number.html", page=page)


def _known(number: str) -> str:
    """Give a number of an address as listings hold it. Raises NotFoundError for what is none."""
    if normal_number(number) is None and not (number.startswith("+") and number[1:].isdecimal()):
        raise NotFoundError(N_("No listing names this number any more."))
    return normal_number(number) or number
