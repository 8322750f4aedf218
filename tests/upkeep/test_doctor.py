"""The doctor finds each planted fault, says what to do, and changes nothing by looking."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from msgspec.structs import replace

from services_dir import clock
from services_dir.accounts.models import Role
from services_dir.app import create_app
from services_dir.catalog.draft import read_program
from services_dir.catalog.models import CatalogState, ProgramVersion
from services_dir.search import sync
from services_dir.settings import Settings
from services_dir.upkeep import backup, doctor, dumps, schema, start
from services_dir.upkeep.doctor import Finding, Level
from tests.support import databases, factories
from tests.support.factories import draft_hidden_site, draft_site


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which all is well."""
    home = tmp_path_factory.mktemp("well") / "home"
    settings = Settings.from_environment({"SERVICES_DIR_HOME": str(home)})
    app = create_app(settings)
    start.prepare_database(app)
    with databases.open_session(settings.database_url) as session:
        session.execute(sa.delete(CatalogState))
        databases_basics(session)
        factories.make_account(session, Role.ADMINISTRATOR, password=factories.PASSWORD)
        factories.make_program(session, name="Lantern House", sites=(draft_site(),))
    sync.rebuild(app)
    with app.app_context():
        from services_dir.db import db

        db.session.close()
        db.engine.dispose()
    backup.create(settings, at=clock.now())
    for path in [home, *home.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    return home


def databases_basics(session) -> None:
    from tests.support.basics import add_basics

    add_basics(session)
    session.commit()


@pytest.fixture
def well(template: Path, tmp_path: Path) -> Settings:
    """Settings for a copy of the home in which all is well."""
    shutil.copytree(template, tmp_path / "home")
    return Settings.from_environment({"SERVICES_DIR_HOME": str(tmp_path / "home")})


def examine(settings: Settings) -> list[Finding]:
    return doctor.examine(settings, create_app, at=clock.now())


def faults(settings: Settings) -> list[Finding]:
    return [finding for finding in examine(settings) if finding.level is Level.FAULT]


def only_fault(settings: Settings) -> str:
    [found] = faults(settings)
    assert found.advice, "each fault comes with what to do"
    return found.what


def contents(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def test_where_all_is_well_nothing_needs_doing_and_nothing_is_changed(well):
    before = contents(well.home)

    found = examine(well)

    assert [finding for finding in found if finding.level is Level.FAULT] == []
    assert "The database is whole." in [finding.what for finding in found]
    assert "The search index is up to date." in [finding.what for finding in found]
    notes = [finding.what for finding in found if finding.level is Level.NOTE]
    assert "1 of 1 programs were never confirmed, or too long ago." in notes
    assert contents(well.home) == before


def test_mail_that_waits_for_long_is_told_of(well):
    execute(
        well,
        "INSERT INTO outgoing_mail (uuid, kind, language, recipient, made_at, next_try_at, tries) "
        "VALUES ('x', 'digest', 'en', 'kim@example.org', '2026-01-01', '2026-01-01', 3)",
    )

    assert only_fault(well) == "1 mails have waited for more than an hour."


def test_mail_without_a_public_address_is_told_of(well):
    settings = dataclasses.replace(well, mail_url="smtp://mail.example.org")

    assert only_fault(settings) == "Links in mails lead to this machine only."


def test_an_empty_home_is_told_how_to_start(tmp_path):
    settings = Settings.from_environment({"SERVICES_DIR_HOME": str(tmp_path / "home")})

    assert "There is no database yet." in [finding.what for finding in faults(settings)]
    assert not (tmp_path / "home").exists()


def execute(settings: Settings, *statements: str) -> None:
    engine = databases.make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("PRAGMA foreign_keys = OFF"))
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def open_to_others(settings: Settings) -> None:
    (settings.home / "secret").chmod(0o644)


def without_secret(settings: Settings) -> None:
    (settings.home / "secret").unlink()


def damaged(settings: Settings) -> None:
    file = settings.home / "services.sqlite"
    file.write_bytes(file.read_bytes()[:20_000])


def pointing_nowhere(settings: Settings) -> None:
    file = settings.home / "services.sqlite"
    with databases.open_session(settings.database_url) as session:
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("PRAGMA foreign_keys = OFF")
        session.connection().exec_driver_sql("BEGIN")
        session.execute(sa.text("UPDATE program SET organization_id = 4711"))
        session.commit()
    assert file.exists()


def newer(settings: Settings) -> None:
    execute(settings, "UPDATE alembic_version SET version_num = '9999'")


def nobody(settings: Settings) -> None:
    execute(settings, "UPDATE account SET is_active = false")


def without_index(settings: Settings) -> None:
    shutil.rmtree(settings.home / "index")


def index_ahead(settings: Settings) -> None:
    execute(
        settings,
        "DELETE FROM catalog_change WHERE number = (SELECT max(number) FROM catalog_change)",
        "UPDATE catalog_state SET last_change = last_change - 1",
    )


def index_of_another(settings: Settings) -> None:
    execute(settings, "UPDATE catalog_state SET database_id = '22222222-2222-4222-8222-222222222222'")


def without_backup(settings: Settings) -> None:
    shutil.rmtree(settings.home / "backups")


def old_backup(settings: Settings) -> None:
    date_back(next((settings.home / "backups").iterdir()), timedelta(days=9))


def date_back(file: Path, days: timedelta) -> None:
    """Make a backup look older, as its manifest tells."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts["manifest.json"])
    manifest["created"] = (clock.now() - days).isoformat()
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def interrupted(settings: Settings) -> None:
    (settings.home / "backups" / ".backup-x").mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (open_to_others, "Others on this machine can read"),
        (without_secret, "the next start makes another one"),
        (damaged, "The database is damaged"),
        (pointing_nowhere, "The database contradicts itself"),
        (newer, "A newer version of this program wrote the database"),
        (nobody, "Nobody looks after this register"),
        (without_index, "The search index cannot be used: there is no index yet"),
        (index_ahead, "The search index cannot be used: it is ahead of the database"),
        (index_of_another, "The search index cannot be used: it belongs to another database"),
        (without_backup, "There is no backup"),
        (old_backup, "is 9 days old"),
        (interrupted, "was interrupted and left"),
    ],
)
def test_a_planted_fault_is_found(well, plant: Callable[[Settings], None], said: str):
    plant(well)
    before = contents(well.home)

    assert said in only_fault(well)
    assert contents(well.home) == before


def test_an_older_schema_is_found(well, monkeypatch):
    def needs_upgrade(_app: Flask) -> bool:
        return True

    monkeypatch.setattr(schema, "needs_upgrade", needs_upgrade)

    assert only_fault(well) == "The tables are those of an older version."


def test_an_index_that_is_behind_is_noted(well):
    with databases.open_session(well.database_url) as session:
        factories.make_program(session)

    behind = [finding for finding in examine(well) if "index is behind" in finding.what]

    assert [finding.level for finding in behind] == [Level.NOTE]
    assert behind[0].what == "The search index is behind by this many changes: 1."


def test_a_program_without_a_way_to_reach_it_is_noted(well):
    with databases.open_session(well.database_url) as session:
        factories.make_program(session, name="Out Of Reach", phones=())

    assert any("out-of-reach" in finding.what for finding in examine(well))


def test_backups_that_hold_a_removed_address_are_named(well):
    date_back(next((well.home / "backups").iterdir()), timedelta(hours=1))
    with databases.open_session(well.database_url) as session:
        version = session.scalars(sa.select(ProgramVersion)).one()
        draft = read_program(version.document, version.format)
        hidden = draft_hidden_site(id=draft.sites[0].id)
        factories.make_program(session, replace(draft, sites=(hidden,)), at=clock.now())
        old = doctor.old_backups(well, session)
    fresh = backup.create(well, at=clock.now() + timedelta(seconds=1))

    assert "they still hold it" in only_fault(well)
    assert len(old) == 1
    assert old[0].file != fresh


def test_on_postgres_missing_tools_and_a_silent_server_are_found(tmp_path, monkeypatch):
    settings = Settings.from_environment(
        {
            "SERVICES_DIR_HOME": str(tmp_path),
            "SERVICES_DIR_DATABASE_URL": f"postgresql://nobody@/nowhere?host={tmp_path}",
            "SERVICES_DIR_SECRET_KEY": "k" * 40,
        }
    )
    tmp_path.chmod(0o700)
    monkeypatch.setattr(dumps, "find_tool", lambda _name: None)

    said = [finding.what for finding in faults(settings)]

    assert "pg_dump, pg_restore, psql cannot be found, so there can be no backup." in said
    assert "The database does not answer." in said


@pytest.mark.postgres
def test_on_postgres_another_key_is_found(postgres, tmp_path):
    with postgres.database() as url:
        environment = {
            "SERVICES_DIR_HOME": str(tmp_path / "home"),
            "SERVICES_DIR_DATABASE_URL": url,
            "SERVICES_DIR_SECRET_KEY": "k" * 40,
        }
        app = create_app(Settings.from_environment(environment))
        start.prepare_database(app)
        with app.app_context():
            from services_dir.db import db

            db.engine.dispose()

        other = Settings.from_environment({**environment, "SERVICES_DIR_SECRET_KEY": "z" * 40})

        assert any("is not the key of this database" in finding.what for finding in faults(other))
