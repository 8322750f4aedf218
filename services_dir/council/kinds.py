"""The closed lists of the library: what a document is, where it stands, what a rule of law is."""

from __future__ import annotations

from services_dir.errors import N_
from services_dir.values import Labelled


class DocumentKind(Labelled):
    """What a document is."""

    AGENDA = "agenda", N_("Agenda")
    MINUTES = "minutes", N_("Minutes")
    NOTES = "notes", N_("Committee notes")
    ANNUAL_REPORT = "annual-report", N_("Annual report")
    RECOMMENDATIONS = "recommendations", N_("Recommendations")
    OUTSIDE_REPORT = "outside-report", N_("Report by somebody else")
    PRESENTATION = "presentation", N_("Presentation")
    GUIDE = "guide", N_("Guide or background paper")
    OTHER = "other", N_("Other paper")
    MEMBERS = "members", N_("List of members")
    SCHEDULE = "schedule", N_("Schedule of meetings")
    COMMITTEES = "committees", N_("List of committees")


REPORTS = (DocumentKind.ANNUAL_REPORT, DocumentKind.RECOMMENDATIONS, DocumentKind.OUTSIDE_REPORT)
GUIDES = (DocumentKind.PRESENTATION, DocumentKind.GUIDE, DocumentKind.OTHER)
OF_A_MEETING = (DocumentKind.AGENDA, DocumentKind.MINUTES)


class Approval(Labelled):
    """Whether the Council approved what a document says."""

    DRAFT = "draft", N_("Draft")
    APPROVED = "approved", N_("Approved")


class Holding(Labelled):
    """Where the document itself is."""

    HELD = "held", N_("Held here")
    LINKED = "linked", N_("On another site")
    TITLE_ONLY = "title-only", N_("Not held here")


class ActKind(Labelled):
    """What a rule of law is."""

    ACT = "act", N_("Act")
    STATUTE = "statute", N_("Statute")


class Reading(Labelled):
    """Whether the words of a file were read, so that they can be found."""

    WAITING = "waiting", N_("Its words are still being read")
    READ = "read", N_("Its words can be found")
    PARTLY = "partly", N_("Only a part of its words could be read")
