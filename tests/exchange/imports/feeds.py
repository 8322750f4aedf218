"""Small made-up feeds of each format, and planning and applying them as a command does."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.db import transaction
from services_dir.exchange.files.packages import Package
from services_dir.exchange.imports import applying, planning, undoing
from services_dir.exchange.imports.feeds import find_feed
from services_dir.exchange.imports.models import ImportRow, ImportRun
from services_dir.exchange.imports.own import OwnSource, read_existing
from services_dir.exchange.imports.showing import reasons_of
from services_dir.exchange.imports.sources import open_source
from tests.support.factories import NOON

Rows = list[dict[str, Any]]

# A service in the words of HSDS 3 that gives legal help at a public place.
ORGANIZATION = {
    "id": "9a4f0000-0000-4000-8000-000000000001",
    "name": "Made-up Legal Fund",
    "description": "A made-up fund.",
    "website": "https://fund.example.org",
}
TERM = {
    "id": "9a4f0000-0000-4000-8000-0000000000f1",
    "code": "111-01",
    "name": "Advocacy & Legal Aid",
    "description": "Legal aid.",
    "taxonomy": "Open Eligibility",
}


def service(**changes: Any) -> dict[str, Any]:
    """Give a service of HSDS 3 with its organization, a phone, a place and an area."""
    return {
        "id": "9a4f0000-0000-4000-8000-000000000002",
        "name": "Made-up Lawyers",
        "description": "Lawyers who do not exist.",
        "status": "active",
        "url": "www.lawyers.example.org",
        "organization": ORGANIZATION,
        "phones": [
            {"id": "9a4f0000-0000-4000-8000-000000000003", "number": "(860) 555-0123", "type": "voice"}
        ],
        "service_areas": [{"id": "9a4f0000-0000-4000-8000-000000000004", "name": "Hartford"}],
        "attributes": [{"id": "9a4f0000-0000-4000-8000-000000000005", "taxonomy_term": TERM}],
        "service_at_locations": [
            {
                "id": "9a4f0000-0000-4000-8000-000000000006",
                "location": location("9a4f0000-0000-4000-8000-000000000007"),
            }
        ],
    } | changes


def location(key: str, street: str = "12 Made-up Street") -> dict[str, Any]:
    """Give a location with a whole address."""
    return {
        "id": key,
        "name": "Main office",
        "location_type": "physical",
        "latitude": 41.766,
        "longitude": -72.683,
        "addresses": [
            {
                "id": "9a4f0000-0000-4000-8000-000000000008",
                "address_1": street,
                "city": "Hartford",
                "state_province": "CT",
                "postal_code": "06103",
                "country": "US",
                "address_type": "physical",
            }
        ],
    }


def write_json(path: Path, records: Rows) -> Path:
    """Write records as a JSON file."""
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def write_tables(
    folder: Path, tables: dict[str, Rows], *, encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """Write tables as CSV files of a folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def make_plan(
    session: Session, path: Path, *, at: Any = NOON, feed: str = "Partner", **options: Any
) -> ImportRun:
    """Plan an import, and give the run."""
    complete = options.pop("is_complete", False)
    with transaction(session):
        feed_id = find_feed(session, feed, at=NOON, zone="America/New_York", **options).id
    with open_source(path) as opened:
        source = OwnSource(opened, read_existing(session)) if isinstance(opened, Package) else opened
        run_id = planning.plan(
            lambda: transaction(session), source, feed_id, name=path.name, at=at, is_complete=complete
        )
    return session.get_one(ImportRun, run_id)


def apply(session: Session, run: ImportRun, *, publishes: bool = True, at: Any = NOON) -> dict[str, int]:
    """Apply a plan, and give how many rows came to which end."""
    ends = applying.apply(lambda: transaction(session), run.id, at=at, by=None, publishes=publishes)
    return {state.value: count for state, count in ends.items()}


def undo(session: Session, run: ImportRun) -> list[str]:
    """Take an import back, and give the names of what stays."""
    return undoing.undo(lambda: transaction(session), run.id, at=NOON, by=None)[1]


def verdicts(session: Session, run: ImportRun) -> dict[str, str]:
    """Give what the plan says of each record, by its name."""
    rows = session.scalars(select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.position))
    return {row.name: row.verdict.value for row in rows}


def row_of(session: Session, run: ImportRun, name: str) -> ImportRow:
    """Give the row of a record."""
    return session.scalars(select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.name == name)).one()


def why(session: Session, run: ImportRun, name: str) -> str:
    """Give the reasons of a record's verdict."""
    return " ".join(reasons_of(row_of(session, run, name)))
