"""What typed words are understood as, and what is found by them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyroaring import BitMap

from services_dir.catalog.kinds import WordKind
from services_dir.search import analyzer, engine
from services_dir.search.columns import Snapshot
from services_dir.search.query import MAXIMUM_LENGTH, SearchQuery
from services_dir.search.spelling import Spelling
from services_dir.search.tree import And, DisjunctionMax, Not, Or
from services_dir.search.words import read
from tests.support.factories import NOON, next_number
from tests.support.programs import (
    PLACES,
    WORDS,
    make_phone,
    make_public,
    make_text,
    write_index,
)

VOCABULARY = replace(
    WORDS,
    words=(
        (WordKind.MISSPELLING, "visa-t", "T visa"),
        (WordKind.ABBREVIATION, "DV", "domestic violence"),
        (WordKind.SYNONYM, "abogado gratis", "free lawyer"),
        (WordKind.SYNONYM, "me pega", "domestic violence"),
        (WordKind.SYNONYM, "lawyer visit", "a phrase nobody has"),
    ),
)


@pytest.fixture
def index(tmp_path):
    """Index programs with the words of VOCABULARY."""

    def make(*programs):
        generation = write_index(tmp_path / f"generation-{next_number()}", programs)
        return Snapshot.build(generation, VOCABULARY, PLACES)

    return make


@pytest.fixture
def find(index):
    """Give the answer to some words among programs."""

    def search(programs, q, **query):
        return engine.answer(index(*programs), SearchQuery(q=q, **query), BitMap(), at=NOON)

    return search


def names(result):
    return [hit.card.text("en").name for hit in result.hits]


@pytest.mark.parametrize(
    ("description", "typed"),
    [
        ("We counsel immigrants.", "counselling immigrant"),
        ("Labor rights center", "labour centre"),
        ("Lawyers for the family", "lawyer families"),
        ("Clínica para mujeres", "clinicas mujer"),
        ("Asesoría a inmigrantes", "ASESORIA inmigrante"),
        ("A shelter for men", "I need a shelter for me"),
        ("Un refugio", "necesito un refugio por favor"),
        ("U.S. citizens", "us citizen"),
    ],
)
def test_other_forms_and_small_words_do_not_matter(find, description, typed):
    good, other = make_public("Good", description=description), make_public("Other")

    assert names(find([good, other], typed))[0] == "Good"


@pytest.mark.parametrize(
    ("description", "typed"),
    [
        ("Help with the T visa.", "visa-t"),
        ("Against domestic violence.", "DV"),
        ("A DV agency.", "domestic violence"),
        ("Against domestic violence.", "mi esposo me pega"),
        ("A free lawyer.", "abogado gratis"),
        ("The hotline.", "hot line"),
        ("Gives food stamps.", "foodstamps"),
    ],
)
def test_words_of_the_vocabulary_act_when_they_are_typed(find, description, typed):
    good, other = make_public("Good", description=description), make_public("Other", description="Else")

    assert names(find([good, other], typed)) == ["Good"]


def test_a_lay_word_finds_its_kind_of_help_after_those_that_say_the_word(find):
    says = make_public("Says", description="A lawyer listens.", categories=("legal-assistance",))
    is_one = make_public("Is", categories=("legal-assistance",))
    neither = make_public("Neither", categories=("housing",))

    assert names(find([neither, is_one, says], "lawyer")) == ["Says", "Is"]
    assert names(find([neither, is_one, says], "a place to stay")) == ["Neither"]


def test_words_of_a_phrase_keep_what_they_mean_alone(find):
    good = make_public("Good", description="A visit", categories=("legal-assistance",))

    assert names(find([good, make_public("Other", description="A visit")], "lawyer visit")) == ["Good"]


def test_a_language_is_understood_in_two_languages(find):
    speaks, other = make_public("Speaks", languages=("vi",)), make_public("Other", languages=("es",))

    assert names(find([speaks, other], "vietnamese")) == ["Speaks"]
    assert names(find([speaks, other], "habla vietnamita")) == ["Speaks"]


@pytest.mark.parametrize("typed", ["hotlne", "hotlinne", "ohtline", "hotlime", "hotl"])
def test_a_slip_or_a_beginning_finds_what_was_meant(find, typed):
    assert names(find([make_public("Good", description="The hotline."), make_public("Other")], typed)) == [
        "Good"
    ]


def test_a_slip_is_said_and_a_right_word_is_not(find):
    programs = [make_public("Good", description="Counseling"), make_public("Other", description="A shelter")]

    assert find(programs, "counciling near me").suggestion == "counseling near me"
    assert find(programs, "shelter").suggestion is None
    assert find(programs, "xqzvw").suggestion is None


def test_words_in_quotes_must_follow_one_another(find):
    good = make_public("Good", description="Safe home for all")
    other = make_public("Other", description="Home, and safe")

    assert names(find([good, other], '"safe home"')) == ["Good"]
    assert names(find([good, other], "“safe homes”")) == ["Good"]
    assert len(names(find([good, other], "safe home"))) == 2
    assert names(find([good, other], '"safe home')) == ["Good"]


def test_a_word_after_a_minus_is_left_out(find):
    good, other = make_public("Good", description="Law"), make_public("Other", description="Law for men")

    assert names(find([good, other], "law -men")) == ["Good"]
    assert names(find([good, other], '-"for men"')) == ["Good"]
    assert len(names(find([good, other], "law - men"))) == 1


def test_without_a_program_for_all_words_most_of_them_are_enough_and_that_is_said(find):
    both = make_public("Both", description="Law, harbor")
    one = make_public("One", description="Harbor")
    result = find([both, one], "harbor law dragons")

    assert names(result) == ["Both"]
    assert "No program has all of these words" in result.notices[0].sentence
    assert find([both, one], "harbor law").notices == ()
    assert find([both, one], "harbor dragons -law").total == 1


def test_a_place_among_the_words_finds_what_serves_it_near_before_far(find):
    programs = [
        make_public("State", description="Shelter", areas=("state/north",)),
        make_public("Elsewhere", description="Shelter", areas=("town/wood",)),
        make_public("Town", description="Shelter", areas=("town/mill",)),
    ]
    result = find(programs, "shelter in mill")

    assert names(result) == ["Town", "State"]


def test_a_place_among_the_words_is_offered(index):
    snapshot = index(make_public("Town", description="Shelter"))
    words = read("shelter in Mill", snapshot.lexicon)

    assert words.place is not None
    assert (words.place.key, words.rest) == ("town/mill", "shelter")


@pytest.mark.parametrize("typed", ["1-800-555-SAFE", "call 1-800-555-7233", "8 0 0 5 5 5 7 2 3 3"])
def test_numbers_with_letters_and_among_words(find, typed):
    line = make_public("Line", phones=(make_phone("+18005557233"),))

    assert names(find([line, make_public("Other")], typed)) == ["Line"]


def test_spanish_texts_are_found_by_words_of_either_language(find):
    program = make_public(
        "X", texts={"en": make_text("X"), "es": make_text("X", description="Clínica legal")}
    )

    assert find([program], "legal clinics").total == 1


HOSTILE = (
    "*" * MAXIMUM_LENGTH,
    '"' * MAXIMUM_LENGTH,
    "-" * MAXIMUM_LENGTH,
    "( " * 100,
    '-"" "-',
    "a b c d e f g h i j k l m n",
    " ".join("qwrtpsdfghjklzxcvb"[n:] + "aeiou" for n in range(12)),
    "me pega " * 20,
    "mill east county " * 12,
    "1-800-" + "x" * 190,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_makes_a_large_tree(index, text):
    lexicon = index(make_public("House", description="Words of a house")).lexicon
    words = read(text, lexicon)

    assert read(text, lexicon) == words
    assert sum(map(size, (*words.wanted, *words.unwanted, *words.bonus))) < 1_200


def size(tree):
    if isinstance(tree, Not):
        return size(tree.part)
    if isinstance(tree, And | Or | DisjunctionMax):
        return sum(map(size, tree.parts))
    return 1


def test_who_did_it_matters_less_than_what_was_done(find):
    need = make_public("Need", description="Unpaid wages")
    both = make_public("Both", description="A boss, and unpaid wages")
    other = make_public("Other", description="A boss")

    assert set(names(find([need, both, other], "boss unpaid wages"))) == {"Need", "Both"}
    assert set(names(find([need, both, other], "boss"))) == {"Both", "Other"}


def test_who_says_no_need_is_shown_crisis_lines(find):
    line = make_public("Line", categories=("crisis-hotline",))
    other = make_public("Other", categories=("housing",), description="Help, please")

    assert names(find([line, other], "help me please"))[0] == "Line"


@pytest.mark.parametrize("typed", ["I am 15", "girl 14", "16 years old", "16yo", "tengo 17", "hija 12"])
def test_an_age_under_18_is_a_minor(index, typed):
    good, other = make_public("Good", description="For a minor"), make_public("Other")
    understood = read(f"{typed} needs law", index(good, other).lexicon)

    assert "minor" in understood.stems


@pytest.mark.parametrize("typed", ["I am 25", "30 years old", "tengo 2 hijos", "15 Main Street"])
def test_other_numbers_are_no_minor(index, typed):
    assert "minor" not in read(typed, index(make_public("One")).lexicon).stems


def test_few_programs_with_all_words_are_filled_up_with_those_that_have_most(find):
    all_ = make_public("All", description="Harbor law lantern")
    most = make_public("Most", description="Harbor law")
    one = make_public("One", description="Harbor")
    result = find([all_, most, one], "harbor law lantern")

    assert names(result) == ["All", "Most"]
    assert "Few programs have all of these words" in result.notices[0].sentence


@pytest.mark.parametrize(
    "typed",
    [
        "safe harbor " * 6,
        "xqzvwk brtplm vnwqrt zzxcvb plokij mnbvcx lkjhgf poiuyt qazwsx edcrfv tgbyhn ujmikl",
    ],
)
def test_many_words_are_corrected_by_few_looks(index, typed, monkeypatch):
    lexicon = index(make_public("Safe Harbor")).lexicon
    looked: list[str] = []
    near = Spelling.near
    monkeypatch.setattr(
        Spelling, "near", lambda self, word, most: looked.append(word) or near(self, word, most)
    )
    read(typed, lexicon)

    assert len(looked) <= 3


@pytest.mark.parametrize("typed", ["1 800 555 SAFE", "800 555-safe", "1-800-555-SAFE"])
def test_the_last_letters_of_a_number_may_stand_after_a_space(typed):
    assert analyzer.split_numbers(typed)[1] == ["8005557233"]
