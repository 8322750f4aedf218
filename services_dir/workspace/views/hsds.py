"""Routes that hold an interface of HSDS, ours or a partner's, to the standard."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir.accounts.guards import requires
from services_dir.accounts.rules import Permission
from services_dir.errors import InvalidError
from services_dir.exchange.checks import Asker, Bounds, Finding, HttpAsker, SelfAsker, check
from services_dir.web.errors import sentence
from services_dir.workspace.forms import ApiForm
from services_dir.workspace.pages import ApiPage
from services_dir.workspace.views.parts import bp

# Somebody waits for the page; the command has more time.
_BOUNDS = Bounds(requests=150, bytes=5_000_000, seconds=20, timeout=5, longest_wait=5)


@bp.get("/workspace/hsds-check")
@requires(Permission.REVIEW)
def hsds_check() -> ResponseReturnValue:
    """Ask which interface is to be checked."""
    return _show(ApiForm())


@bp.post("/workspace/hsds-check")
@requires(Permission.REVIEW)
def check_hsds() -> ResponseReturnValue:
    """Check an interface and say what fails and why. No machine of this network is asked but our own."""
    form = ApiForm(request.form)
    if not form.validate():
        return _show(form), 422
    address = (form.url.data or "").strip()
    try:
        ask: Asker = HttpAsker(address, _BOUNDS, allows_private=False) if address else SelfAsker()
        findings = tuple(check(ask))
    except InvalidError as error:
        form.url.errors = [sentence(error)]
        return _show(form), 422
    return _show(form, address, findings)


def _show(form: ApiForm, address: str | None = None, findings: tuple[Finding, ...] = ()) -> str:
    page = ApiPage(_("Check of an interface"), form, address, findings)
    return render_template("workspace/hsds_check.html", page=page)
