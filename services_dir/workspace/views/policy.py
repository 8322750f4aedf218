"""Routes of the policy: deadlines and limits that an administrator may change."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock, policy
from services_dir.accounts.guards import account, fresh, requires
from services_dir.accounts.rules import Permission
from services_dir.db import db, transaction
from services_dir.errors import N_
from services_dir.web.forms import WorkspaceForm
from services_dir.workspace.forms import policy_form
from services_dir.workspace.operations import change_policy
from services_dir.workspace.pages import PolicyPage
from services_dir.workspace.views.parts import bp


@bp.get("/workspace/policy")
@requires(Permission.ADMINISTER)
@fresh
def settings() -> ResponseReturnValue:
    """Show all settings with what is chosen."""
    return _show(policy_form()(None, data=policy.get_all(db.session)))


@bp.post("/workspace/policy")
@requires(Permission.ADMINISTER)
@fresh
def change_settings() -> ResponseReturnValue:
    """Change the settings that differ; each change is written down."""
    form = policy_form()(request.form)
    if not form.validate():
        return _show(form), 422
    with transaction() as session:
        before = policy.get_all(session)
        changed = [key for key in policy.SETTINGS if form[key].data != before[key]]
        for key in changed:
            change_policy(session, key, form[key].data, by=account().id, at=clock.now())
    flash(N_("The policy is changed.") if changed else N_("Nothing was changed."))
    return redirect(url_for("workspace.settings"), code=303)


def _show(form: WorkspaceForm) -> str:
    page = PolicyPage(_("Policy"), form, policy.GROUPS)
    return render_template("workspace/policy.html", page=page)
