"""Routes of the public pages of the library."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services_dir import clock
from services_dir.accounts.guards import public
from services_dir.catalog.words import day_words
from services_dir.council import pages, queries, rules
from services_dir.council.kinds import GUIDES, REPORTS, DocumentKind
from services_dir.db import db
from services_dir.errors import N_
from services_dir.values import without_controls
from services_dir.web.navigation import Entry, Menu
from services_dir.web.robots import indexed

bp = Blueprint("council", __name__, url_prefix="/council")

ENTRIES = (Entry(Menu.ABOUT, "council.home", N_("The Council"), 52),)

_SHOWN = 6  # meetings on the front page
_MOST_REPORTS = 20
_MOST_FOUND = 50
_LAST_PAGE = 100_000
_NUMBER = "int(max=100000)"


@bp.get("")
@public
@indexed
def home() -> ResponseReturnValue:
    """Show the duties, the newest meetings and the reports."""
    today = clock.now().date()
    coming = queries.find_next_meeting(db.session, today)
    page = pages.CouncilPage(
        title=_("The Council"),
        duties=tuple(map(pages.duty_line, queries.list_duties(db.session))),
        meetings=tuple(map(pages.meeting_line, queries.list_meetings(db.session, size=_SHOWN))),
        next_meeting=pages.meeting_line(coming) if coming else None,
        reports=pages.papers(
            queries.list_documents(db.session, (DocumentKind.ANNUAL_REPORT,), size=_MOST_REPORTS)
        ),
    )
    return render_template("council/home.html", page=page)


@bp.get("/acts")
@public
@indexed
def acts() -> ResponseReturnValue:
    """List acts and statutes."""
    lines = tuple(map(pages.act_line, queries.list_acts(db.session)))
    return render_template("council/acts.html", page=pages.ActsPage(_("Acts and statutes"), lines))


@bp.get("/members")
@public
@indexed
def members() -> ResponseReturnValue:
    """List seats, members and committees."""
    lists = (DocumentKind.MEMBERS, DocumentKind.COMMITTEES)
    page = pages.MembersPage(
        title=_("Members and committees"),
        members=tuple(map(pages.member_line, queries.list_members(db.session))),
        committees=queries.list_committees(db.session),
        papers=pages.papers(queries.list_documents(db.session, lists)),
    )
    return render_template("council/members.html", page=page)


@bp.get("/meetings")
@public
@indexed
def meetings() -> ResponseReturnValue:
    """List meetings, the newest first."""
    found = queries.list_meetings(db.session, page=_page())
    page = pages.MeetingsPage(
        title=_("Meetings"),
        meetings=found,
        lines=tuple(map(pages.meeting_line, found)),
        papers=pages.papers(queries.list_documents(db.session, (DocumentKind.SCHEDULE,))),
        address=lambda number: url_for("council.meetings", page=number),
    )
    return render_template("council/meetings.html", page=page)


@bp.get("/meetings/<day>")
@public
@indexed
def meeting(day: str) -> ResponseReturnValue:
    """Show one meeting with its papers."""
    found = queries.get_meeting(db.session, day)
    page = pages.MeetingPage(
        title=_("A meeting"),
        meeting=found,
        day=day_words(found.held_on),
        hours=pages.hours_words(found),
        papers=pages.papers(found.documents),
    )
    return render_template("council/meeting.html", page=page)


@bp.get("/reports")
@public
@indexed
def reports() -> ResponseReturnValue:
    """List annual reports, recommendations, and reports by others."""
    lead = _("What the Council told the legislature, and what others report.")
    return _list(_("Reports of the Council"), lead, REPORTS, "council.reports")


@bp.get("/guides")
@public
@indexed
def guides() -> ResponseReturnValue:
    """List presentations and guides."""
    lead = _("What was shown at meetings, or handed out there.")
    return _list(_("Presentations and guides"), lead, GUIDES, "council.guides")


@bp.get("/documents")
@public
@indexed
def documents() -> ResponseReturnValue:
    """List all documents, or those in which some words stand."""
    q = without_controls(request.args.get("q", ""))[:200].strip()
    lead = _("All papers of the Council, by title. Type words to look for them in the papers too.")
    if not q:
        return _list(_("Papers of the Council"), lead, (), "council.documents", q=q)
    found = queries.find_documents(db.session, rules.asked_words(q), limit=_MOST_FOUND)
    page = pages.PapersPage(
        title=_("Papers of the Council"),
        heading=_("Papers of the Council"),
        lead=lead,
        papers=tuple(map(pages.found_paper, found[:_MOST_FOUND])),
        q=q,
    )
    return render_template("council/papers.html", page=page)


@bp.get("/documents/<paper>")
@public
@indexed
def document(paper: str) -> ResponseReturnValue:
    """Show what is known of a document."""
    found = queries.get_document(db.session, paper)
    has_words = found.digest is not None and queries.has_words(db.session, found.digest)
    return render_template("council/document.html", page=pages.document_page(found, has_words=has_words))


@bp.get(f"/documents/<paper>/pages/<{_NUMBER}:number>")
@public
def document_text(paper: str, number: int) -> ResponseReturnValue:
    """Show the words of a page of a document: for who cannot or would rather not open the file."""
    found = queries.get_document(db.session, paper)
    text = queries.get_page_text(db.session, found, number)
    assert found.file is not None
    shown = pages.paper(found)
    page = pages.TextPage(
        title=_("A paper of the Council"),
        paper=shown,
        number=number,
        pages=found.file.pages,
        paragraphs=rules.paragraphs(text),
        language=shown.title.lang,
        file=url_for("council_files.file", paper=found.slug),
    )
    return render_template("council/text.html", page=page)


def _list(title: str, lead: str, kinds: tuple[DocumentKind, ...], endpoint: str, q: str | None = None) -> str:
    found = queries.list_documents(db.session, kinds, page=_page())
    page = pages.PapersPage(
        title=title,
        heading=title,
        lead=lead,
        papers=pages.papers(found),
        paged=found,
        address=lambda number: url_for(endpoint, page=number),
        q=q,
    )
    return render_template("council/papers.html", page=page)


def _page() -> int:
    said = request.args.get("page", "")
    return max(1, min(int(said), _LAST_PAGE)) if said.isascii() and said.isdecimal() and len(said) < 8 else 1
