"""What the templates of submissions are given."""

from services_dir.submissions.pages.form import FormPage, Words, for_outside, wording_of
from services_dir.submissions.pages.own import SubmissionPage, answer_lines, day_words
from services_dir.submissions.pages.start import DraftPage, LinkPage, ProblemPage, StartPage
from services_dir.submissions.pages.steps import (
    CheckPage,
    DoubtLine,
    Kept,
    StepLine,
    StepPage,
    WrongStep,
    errors_of,
)

__all__ = [
    "CheckPage",
    "DoubtLine",
    "DraftPage",
    "FormPage",
    "Kept",
    "LinkPage",
    "ProblemPage",
    "StartPage",
    "StepLine",
    "StepPage",
    "SubmissionPage",
    "Words",
    "WrongStep",
    "answer_lines",
    "day_words",
    "errors_of",
    "for_outside",
    "wording_of",
]
