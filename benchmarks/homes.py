"""A home for measuring: the seed in a database, and an index of generated listings that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from benchmarks.listings import Listings
from benchmarks.spool import Spool
from services_dir.app import create_app
from services_dir.catalog import gazetteer, queries
from services_dir.catalog.gazetteer import Gazetteer
from services_dir.db import db
from services_dir.search import vocabulary
from services_dir.search.document import make_document
from services_dir.search.vocabulary import Vocabulary
from services_dir.settings import Settings
from services_dir.upkeep import start


@dataclass(frozen=True)
class Home:
    """An application in a folder of its own, and what listings are made of."""

    app: Flask
    folder: Path
    listings: Listings
    words: Vocabulary
    places: Gazetteer

    def spool(self, file: Path, count: int) -> Spool:
        """Write the documents of so many listings into a file."""
        spool = Spool(file)
        spool.fill(make_document(made, self.words, self.places) for made in self.listings.make(count))
        return spool


def make_home(folder: Path, **settings: str) -> Home:
    """Start an application for the first time: tables, seed, index of the seed."""
    app = create_app(Settings.from_environment({"SERVICES_DIR_HOME": str(folder), **settings}))
    start.prepare(app, "http://127.0.0.1")
    with app.app_context():
        seed = queries.list_public_programs(db.session)
        words, places = vocabulary.load(db.session), gazetteer.current(db.session)
        db.session.rollback()
    return Home(app, folder, Listings(seed, words, places), words, places)
