"""Showing the forms: the page as a response, and the buttons that add and remove rows without a script."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request

from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.submissions.forms import DraftForm
from services_dir.submissions.pages import FormPage


def wants_rows() -> bool:
    """Tell whether a button was pressed that adds or removes a row; then nothing is sent or checked."""
    return "add" in request.form or "remove" in request.form


def change_rows(form: DraftForm) -> None:
    """Add or remove the row that the pressed button names."""
    form.change_rows(add=request.form.get("add"), remove=request.form.get("remove"))


def show_form(template: str, page: FormPage) -> str:
    """Give the page of a form, opened at the section whose button was pressed."""
    pressed = request.form.get("add") or request.form.get("remove") or ""
    held = (s.name for s in page.sections if pressed.split("-")[0] in s.fields)
    return render_template(template, page=replace(page, opened=next(held, None)))


def terms_of(draft: Draft | None) -> frozenset[str]:
    """Give the terms a draft uses: they stay offered when they are retired."""
    if not isinstance(draft, ProgramDraft):
        return frozenset()
    return frozenset((*draft.categories, *draft.populations, *draft.populations_excluded))


def read_number(typed: str | None) -> int | None:
    """Give the number a hidden field holds, None for anything else."""
    if typed and typed.isascii() and typed.isdecimal() and len(typed) < 8:
        return int(typed)
    return None
