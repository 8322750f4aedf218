"""Migrations: the same tables as the models say, from everywhere, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from services_dir.catalog.draft import AreaDraft, to_json
from services_dir.db import db, prepare
from services_dir.errors import ConflictError
from services_dir.upkeep import schema
from tests.support import databases
from tests.support.factories import draft_program, draft_site
from tests.support.schemas import count, describe, fill

_SCRIPTS = ScriptDirectory(str(schema.FOLDER), version_locations=[str(schema.FOLDER)])
REVISIONS = [script.revision for script in _SCRIPTS.walk_revisions()][::-1]

# A step in which a table that others refer to is made anew, as SQLite needs for most changes.
REBUILDS = '''
"""A further step."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "further", "{head}", None, None

def upgrade():
    with op.batch_alter_table("program") as table:
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default="none"))
        table.alter_column("slug", existing_type=sa.String(80), type_=sa.String(90))
    {then}
'''


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture
def engine(empty_url: str) -> Iterator[sa.Engine]:
    engine = databases.make_engine(empty_url)
    yield engine
    engine.dispose()


@pytest.fixture
def make_app(empty_url: str) -> Iterator[Callable[[], Flask]]:
    """Makes applications on the empty database, which know nothing but their tables."""
    made: list[Flask] = []

    def make() -> Flask:
        app = Flask("services_dir")
        app.config["SQLALCHEMY_ENGINES"] = {"default": empty_url}
        db.init_app(app)
        with app.app_context():
            prepare(db.engine)
        schema.init_app(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def migrated(make_app: Callable[[], Flask]) -> Flask:
    app = make_app()
    schema.upgrade(app)
    return app


def with_further_step(app: Flask, folder: Path, then: str = "pass") -> Flask:
    """Let a new application know a further migration, with something at its end."""
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    (folder / "further.py").write_text(REBUILDS.format(head=REVISIONS[-1], then=then))
    app.config["ALEMBIC"]["script_location"] = str(folder)
    return app


def test_an_empty_database_gets_the_tables_that_the_models_describe(migrated, engine, tmp_path, request):
    from_migrations = describe(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        else:
            engine = databases.make_engine(f"sqlite:///{tmp_path / 'models.sqlite'}")
            request.addfinalizer(engine.dispose)
    schema.metadata().create_all(engine)

    from_models = describe(engine)

    assert from_migrations["tables"].keys() == from_models["tables"].keys()
    for name, table in from_models["tables"].items():
        assert from_migrations["tables"][name] == table
    assert from_migrations["triggers"] == from_models["triggers"]
    assert from_models["triggers"], "the audit is kept by a trigger"


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_with_data_is_brought_up_from_every_earlier_version(make_app, engine, revision):
    app = make_app()
    schema.upgrade(app, revision)
    before = fill(engine)

    schema.upgrade(app)

    after = count(engine)
    assert {name: after.get(name) for name in before} == before
    assert not schema.needs_upgrade(app)


def test_what_was_sent_before_the_queue_had_filters_is_found_by_them(make_app, engine):
    app = make_app()
    schema.upgrade(app, "0001")
    old = sa.MetaData()
    old.reflect(engine)
    draft = draft_program(
        categories=("legal", "housing"),
        sites=(draft_site(town="town/made-up"),),
        service_areas=(AreaDraft(place="state/ct"),),
    )
    places = [("town/made-up", "town"), ("planning-region/north", "planning_region"), ("state/ct", "state")]
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with engine.begin() as connection:
        for number, (key, kind) in enumerate(places, start=1):
            values = {"id": number, "uuid": str(number), "key": key, "kind": kind, "name": key}
            connection.execute(old.tables["place"].insert().values(values))
        connection.execute(old.tables["place_parent"].insert().values(place_id=1, parent_id=2, share=1))
        sent = {"subject": "program", "kind": "new", "state": "pending", "label": "Lantern House"}
        defaults = {"language": "en", "message": "", "flags": "", "created_at": at}
        connection.execute(old.tables["submission"].insert().values(id=1, uuid="1", **sent, **defaults))
        for number, document in ((1, "{}"), (2, to_json(draft))):
            revision = {"submission_id": 1, "number": number, "format": 1, "document": document}
            connection.execute(
                old.tables["revision"].insert().values(**revision, author="submitter", created_at=at)
            )

    schema.upgrade(app)

    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT categories, regions FROM submission").one()
    assert tuple(found) == (",housing,legal,", ",planning-region/north,state/ct,")


def test_a_second_upgrade_changes_nothing(migrated, engine):
    before = describe(engine)

    schema.upgrade(migrated)

    assert describe(engine) == before


def test_an_empty_database_needs_an_upgrade_and_a_new_one_does_not(make_app):
    app = make_app()
    assert schema.needs_upgrade(app)

    schema.upgrade(app)

    assert not schema.needs_upgrade(app)


def test_a_table_made_anew_keeps_the_rows_of_the_tables_that_refer_to_it(
    make_app, migrated, engine, tmp_path
):
    before = fill(engine)

    schema.upgrade(with_further_step(make_app(), tmp_path / "migrations"))

    assert count(engine) == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT note FROM program").scalar_one() == "none"
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.parametrize("fault", ['raise RuntimeError("no")', 'op.execute("SELECT * FROM nothing")'])
def test_a_migration_that_fails_leaves_nothing_behind(make_app, migrated, engine, tmp_path, fault):
    rows, before = fill(engine), describe(engine)

    with pytest.raises((RuntimeError, sa.exc.DBAPIError)):
        schema.upgrade(with_further_step(make_app(), tmp_path / "migrations", then=fault))

    assert describe(engine) == before
    assert count(engine) == rows
    mended = with_further_step(make_app(), tmp_path / "migrations")
    schema.upgrade(mended)
    assert not schema.needs_upgrade(mended)


def test_several_machines_may_upgrade_at_once(make_app, engine):
    apps = [make_app() for _ in range(3)]

    with ThreadPoolExecutor(len(apps)) as threads:
        list(threads.map(schema.upgrade, apps))

    assert not schema.needs_upgrade(apps[0])
    assert len(describe(engine)["tables"]) > 20


def test_a_database_of_a_newer_version_is_left_alone_with_a_sentence(migrated, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(ConflictError, match="newer version of this program"):
        schema.upgrade(migrated)


def test_the_past_cannot_be_changed_in_the_audit(migrated, engine):
    fill(engine)
    changes = ["UPDATE audit_event SET deed = 'y'", "DELETE FROM audit_event"]
    changes.append(
        "TRUNCATE audit_event"
        if engine.dialect.name == "postgresql"
        else "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event"
    )

    for change in changes:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(change)
