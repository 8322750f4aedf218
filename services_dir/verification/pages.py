"""What the template of a provider's page is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from services_dir.catalog.pages import ProgramPage
from services_dir.verification.forms import AnswerForm
from services_dir.verification.models import Answer, Round


@dataclass(frozen=True)
class AskedView:
    """A program on the provider's page: as it is published, and what was said of it."""

    id: int
    program: ProgramPage
    said: Answer | None
    is_begun: bool

    def thanks(self, is_trusted: bool) -> str:
        """Say what follows from the answer."""
        if self.said is Answer.CONFIRMED and is_trusted:
            return _("Thank you. The page says now that you confirmed it.")
        if self.said is Answer.CONFIRMED:
            return _("Thank you. A coordinator will look at it, then the page says that it is confirmed.")
        if self.said is Answer.GONE:
            return _("Thank you. A coordinator will look at it and take it out.")
        return _("Thank you. Your change waits for a coordinator.")


@dataclass(frozen=True)
class VerifyPage:
    """The provider's page: all programs of an organization, each with its answer."""

    title: str
    organization: str
    programs: tuple[AskedView, ...]
    form: AnswerForm
    is_trusted: bool
    is_ended: bool
    address: str

    @property
    def open(self) -> tuple[AskedView, ...]:
        """Give the programs that nothing was said of yet."""
        return tuple(view for view in self.programs if view.said is None)

    @classmethod
    def build(
        cls,
        round: Round,
        organization: str,
        shown: Mapping[int, ProgramPage],
        form: AnswerForm,
        address: str,
    ) -> VerifyPage:
        """Put a round beside its programs as they are published; those withdrawn meanwhile are left out."""
        return cls(
            title=_("Check your listing"),
            organization=organization,
            programs=tuple(
                AskedView(asked.program_id, shown[asked.program_id], asked.said, asked.is_begun)
                for asked in round.programs
                if asked.program_id in shown
            ),
            form=form,
            is_trusted=round.is_trusted,
            is_ended=round.closed_at is not None and any(asked.said is None for asked in round.programs),
            address=address,
        )
