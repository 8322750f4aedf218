"""What goes wrong is one sentence on stderr and an exit status, never a traceback."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

DATABASE = "SERVICES_DIR_DATABASE_URL"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SERVICES_DIR_SECRET_KEY", "short", "SERVICES_DIR_SECRET_KEY needs at least 32 characters."),
        (DATABASE, "mysql://somewhere/x", "SERVICES_DIR_DATABASE_URL must look like"),
        (DATABASE, "nonsense", "SERVICES_DIR_DATABASE_URL must look like"),
        (DATABASE, "postgresql://somewhere/x", "SERVICES_DIR_SECRET_KEY must be set with PostgreSQL"),
        ("SERVICES_DIR_BASE_URL", "services.example.org", "SERVICES_DIR_BASE_URL must be a web address"),
        ("SERVICES_DIR_EXIT_URL", "javascript:x", "SERVICES_DIR_EXIT_URL must be a web address"),
        ("SERVICES_DIR_MAIL_URL", "https://mail", "SERVICES_DIR_MAIL_URL must look like smtp://"),
        ("SERVICES_DIR_TRUSTED_PROXIES", "-1", "SERVICES_DIR_TRUSTED_PROXIES must be a number"),
        ("SERVICES_DIR_HOME", __file__, "which is not a folder"),
    ],
)
@pytest.mark.parametrize("verb", [("serve",), ("doctor",), ("backup", "create"), ("search", "x")])
def test_a_wrong_setting_stops_every_command_with_one_sentence(command, verb, name, value, sentence):
    said = command(*verb, **{name: value})

    assert said.status == 1
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("serv",), "No such command 'serv'"),
        (("index", "burn"), "No such command 'burn'"),
        (("serve", "--prot", "1"), "No such option '--prot'"),
        (("serve", "--port", "70000"), "70000 is not in the range 1<=x<=65535"),
        (("serve", "--workers", "0"), "0 is not in the range"),
        (("account", "add", "kim@example.org"), "Missing option '--role'"),
        (("account", "add", "kim@example.org", "--role", "king"), "'king' is not one of"),
        (("backup", "restore"), "Missing argument 'FILE'"),
    ],
)
def test_a_command_that_is_not_understood_gives_status_2_and_the_way_to_help(command, arguments, sentence):
    said = command(*arguments)

    assert said.status == 2
    assert sentence in said.err
    assert "--help" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "shelter"),
        ("index", "status"),
        ("index", "rebuild"),
        ("account", "recover", "kim@example.org"),
        ("backup", "create"),
    ],
)
def test_without_a_database_one_is_told_how_to_start(command, tmp_path, arguments):
    said = command(*arguments)

    assert said.status == 1
    assert said.err == "There is no database yet. Start with: services-dir serve\n"
    assert not (tmp_path / "home" / "services.sqlite").exists()


def test_a_server_that_does_not_answer_is_said_in_a_sentence(command, tmp_path):
    url = f"postgresql://nobody@/nowhere?host={tmp_path}"
    said = command("index", "status", SERVICES_DIR_DATABASE_URL=url, SERVICES_DIR_SECRET_KEY="k" * 40)

    assert said.status == 1
    assert said.err.startswith("The database cannot be used: ")
    assert len(said.err.splitlines()) == 1


def test_a_host_that_this_machine_has_not_is_said_in_a_sentence(command):
    said = command("serve", "--host", "192.0.2.1", "--port", "8765")

    assert said.status == 1
    assert said.err == "This machine has no address 192.0.2.1. Use 127.0.0.1, or 0.0.0.0 for all.\n"


def test_a_database_of_a_newer_version_is_left_alone(command, tmp_path):
    assert command("database", "upgrade").out == "The database is up to date.\n"
    with closing(sqlite3.connect(tmp_path / "home" / "services.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    for verb in (("database", "upgrade"), ("index", "status"), ("account", "recover", "kim@example.org")):
        said = command(*verb)
        assert said.status == 1
        assert said.err == (
            "A newer version of this program wrote this database. Please install that version.\n"
        )
