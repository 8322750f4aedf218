"""Tables of places: nation, states, counties, regions, named areas, towns, villages and ZIP codes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services_dir.catalog.kinds import PlaceKind
from services_dir.db import Base, choice


class Place(Base):
    """A place, named by a readable key such as `town/hartford` or `zip/06511`."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind), index=True)
    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str | None] = mapped_column(String(20))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    basis: Mapped[str | None] = mapped_column(Text)  # of a named area: how its towns were chosen
    retired_on: Mapped[date | None]


class PlaceParent(Base):
    """A place lies in another: wholly, or with a share of its people from 0 to 1."""

    __tablename__ = "place_parent"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    share: Mapped[float] = mapped_column(default=1.0)
