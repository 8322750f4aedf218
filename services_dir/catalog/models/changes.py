"""Tables that others follow: the numbered changes of the catalog, and which database this is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services_dir.catalog.kinds import ChangeKind
from services_dir.db import Base, choice


class CatalogState(Base):
    """One row: the database's own id, new at every restore, and the number of the last change.

    The row is locked by whoever takes a number, so numbers appear in order and without gaps.
    """

    __tablename__ = "catalog_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    database_id: Mapped[str] = mapped_column(String(36))
    last_change: Mapped[int] = mapped_column(BigInteger)
    # Addresses removed up to this change have left the files of the database, not only its rows.
    wiped_change: Mapped[int] = mapped_column(BigInteger, server_default="0")
    key_fingerprint: Mapped[str | None] = mapped_column(String(64))


class CatalogChange(Base):
    """Something that followers of the catalog must take up, in the order of its number."""

    __tablename__ = "catalog_change"
    __table_args__ = (Index("ix_catalog_change_at", "at", "program_id"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    at: Mapped[datetime]
