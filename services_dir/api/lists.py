"""What each list and each record of the API holds, from the database to the objects of HSDS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec
from msgspec import UNSET, Raw
from sqlalchemy.orm import Session

from services_dir.api import queries
from services_dir.api.kept import RecordsAt
from services_dir.api.parameters import ParameterError, Parameters
from services_dir.catalog.public import PublicProgram
from services_dir.errors import NotFoundError
from services_dir.hsds import queries as records_of
from services_dir.hsds import taxonomies as hsds_taxonomies
from services_dir.hsds.objects import (
    Organization,
    OrganizationSummary,
    OrganizationWithServices,
    Service,
    ServiceAtLocation,
    ServiceAtLocationSummary,
    ServiceReference,
    ServiceSummary,
    Taxonomy,
    TaxonomyTerm,
)
from services_dir.hsds.records import Records
from services_dir.hsds.taxonomies import FACTS_TAXONOMY, Taxonomies
from services_dir.values import fold

T = TypeVar("T", Taxonomy, TaxonomyTerm)

_BATCH = 200
_NO_RECORD = "There is no such record."
Found = Sequence[str] | None


@dataclass(frozen=True)
class Lists:
    """The lists of the API on a day; `found` are ids of services that a search found, best first."""

    session: Session
    terms_of: Taxonomies
    country: str | None
    today: date
    kept: RecordsAt | None = None  # services that were written before

    @classmethod
    def of(cls, session: Session, today: date, kept: RecordsAt | None = None) -> Lists:
        """Read what every list needs."""
        terms_of, country = hsds_taxonomies.current(session), records_of.only_country(session)
        return cls(session, terms_of, country, today, kept)

    def services(
        self, asked: Parameters, found: Found
    ) -> tuple[int, Iterator[ServiceSummary | Service | ServiceReference | Raw]]:
        """Give how many services there are, and those of the page; a stream has all, in full."""
        self._check(asked)
        total, ids = queries.find_programs(self.session, asked, self.terms_of, found)
        if self.kept is not None and not asked.is_stream:
            return total, iter(self._written(self.kept, ids, asked))
        return total, self._services(ids, asked)

    def service(self, record_id: str) -> Service:
        """Give a service. Raises NotFoundError."""
        programs = records_of.load_programs(self.session, [record_id])
        if not programs:
            raise NotFoundError(_NO_RECORD)
        return self._records(programs).service(programs[0])

    def at_locations(
        self, asked: Parameters, found: Found
    ) -> tuple[int, Iterator[ServiceAtLocationSummary | ServiceAtLocation]]:
        """Give how many services at locations there are, and those of the page."""
        self._check(asked)
        total, ids = queries.find_sites(self.session, asked, self.terms_of, found)
        return total, self._at_locations(ids, is_full=asked.full or asked.is_stream)

    def at_location(self, record_id: str) -> ServiceAtLocation:
        """Give a service at a location. Raises NotFoundError."""
        for record in self._at_locations([record_id], is_full=True):
            assert isinstance(record, ServiceAtLocation)
            return record
        raise NotFoundError(_NO_RECORD)

    def organizations(
        self, asked: Parameters, found: Found
    ) -> tuple[int, Iterator[OrganizationSummary | Organization | OrganizationWithServices]]:
        """Give how many organizations there are, and those of the page."""
        self._check(asked)
        total, ids = queries.find_organizations(self.session, asked, self.terms_of, found)
        return total, self._organizations(ids, asked)

    def organization(self, record_id: str, *, full_service: bool) -> Organization | OrganizationWithServices:
        """Give an organization with its services. Raises NotFoundError."""
        held = records_of.load_organizations(self.session, [record_id])
        if record_id not in held:
            raise NotFoundError(_NO_RECORD)
        programs = records_of.load_programs_of(self.session, [record_id])
        records = Records(self.terms_of, held, self.country, self.today)
        return records.organization(held[record_id], programs, full_service=full_service)

    def taxonomies(self, asked: Parameters) -> list[Taxonomy]:
        """Give the taxonomies in which the words are found."""
        return _with_words(self.terms_of.taxonomies.values(), asked.search)

    def taxonomy(self, record_id: str) -> Taxonomy:
        """Give a taxonomy. Raises NotFoundError."""
        if record_id not in self.terms_of.taxonomies:
            raise NotFoundError(_NO_RECORD)
        return self.terms_of.taxonomies[record_id]

    def terms(self, asked: Parameters) -> list[TaxonomyTerm]:
        """Give the terms that are asked for, in the order of their ids."""
        held = [
            term
            for term in self.terms_of.terms.values()
            if asked.taxonomy_id in (None, term.taxonomy_id)
            and asked.parent_id in (None, term.parent_id)
            and not (asked.top_only and term.parent_id is not UNSET)
        ]
        return _with_words(held, asked.search)

    def term(self, record_id: str) -> TaxonomyTerm:
        """Give a term. Raises NotFoundError."""
        if record_id not in self.terms_of.terms:
            raise NotFoundError(_NO_RECORD)
        return self.terms_of.terms[record_id]

    def _check(self, asked: Parameters) -> None:
        """Refuse terms that no record is listed by."""
        term = self.terms_of.terms.get(asked.taxonomy_term_id or "")
        if term is not None and term.taxonomy_id == FACTS_TAXONOMY.id:
            raise ParameterError("taxonomy_term_id", "This term holds facts; records are not listed by it.")
        if asked.taxonomy_id == FACTS_TAXONOMY.id:
            raise ParameterError("taxonomy_id", "These terms hold facts; records are not listed by them.")

    def _records(self, programs: Iterable[PublicProgram]) -> Records:
        organizations = records_of.load_organizations(
            self.session, {program.organization.id for program in programs}
        )
        return Records(self.terms_of, organizations, self.country, self.today)

    def _written(self, kept: RecordsAt, ids: Sequence[str], asked: Parameters) -> list[Raw]:
        """Give services as JSON: those that are kept, and the others made now."""
        form = "minimal" if asked.minimal else "full" if asked.full else "summary"
        held = kept.find(form, ids)
        made = {
            one.id: msgspec.json.encode(one)
            for one in self._services([one for one in ids if one not in held], asked)
        }
        kept.keep(form, made)
        held |= made
        return [Raw(held[one]) for one in ids if one in held]

    def _services(
        self, ids: Sequence[str], asked: Parameters
    ) -> Iterator[ServiceSummary | Service | ServiceReference]:
        for batch in self._batches(ids):
            programs = records_of.load_programs(self.session, batch)
            records = self._records(programs)
            for program in programs:
                if asked.minimal:
                    yield records.reference(program)
                elif asked.full or asked.is_stream:
                    yield records.service(program)
                else:
                    yield records.service_summary(program)

    def _at_locations(
        self, ids: Sequence[str], *, is_full: bool
    ) -> Iterator[ServiceAtLocationSummary | ServiceAtLocation]:
        for batch in self._batches(ids):
            programs = records_of.load_programs_of_sites(self.session, batch)
            records = self._records(programs)
            held = {site.id: (program, site) for program in programs for site in program.sites}
            for one in batch:
                if one in held and is_full:
                    yield records.at_location(*held[one])
                elif one in held:
                    yield records.at_location_summary(*held[one])

    def _organizations(
        self, ids: Sequence[str], asked: Parameters
    ) -> Iterator[OrganizationSummary | Organization | OrganizationWithServices]:
        is_full = asked.full or asked.full_service or asked.is_stream
        for batch in self._batches(ids):
            held = records_of.load_organizations(self.session, batch)
            records = Records(self.terms_of, held, self.country, self.today)
            if not is_full:
                yield from (records.organization_summary(held[one]) for one in batch if one in held)
                continue
            programs: dict[str, list[PublicProgram]] = {}
            for program in records_of.load_programs_of(self.session, batch):
                programs.setdefault(program.organization.id, []).append(program)
            for one in batch:
                if one in held:
                    services = programs.get(one, ())
                    yield records.organization(held[one], services, full_service=asked.full_service)

    def _batches(self, ids: Sequence[str]) -> Iterator[Sequence[str]]:
        """Give ids some at a time, and forget what was read for them: memory stays bounded."""
        for start in range(0, len(ids), _BATCH):
            yield ids[start : start + _BATCH]
            self.session.expunge_all()


def _with_words(held: Iterable[T], search: str) -> list[T]:
    words = fold(search).split()
    found = [one for one in held if all(word in fold(f"{one.name} {one.description}") for word in words)]
    return sorted(found, key=lambda one: one.id)
