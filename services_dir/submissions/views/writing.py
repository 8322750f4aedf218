"""Writing: one step at a time, saved at each button and, by a script, every few seconds."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.db import db
from services_dir.errors import ConflictError
from services_dir.submissions import operations, queries, typed
from services_dir.submissions.forms import steps
from services_dir.submissions.forms.asking import fields_asked, questions_by_field
from services_dir.submissions.forms.steps import Step
from services_dir.submissions.pages import StepPage, errors_of
from services_dir.submissions.publishing import publishing
from services_dir.submissions.showing import change_rows, wants_rows
from services_dir.submissions.views.parts import PublicDraftForm, Writing, bp, first_open
from services_dir.web.errors import sentence


@bp.get("/submissions/<token>/edit")
@public
def edit(token: str) -> ResponseReturnValue:
    """Lead to the step that needs its sender most."""
    work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
    form = work.form()
    work.check(form)
    return redirect(first_open(work.lines(form, token)).address, code=303)


@bp.get("/submissions/<token>/edit/<step_name>")
@public
def step(token: str, step_name: str) -> ResponseReturnValue:
    """Show one step with what is typed so far. Opening it changes nothing."""
    work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
    form = work.form()
    return _show(work, form, _step(form, step_name), token)


@bp.post("/submissions/<token>/edit/<step_name>")
@public
def save_step(token: str, step_name: str) -> ResponseReturnValue:
    """Keep what is typed on one step, then go where the button leads.

    The private link is enough: nothing can be lost because a page was open for long.
    """
    try:
        with publishing() as session:
            submission = queries.get_by_token(session, token, clock.now(), for_update=True)
            work = Writing.read(session, submission)
            shown = work.form()
            here = _step(shown, step_name)
            after = typed.taken_over(
                work.typed, request.form.to_dict(flat=False), steps.fields_of(shown, here)
            )
            form = work.form(after)
            if wants_rows():
                change_rows(form)
                after = typed.taken_over(after, steps.inputs(form), steps.fields_of(shown, here))
            # Saved by a script, or shown in another language: nobody is done with the step yet.
            looked_at = None if _is_saving() or request.form.get("go") == step_name else step_name
            operations.save(
                session, submission, work.typed, after, is_known=work.is_known, at=clock.now(), step=looked_at
            )
    except ConflictError as error:
        return _refused(token, step_name, sentence(error))
    if _is_saving():
        return Response(status=204)
    if wants_rows():
        pressed = request.form.get("add") or request.form.get("remove", "").rpartition("-")[0]
        anchor = pressed if pressed.replace("-", "").replace("_", "").isalnum() else "main"
        return redirect(
            url_for("submissions.step", token=token, step_name=step_name, _anchor=anchor), code=303
        )
    if goal := request.form.get("go"):
        return redirect(_address(form, token, goal), code=303)
    work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
    form = work.form(after)
    work.check(form)
    if errors_of(form, here):
        return _show(work, form, here, token), 422
    return redirect(_after(form, here, token), code=303)


def _show(work: Writing, form: PublicDraftForm, here: Step, token: str, *failures: str) -> str:
    checked = work.form()
    work.check(checked)
    if here.name in work.seen and not form.errors:
        work.check(form)
    page = StepPage(
        title=_("Step: %(title)s", title=str(here.title)),
        heading=str(here.title),
        step=here,
        form=form,
        choices=work.choices,
        action=url_for("submissions.save_step", token=token, step_name=here.name),
        lines=work.lines(checked, token, here),
        kept=work.kept(token),
        questions=questions_by_field(form, work.questions),
        asked_fields=fields_asked(form, work.questions),
        own_page=url_for("submissions.show", token=token),
        failures=failures,
    )
    return render_template("submissions/step.html", page=page)


def _refused(token: str, name: str, why: str) -> ResponseReturnValue:
    """Show what was typed with the reason why it was not kept."""
    if _is_saving():
        return Response(status=409)
    work = Writing.read(db.session, queries.get_by_token(db.session, token, clock.now()))
    shown = work.form()
    here = _step(shown, name)
    after = typed.taken_over(work.typed, request.form.to_dict(flat=False), steps.fields_of(shown, here))
    return _show(work, work.form(after), here, token, why), 409


def _is_saving() -> bool:
    """Tell whether a script saves while somebody writes."""
    return request.accept_mimetypes.best == "application/json"


def _step(form: PublicDraftForm, name: str) -> Step:
    found = next((step for step in steps.of(form) if step.name == name), None)
    if found is None:
        raise NotFound
    return found


def _address(form: PublicDraftForm, token: str, goal: str) -> str:
    """Give the address of a step, of the check, or of the sender's own page for anything else."""
    if goal == "check":
        return url_for("submissions.check", token=token)
    if any(step.name == goal for step in steps.of(form)):
        return url_for("submissions.step", token=token, step_name=goal)
    return url_for("submissions.show", token=token)


def _after(form: PublicDraftForm, here: Step, token: str) -> str:
    names = [step.name for step in steps.of(form)]
    following = [*names, "check"][names.index(here.name) + 1]
    return _address(form, token, following)
