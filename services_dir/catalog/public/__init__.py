"""The one door out: what anybody may see of programs and organizations.

Pages, index, API, exports and sheets are made from these frozen values and from nothing else.
Submitters, private contacts, editors' notes, confidence and sources that are not public are not in
them; of a confidential place there are only town and region.
"""

from services_dir.catalog.public.build import public_organization, public_program
from services_dir.catalog.public.values import (
    PublicArea,
    PublicAsOf,
    PublicAssurance,
    PublicException,
    PublicHours,
    PublicInterval,
    PublicLanguage,
    PublicLink,
    PublicOrganization,
    PublicOrganizationName,
    PublicPhone,
    PublicPlace,
    PublicProgram,
    PublicSite,
    PublicSource,
    PublicText,
)

__all__ = [
    "PublicArea",
    "PublicAsOf",
    "PublicAssurance",
    "PublicException",
    "PublicHours",
    "PublicInterval",
    "PublicLanguage",
    "PublicLink",
    "PublicOrganization",
    "PublicOrganizationName",
    "PublicPhone",
    "PublicPlace",
    "PublicProgram",
    "PublicSite",
    "PublicSource",
    "PublicText",
    "public_organization",
    "public_program",
]
