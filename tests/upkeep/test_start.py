"""The start: it makes what is missing, leaves alone what is damaged, and refuses what does not belong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from services_dir.app import create_app
from services_dir.catalog.models import CatalogState
from services_dir.db import db
from services_dir.errors import ConflictError, SettingsError
from services_dir.settings import Settings
from services_dir.upkeep import start
from tests.support.processes import environment, free_port, run

KEY = "not a secret: only tests know this key"


def settings_for(home: Path, url: str = "", key: str = KEY) -> Settings:
    return Settings.from_environment(
        {"SERVICES_DIR_HOME": str(home), "SERVICES_DIR_DATABASE_URL": url, "SERVICES_DIR_SECRET_KEY": key}
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.close()
            db.engine.dispose()


def prepare_database(settings: Settings) -> None:
    with opened(settings) as app:
        start.prepare_database(app)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file of a database that was started with once."""
    settings = settings_for(tmp_path / "home")
    prepare_database(settings)
    assert settings.database_file is not None
    return settings.database_file


def test_the_database_gets_an_id_and_keeps_it(database: Path):
    settings = settings_for(database.parent)
    with opened(settings):
        first = db.session.get_one(CatalogState, 1).database_id

    prepare_database(settings)

    with opened(settings):
        state = db.session.get_one(CatalogState, 1)
        assert (state.database_id, state.last_change) == (first, 0)


@pytest.mark.parametrize("damage", ["cut", "overwritten", "text"])
def test_a_damaged_database_stops_the_start_and_is_left_as_it_is(database: Path, damage: str):
    content = bytearray(database.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "overwritten":
        content[4096 * 3 : 4096 * 6] = b"\xff" * (4096 * 3)
    else:
        content = bytearray(b"this is a letter to my aunt\n" * 500)
    database.write_bytes(content)

    result = run(database.parent, "serve", "--port", str(free_port()))

    assert result.returncode == 1
    assert "is damaged. It was left as it is." in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert database.read_bytes() == bytes(content)


def test_the_tables_of_another_program_are_left_alone(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with closing(sqlite3.connect(home / "services.sqlite")) as other, other:
        other.execute("CREATE TABLE recipes (name TEXT)")

    with pytest.raises(ConflictError, match="another program"):
        prepare_database(settings_for(home))

    with closing(sqlite3.connect(home / "services.sqlite")) as other, other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_a_database_of_a_newer_version_is_refused(database: Path):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(ConflictError, match="newer version"):
        prepare_database(settings_for(database.parent))


def test_a_home_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    for home in (tmp_path / "file" / "below", Path("/proc/nowhere")):
        with pytest.raises(SettingsError, match=f"The folder {home} cannot be written"):
            start.prepare_home(settings_for(home))


def test_a_new_home_and_its_secret_are_for_their_owner_only(tmp_path):
    home = tmp_path / "home"

    result = run(home, "database", "upgrade")

    assert result.returncode == 0, result.stderr
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()} == {
        "secret": 0o600,
        "services.sqlite": 0o600,
    }


@pytest.mark.postgres
def test_another_key_stops_the_start_on_postgres(postgres, tmp_path):
    with postgres.database() as url:
        prepare_database(settings_for(tmp_path / "one", url))
        prepare_database(settings_for(tmp_path / "two", url))

        with pytest.raises(SettingsError, match="another SERVICES_DIR_SECRET_KEY"):
            prepare_database(
                settings_for(tmp_path / "three", url, key="another key, as long as the first one")
            )

        with opened(settings_for(tmp_path / "one", url)):
            kept = db.session.get_one(CatalogState, 1).key_fingerprint
    assert kept == start.key_fingerprint(KEY)
    assert KEY not in str(kept)


_PREPARE = """
from services_dir.app import create_app
from services_dir.upkeep import start
started = start.prepare(create_app(), "http://127.0.0.1")
print("seeded" if started.seed else "found")
"""


@pytest.mark.postgres
@pytest.mark.slow
def test_machines_that_start_at_once_fill_the_database_once(postgres, tmp_path):
    with postgres.database() as url:
        machines = [
            subprocess.Popen(
                [sys.executable, "-c", _PREPARE],
                env=environment(tmp_path / name, SERVICES_DIR_DATABASE_URL=url, SERVICES_DIR_SECRET_KEY=KEY),
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two")
        ]
        said = sorted(machine.communicate(timeout=180)[0].strip() for machine in machines)
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            programs = connection.execute(sa.text("SELECT count(*) FROM program")).scalar()
        engine.dispose()

    assert said == ["found", "seeded"]
    assert programs == 230
    assert (tmp_path / "one" / "index" / "current").exists()
    assert (tmp_path / "two" / "index" / "current").exists()
