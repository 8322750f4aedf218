"""Routes of the workspace: the overview, the audit, policy, words, the check of interfaces."""

from services_dir.errors import N_
from services_dir.web.navigation import Entry, Menu
from services_dir.workspace.views import audit, home, hsds, patterns, policy, search_words, words
from services_dir.workspace.views.parts import bp

ENTRIES = (
    Entry(Menu.WORKSPACE, "workspace.home", N_("Overview"), order=10),
    Entry(Menu.WORKSPACE, "workspace.search_words", N_("Words"), order=70),
    Entry(Menu.OVERVIEW, "workspace.hsds_check", N_("Interface check"), order=85),
)

__all__ = ["ENTRIES", "audit", "bp", "home", "hsds", "patterns", "policy", "search_words", "words"]
