"""Routes of moderation: the queue, one submission, the programs."""

from services_dir.errors import N_
from services_dir.moderation.views import programs, review
from services_dir.moderation.views.parts import bp
from services_dir.web.navigation import Entry, Menu

ENTRIES = (
    Entry(Menu.WORKSPACE, "moderation.queue", N_("Queue"), order=20),
    Entry(Menu.WORKSPACE, "moderation.programs", N_("Programs"), order=30),
)

__all__ = ["ENTRIES", "bp", "programs", "review"]
