"""Routes of moderation: the queue, one submission, the programs, phone numbers."""

from services_dir.errors import N_
from services_dir.moderation.views import merging, numbers, organizations, programs, queue, review, versions
from services_dir.moderation.views.parts import bp
from services_dir.web.navigation import Entry, Menu

ENTRIES = (
    Entry(Menu.WORKSPACE, "moderation.queue", N_("Queue"), order=20),
    Entry(Menu.WORKSPACE, "moderation.programs", N_("Programs"), order=30),
    Entry(Menu.WORKSPACE, "moderation.organizations", N_("Organizations"), order=32),
    Entry(Menu.WORKSPACE, "moderation.numbers", N_("Phone numbers"), order=35),
)

__all__ = ["ENTRIES", "bp", "merging", "numbers", "organizations", "programs", "queue", "review", "versions"]
