"""The form of a provider's page."""

from __future__ import annotations

from services_dir.web.forms import PublicForm


class AnswerForm(PublicForm):
    """The buttons of a provider's page: one form, each button with its answer."""

    form_name = "verify"
