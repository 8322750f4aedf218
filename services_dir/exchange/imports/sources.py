"""The files of an import as organizations and services, whatever their format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.documents import Document, NoRecordsError, open_document
from services_dir.exchange.files.packages import File, Package, open_package, open_upload
from services_dir.exchange.files.tables import CsvTable, EmptyTableError, open_table
from services_dir.exchange.files.workbooks import read_workbook
from services_dir.exchange.imports.ledger import TORN, Ledger
from services_dir.hsds.reading.facts import records
from services_dir.hsds.reading.tabular import FILES, KEYS, NOT_KEPT, OBJECTS, ORIGIN, Joiner, Record
from services_dir.hsds.reading.texts import said
from services_dir.values import Labelled

_MOST_LINKS = 50_000_000  # bytes of a file of links from services to terms

NOT_KEPT_REASON = N_("No listing is made of such rows: names of people, postal addresses, money, history.")
NOT_KNOWN = N_("We do not know this file; it was not read.")
EMPTY = N_("It is empty.")
EMPTY_ROW = N_("This row is empty.")
_NEITHER = N_("It is neither a service nor an organization.")


class Format(Labelled):
    """Formats that are read."""

    HSDS_3_JSON = "hsds-3-json", N_("HSDS 3 (JSON)")
    HSDS_3_TABLES = "hsds-3-tables", N_("HSDS 3 (tables)")
    HSDS_2_TABLES = "hsds-2-tables", N_("HSDS 2 (tables)")
    HSDS_1_TABLES = "hsds-1-tables", N_("HSDS 1.1 (tables)")
    OHANA = "ohana", N_("Ohana (tables)")
    OWN = "own", N_("The tables of this register")
    API = "api", N_("A partner’s HSDS interface")


class Source(Protocol):
    """What an import reads: records of organizations and of services, as often as they are asked for."""

    @property
    def format(self) -> Format:
        """Give the format."""

    @property
    def ledger(self) -> Ledger:
        """Give the account of all rows."""

    @property
    def size(self) -> int:
        """Give about how many services there are; 0 if that is not known."""

    def organizations(self) -> Iterator[Record]:
        """Give all organizations."""

    def services(self) -> Iterator[Record]:
        """Give all services."""


@contextmanager
def open_source(path: Path | IO[bytes], *, name: str = "") -> Iterator[Source | Package]:
    """Open what is to be imported. Files of our own format are given as they are: `own.py` reads them.

    Raises InvalidError if there is nothing that can be imported.
    """
    with ExitStack() as stack:
        opened = open_package(path, name=name) if isinstance(path, Path) else open_upload(path, name)
        package = stack.enter_context(opened)
        yield find_source(package)


def find_source(package: Package) -> Source | Package:
    """Tell which format a package has, and open it. Raises InvalidError if it is none we know."""
    files = [
        file for one in package.files for file in (read_workbook(one) if one.ending == ".xlsx" else [one])
    ]
    package = Package(package.name, tuple(files), package.left)
    tables = [file for file in files if file.ending in (".csv", ".tsv", ".txt")]
    documents = [file for file in files if file.ending in (".json", ".ndjson", ".jsonl")]
    if is_own(package):
        return package
    names = named_files(package)
    if any("service" in (names.get(file.name.lower()), OBJECTS.get(_stem(file))) for file in tables):
        return TableSource(package)
    if documents:
        return DocumentSource(package, documents)
    raise InvalidError(
        N_("There is no file of services here. It is called services.csv, programs.csv or services.json.")
    )


def is_own(package: Package) -> bool:
    """Tell whether the files are written like those of `seed_data/`."""
    for file in package.files:
        if file.name.lower() == "programs.csv":
            columns = open_table(file).columns
            file.content.seek(0)
            return "slug" in columns and "name_en" in columns
    return False


def named_files(package: Package) -> dict[str, str]:
    """Give the objects whose rows lie in files of other names, as the Data Package beside them says."""
    file = next((one for one in package.files if one.name.lower() == "datapackage.json"), None)
    if file is None or file.size > _MOST_LINKS:
        return {}
    file.content.seek(0)
    try:
        resources = msgspec.json.decode(file.content.read()).get("resources")
    except (msgspec.DecodeError, AttributeError, RecursionError):
        return {}
    found = {}
    for resource in records(resources):
        path = resource["path"][0] if isinstance(resource.get("path"), list) else said(resource, "path")
        name = OBJECTS.get(said(resource, "name").lower())
        if name is not None and isinstance(path, str):
            found[path.replace("\\", "/").rpartition("/")[2].lower()] = name
    return found


def _count_lines(file: File) -> int:
    """Count the rows of a file that nobody knows; its lines, if it is no table."""
    try:
        table = open_table(file)
        table.index(())
    except InvalidError:
        file.content.seek(0)
        return sum(1 for line in file.content if line.strip())
    return table.rows + table.blank + len(table.torn)


def _stem(file: File) -> str:
    return file.name.rpartition(".")[0].lower()


@dataclass
class _Held:
    name: str
    table: CsvTable


class TableSource:
    """Tables of HSDS of any version, or of Ohana."""

    def __init__(self, package: Package) -> None:
        self.ledger = Ledger()
        self._tables: dict[str, list[CsvTable]] = {}
        self._links: dict[str, list[str]] = {}
        self._links_file = ""
        self._names = named_files(package)
        for file in package.files:
            self._open(file)
        for name in package.left:
            self.ledger.account(name).reasons[NOT_KNOWN] = 0
        self._joiner = Joiner(self)
        self.format = self._find_format()
        self.size = sum(table.rows for table in self._tables.get("service", ()))

    def _open(self, file: File) -> None:
        name = self._names.get(file.name.lower()) or OBJECTS.get(_stem(file))
        if file.ending == ".json":
            self._read_links(file)
            return
        account = self.ledger.account(file.name)
        if name is None:
            account.rows = account.reasons[NOT_KNOWN] = _count_lines(file)
            return
        try:
            table = open_table(file)
        except EmptyTableError:
            account.reasons[EMPTY] = 0
            return
        table.index(KEYS.get(name, ()))
        account.rows = table.rows + len(table.torn) + table.blank
        if table.blank:
            account.reasons[EMPTY_ROW] = table.blank
        if table.torn:
            account.reasons[TORN] = len(table.torn)
            self.ledger.torn += [(file.name, line) for line in table.torn]
        if name in NOT_KEPT:
            account.reasons[NOT_KEPT_REASON] = table.rows
        self._tables.setdefault(name, []).append(table)

    def _read_links(self, file: File) -> None:
        """Read a document that tells the terms of each service: `{"17": ["46", "51"]}`."""
        if _stem(file) == "datapackage" or file.size > _MOST_LINKS:
            return
        file.content.seek(0)
        try:
            links = msgspec.json.decode(file.content.read(), type=dict[str, list[str | int]])
        except msgspec.DecodeError:
            self.ledger.account(file.name).reasons[NOT_KNOWN] = 0
            return
        self._links = {key: [str(one) for one in held] for key, held in links.items()}
        self._links_file = file.name
        self.ledger.account(file.name).rows = len(links)

    def _find_format(self) -> Format:
        if "service" not in self._tables:
            raise InvalidError(N_("The file of services is empty."))
        services = self._tables["service"][0].columns
        stems = {table.name.rpartition(".")[0].lower() for held in self._tables.values() for table in held}
        if "organization_id" not in services and "location_id" in services:
            return Format.OHANA
        if stems & {"services_taxonomy", "service_taxonomy"} or "taxonomy" in stems:
            return Format.HSDS_1_TABLES
        if stems & {"service_attributes", "services_at_location", "physical_addresses", "eligibility"}:
            return Format.HSDS_2_TABLES
        return Format.HSDS_3_TABLES

    def has(self, name: str) -> bool:
        """Tell whether there are rows of an object."""
        return name in self._tables

    def scan(self, name: str) -> Iterator[tuple[str, int, dict[str, str]]]:
        """Give all rows of an object: file, line, cells."""
        for table in self._tables.get(name, ()):
            for row in table.scan():
                yield table.name, row.line, row.cells

    def find(self, name: str, column: str, value: str) -> list[tuple[str, int, dict[str, str]]]:
        """Give the rows of an object that have a value in a column."""
        return [
            (table.name, row.line, row.cells)
            for table in self._tables.get(name, ())
            for row in table.find(column, value)
        ]

    def organizations(self) -> Iterator[Record]:
        """Give all organizations."""
        return self._joiner.organizations()

    def services(self) -> Iterator[Record]:
        """Give all services."""
        numbers = {key: number for number, key in enumerate(self._links, 1)}
        for record in self._joiner.services():
            held = self._links.get(record.get("id", ""))
            if held:
                origin = (self._links_file, numbers[record["id"]])
                record["attributes"] = record["attributes"] + [
                    {"taxonomy_term_id": one, "taxonomy_term": self._joiner.term(one), ORIGIN: origin}
                    for one in dict.fromkeys(held)
                ]
            yield record


class DocumentSource:
    """JSON documents of HSDS 3: services, organizations, pages of an API, one record a line."""

    def __init__(
        self,
        package: Package,
        files: list[File],
        format: Format = Format.HSDS_3_JSON,
        *,
        may_be_empty: bool = False,
    ) -> None:
        self.ledger = Ledger()
        self.format = format
        self.size = 0
        self._documents: list[Document] = []
        for name in [file.name for file in package.files if file not in files] + list(package.left):
            self.ledger.account(name).reasons[NOT_KNOWN] = 0
        self._open([file for file in files if _stem(file) != "datapackage"])
        has_records = self._count()
        if not has_records and not may_be_empty:
            raise InvalidError(N_("There is no service and no organization in these files."))

    def _open(self, files: list[File]) -> None:
        """Open all documents; one without records is left out, unless there is no other."""
        for file in files:
            try:
                self._documents.append(open_document(file))
            except NoRecordsError:
                if len(files) == 1:
                    raise
                self.ledger.account(file.name).reasons[NOT_KNOWN] = 0

    def _count(self) -> bool:
        """Read all documents once, so that a broken one is found before anything is done with the others.

        Tells whether there is anything that can become a listing.
        """
        has_records = False
        for document in self._documents:
            account = self.ledger.account(document.name)
            for _number, record in document.records():
                account.rows += 1
                if _is_service(record):
                    self.size += 1
                elif _is_organization(record):
                    self.size += sum(1 for one in records(record.get("services")) if _is_full(one))
                else:
                    account.reasons[_NEITHER] += 1
                    continue
                has_records = True
        return has_records

    def organizations(self) -> Iterator[Record]:
        """Give all organizations: records of their own first, then those that services bring along.

        One that stands twice by itself is given twice, to be told of; pages of an interface may overlap.
        """
        seen: set[int] = set()
        for find in (_own_organization, _organization_of):
            for record in self._all(find):
                key = hash(said(record, "id"))
                is_told = find is _own_organization and self.format is not Format.API
                if key not in seen or is_told:
                    seen.add(key)
                    yield record

    def services(self) -> Iterator[Record]:
        """Give all services."""
        for document in self._documents:
            for number, record in document.records():
                origin = (document.name, number)
                if _is_service(record):
                    yield record | {ORIGIN: origin}
                elif _is_organization(record):
                    for one in records(record.get("services")):
                        if _is_full(one):
                            yield one | {"organization_id": record.get("id"), ORIGIN: origin}

    def _all(self, find: Callable[[Record], Any]) -> Iterator[Record]:
        for document in self._documents:
            for number, record in document.records():
                found = find(record)
                if isinstance(found, dict) and said(found, "id"):
                    yield found | {ORIGIN: (document.name, number)}


def _is_service(record: Record) -> bool:
    return any(
        name in record
        for name in (
            "status",
            "organization_id",
            "organization",
            "service_at_locations",
            "application_process",
        )
    )


def _is_organization(record: Record) -> bool:
    return bool(record.get("id") and record.get("name")) and not _is_service(record)


def _is_full(service: Any) -> bool:
    """Tell whether a service within an organization is more than a reference to it."""
    return isinstance(service, dict) and any(
        name in service for name in ("description", "phones", "service_at_locations", "attributes", "url")
    )


def _own_organization(record: Record) -> Any:
    return record if _is_organization(record) else None


def _organization_of(record: Record) -> Any:
    return record.get("organization") if _is_service(record) else None


__all__ = ["FILES", "DocumentSource", "Format", "Source", "TableSource", "find_source", "open_source"]
