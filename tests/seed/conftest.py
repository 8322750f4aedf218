"""The seed as it is read, and a database that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services_dir.catalog.models import CatalogState
from services_dir.exchange.operations import load_seed
from services_dir.exchange.reader import read_folder
from services_dir.exchange.reading import Reading
from services_dir.settings import SEED_DATA
from services_dir.upkeep import schema
from tests.support.basics import DATABASE_ID
from tests.support.databases import make_engine
from tests.support.factories import NOON


@pytest.fixture(scope="session")
def seed() -> Reading:
    """The files of `seed_data`, read once."""
    return read_folder(SEED_DATA)


@pytest.fixture(scope="session")
def seeded(seed: Reading, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session on a SQLite file that held nothing before the seed; tests only read it."""
    file: Path = tmp_path_factory.mktemp("seeded") / "services.sqlite"
    engine = make_engine(f"sqlite:///{file}")
    schema.metadata().create_all(engine)
    with Session(engine) as session:
        session.add(CatalogState(id=1, database_id=DATABASE_ID, last_change=0))
        load_seed(session, seed, at=NOON)
        session.commit()
        yield session
    engine.dispose()
