"""Routes of the coordinators' pages of the library."""

from services_dir.council.views.desk import papers, registers
from services_dir.council.views.desk.parts import bp
from services_dir.errors import N_
from services_dir.web.navigation import Entry, Menu

ENTRIES = (Entry(Menu.WORKSPACE, "council_workspace.home", N_("The Council"), order=65),)

__all__ = ["ENTRIES", "bp", "papers", "registers"]
