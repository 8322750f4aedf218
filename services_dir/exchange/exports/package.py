"""The catalog as the tabular package of HSDS: `datapackage.json` and a CSV file for each kind of object."""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from services_dir.exchange.exports.catalog import Catalog, open_catalog
from services_dir.hsds.tabular import NESTED, TABLES, Table, describe

TITLE = "Services for victims of human trafficking"
DESCRIPTOR = "datapackage.json"
_TABLES: Mapping[str, Table] = {table.name: table for table in TABLES}
_NEVER_CHANGES = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can tell
_PIECE = 1 << 16


def write_package(session: Session, today: date, folder: Path) -> None:
    """Write the package into an empty folder. Files that would hold no row are left out."""
    with open_catalog(session, today) as catalog, ExitStack() as open_files:
        files = {name: _Rows(folder, table, open_files) for name, table in _TABLES.items()}
        _write(catalog, files)
    held = {name: table for name, table in _TABLES.items() if files[name].count}
    for name in _TABLES.keys() - held.keys():
        (folder / _TABLES[name].path).unlink()
    content = json.dumps(describe(held, TITLE), indent=2) + "\n"
    (folder / DESCRIPTOR).write_text(content, "utf-8")


def package_chunks(session: Session, today: date) -> Iterator[bytes]:
    """Give the package as a zip archive, the same for the same catalog and day."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, archive = Path(temporary, "package"), Path(temporary, "package.zip")
        folder.mkdir()
        write_package(session, today, folder)
        _pack(folder, archive)
        with archive.open("rb") as packed:
            while piece := packed.read(_PIECE):
                yield piece


class _Rows:
    """A file of the package and how many rows it has."""

    def __init__(self, folder: Path, table: Table, open_files: ExitStack) -> None:
        file = open_files.enter_context((folder / table.path).open("w", encoding="utf-8", newline=""))
        self.columns = table.columns
        self.count = 0
        self._writer = csv.writer(file)
        self._writer.writerow(self.columns)

    def add(self, record: Mapping[str, Any]) -> None:
        """Write the plain values of a record; what is not known is an empty cell."""
        self._writer.writerow([record.get(column, "") for column in self.columns])
        self.count += 1


def _write(catalog: Catalog, files: Mapping[str, _Rows]) -> None:
    used: set[str] = set()
    for organization in catalog.organizations():
        _add("organization", msgspec.to_builtins(organization), files, used)
    for service in catalog.services():
        _add("service", msgspec.to_builtins(service), files, used)
    terms = catalog.taxonomies.terms
    for one in sorted(_with_parents(used, catalog)):
        _add("taxonomy_term", msgspec.to_builtins(terms[one]), files, used)
    for taxonomy in sorted({terms[one].taxonomy_id for one in used}):
        _add("taxonomy", msgspec.to_builtins(catalog.taxonomies.taxonomies[taxonomy]), files, used)


def _add(name: str, record: Mapping[str, Any], files: Mapping[str, _Rows], used: set[str]) -> None:
    """Write a record, then all it holds, in its order; remember the terms it uses."""
    files[name].add(record)
    if name == "attribute":
        used.add(record["taxonomy_term_id"])
    for key, held in record.items():
        if key in NESTED:
            for one in [held] if isinstance(held, Mapping) else held:
                _add(NESTED[key], one, files, used)


def _with_parents(used: set[str], catalog: Catalog) -> set[str]:
    """Give the terms used and all that they are a kind of: a package carries no others."""
    found = set(used)
    for one in used:
        parent = catalog.taxonomies.terms[one].parent_id
        while isinstance(parent, str) and parent not in found:
            found.add(parent)
            parent = catalog.taxonomies.terms[parent].parent_id
    return found


def _pack(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(file.name, _NEVER_CHANGES)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(entry, "w") as target, file.open("rb") as source:
                while piece := source.read(_PIECE):
                    target.write(piece)
