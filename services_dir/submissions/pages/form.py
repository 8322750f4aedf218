"""Pages that show fields of the forms, and drafts as they may be shown outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace
from sqlalchemy.orm import Session

from services_dir.catalog.diff import FieldChange
from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.queries import get_names
from services_dir.catalog.wording import Wording
from services_dir.errors import N_
from services_dir.submissions.forms import Choices, DraftForm, help, sections
from services_dir.submissions.forms.filling import is_shown_outside
from services_dir.submissions.forms.sections import Section
from services_dir.web.languages import current_language, translated


@dataclass(frozen=True)
class Words:
    """What a form's page says: its heading, a sentence under it, its button."""

    heading: str
    lead: str
    send: str
    title: str = N_("Suggest a program")


class Fields:
    """What every page needs that shows fields of these forms."""

    form: DraftForm
    choices: Choices
    action: str

    @property
    def is_program(self) -> bool:
        """Tell whether it is the form of a program."""
        return "categories" in self.form

    def help(self, name: str) -> str | None:
        """Give plain help for an input, by its name."""
        return help.said_of(help.HELP, name)

    def example(self, name: str) -> str | None:
        """Give an example for an input, by its name; places are those of this register."""
        if name.endswith("-place"):
            return " / ".join(self.choices.example_places) or None
        if name == "name" and not self.is_program:
            name = "new_organization-name"
        return help.said_of(help.EXAMPLES, name)

    def asked(self, id: str) -> list[str]:
        """Give what coordinators ask about a field, by its id; nobody asks an editor."""
        return []

    @property
    def lists(self) -> frozenset[str]:
        """Give the lists of names that the fields shown offer."""
        return frozenset(("organizations", "places", "towns", "regions", "languages"))


@dataclass(frozen=True)
class FormPage(Fields):
    """A form of a program or an organization on one page, for editors."""

    title: str
    words: Words
    form: DraftForm
    choices: Choices
    action: str
    warning: str | None = None
    opened: str | None = None  # the section a button was pressed in
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        """Give the sections to show."""
        return sections.of(self.form)

    def is_open(self, section: Section) -> bool:
        """Tell whether a section that may be left out is shown opened."""
        return sections.has_errors(self.form, section) or section.name == self.opened

    def is_filled(self, section: Section) -> bool:
        """Tell whether something is said in a section."""
        return sections.is_filled(self.form, section)


def wording_of(session: Session, *drafts: Draft | None) -> Wording:
    """Give the words, in the language of this page, for what drafts hold and refer to."""
    return Wording(get_names(session, current_language(), *drafts), translated)


def for_outside(draft: Draft, own: frozenset[str] = frozenset()) -> Draft:
    """Give a draft without what is for editors: their note, their sources but the sender's `own`."""
    if not isinstance(draft, ProgramDraft):
        return draft
    shown = tuple(
        replace(source, supports=None, is_public=False)
        for source in draft.sources
        if is_shown_outside(source, own)
    )
    return replace(draft, sources=shown, confidence=None, editor_note=None)
