"""Backups: complete while others write, for their owner only, restored whole or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from services_dir import clock, throttle
from services_dir.accounts import operations as accounts
from services_dir.accounts.models import OneTimeLink, Role, SignedIn
from services_dir.app import create_app
from services_dir.catalog.models import CatalogState, Program, ProgramVersion
from services_dir.db import db, transaction
from services_dir.demand import operations as demand
from services_dir.demand.models import Breakdown, RunningDemand
from services_dir.demand.rules import Sums
from services_dir.errors import ConflictError, InvalidError
from services_dir.search import sync
from services_dir.settings import Settings
from services_dir.submissions.models import Revision
from services_dir.throttle import ThrottleCount, ThrottleKey
from services_dir.upkeep import backup, start
from tests.support import databases, factories

KEY = "not a secret: only tests know this key"
NOON = factories.NOON


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


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def system(request: pytest.FixtureRequest):
    """A way to make addresses of empty databases of one system, or of copies of a PostgreSQL database."""
    if request.param == "sqlite":
        yield None
        return
    server = request.getfixturevalue("postgres")
    with ExitStack() as opened_databases:
        yield lambda template=None: opened_databases.enter_context(server.database(template))


@pytest.fixture(scope="module")
def seeded(system, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that was started, with the seed in its database; tests copy it."""
    settings = settings_for(tmp_path_factory.mktemp("seeded") / "home", system() if system else "")
    with opened(settings) as app:
        start.prepare(app, "http://127.0.0.1")
    return settings


@pytest.fixture
def empty(system, tmp_path: Path) -> Settings:
    """Settings for an empty home and an empty database."""
    return settings_for(tmp_path / "empty", system() if system else "")


@pytest.fixture
def filled(system, seeded: Settings, tmp_path: Path) -> Settings:
    """Settings for a copy of the seeded home and database."""
    shutil.copytree(seeded.home, tmp_path / "filled")
    return settings_for(tmp_path / "filled", system(name_of(seeded)) if system else "")


def name_of(settings: Settings) -> str:
    return str(sa.make_url(settings.database_url).database)


def answers(settings: Settings) -> dict[str, object]:
    """Give what the site answers at a few addresses, and when asked for words."""
    with opened(settings) as app:
        sync.catch_up(app)
        client = app.test_client()
        paths = ("/about", "/programs/ct-211", "/programs.json?q=shelter&place=Hartford", "/programs.json")
        return {path: client.get(path).get_data(as_text=True) for path in paths}


def test_a_restored_register_answers_as_the_one_that_was_saved(filled, empty):
    before = answers(filled)
    file = backup.create(filled, at=clock.now())

    manifest = backup.restore(empty, file, at=clock.now())

    assert answers(empty) == before
    assert manifest.program == "services-dir"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent == filled.home / "backups"


def test_a_restored_database_has_an_id_of_its_own_and_says_that_it_was_restored(filled, empty):
    file = backup.create(filled, at=clock.now())
    backup.restore(empty, file, at=clock.now())

    with opened(filled):
        former = db.session.scalars(select(CatalogState.database_id)).one()
    with opened(empty):
        assert db.session.scalars(select(CatalogState.database_id)).one() != former
        deeds = db.session.execute(sa.text("SELECT deed FROM audit_event ORDER BY id DESC LIMIT 1")).scalar()
        assert deeds == "database.restored"


def test_an_index_of_the_former_database_is_noticed(filled, empty):
    file = backup.create(filled, at=clock.now())
    backup.restore(empty, file, at=clock.now())
    (filled.home / "index").rename(empty.home / "index")

    with opened(empty) as app:
        assert sync.status(app).problem == "it belongs to another database"
        assert sync.catch_up(app) is sync.Outcome.REBUILT
        assert sync.status(app).problem is None


def test_sessions_links_and_throttles_are_left_out(filled, empty):
    with opened(filled), transaction() as session:
        account = accounts.add_account(session, "kim@example.org", Role.COORDINATOR, by=None, at=NOON)
        accounts.invite(session, account, by=None, at=clock.now())
        accounts.sign_in(session, account.id, device="test", at=clock.now())
        throttle.allow(session, "x", "198.51.100.7", limit=5, within=timedelta(days=1), at=clock.now())
    file = backup.create(filled, at=clock.now())
    backup.restore(empty, file, at=clock.now())

    with opened(empty):
        for table in (SignedIn, OneTimeLink, ThrottleKey, ThrottleCount):
            assert db.session.scalars(select(table)).all() == [], table
    with opened(filled):
        assert db.session.scalars(select(SignedIn)).all(), "the database itself keeps them"


def test_the_exact_sums_of_the_running_month_are_in_no_backup(filled, empty, tmp_path):
    """A single search in a rare language: its code is nowhere in the file, nor in what is restored."""
    with opened(filled), transaction() as session:
        month = (clock.now().date().replace(day=1), Breakdown.LANGUAGE, "qya")
        demand.add(session, {month: Sums(searches=1)})

    file = backup.create(filled, at=clock.now())
    backup.restore(empty, file, at=clock.now())

    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if b"qya" in archive.read(name)]
    with opened(empty):
        assert db.session.scalars(select(RunningDemand)).all() == []
    with opened(filled):
        assert db.session.scalars(select(RunningDemand)).all(), "the database itself keeps them"


def test_a_backup_made_while_somebody_writes_is_of_one_moment(filled, empty):
    """Every program published beside it is in the copy with its version and revision, or not at all."""
    ended, published = threading.Event(), []

    def write() -> None:
        with databases.open_session(filled.database_url) as session:
            while not ended.is_set():
                published.append(factories.make_program(session).uuid)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(published) < 3:
            ended.wait(0.01)
        file = backup.create(filled, at=clock.now())
    finally:
        ended.set()
        writer.join()
    backup.restore(empty, file, at=clock.now())

    with opened(empty) as app:
        programs = {p.id: p for p in db.session.scalars(select(Program))}
        versions = db.session.scalars(select(ProgramVersion)).all()
        state = db.session.get_one(CatalogState, 1)
        changes = db.session.scalar(sa.text("SELECT count(*) FROM catalog_change"))
        assert 233 <= len(programs) <= 230 + len(published)
        assert {v.program_id for v in versions} == set(programs)
        assert state.last_change == changes
        assert db.session.scalars(select(Revision)).all()
        sync.rebuild(app)
        assert sync.status(app).behind == 0


def test_a_restore_needs_an_empty_home_and_an_empty_database(filled):
    file = backup.create(filled, at=clock.now())

    with pytest.raises(ConflictError, match="in use already"):
        backup.restore(filled, file, at=clock.now())


def test_a_backup_of_the_other_database_system_is_refused(filled, tmp_path, postgres):
    file = backup.create(filled, at=clock.now())
    with postgres.database() as url:
        other = settings_for(tmp_path / "other", url if filled.uses_sqlite else "")

        with pytest.raises(ConflictError, match="another database system"):
            backup.restore(other, file, at=clock.now())

    assert not other.home.exists()


@pytest.fixture
def saved(home: Path, sqlite_template: Path) -> tuple[Settings, Path]:
    """A home on SQLite with a secret of its own, and a backup of it."""
    settings = Settings.from_environment({"SERVICES_DIR_HOME": str(home)})
    with opened(settings) as app:
        start.prepare_database(app)
    return settings, backup.create(settings, at=NOON)


def tampered(file: Path, changes: dict[str, bytes]) -> Path:
    """Give a copy of an archive with some parts changed or added."""
    copy = file.with_name("tampered.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(copy, "w") as target:
        parts = {name: source.read(name) for name in source.namelist()} | changes
        for name, content in parts.items():
            target.writestr(name, content)
    return copy


def fresh(saved, tmp_path) -> Settings:
    return replace(saved[0], home=tmp_path / "new", database_url=f"sqlite:///{tmp_path}/new/services.sqlite")


def test_the_secret_of_the_home_is_saved_and_comes_back(saved, tmp_path):
    other = fresh(saved, tmp_path)

    backup.restore(other, saved[1], at=NOON)

    assert (other.home / "secret").read_text() == (saved[0].home / "secret").read_text()
    modes = {path.name: path.stat().st_mode & 0o777 for path in [other.home, *other.home.iterdir()]}
    assert modes == {"new": 0o700, "secret": 0o600, "services.sqlite": 0o600}


@pytest.mark.parametrize(
    "changes",
    [
        {"database.sqlite": b"something else"},
        {"secret": b"another secret, just as long as the former one, but not it......"},
        {"../../escaped": b"x"},
        {"/tmp/escaped": b"x"},
        {"more": b"x"},
        {"manifest.json": b"not json"},
        {"manifest.json": b"[]"},
        {"manifest.json": b'{"format": 1}'},
    ],
)
def test_what_is_not_a_whole_backup_of_ours_is_refused_and_changes_nothing(saved, tmp_path, changes):
    other = fresh(saved, tmp_path)

    with pytest.raises(InvalidError, match="Nothing was changed"):
        backup.restore(other, tampered(saved[1], changes), at=NOON)

    assert not other.home.exists() or list(other.home.iterdir()) == []
    assert not Path("/tmp/escaped").exists()
    assert not (tmp_path / "escaped").exists()


def test_a_cut_off_file_is_refused(saved, tmp_path):
    other = fresh(saved, tmp_path)
    short = saved[1].with_name("short.zip")
    short.write_bytes(saved[1].read_bytes()[:-500])

    with pytest.raises(InvalidError, match="is damaged"):
        backup.restore(other, short, at=NOON)
    with pytest.raises(InvalidError, match="There is no file"):
        backup.restore(other, tmp_path / "nowhere.zip", at=NOON)


@pytest.mark.parametrize("change", [{"format": 2}, {"schema": "9999"}])
def test_a_backup_of_a_newer_version_is_refused(saved, tmp_path, change):
    other = fresh(saved, tmp_path)
    with zipfile.ZipFile(saved[1]) as archive:
        manifest = json.loads(archive.read("manifest.json")) | change

    with pytest.raises(ConflictError, match="newer version"):
        backup.restore(other, tampered(saved[1], {"manifest.json": json.dumps(manifest).encode()}), at=NOON)

    assert not other.home.exists() or list(other.home.iterdir()) == []


def test_another_key_is_refused(saved, tmp_path):
    with pytest.raises(ConflictError, match="is not the key of this backup"):
        backup.restore(replace(fresh(saved, tmp_path), secret_key=KEY), saved[1], at=NOON)


def test_a_restore_that_was_cut_short_can_be_done_again(saved, tmp_path, monkeypatch):
    """It ends between the two renames: the secret is there, the database is not."""
    other = fresh(saved, tmp_path)
    move, moved = backup._move, []

    def move_once(source: Path, target: Path) -> None:
        if moved:
            raise KeyboardInterrupt
        moved.append(target)
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(backup, "_move", move_once)
        with pytest.raises(KeyboardInterrupt):
            backup.restore(other, saved[1], at=NOON)
    assert [path.name for path in other.home.iterdir()] == ["secret"]

    backup.restore(other, saved[1], at=NOON)

    with closing(sqlite3.connect(other.home / "services.sqlite")) as database, database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_never_takes_the_place_of_a_file(saved):
    with pytest.raises(ConflictError, match="exists already"):
        backup.create(saved[0], saved[1], at=NOON)


def test_a_missing_tool_of_postgres_is_said_in_a_sentence(tmp_path, monkeypatch):
    from services_dir.upkeep import dumps

    monkeypatch.setattr(dumps, "find_tool", lambda name: None)
    settings = settings_for(tmp_path / "home", "postgresql://nobody@/nowhere")
    monkeypatch.setattr(dumps, "_revision", lambda url: "0001")

    with pytest.raises(ConflictError, match="pg_dump is not on this machine"):
        backup.create(settings, at=NOON)
