"""Exports from the command line."""

from __future__ import annotations

import json

import pytest

from services_dir import clock
from tests.support.processes import run


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with the seed."""
    home = tmp_path_factory.mktemp("exports") / "home"
    assert run(home, "seed", "load").returncode == 0
    return home


@pytest.fixture
def export(command, home, tmp_path):
    """Run an export on the seed twice and give its bytes, which are the same."""

    def export(form, name):
        made = []
        for number in (1, 2):
            out = tmp_path / f"{number}-{name}"
            said = command("export", form, str(out), SERVICES_DIR_HOME=str(home))
            assert (said.status, said.out, said.err) == (0, f"Wrote {out}\n", "")
            made.append(out.read_bytes())
        assert made[0] == made[1]
        return made[0]

    return export


def test_json_and_lines_hold_the_seed(export):
    whole = json.loads(export("json", "catalog.json"))
    lines = export("ndjson", "services.ndjson").splitlines()

    assert len(whole["services"]) == len(lines) == 230
    assert json.loads(lines[0]) == whole["services"][0]


def test_the_table_has_a_row_for_each_program(export):
    assert export("csv", "programs.csv").startswith('\ufeff"Name"'.encode())


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(command, home, tmp_path):
    out = tmp_path / "nowhere" / "x.json"
    said = command("export", "json", str(out), SERVICES_DIR_HOME=str(home))

    assert said.status == 1
    assert "No such file or directory" in said.err
    assert list(tmp_path.rglob("*.json")) == []


def test_a_package_is_an_archive_or_a_new_folder(command, export, home, tmp_path):
    export("hsds", "package.zip")
    folder = tmp_path / "package"
    said = command("export", "hsds", str(folder), SERVICES_DIR_HOME=str(home))
    again = command("export", "hsds", str(folder))

    assert (said.status, said.out) == (0, f"Wrote {folder}\n")
    assert len((folder / "services.csv").read_bytes().split(b"\r\n")) > 230
    assert again.status == 1
    assert "is there and not empty" in again.err
    assert [file for file in tmp_path.iterdir() if file.name.startswith((".", "tmp"))] == []


def test_the_directory_is_printed_in_both_languages(command, export, home, tmp_path):
    assert export("pdf", "directory.pdf").startswith(b"%PDF")
    out = tmp_path / "guia.pdf"
    said = command("export", "pdf", "--language", "es", str(out), SERVICES_DIR_HOME=str(home))
    wrong = command("export", "pdf", "--language", "xx", str(out))

    assert said.status == 0
    assert b"Directorio" in out.read_bytes() or out.stat().st_size > 100_000
    assert wrong.status == 2


def test_a_yearly_report_is_written_published_and_counted_again(command, home, tmp_path):
    pdf, table, none = (tmp_path / name for name in ("report.pdf", "report.csv", "none.pdf"))
    kim = "kim@example.org"
    year = str(clock.now().year)
    assert run(home, "account", "add", kim, "--role", "coordinator").returncode == 0

    def say(*arguments):
        return command("report", *arguments, SERVICES_DIR_HOME=str(home))

    assert say("annual", year, str(pdf)).out == f"Wrote {pdf}\n"
    assert say("annual", year, str(table), "--language", "es").status == 0
    assert say("annual", "1990", str(none)).err.startswith("There is a report for each year from 2000")
    assert say("annual", year, str(none), "--language", "xx").status == 2
    assert say("check", "1").err == "There is no such report.\n"
    assert say("publish", year, "--by", "nobody@example.org").status == 1
    assert say("publish", year, "--by", kim).out == "Published: /reports/annual/1\n"
    assert say("check", "1").out == "The same figures.\n"

    assert pdf.read_bytes().startswith(b"%PDF")
    assert "programs,all,,all,,227" in table.read_text("utf-8-sig").replace("\r", "")
    assert not none.exists()
