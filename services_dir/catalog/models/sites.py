"""Tables of where programs are: locations, sites, service areas."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services_dir.catalog.kinds import Precision, Visibility
from services_dir.catalog.models.contact import Phone, Schedule
from services_dir.catalog.models.places import Place
from services_dir.db import Base, choice

_CASCADE = "all, delete-orphan"
_KEPT_SECRET = ("street", "postal_code", "latitude", "longitude", "precision", "access_notes")


class Location(Base):
    """A place people can go to, or an area around one that must not be known.

    Conn. Gen. Stat. forbids agencies to disclose where shelters are, so what would tell it is
    never stored: the constraint holds for every writer.
    """

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint(
            "visibility <> 'area_only' OR ("
            + " AND ".join(f"{column} IS NULL" for column in _KEPT_SECRET)
            + ")",
            name="area_only_has_no_address",
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility))
    street: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(2))
    postal_code: Mapped[str | None] = mapped_column(String(10))
    town_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[Precision | None] = mapped_column(choice(Precision))
    access_notes: Mapped[str | None] = mapped_column(Text)

    town: Mapped[Place | None] = relationship(foreign_keys=[town_id])
    region: Mapped[Place | None] = relationship(foreign_keys=[region_id])


class Site(Base):
    """A program at a location, with its own hours and phones."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int]

    location: Mapped[Location] = relationship(cascade="all, delete-orphan", single_parent=True)
    phones: Mapped[list[Phone]] = relationship(
        cascade=_CASCADE, order_by="Phone.position", foreign_keys=[Phone.site_id]
    )
    schedule: Mapped[Schedule | None] = relationship(cascade=_CASCADE, foreign_keys=[Schedule.site_id])
    service_areas: Mapped[list[ServiceArea]] = relationship(
        cascade=_CASCADE, order_by="ServiceArea.position", foreign_keys="ServiceArea.site_id"
    )


class ServiceArea(Base):
    """A place that a program, or one of its sites, serves; state and nation are rows as well."""

    __tablename__ = "service_area"
    __table_args__ = (CheckConstraint("(program_id IS NULL) <> (site_id IS NULL)", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    position: Mapped[int]

    place: Mapped[Place] = relationship()
