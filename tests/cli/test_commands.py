"""The commands on a register: load the seed, search, look after index and accounts."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from services_dir.app import create_app
from services_dir.db import db
from services_dir.settings import Settings
from tests.support.processes import run


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the seed, loaded by the command."""
    home = tmp_path_factory.mktemp("seeded") / "home"
    result = run(home, "seed", "load")
    assert result.returncode == 0, result.stderr
    assert result.stdout == "Loaded 230 programs; 22 more wait for review.\n"
    return home


@pytest.fixture
def home(seeded: Path, tmp_path: Path) -> Path:
    """A copy of that home, where the commands of this test work."""
    shutil.copytree(seeded, tmp_path / "home")
    return tmp_path / "home"


def visit(home: Path, path: str):
    app = create_app(Settings.from_environment({"SERVICES_DIR_HOME": str(home)}))
    try:
        return app.test_client().get(path)
    finally:
        with app.app_context():
            db.engine.dispose()


def test_the_seed_is_loaded_once(command, home):
    said = command("seed", "load")

    assert said.status == 1
    assert said.err == "There are programs already. The seed is loaded into an empty catalog only.\n"


def test_the_library_of_the_council_comes_with_the_seed_and_is_filled_only_when_empty(
    command, home, tmp_path
):
    again = command("seed", "council")

    assert again.status == 1
    assert again.err == "The Council’s library holds something already. It is filled only when empty.\n"
    assert b"TIP Minutes February 11, 2014" in visit(home, "/council/meetings/2014-02-11").data
    empty = command("seed", "council", SERVICES_DIR_HOME=str(tmp_path / "empty"))
    assert empty.out == "The library lists 34 documents and 6 meetings.\n", empty.err


def test_search_prints_what_the_page_finds(command, home):
    said = command("search", "shelter", "hartford")

    assert said.status == 0
    assert re.match(r"\d+ results", said.out)
    assert "/programs/interval-house" in said.out


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (("shelter", "--place", "Hartford"), "/programs.json?q=shelter&place=Hartford"),
        (
            ("--category", "housing", "--category", "legal-assistance", "--language", "es", "--page", "2"),
            "/programs.json?category=housing&category=legal-assistance&language=es&page=2",
        ),
        (("--place", "06511", "--within", "10", "--sort", "distance"), None),
        (("legal", "--kind", "legal-right", "--level", "federal"), None),
        (("--access", "text", "--population", "men", "--place", "Hartford", "--reach", "state"), None),
    ],
)
def test_json_is_what_the_site_answers(command, home, arguments, address):
    said = command("search", *arguments, "--json")
    found = json.loads(said.out)

    assert (said.status, said.err) == (0, "")
    assert set(found) == {"query", "total", "page", "pages", "hits", "facets", "suggestion", "notices"}
    assert found["total"] > 0
    if address is not None:
        assert found == visit(home, address).json


def test_what_is_not_understood_is_left_out_and_said(command, home):
    said = command("search", "shelter", "--sort", "blue", "--open", "later", "--within", "far")

    assert said.status == 0
    assert "we do not know “blue”" in said.err
    assert "the distance" in said.err


def test_the_index_is_looked_at_lost_and_built_anew(command, home):
    assert command("index", "status").out.startswith("The index stands at change 231 of 231.\n230 programs")
    assert command("index", "catch-up").out == "The index was up to date.\n"
    shutil.rmtree(home / "index")

    lost = command("index", "status")
    built = command("index", "rebuild")

    assert lost.status == 1
    assert "services-dir index rebuild" in lost.err
    assert built.out == "The index was built anew; it holds 230 programs.\n"
    assert command("index", "status").status == 0


def test_an_account_is_added_with_a_link_that_works(command, home):
    said = command("account", "add", "kim@example.org", "--role", "administrator", "--name", "Kim Made-up")
    link = said.out.splitlines()[-1]

    assert said.status == 0
    assert link.startswith("http://127.0.0.1:8000/sign-in/link/")
    assert "within 7 days" in said.out
    page = visit(home, link.removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert "kim@example.org" in page.get_data(as_text=True)


def test_a_recovery_link_takes_the_place_of_the_former_one(command, home):
    first = command("account", "add", "kim@example.org", "--role", "coordinator").out.splitlines()[-1]
    said = command("account", "recover", "KIM@example.org", SERVICES_DIR_BASE_URL="https://help.example.org/")
    link = said.out.splitlines()[-1]

    assert said.status == 0
    assert "within 1 day." in said.out
    assert link.startswith("https://help.example.org/sign-in/link/")
    assert visit(home, link.removeprefix("https://help.example.org")).status_code == 200
    assert visit(home, first.removeprefix("http://127.0.0.1:8000")).status_code == 404


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "not an address", "--role", "coordinator"), "This is not an e-mail address.\n"),
        (("recover", "nobody@example.org"), "There is no account for nobody@example.org.\n"),
    ],
)
def test_an_account_that_cannot_be_is_said_in_a_sentence(command, home, arguments, sentence):
    said = command("account", *arguments)

    assert (said.status, said.err) == (1, sentence)


def test_the_doctor_ends_with_1_while_something_needs_doing(command, home):
    ill = command("doctor")

    assert ill.status == 1
    assert "TO DO  Nobody looks after this register." in ill.out
    assert ill.out.endswith("To do: 2.\n")
    assert command("doctor", "--delete-old-backups").out == (
        "No backup in the home is older than the last removed address.\n"
    )


def test_a_backup_goes_where_one_says_and_comes_back(command, home, tmp_path):
    file = tmp_path / "register.zip"

    made = command("backup", "create", str(file))
    again = command("backup", "create", str(file))
    back = command("backup", "restore", str(file), SERVICES_DIR_HOME=str(tmp_path / "new"))

    assert made.out == f"The backup is in {file}\n"
    assert (again.status, again.err) == (1, f"{file} exists already. Choose another name.\n")
    assert back.status == 0
    assert "Start it with: services-dir serve" in back.out
    assert command("index", "rebuild").out == "The index was built anew; it holds 230 programs.\n"


def test_an_interrupted_command_says_nothing(command, home, monkeypatch):
    from services_dir.search import sync

    def interrupt(_app: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sync, "rebuild", interrupt)
    said = command("index", "rebuild")

    assert (said.status, said.out, said.err.strip()) == (130, "", "")
