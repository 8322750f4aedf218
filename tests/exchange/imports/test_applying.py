"""A plan is applied, goes on after it was cut off, comes again as differences, and is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from services_dir.catalog.draft import read_program
from services_dir.catalog.kinds import AssuranceMethod, CatalogStatus
from services_dir.catalog.models import Assurance, Organization, Program, ProgramVersion
from services_dir.catalog.queries import list_public_programs
from services_dir.db import transaction
from services_dir.exchange.imports import applying
from services_dir.exchange.imports.models import ImportRow, RowState
from services_dir.moderation.operations import merge_organizations, publish_directly
from services_dir.submissions.models import AuthorKind, Submission, SubmissionKind, SubmissionState
from tests.exchange.imports import feeds
from tests.support.factories import NOON, make_account, make_organization

LATER = NOON + timedelta(days=365)


def many(count):
    """Give services of one organization that differ in their ids and names."""
    return [
        {
            **feeds.service(name=f"Made-up Lawyers {n}"),
            "id": f"9a4f0000-0000-4000-8000-{n:012d}",
            "url": f"https://l{n}.example.org",
            "phones": [{"number": f"860 555 01{n % 100:02d}"}],
            "service_areas": [{"name": "Hartford"}],
            "service_at_locations": [],
        }
        for n in range(100, 100 + count)
    ]


def test_records_wait_in_the_queue_as_imports_and_nothing_is_published(session, tmp_path):
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [feeds.service()]))

    assert feeds.apply(session, run, publishes=False) == {"queued": 2}

    rows = session.scalars(select(Submission)).all()
    assert {row.kind for row in rows} == {SubmissionKind.IMPORT}
    assert {row.state for row in rows} == {SubmissionState.PENDING}
    assert session.scalar(select(func.count()).select_from(Program)) == 0


def test_the_same_feed_a_year_later_is_a_set_of_differences(session, tmp_path):
    first = many(3)
    feeds.apply(session, feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", first)))
    second = [first[0], first[1] | {"fees_description": "Free"}, *many(4)[3:]]

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", second), at=LATER, is_complete=True)

    assert feeds.verdicts(session, run) == {
        "Made-up Legal Fund": "leave",
        "Made-up Lawyers 100": "leave",
        "Made-up Lawyers 101": "change",
        "Made-up Lawyers 103": "add",
        "Made-up Lawyers 102": "withdraw",
    }
    feeds.apply(session, run, at=LATER)
    names = {program.text().name for program in list_public_programs(session)}
    assert names == {"Made-up Lawyers 100", "Made-up Lawyers 101", "Made-up Lawyers 103"}
    draft = read_program(
        session.scalars(
            select(ProgramVersion.document)
            .join(Program, Program.id == ProgramVersion.program_id)
            .where(Program.uuid == first[1]["id"], ProgramVersion.number == 2)
        ).one()
    )
    dates = {source.as_of.text: set(source.fields) for source in draft.sources if source.feed == "Partner"}
    assert dates["2027-03-02"] == {"texts.en.cost"}
    assert "phones" in dates["2026-03-02"]


def test_what_was_changed_here_stays_when_the_feed_changes_something_else(session, tmp_path):
    record = many(1)[0]
    feeds.apply(session, feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [record])))
    program = session.scalars(select(Program)).one()
    ours = read_program(session.scalars(select(ProgramVersion.document)).one())
    ours = ours.__class__(
        **{n: getattr(ours, n) for n in ours.__struct_fields__} | {"email": "ours@example.org"}
    )
    publish_directly(session, ours, author=AuthorKind.REVIEWER, by=None, at=NOON)
    session.commit()

    run = feeds.make_plan(
        session, feeds.write_json(tmp_path / "s.json", [record | {"alert": "Closed in May"}])
    )
    feeds.apply(session, run)

    [public] = list_public_programs(session)
    assert (public.email, public.text().alert) == ("ours@example.org", "Closed in May")
    assert program.version == 3


def test_a_field_changed_on_both_sides_needs_a_person(session, tmp_path):
    record = many(1)[0] | {"email": "first@example.org"}
    feeds.apply(session, feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [record])))
    ours = read_program(session.scalars(select(ProgramVersion.document)).one())
    ours = ours.__class__(
        **{n: getattr(ours, n) for n in ours.__struct_fields__} | {"email": "ours@example.org"}
    )
    publish_directly(session, ours, author=AuthorKind.REVIEWER, by=None, at=NOON)
    session.commit()

    run = feeds.make_plan(
        session, feeds.write_json(tmp_path / "s.json", [record | {"email": "third@example.org"}])
    )

    assert feeds.verdicts(session, run)["Made-up Lawyers 100"] == "doubt"
    assert "email" in feeds.why(session, run, "Made-up Lawyers 100")


def test_a_date_of_the_feed_assures_by_the_feed_and_never_as_ours(session, tmp_path):
    record = many(1)[0] | {"assured_date": "2026-01-15"}

    feeds.apply(session, feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", [record])))

    held = session.scalars(select(Assurance)).one()
    assert (held.method, held.feed, held.on) == (AssuranceMethod.FEED, "Partner", date(2026, 1, 15))


def test_an_import_that_was_cut_off_goes_on_and_doubles_nothing(session, tmp_path, monkeypatch):
    monkeypatch.setattr(applying, "BATCH", 4)
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", many(10)))

    def stop(done, _total):
        if done >= 8:
            raise KeyboardInterrupt

    from services_dir.db import transaction

    with pytest.raises(KeyboardInterrupt):
        applying.apply(lambda: transaction(session), run.id, at=NOON, by=None, publishes=True, progress=stop)
    assert session.scalar(select(func.count()).select_from(Program)) == 7

    feeds.apply(session, run)

    assert session.scalar(select(func.count()).select_from(Program)) == 10
    assert session.scalar(select(func.count()).select_from(ProgramVersion)) == 10


def test_an_import_is_taken_back_as_a_whole_but_for_what_was_changed_since(session, tmp_path):
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", many(3)))
    feeds.apply(session, run)
    changed = read_program(feeds.row_of(session, run, "Made-up Lawyers 101").document)
    changed = changed.__class__(
        **{n: getattr(changed, n) for n in changed.__struct_fields__} | {"email": "ours@example.org"}
    )
    publish_directly(session, changed, author=AuthorKind.REVIEWER, by=None, at=NOON)
    session.commit()

    kept = feeds.undo(session, run)

    assert kept == ["Made-up Legal Fund", "Made-up Lawyers 101"]
    assert [program.text().name for program in list_public_programs(session)] == ["Made-up Lawyers 101"]


def test_an_import_nobody_touched_leaves_nothing_and_can_be_done_again(session, tmp_path):
    file = feeds.write_json(tmp_path / "s.json", many(2))
    feeds.apply(session, run := feeds.make_plan(session, file))

    assert feeds.undo(session, run) == []
    assert session.scalars(select(Organization.status)).all() == [CatalogStatus.WITHDRAWN]
    again = feeds.make_plan(session, file)
    feeds.apply(session, again)

    assert len(list_public_programs(session)) == 2


def test_what_waits_in_the_queue_is_taken_back_too(session, tmp_path):
    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", many(2)))
    feeds.apply(session, run, publishes=False)

    feeds.undo(session, run)

    assert set(session.scalars(select(Submission.state))) == {SubmissionState.WITHDRAWN}


def test_the_same_import_twice_does_not_fill_the_queue_twice(session, tmp_path):
    file = feeds.write_json(tmp_path / "s.json", many(2))
    feeds.apply(session, feeds.make_plan(session, file), publishes=False)
    changed = many(2)
    changed[0]["fees_description"] = "Free"
    feeds.write_json(file, changed)

    feeds.apply(session, feeds.make_plan(session, file), publishes=False)

    assert session.scalar(select(func.count()).select_from(Submission)) == 3
    rows = session.scalars(select(ImportRow.state)).all()
    assert rows.count(RowState.QUEUED) == 4


def test_a_merged_organization_is_left_alone_and_its_programs_go_to_the_one_that_stays(session, tmp_path):
    feeds.apply(session, feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", many(1))))
    goes = session.scalars(select(Organization)).one()
    stays = make_organization(session, name="Made-up Law Union")
    by = make_account(session).id
    with transaction(session):
        rows = [session.get_one(Organization, one.id) for one in (goes, stays)]
        merge_organizations(session, *rows, by=by, at=NOON)

    run = feeds.make_plan(session, feeds.write_json(tmp_path / "s.json", many(2)), at=LATER)

    assert feeds.verdicts(session, run) == {
        "Made-up Legal Fund": "leave",
        "Made-up Lawyers 100": "leave",
        "Made-up Lawyers 101": "add",
    }
    assert "merged into another here" in feeds.why(session, run, "Made-up Legal Fund")
    feeds.apply(session, run, at=LATER)
    session.expire_all()
    assert {one.organization_id for one in session.scalars(select(Program))} == {stays.id}
    assert session.get_one(Organization, goes.id).status is CatalogStatus.WITHDRAWN
