"""What the templates of programs and organizations are given."""

from services_dir.catalog.pages.organization import OrganizationPage
from services_dir.catalog.pages.program import ProgramPage

__all__ = ["OrganizationPage", "ProgramPage"]
