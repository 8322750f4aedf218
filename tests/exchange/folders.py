"""A small folder of files in the importer's own format, to change in one place and read."""

from __future__ import annotations

import csv
from pathlib import Path

Rows = list[dict[str, str]]

PROGRAM = {
    "slug": "north-house",
    "organization": "made-up-mission",
    "level": "local",
    "name_en": "North House",
    "description_en": "A made-up house for tests.",
    "categories": "housing",
    "service_areas": "town/northtown",
    "hours_words": "Monday 9 to 5",
    "time_zone": "America/New_York",
    "weekly_hours": "MO 09:00-17:00",
}


def tables(**changes: Rows | None) -> dict[str, Rows]:
    """Give the rows of each file by its name without `.csv`; a change replaces a file, None leaves it out."""
    basics: dict[str, Rows] = {
        "places": [
            {"key": "nation/made-up", "kind": "nation", "name": "Made-up"},
            {
                "key": "town/northtown",
                "kind": "town",
                "name": "Northtown",
                "latitude": "41",
                "longitude": "-72",
            },
        ],
        "place_parents": [{"key": "town/northtown", "parent": "nation/made-up", "share": ""}],
        "terms": [
            {"vocabulary": "category", "slug": "housing", "label_en": "Housing", "label_es": "Vivienda"},
            {"vocabulary": "population", "slug": "men", "label_en": "Men", "label_es": "Hombres"},
        ],
        "term_words": [{"vocabulary": "category", "slug": "housing", "language": "en", "word": "shelter"}],
        "words": [{"kind": "misspelling", "word": "sheltar", "means": "shelter"}],
        "organizations": [{"slug": "made-up-mission", "name": "Made-up Mission", "level": "local"}],
        "programs": [PROGRAM],
        "phones": [{"program": "north-house", "kind": "voice", "number": "860-555-0100"}],
    }
    return {name: rows for name, rows in (basics | changes).items() if rows is not None}


def write_folder(folder: Path, files: dict[str, Rows]) -> Path:
    """Write files into a folder; the columns are those that any of a file's rows names."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder
