"""Tables of the catalog, one file a subject; importers name this package."""

from services_dir.catalog.models.changes import CatalogChange, CatalogState
from services_dir.catalog.models.contact import Phone, Schedule, ScheduleException, ScheduleInterval
from services_dir.catalog.models.organizations import (
    Organization,
    OrganizationName,
    OrganizationText,
    OrganizationVersion,
)
from services_dir.catalog.models.places import Place, PlaceParent
from services_dir.catalog.models.programs import (
    Assurance,
    ForeignId,
    FormerSlug,
    Link,
    PrivateContact,
    Program,
    ProgramLanguage,
    ProgramName,
    ProgramTerm,
    ProgramText,
    ProgramVersion,
    Source,
)
from services_dir.catalog.models.sites import Location, ServiceArea, Site
from services_dir.catalog.models.vocabulary import Term, TermLabel, TermWord, Word

__all__ = [
    "Assurance",
    "CatalogChange",
    "CatalogState",
    "ForeignId",
    "FormerSlug",
    "Link",
    "Location",
    "Organization",
    "OrganizationName",
    "OrganizationText",
    "OrganizationVersion",
    "Phone",
    "Place",
    "PlaceParent",
    "PrivateContact",
    "Program",
    "ProgramLanguage",
    "ProgramName",
    "ProgramTerm",
    "ProgramText",
    "ProgramVersion",
    "Schedule",
    "ScheduleException",
    "ScheduleInterval",
    "ServiceArea",
    "Site",
    "Source",
    "Term",
    "TermLabel",
    "TermWord",
    "Word",
]
