"""The examples of docs/api.md are asked as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services_dir.api.endpoints import PARAMETERS
from services_dir.hsds.taxonomies import FACTS
from services_dir.search import sync
from tests.support.factories import draft_site, make_program

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^GET (\S+)$", DOCUMENT, re.MULTILINE)


@pytest.mark.sqlite
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_finds_something(app, client, session, example):
    make_program(session, name="A made-up shelter", categories=("emergency-shelter",), sites=(draft_site(),))
    sync.catch_up(app)

    visit = client.get(example)

    if visit.response.mimetype == "application/json":
        assert visit.json["total_items"] > 0
    else:
        assert visit.text.count("\n") == 1


def test_every_parameter_is_documented():
    assert [name for name in PARAMETERS if f"`{name}`" not in DOCUMENT] == []


def test_facts_say_what_their_value_is():
    assert len(EXAMPLES) == 6
    assert all(text.endswith(".") for text in FACTS.values())
