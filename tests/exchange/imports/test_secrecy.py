"""An address that may be that of a shelter is gone before anything is written."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from services_dir.catalog.draft import read_program
from services_dir.catalog.kinds import Visibility
from services_dir.catalog.models import Program
from services_dir.catalog.queries import find_published_draft
from services_dir.db import transaction
from services_dir.exchange.imports.running import write_to_mend
from services_dir.moderation.operations import publish_directly
from services_dir.submissions.models import AuthorKind
from tests.exchange.imports import feeds

STREET = "77 Hidden Lane"
SHELTER_TERM = feeds.TERM | {
    "id": "9a4f0000-0000-4000-8000-0000000000f2",
    "code": "103-01",
    "name": "Emergency Shelter",
}


def secret_service(**changes):
    place = feeds.location("9a4f0000-0000-4000-8000-0000000000b7", STREET)
    return feeds.service(
        **{
            "id": "9a4f0000-0000-4000-8000-0000000000b2",
            "name": "Made-up Nights",
            "phones": [],
            "service_areas": [{"name": "Hartford"}],
            "email": "nights@example.org",
            "attributes": [{"id": "9a4f0000-0000-4000-8000-0000000000b5", "taxonomy_term": SHELTER_TERM}],
            "service_at_locations": [{"id": "9a4f0000-0000-4000-8000-0000000000b6", "location": place}],
        }
        | changes
    )


def test_an_address_that_stands_alone_instead_of_in_a_list_is_one_too(session, tmp_path):
    place = feeds.location("9a4f0000-0000-4000-8000-0000000000b7", STREET)
    place |= {"addresses": place["addresses"][0]}
    record = secret_service(
        description=f"Come to {STREET}.", service_at_locations=[{"id": "b6", "location": place}]
    )

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "services.json", [record]))
    feeds.apply(session, run)

    assert STREET not in everything(session)


def everything(session):
    """Give all that stands in the database, as one text."""
    connection = session.connection()
    tables = sa.inspect(connection).get_table_names()
    return "\n".join(
        str(tuple(row)) for name in tables for row in connection.execute(sa.text(f'select * from "{name}"'))
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"description": f"Come to {STREET}, Hartford."},
        {"attributes": [], "name": "Made-up women’s shelter"},
        {"attributes": [{"taxonomy_term": feeds.TERM}], "description": "The location is confidential."},
        {"attributes": [{"taxonomy_term": feeds.TERM}], "alert": "Address withheld for safety"},
        {"phones": [{"number": f"860 555 0123 ({STREET})"}, {"number": f"ring at {STREET}"}]},
        {"schedules": [{"description": f"Nights at {STREET}"}], "languages": [{"name": f"at {STREET}"}]},
    ],
)
def test_no_street_of_a_place_to_stay_is_written_anywhere(session, tmp_path, changes):
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [secret_service(**changes)]))
    feeds.apply(session, run)

    row = feeds.row_of(session, run, changes.get("name", "Made-up Nights"))
    site = read_program(row.document).sites[0]
    assert site.visibility is Visibility.AREA_ONLY
    assert (site.town, site.latitude) == (None, None)
    assert "Hidden Lane" not in everything(session)


def test_another_service_at_the_same_place_does_not_tell_it(session, tmp_path):
    place = feeds.location("9a4f0000-0000-4000-8000-0000000000c7", STREET)
    open_one = feeds.service(
        service_at_locations=[{"id": "9a4f0000-0000-4000-8000-0000000000c6", "location": place}],
        description=f"Our office is at {STREET}.",
    )

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [open_one, secret_service()]))
    feeds.apply(session, run)

    assert "Hidden Lane" not in everything(session)


def test_rows_to_mend_hold_no_address(session, tmp_path):
    refused = {
        "id": "1",
        "status": "active",
        "address_1": STREET,
        "city": "Hartford",
        "description": "No name",
    }

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [refused]))
    [file] = write_to_mend(session, run.id, tmp_path / "mend")

    text = file.read_text()
    assert "This service has no name." in text
    assert "Hidden" not in text


@pytest.mark.parametrize("publishes", [True, False])
def test_an_address_that_hides_later_leaves_what_imports_keep(session, tmp_path, publishes):
    service = feeds.service(description="Come to 12 Made-up Street.")
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [service]))
    feeds.apply(session, run, publishes=publishes)
    if not publishes:
        feeds.apply(session, feeds.make_plan(session, tmp_path / "s.json", feed="Another"))
    program = session.scalars(sa.select(Program)).one()
    draft, _version = find_published_draft(session, program)
    assert "12 Made-up Street" in everything(session)

    with transaction(session):
        hidden = replace(draft, sites=tuple(site.without_address() for site in draft.sites))
        publish_directly(session, hidden, author=AuthorKind.REVIEWER, by=None, at=feeds.NOON)

    assert "12 Made-up Street" not in everything(session)


def test_a_number_that_is_not_for_the_public_is_left_out(session, tmp_path):
    phones = [
        {"number": "860 555 0101"},
        {"number": "860 555 0102", "description": "Fax, confidential, not for clients"},
    ]
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [feeds.service(phones=phones)]))

    assert "5550102" not in feeds.row_of(session, run, "Made-up Lawyers").document
