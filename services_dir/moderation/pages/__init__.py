"""What the templates of moderation are given."""

from services_dir.moderation.pages.merging import MergePage
from services_dir.moderation.pages.numbers import NumberPage, NumbersPage
from services_dir.moderation.pages.organizations import OrganizationPage, OrganizationsPage
from services_dir.moderation.pages.programs import ProgramPage, ProgramsPage
from services_dir.moderation.pages.queue import QueuePage, WaitingLine, ago, waiting_line
from services_dir.moderation.pages.review import ReviewPage

__all__ = [
    "MergePage",
    "NumberPage",
    "NumbersPage",
    "OrganizationPage",
    "OrganizationsPage",
    "ProgramPage",
    "ProgramsPage",
    "QueuePage",
    "ReviewPage",
    "WaitingLine",
    "ago",
    "waiting_line",
]
