"""Many objects at once come out as a session would have written them one by one."""

from __future__ import annotations

from sqlalchemy import select

from services_dir.catalog.draft import to_json
from services_dir.catalog.models import Program, ProgramVersion
from services_dir.catalog.queries import list_public_programs
from services_dir.exchange.operations import write_places, write_terms
from services_dir.exchange.reader import read_folder
from services_dir.moderation.operations import Arrival, publish_all_imported, publish_directly
from services_dir.settings import SEED_DATA
from services_dir.submissions.models import AuthorKind, Submission
from tests.support.factories import NOON


def test_programs_of_the_seed_are_the_same_published_at_once_and_one_by_one(session, tmp_path):
    reading = read_folder(SEED_DATA)
    drafts = [row.draft for row in reading.programs if row.publish][::12]
    wanted = {draft.organization for draft in drafts}
    for one in reversed(reading.organizations):  # those above come first
        wanted |= {one.parent} if one.id in wanted else set()
    owners = [one for one in reading.organizations if one.id in wanted]
    write_places(session, reading.places)
    write_terms(session, reading.terms)
    nested = session.begin_nested()
    for draft in [*owners, *drafts]:
        publish_directly(session, draft, author=AuthorKind.IMPORT, by=None, at=NOON)
    session.flush()
    session.expire_all()
    one_by_one = list_public_programs(session)
    nested.rollback()
    session.expire_all()

    publish_all_imported(session, [Arrival(one) for one in owners], by=None, at=NOON)
    made = publish_all_imported(session, [Arrival(one) for one in drafts], by=None, at=NOON)
    session.expire_all()

    assert sorted(list_public_programs(session), key=lambda one: one.id) == sorted(
        one_by_one, key=lambda one: one.id
    )
    program = session.get_one(Program, made[0].record_id)
    version = session.scalars(select(ProgramVersion).where(ProgramVersion.program_id == program.id)).one()
    assert (version.document, version.review_id, program.version) == (
        to_json(drafts[0]),
        made[0].review_id,
        1,
    )
    submission = session.get_one(Submission, made[0].submission_id)
    assert (submission.program_id, submission.latest.number) == (program.id, 1)
