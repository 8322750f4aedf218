"""Fixtures: a database on either system, a session on it, the application and a careful visitor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from services_dir.settings import Settings
from tests.support import databases, kept
from tests.support.browsers import chromium
from tests.support.client import Visitor
from tests.support.serving import serving_app

pytest_plugins = ["tests.support.reading"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses a database on both systems, unless a mark says one of them."""
    if "database_url" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    systems = []
    if "postgres" not in marks:
        systems.append(pytest.param("sqlite"))
    if "sqlite" not in marks:
        systems.append(pytest.param("postgres", marks=pytest.mark.postgres))
    metafunc.parametrize("database_url", systems, indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords at a cost that tests can bear; `test_passwords` looks at the real one."""
    with kept.quick_passwords():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Server]:
    """A PostgreSQL server of this process."""
    with databases.postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: databases.Server) -> str:
    """The name of a PostgreSQL database with tables and basics, to copy."""
    postgres.execute("create database template_ready")
    databases.build(postgres.url("template_ready"))
    return "template_ready"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with tables and basics, to copy."""
    file = tmp_path_factory.mktemp("template") / "services.sqlite"
    databases.build(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def home_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home of each test of this process lies: the same place, so that applications can be kept."""
    return tmp_path_factory.mktemp("homes") / "home"


@pytest.fixture
def home(home_of_tests: Path) -> Path:
    """The empty folder for all that the application writes."""
    shutil.rmtree(home_of_tests, ignore_errors=True)
    home_of_tests.mkdir()
    return home_of_tests


@pytest.fixture
def database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """The address of a database with tables and basics, made for this test."""
    if request.param == "sqlite":
        file = home / "services.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres")
    with server.database(request.getfixturevalue("postgres_template"), name="of_test") as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine with the hooks of the application; kept, because it knows the statements it compiled."""
    engine = kept.engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A session on the database of this test."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    """Settings for the database and home of this test."""
    return Settings.from_environment(
        {
            "SERVICES_DIR_HOME": str(home),
            "SERVICES_DIR_DATABASE_URL": database_url,
            "SERVICES_DIR_SECRET_KEY": "not a secret: only tests know this key",
        }
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on the database and home of this test, as if it had just been made."""
    with kept.application(settings) as app:
        yield app


@pytest.fixture
def own_app(settings: Settings) -> Iterator[Flask]:
    """An application of this test alone, for who adds routes to it."""
    app = kept.make_application(settings)
    with kept.closing_connections(app):
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; open pages with `support.browsers.watched_page`."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test is served for a browser."""
    with serving_app(app) as address:
        yield address


@pytest.fixture
def client(app: Flask) -> Visitor:
    """Somebody who visits pages and reads each with care."""
    return Visitor(app)
