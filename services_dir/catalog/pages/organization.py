"""What the template of an organization is given: the public value and its programs, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from services_dir.catalog.pages.parts import PhoneLine, WebLink, phone_lines, program_name, website
from services_dir.catalog.public import PublicOrganization, PublicProgram
from services_dir.catalog.words import Words, day_words, language_note, named, program_text, said


@dataclass(frozen=True)
class ProgramLine:
    """A program in the list of an organization."""

    slug: str
    name: Words
    offers: Words | None


@dataclass(frozen=True)
class OrganizationPage:
    """One organization and its programs."""

    title: str
    slug: str
    name: Words
    other_names: tuple[Words, ...]
    former_names: tuple[Words, ...]
    level: str
    parent_slug: str | None
    parent_name: Words | None
    description: Words | None
    language_note: str | None
    phones: tuple[PhoneLine, ...]
    email: str | None
    website: WebLink | None
    partners: Words | None
    programs: tuple[ProgramLine, ...]
    changed: str

    @classmethod
    def build(
        cls,
        organization: PublicOrganization,
        programs: Iterable[PublicProgram],
        *,
        today: date,
        language: str,
    ) -> OrganizationPage:
        """Put an organization and its programs into words for a page in a language."""
        own = organization.descriptions.get(language)
        described = Words(own) if own else said(organization.descriptions.get("en"), language)
        return cls(
            title=_("Organization details"),
            slug=organization.slug,
            name=named(organization.name, language),
            other_names=tuple(named(name, language) for name in organization.aliases),
            former_names=tuple(named(name, language) for name in organization.former_names),
            level=_(organization.level.label),
            parent_slug=organization.parent_slug,
            parent_name=named(organization.parent_name, language) if organization.parent_name else None,
            description=described,
            language_note=language_note((described,), None, language),
            phones=phone_lines(organization.phones, language, today, has_fallback=True),
            email=organization.email,
            website=website(organization.url),
            partners=said(organization.partners_note, language),
            programs=tuple(
                ProgramLine(
                    program.slug,
                    program_name(program, language),
                    program_text(program, "description", language),
                )
                for program in programs
            ),
            changed=day_words(organization.modified_at.date()),
        )
