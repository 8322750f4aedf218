"""Routes of submissions: propose something step by step, report a problem, and the sender's own page."""

from services_dir.submissions.views import links, own_page, problems, sending, start, writing
from services_dir.submissions.views.parts import ENTRIES, bp

__all__ = ["ENTRIES", "bp", "links", "own_page", "problems", "sending", "start", "writing"]
