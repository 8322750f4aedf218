"""Tables of organizations: the bodies that answer for programs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import CatalogStatus, Level
from services_dir.db import Base, choice


class Organization(Base):
    """A body that answers for programs, as last published."""

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[Level] = mapped_column(choice(Level))
    status: Mapped[CatalogStatus] = mapped_column(choice(CatalogStatus))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    # Of a withdrawn one: the organization that it repeats, to which its addresses lead.
    merged_into_id: Mapped[int | None]
    url: Mapped[str | None] = mapped_column(String(500))
    email: Mapped[str | None] = mapped_column(String(254))
    partners_note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int]
    published_at: Mapped[datetime]
    modified_at: Mapped[datetime]

    parent: Mapped[Organization | None] = relationship(remote_side=[id])
    names: Mapped[list[OrganizationName]] = relationship(
        cascade="all, delete-orphan", order_by="OrganizationName.position"
    )
    texts: Mapped[list[OrganizationText]] = relationship(cascade="all, delete-orphan")


class OrganizationName(Base):
    """Another name of an organization: an alias, or one it no longer uses."""

    __tablename__ = "organization_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    is_former: Mapped[bool]
    position: Mapped[int]


class OrganizationText(Base):
    """What an organization says of itself in one language."""

    __tablename__ = "organization_text"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    description: Mapped[str] = mapped_column(Text)


class OrganizationVersion(Base):
    """An organization as published for a while; the newest has no end."""

    __tablename__ = "organization_version"
    __table_args__ = (UniqueConstraint("organization_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    number: Mapped[int]
    format: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
