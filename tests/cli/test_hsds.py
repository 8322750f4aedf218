"""The check of interfaces from the command line."""

from __future__ import annotations

import pytest

from tests.support.faulty import faulty_api
from tests.support.processes import run


@pytest.mark.slow
def test_the_seed_conforms_without_a_server(tmp_path):
    home = tmp_path / "home"
    assert run(home, "seed", "load").returncode == 0

    said = run(home, "hsds", "check")

    assert said.returncode == 0, said.stdout
    assert said.stdout.endswith("All checks hold.\n")
    assert said.stdout.count("holds") == 15
    assert "request" not in said.stdout


def test_what_is_wrong_with_an_interface_is_printed_with_its_reason(command):
    with faulty_api() as address:
        said = command("hsds", "check", address)

    assert said.status == 1
    assert " 1 fails    The root names version, profile and description\n" in said.out
    assert "            / names no version\n" in said.out
    assert said.out.endswith("of the checks fail.\n")


def test_only_addresses_of_the_web_are_asked(command):
    said = command("hsds", "check", "file:///etc/hostname")

    assert said.status == 1
    assert "is no address of the web" in said.err
