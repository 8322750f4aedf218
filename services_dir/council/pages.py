"""What the public templates of the library are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_time
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from services_dir.catalog.words import Words, day_words, said
from services_dir.council import rules
from services_dir.council.duties import ANSWERS
from services_dir.council.forms import DocumentForm, MeetingForm
from services_dir.council.kinds import OF_A_MEETING, Approval, DocumentKind, Holding, Reading
from services_dir.council.models import Act, Committee, Document, Duty, Meeting, Member
from services_dir.council.queries import FoundDocument
from services_dir.values import Paged
from services_dir.web.forms import WorkspaceForm
from services_dir.web.languages import SOURCE_LANGUAGE, current_language, language_name, translated


@dataclass(frozen=True)
class Link:
    """Where more is said: a label in the page's language and an address."""

    label: str
    address: str


@dataclass(frozen=True)
class Paper:
    """A document in a list: its title, where its page is, and short words on what and where it is."""

    title: Words
    address: str
    facts: tuple[str, ...]
    kind: DocumentKind
    short: str  # its kind alone, where its meeting stands beside it
    note: Words | None = None


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in a list, with its papers."""

    day: str
    address: str
    is_canceled: bool
    papers: tuple[Paper, ...]
    others: int  # papers beside agenda and minutes


@dataclass(frozen=True)
class DutyLine:
    """A duty and what the directory does for it."""

    number: int
    name: Words | None
    text: Words | None
    answer: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class CouncilPage:
    """The front page of the library."""

    title: str
    duties: tuple[DutyLine, ...]
    meetings: tuple[MeetingLine, ...]
    next_meeting: MeetingLine | None
    reports: tuple[Paper, ...]


@dataclass(frozen=True)
class ActLine:
    """A rule of law."""

    name: str
    year: str
    kind: str
    effect: Words | None
    url: str | None
    source: str | None
    source_url: str | None


@dataclass(frozen=True)
class ActsPage:
    """The register of acts and statutes."""

    title: str
    acts: tuple[ActLine, ...]


@dataclass(frozen=True)
class MemberLine:
    """A seat, who holds it, from when to when; what is not known is empty."""

    seat: str
    name: str
    term: str
    committees: tuple[str, ...]


@dataclass(frozen=True)
class MembersPage:
    """The seats, who holds them, and the committees."""

    title: str
    members: tuple[MemberLine, ...]
    committees: Sequence[Committee]
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class MeetingsPage:
    """The meetings, newest first."""

    title: str
    meetings: Paged[Meeting]
    lines: tuple[MeetingLine, ...]
    papers: tuple[Paper, ...]
    address: Callable[[int], str]


@dataclass(frozen=True)
class MeetingPage:
    """One meeting."""

    title: str
    meeting: Meeting
    day: str
    hours: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class PapersPage:
    """Documents of some kinds, or what a question finds among all."""

    title: str
    heading: str
    lead: str
    papers: tuple[Paper, ...]
    paged: Paged[Document] | None = None
    address: Callable[[int], str] | None = None
    q: str | None = None  # None: nothing can be asked here


@dataclass(frozen=True)
class DocumentPage:
    """One document: what is known of it, and the way to its file and words."""

    title: str
    document: Document
    paper: Paper
    day: str
    language: str
    size: str
    file: str | None
    first_page: str | None
    reading: str


@dataclass(frozen=True)
class TextPage:
    """The words of one page of a document."""

    title: str
    paper: Paper
    number: int
    pages: int
    paragraphs: Sequence[str]
    language: str | None
    file: str

    def address(self, number: int) -> str:
        """Give the address of the words of another page."""
        return f"{self.paper.address}/pages/{number}"

    @property
    def page(self) -> int:
        """Give the number of this page, as a pager wants it."""
        return self.number


@dataclass(frozen=True)
class WorkspacePage:
    """All that the library holds, for coordinators."""

    title: str
    meetings: Sequence[tuple[int, MeetingLine]]
    documents: Paged[Document]
    acts: Sequence[Act]
    members: Sequence[Member]
    committees: Sequence[Committee]
    address: Callable[[int], str]


@dataclass(frozen=True)
class MeetingFormPage:
    """The form of a meeting; `number` is that of one that is there already."""

    title: str
    number: int | None
    slug: str | None
    heading: str
    form: MeetingForm
    documents: Sequence[tuple[int, Paper]]
    button: WorkspaceForm


@dataclass(frozen=True)
class DocumentFormPage:
    """The form of a document."""

    title: str
    number: int | None
    slug: str | None
    heading: str
    has_file: bool
    form: DocumentForm
    button: WorkspaceForm


@dataclass(frozen=True)
class EntryFormPage:
    """The form of a line of a register."""

    title: str
    heading: str
    register: str
    number: int | None
    form: WorkspaceForm
    button: WorkspaceForm


def in_words(texts: Mapping[str, str]) -> Words | None:
    """Give a text in the language of the page, else the English one, marked as such."""
    language = current_language()
    if own := texts.get(language):
        return Words(own)
    return said(texts.get(SOURCE_LANGUAGE), language)


def paper(document: Document) -> Paper:
    """Give a document as it stands in a list."""
    facts = [translated(document.kind.label)]
    if document.approval is not None:
        facts.append(translated(document.approval.label))
    if document.holding is not Holding.HELD:
        facts.append(translated(document.holding.label))
    short = translated(document.kind.label)
    if document.approval is Approval.DRAFT:
        short = f"{short} ({translated(Approval.DRAFT.label)})"
    return Paper(
        title=_words(rules.full_title(document.title, document.period), document.language),
        address=url_for("council.document", paper=document.slug),
        facts=tuple(facts),
        kind=document.kind,
        short=short,
        note=in_words(document.notes),
    )


def papers(documents: Iterable[Document]) -> tuple[Paper, ...]:
    """Give documents as they stand in a list."""
    return tuple(map(paper, documents))


def found_paper(found: FoundDocument) -> Paper:
    """Give a document that a question found, with the page on which its words stand."""
    facts = [translated(found.kind.label)]
    address = url_for("council.document", paper=found.slug)
    if found.page is not None:
        facts.append(_("Page %(number)s", number=found.page))
        address = url_for("council.document_text", paper=found.slug, number=found.page)
    if found.holding is not Holding.HELD:
        facts.append(translated(found.holding.label))
    return Paper(
        _words(rules.full_title(found.title, found.period), found.language),
        address,
        tuple(facts),
        found.kind,
        facts[0],
    )


def meeting_line(meeting: Meeting) -> MeetingLine:
    """Give a meeting as it stands in a list."""
    shown = [one for one in meeting.documents if one.kind in OF_A_MEETING]
    return MeetingLine(
        day=day_words(meeting.held_on),
        address=url_for("council.meeting", day=meeting.slug),
        is_canceled=meeting.is_canceled,
        papers=papers(shown),
        others=len(meeting.documents) - len(shown),
    )


def member_line(member: Member) -> MemberLine:
    """Give a seat as it stands in the list."""
    committees = tuple(committee.name for committee in member.committees)
    return MemberLine(member.seat, member.name or "", term_words(member.since, member.until), committees)


def term_words(since: date | None, until: date | None) -> str:
    """Give from when to when somebody holds a seat; nothing where neither is known."""
    if since and until:
        return _("%(since)s to %(until)s", since=day_words(since), until=day_words(until))
    if since:
        return _("since %(day)s", day=day_words(since))
    return _("until %(day)s", day=day_words(until)) if until else ""


def duty_line(duty: Duty) -> DutyLine:
    """Give a duty with what the directory does for it."""
    answer = ANSWERS.get(duty.answer)
    links = answer.links if answer else ()
    return DutyLine(
        number=duty.number,
        name=in_words(duty.names),
        text=in_words(duty.texts),
        answer=translated(answer.sentence) if answer else "",
        links=tuple(Link(translated(label), url_for(endpoint)) for label, endpoint in links),
    )


def act_line(act: Act) -> ActLine:
    """Give a rule of law as it stands in the register."""
    return ActLine(
        name=act.name,
        year=str(act.year or ""),
        kind=translated(act.kind.label),
        effect=in_words(act.effects),
        url=act.url,
        source=act.source,
        source_url=act.source_url,
    )


def hours_words(meeting: Meeting) -> str:
    """Give from when to when a meeting is, in the way of the page's language."""
    said = [
        format_time(moment, "short", locale=get_locale())
        for moment in (meeting.starts, meeting.ends)
        if moment is not None
    ]
    return " – ".join(said)


def document_page(document: Document, *, has_words: bool) -> DocumentPage:
    """Give the page of a document."""
    held = document.file
    reading = ""
    if held is not None:
        reading = translated(held.reading.label)
        if held.reading is Reading.READ and not has_words:
            reading = _("It is a picture: no words could be read.")
    return DocumentPage(
        title=_("A paper of the Council"),
        document=document,
        paper=paper(document),
        day=day_words(document.meeting.held_on) if document.meeting else "",
        language=language_name(document.language),
        size=_size(held.size) if held else "",
        file=url_for("council_files.file", paper=document.slug) if held else None,
        first_page=url_for("council.document_text", paper=document.slug, number=1) if has_words else None,
        reading=reading,
    )


def _words(text: str, language: str) -> Words:
    return Words(text, None if language == current_language() else language)


def _size(size: int) -> str:
    if size < 1_000_000:
        return _("%(number)s KB", number=max(1, round(size / 1_000)))
    return _("%(number)s MB", number=round(size / 1_000_000, 1))
