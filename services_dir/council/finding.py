"""Papers of the Council beside the programs of a search."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from services_dir.council import pages, queries, rules
from services_dir.db import db
from services_dir.search.beside import Beside, Found

_SHOWN = 3


def find_beside(words: str) -> Beside | None:
    """Give the papers that have all of these words, the first three of them."""
    asked = rules.asked_words(words)
    if not asked:
        return None
    with db.engine.connect() as connection:
        found = queries.find_documents(connection, asked, limit=_SHOWN)
    if not found:
        return None
    papers = [pages.found_paper(one) for one in found[:_SHOWN]]
    return Beside(
        heading=_("Council documents"),
        found=tuple(
            Found(one.title.text, one.title.lang, " · ".join(one.facts), one.address) for one in papers
        ),
        more=url_for("council.documents", q=words) if len(found) > _SHOWN else None,
    )
