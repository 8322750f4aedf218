"""Forms of programs and organizations, and the one place that knows how they and drafts become each other."""

from services_dir.submissions.forms.choices import Choices, load
from services_dir.submissions.forms.drafts import DraftForm, Origin, draft_from_form, form_from_draft
from services_dir.submissions.forms.organization import EditOrganizationForm, SubmitOrganizationForm
from services_dir.submissions.forms.program import EditProgramForm, SubmitProgramForm

__all__ = [
    "Choices",
    "DraftForm",
    "EditOrganizationForm",
    "EditProgramForm",
    "Origin",
    "SubmitOrganizationForm",
    "SubmitProgramForm",
    "draft_from_form",
    "form_from_draft",
    "load",
]
