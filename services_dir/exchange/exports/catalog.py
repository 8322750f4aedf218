"""The published catalog at one moment, read some records at a time: memory stays bounded, order is fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization as OrganizationRow
from services_dir.catalog.models import Program
from services_dir.catalog.public import PublicOrganization, PublicProgram
from services_dir.db import snapshot
from services_dir.hsds import queries, taxonomies
from services_dir.hsds.objects import Organization, Service
from services_dir.hsds.records import Records
from services_dir.hsds.taxonomies import Taxonomies

T = TypeVar("T")
_BATCH = 100


@dataclass(frozen=True)
class Catalog:
    """All that is published, in the order of public ids; what depends on a day is as on `today`."""

    session: Session
    taxonomies: Taxonomies
    country: str | None
    today: date

    def programs(self) -> Iterator[PublicProgram]:
        """Give every program."""
        for batch in self._batches(self._ids(Program)):
            yield from queries.load_programs(self.session, batch)

    def services(self) -> Iterator[Service]:
        """Give every program as a service in full."""
        for batch in self._batches(self._ids(Program)):
            programs = queries.load_programs(self.session, batch)
            owners = queries.load_organizations(self.session, {one.organization.id for one in programs})
            yield from map(self._records(owners).service, programs)

    def organizations(self) -> Iterator[Organization]:
        """Give every organization in full, without its services: those say whose they are."""
        for batch in self._batches(self._ids(OrganizationRow)):
            held = queries.load_organizations(self.session, batch)
            records = self._records(held)
            for one in batch:
                record = records.organization(held[one], ())
                assert isinstance(record, Organization)
                yield record

    def _records(self, owners: dict[str, PublicOrganization]) -> Records:
        return Records(self.taxonomies, owners, self.country, self.today)

    def _ids(self, table: type[Program] | type[OrganizationRow]) -> list[str]:
        query = select(table.uuid).where(table.status == CatalogStatus.PUBLISHED).order_by(table.uuid)
        return list(self.session.scalars(query))

    def _batches(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(items), _BATCH):
            yield items[start : start + _BATCH]
            self.session.expunge_all()


@contextmanager
def open_catalog(session: Session, today: date) -> Iterator[Catalog]:
    """Read the catalog as it is at this moment, however long it takes; nothing is changed meanwhile."""
    with snapshot(session):
        yield Catalog(session, taxonomies.current(session), queries.only_country(session), today)
