"""Services stay written for the next list, and never outlive a change of theirs."""

from __future__ import annotations

from datetime import date

from services_dir.api.kept import KeptRecords
from services_dir.api.queries import read_mark
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.operations import record_change, withdraw_program
from services_dir.db import transaction
from tests.support.factories import NOON, make_program
from tests.support.statements import counted_statements

TODAY = date(2026, 3, 2)


def names(client, address="/hsds/services"):
    return sorted(one["name"] for one in client.get(address).json["contents"])


def test_a_list_made_anew_reads_only_what_changed(app, client, session):
    programs = [make_program(session, name=f"Made-up Help {n}") for n in range(6)]
    client.get("/hsds/services?per_page=10")
    with counted_statements(app) as again:
        client.get("/hsds/services?per_page=11")
    session.rollback()
    with transaction(session):
        record_change(session, ChangeKind.PUBLISH, programs[0].id, NOON)

    with counted_statements(app) as anew:
        client.get("/hsds/services?per_page=10")

    assert len(again) < 12 < len(anew)


def test_a_change_a_withdrawal_and_new_words_are_in_the_next_list(client, session):
    first, second = (make_program(session, name=f"Made-up Help {n}") for n in (1, 2))
    assert names(client) == ["Made-up Help 1", "Made-up Help 2"]

    session.rollback()
    with transaction(session):
        first.texts[0].name = "Another name"
        record_change(session, ChangeKind.PUBLISH, first.id, NOON)
    assert names(client) == ["Another name", "Made-up Help 2"]

    session.rollback()
    with transaction(session):
        withdraw_program(session, second, at=NOON)
    assert names(client) == ["Another name"]
    assert names(client, "/hsds/services?full=true") == ["Another name"]


def test_records_are_kept_for_their_state_alone(session):
    program, kept = make_program(session), KeptRecords()
    before = kept.at(session, read_mark(session), TODAY)
    before.keep("full", {program.uuid: b"{}"})
    assert before.find("full", [program.uuid]) == {program.uuid: b"{}"}
    assert before.find("summary", [program.uuid]) == {}
    assert kept.at(session, read_mark(session), TODAY.replace(day=3)).find("full", [program.uuid]) == {}

    now = kept.at(session, read_mark(session), TODAY)
    now.keep("full", {program.uuid: b"{}"})
    record_change(session, ChangeKind.VOCABULARY, None, NOON)
    after = kept.at(session, read_mark(session), TODAY)
    now.keep("full", {program.uuid: b"old"})  # by a request that began before

    assert after.find("full", [program.uuid]) == {}
    assert now.find("full", [program.uuid]) == {}
