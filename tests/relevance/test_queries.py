"""The judged set itself: it is sound, it is broad, and a row that is not is named."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from services_dir.exchange.reader import read_folder
from services_dir.settings import SEED_DATA
from tests.relevance.judged import COLUMNS, Kind, find_problems, read_all, read_queries

LEAST = {
    Kind.SPANISH: 45,
    Kind.MISSPELT: 35,
    Kind.PLACE: 25,
    Kind.LAY: 40,
    Kind.NAME: 15,
    Kind.FORMER_NAME: 5,
    Kind.ABBREVIATION: 20,
    Kind.PHONE: 12,
    Kind.SEVERAL: 12,
}
NUMBER = re.compile(r"\d[\d ().-]+\d")
KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
ROW = ["shelter", "", "en", "lay", "ct-211", "", "The door to shelter"]


@pytest.fixture(scope="module")
def seed():
    """The files of the seed, read once."""
    return read_folder(SEED_DATA)


@pytest.fixture(scope="module")
def drafts(seed):
    """What the seed publishes, by slug."""
    return {row.draft.slug: row.draft for row in seed.programs if row.publish}


@pytest.fixture
def written(tmp_path):
    """Write rows to a file and read them."""

    def write(*rows, columns=COLUMNS):
        file = tmp_path / "queries.csv"
        with file.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([columns, *rows])
        return read_queries(file)

    return write


def changed(**cells):
    return [cells.get(name, cell) for name, cell in zip(COLUMNS, ROW, strict=True)]


def test_every_row_is_sound(drafts):
    assert list(find_problems(read_all(), drafts)) == []


def test_it_is_broad_enough():
    queries = read_all()
    counts = Counter(kind for judged in queries for kind in judged.kinds)

    assert len(queries) >= 170
    assert {kind: counts[kind] for kind in LEAST if counts[kind] < LEAST[kind]} == {}
    assert set(LEAST) == set(Kind)
    assert sum(bool(judged.place) for judged in queries) >= 15
    assert sum(Kind.PLACE in judged.kinds and not judged.place for judged in queries) >= 15


def test_answers_are_spread_over_the_catalog(drafts):
    queries = read_all()
    named = {slug for judged in queries for slug in (*judged.first_3, *judged.first_10)}
    levels = {drafts[slug].level for slug in named}

    assert len(named) >= len(drafts) / 2
    assert levels == {draft.level for draft in drafts.values()}


def test_a_number_is_one_of_a_program_named_for_it(drafts):
    for judged in read_all():
        if Kind.PHONE in judged.kinds:
            parts = [judged.query, judged.query.upper().translate(KEYPAD), *NUMBER.findall(judged.query)]
            typed = set(map(digits, parts))
            held = {digits(phone.number) for slug in judged.first_3 for phone in drafts[slug].phones}
            assert any(is_same(one, other) for one in typed for other in held), judged.label


def test_a_former_name_is_one_of_a_program_named_for_it_or_of_its_organization(seed, drafts):
    renamed = {organization.id for organization in seed.organizations if organization.former_names}
    for judged in read_all():
        if Kind.FORMER_NAME in judged.kinds:
            named = [drafts[slug] for slug in judged.first_3]
            assert any(one.former_names or one.organization in renamed for one in named), judged.label


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"first_3": "no-such-program"}, "no-such-program is not published"),
        ({"first_10": "irisct"}, "irisct is not published"),
        ({"first_3": ""}, "it names no answer"),
        ({"first_3": "ct-211 | ct-211"}, "it names a program twice"),
        ({"kinds": ""}, "it must be of one kind"),
        ({"kinds": "lay | lay"}, "it must be of one kind"),
        ({"place": "Hartford"}, "it has a place but is not of that kind"),
        ({"language": "fr"}, "we have no pages in “fr”"),
        ({"reason": ""}, "query or reason is missing"),
        ({"query": "a b c d e f g h i j k l m"}, "first 12 words only"),
    ],
)
def test_a_row_that_is_not_sound_is_named(written, drafts, cells, problem):
    (found,) = find_problems(written(changed(**cells)), drafts)

    assert found.startswith("line 2 ")
    assert problem in found


def test_too_many_good_answers_prove_nothing(written, drafts):
    row = changed(first_3=" | ".join(sorted(drafts)[:24]))

    assert [*find_problems(written(row), drafts)] == ["line 2 (shelter): more than 23 answers would do"]


def test_the_same_question_counts_once_however_it_is_written(written, drafts):
    twice = changed(query="SHÉLTER", reason="Again")
    elsewhere = changed(place="Hartford", kinds="lay | place")

    problems = list(find_problems(written(ROW, twice, elsewhere), drafts))

    assert problems == ["line 3 (SHÉLTER): line 2 asks the same"]


@pytest.mark.parametrize(
    ("row", "columns", "message"),
    [
        (ROW, ("query", "place"), "the columns must be"),
        (ROW[:-1], COLUMNS, "line 2: there are more or fewer cells"),
        ([*ROW, "more"], COLUMNS, "line 2: there are more or fewer cells"),
        (changed(kinds="laay"), COLUMNS, "line 2: 'laay'"),
    ],
)
def test_what_is_no_row_is_refused(written, row, columns, message):
    with pytest.raises(ValueError, match=message):
        written(row, columns=columns)


def digits(text):
    return "".join(c for c in text if c.isdecimal())


def is_same(typed, number):
    return typed == number or (len(typed) >= 7 and number.endswith(typed))
