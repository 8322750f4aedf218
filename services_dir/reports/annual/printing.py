"""A yearly report as PDF: tagged (PDF/UA-1), its figures in tables, then every program by kind of help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services_dir.catalog import queries
from services_dir.catalog.kinds import ProgramKind, Vocabulary
from services_dir.reports.annual import then
from services_dir.reports.annual.counting import main_kinds
from services_dir.reports.annual.figures import Figures
from services_dir.reports.annual.sections import Section, Writer
from services_dir.settings import TEMPLATES
from services_dir.sheets.printing import set_pdf
from services_dir.values import fold
from services_dir.web.languages import current_language

_SOURCE = "annual.typ"
_FOLDER = TEMPLATES / "reports"


def annual_pdf(session: Session, figures: Figures, title: str, made: str) -> bytes:
    """Set a report, in the language of the request. `made` says when it was published, or that it is a draft.

    The names of programs and organizations are those of the versions of that moment.
    """
    writer = Writer(figures, current_language())
    data = {
        "title": title,
        "language": writer.language,
        "made": made,
        "contents": _("Contents"),
        "sections": [_section(section) for section in writer.sections()],
        "all": _("All programs"),
        "all_words": _(
            "Each program stands once, under the first of its kinds of help; the others follow its name."
        ),
        "chapters": list(_chapters(session, writer)),
    }
    return set_pdf(_SOURCE, data, _FOLDER)


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "texts": section.texts,
        "tables": [
            {"caption": one.caption, "heads": one.heads, "rows": one.rows, "wide": one.is_wide}
            for one in section.tables
        ],
        "items": section.items,
    }


def _chapters(session: Session, writer: Writer) -> Iterator[dict[str, Any]]:
    """Give the kinds of help with the programs under each: name, organization, level, other kinds."""
    figures = writer.figures
    owners = then.list_organization_names(session, figures.moment)
    terms = {term.slug: term for term in queries.list_terms(session, Vocabulary.CATEGORY)}
    mains = main_kinds(terms)
    order = {slug: rank for rank, slug in enumerate(writer.ordered())}
    lines: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in then.list_listed(session, figures.moment):
        if one.kind is not ProgramKind.PROGRAM:
            continue
        kinds = sorted(
            {mains[slug] for slug in one.categories if slug in mains}, key=lambda slug: order.get(slug, 99)
        )
        told = [
            owners.get(one.organization or "", ""),
            writer.level(one.level.value),
            *map(writer.category, kinds[1:]),
        ]
        lines[kinds[0] if kinds else ""].append((one.name(writer.language), "; ".join(filter(None, told))))
    for slug in (*order, ""):
        if held := lines.get(slug):
            held.sort(key=lambda line: fold(line[0]))
            name = writer.category(slug) if slug else _("No kind of help")
            yield {"name": name, "lines": held}
