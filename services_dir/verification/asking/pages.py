"""What the templates of coordinators are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from services_dir.catalog.kinds import PhoneKind
from services_dir.catalog.models import PrivateContact
from services_dir.catalog.public import PublicProgram
from services_dir.catalog.words import day_words
from services_dir.errors import N_
from services_dir.values import Labelled, Paged, spoken_number
from services_dir.verification.asking.forms import CallForm, ContactForm
from services_dir.verification.models import Answer, AskedProgram, PhoneCall, Round
from services_dir.verification.queries import OrganizationLine, ProgramLine
from services_dir.verification.rules import Standing
from services_dir.web.forms import WorkspaceForm


class Show(Labelled):
    """Which organizations a list holds."""

    DUE = "due", N_("Everything due")
    OVERDUE = "overdue", N_("Overdue")
    ASKED = "asked", N_("Asked, may still answer")
    UNANSWERED = "unanswered", N_("No answer")
    BOUNCED = "bounced", N_("Mail came back")
    NO_CONTACT = "no-contact", N_("No contact")


def is_shown(line: OrganizationLine, show: Show, at: datetime) -> bool:
    """Tell whether an organization belongs into a list."""
    asking = line.asking
    return {
        Show.DUE: True,
        Show.OVERDUE: any(program.standing is Standing.OVERDUE for program in line.due),
        Show.ASKED: asking.round is not None and not asking.is_unanswered(at),
        Show.UNANSWERED: asking.is_unanswered(at),
        Show.BOUNCED: asking.is_bounced,
        Show.NO_CONTACT: asking.usable is None and not asking.is_bounced,
    }[show]


def standing_words(line: OrganizationLine, at: datetime) -> str:
    """Say in a sentence what was done about an organization."""
    asking = line.asking
    if asking.is_bounced:
        return _("Mail came back. Call them.")
    if asking.is_unanswered(at):
        return _("Asked by mail and reminded twice, without an answer. Call them.")
    if asking.round is not None:
        return _("Asked by mail on %(date)s.", date=day_words(asking.round.started_at.date()))
    if asking.usable is None:
        return _("No contact to write to. Call them.")
    return _("Not asked yet.")


@dataclass(frozen=True)
class ListPage:
    """Organizations with something to confirm."""

    title: str
    show: Show
    counts: Mapping[Show, int]
    lines: Paged[OrganizationLine]
    at: datetime
    address: Callable[[int], str]
    button: WorkspaceForm

    @property
    def can_ask(self) -> bool:
        """Tell whether one of those on this page can be asked by mail."""
        return any(self.can_be_asked(line) for line in self.lines)

    def can_be_asked(self, line: OrganizationLine) -> bool:
        """Tell whether an organization has somebody to write to, and was not asked just now."""
        return line.asking.usable is not None and line.asking.round is None

    def words(self, line: OrganizationLine) -> str:
        """Say what was done about an organization."""
        return standing_words(line, self.at)


@dataclass(frozen=True)
class OrganizationPage:
    """One organization: its programs, whom to ask, what was asked and said."""

    title: str
    slug: str
    name: str
    line: OrganizationLine
    rounds: Sequence[Round]
    calls: Sequence[PhoneCall]
    callers: Mapping[int | None, str]
    names: Mapping[int, str]
    numbers: Sequence[str]
    contact_form: ContactForm
    call_form: CallForm
    button: WorkspaceForm
    chosen: Mapping[int, Answer]
    at: datetime

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Give what can be heard of a program on the phone."""
        return tuple(Answer)

    @property
    def can_ask(self) -> bool:
        """Tell whether somebody can be written to."""
        return self.line.asking.usable is not None

    @property
    def words(self) -> str:
        """Say what was done about it."""
        return standing_words(self.line, self.at)

    def is_edited(self, contact: PrivateContact) -> bool:
        """Tell whether the form shows this contact."""
        return self.contact_form.contact.data == str(contact.id)

    def open_of(self, round: Round) -> int:
        """Count the programs of a round without an answer."""
        return sum(asked.said is None for asked in round.programs)

    def said_of(self, asked: AskedProgram) -> str:
        """Say what was answered of a program."""
        if asked.is_begun:
            return _("A change was begun and not sent.")
        return _(asked.said.label) if asked.said is not None else _("No answer yet.")


@dataclass(frozen=True)
class CallLine:
    """An organization to call: numbers as printed, and what to ask about."""

    slug: str
    name: str
    is_grave: bool
    numbers: tuple[str, ...]
    programs: tuple[ProgramLine, ...]
    contacts: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class CallsPage:
    """Whom to call today, to be printed."""

    title: str
    lines: tuple[CallLine, ...]
    day: str


def confirmed_on(day: date | None) -> str:
    """Say when a program was confirmed last."""
    return day_words(day) if day is not None else _("never")


def numbers_of(programs: Sequence[PublicProgram]) -> tuple[str, ...]:
    """Give the numbers of some programs as they are read, each once, with its label."""
    numbers: dict[str, str] = {}
    for program in programs:
        for phone in program.all_phones:
            if phone.kind not in (PhoneKind.FAX, PhoneKind.TEXT):
                number = spoken_number(phone.number)
                words = [number, *([_("ext. %(number)s", number=phone.extension)] if phone.extension else [])]
                label = f" ({phone.label})" if phone.label else ""
                numbers.setdefault(number, " ".join(words) + label)
    return tuple(numbers.values())


def call_line(line: OrganizationLine, programs: Sequence[PublicProgram], at: datetime) -> CallLine:
    """Put an organization on the call list."""
    return CallLine(
        slug=line.slug,
        name=line.name,
        is_grave=line.is_grave,
        numbers=numbers_of(programs),
        programs=line.due,
        contacts=tuple(
            f"{contact.name} ({contact.role})" if contact.role else contact.name
            for contact in line.asking.contacts
        ),
        words=standing_words(line, at),
    )
