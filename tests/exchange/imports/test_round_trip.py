"""What a register exports, an empty one imports, and exports the same: no field is lost on the way."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date, timedelta

import pytest

from services_dir.catalog.draft import LinkDraft, ProgramText, SourceDraft
from services_dir.catalog.queries import list_public_programs
from services_dir.exchange import exports
from tests.exchange.imports import feeds
from tests.support import factories
from tests.support.databases import open_session
from tests.support.factories import NOON

pytestmark = pytest.mark.sqlite


@pytest.fixture
def empty(tmp_path, sqlite_template):
    """A second database with the same words and places."""
    file = tmp_path / "empty.sqlite"
    shutil.copyfile(sqlite_template, file)
    with open_session(f"sqlite:///{file}") as session:
        yield session


def make_catalog(session):
    """Publish programs that say about everything a program can say."""
    texts = {
        "en": ProgramText(
            name="Lanterns",
            description="Light.",
            eligibility="Anybody",
            how_to_apply="Call",
            what_happens="Somebody answers.",
            cost="Free",
            alert="Closed in May",
        ),
        "es": ProgramText(name="Faroles", description="Luz.", cost="Gratis", translated_on=date(2026, 2, 1)),
    }
    factories.make_program(
        session,
        factories.draft_program(
            texts=texts,
            categories=("housing", "legal-assistance"),
            sites=(factories.draft_site(), factories.draft_hidden_site()),
            alternate_names=("Lamps", "Lights"),
            former_names=("Candles",),
            links=(LinkDraft(label="More", url="https://lanterns.example.org/more"),),
            sources=(SourceDraft(title="A page", url="https://page.example.org", is_public=True),),
            min_age=16,
            phones=(factories.draft_phone("+18605550111", extension="012", label="Front desk"),),
        ),
        at=NOON - timedelta(days=3),
    )
    parent = factories.make_organization(session, name="Made-up Parent", at=NOON - timedelta(days=9))
    child = factories.make_organization(
        session, name="A child", parent=parent.uuid, at=NOON - timedelta(days=8)
    )
    factories.make_program(
        session, factories.draft_program(organization=child.uuid), at=NOON - timedelta(days=2)
    )


def write(session, path):
    """Export the catalog of a session, as the command does."""
    chunks = exports.json_chunks if path.suffix == ".json" else exports.package_chunks
    path.write_bytes(b"".join(chunks(session, NOON.date())))
    session.rollback()


def content(path):
    """Give what an export holds: of a package each file."""
    if path.suffix == ".json":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("ending", ["json", "zip"])
def test_an_export_imported_into_an_empty_register_and_exported_again_is_equal(
    session, empty, tmp_path, ending
):
    make_catalog(session)
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    write(session, first)

    run = feeds.make_plan(empty, first)
    feeds.apply(empty, run)
    write(empty, second)

    assert len(list_public_programs(empty)) == 2
    assert content(second) == content(first)
