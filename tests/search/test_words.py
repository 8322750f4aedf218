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
        (WordKind.SYNONYM, "beaten", "domestic violence"),
        (WordKind.SYNONYM, "no hablo ingles", "english lanterns"),
        (WordKind.SYNONYM, "lawyer visit", "a phrase nobody has"),
        (WordKind.SYNONYM, "quiet corner", "Mill"),
        (WordKind.SYNONYM, "keep passport", "trafficking hotline"),
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


@pytest.mark.parametrize("typed", ["1800555SAFE", "1 800 555 safe", "1 800 safe 555", "1-800-55-SAFE5"])
def test_after_a_one_the_letters_of_a_number_may_stand_anyhow(typed):
    (number,) = analyzer.split_numbers(typed)[1]

    assert number.startswith("800")
    assert len(number) == 10


@pytest.mark.parametrize("typed", ["they pay 800 per week", "1 800 calories", "notice 2012-12"])
def test_a_sum_or_a_year_is_no_number(typed):
    assert analyzer.split_numbers(typed)[1] == []


@pytest.mark.parametrize("typed", ["555-733", "555 733", "text home to 555-733"])
def test_a_code_for_texts_is_found_in_two_groups(find, typed):
    line = make_public("Line", phones=(make_phone("555733"),))

    assert names(find([line, make_public("Home")], typed))[0] == "Line"


@pytest.mark.parametrize("typed", ["who called me from 860-555-0155", "860-555-0155 unknown caller lantern"])
def test_whose_number_is_named_comes_first_whatever_is_said_around_it(find, typed):
    own = make_public("Own", phones=(make_phone("+18605550155"),))
    others = [make_public(f"A {n}", description="Lantern calls unknown") for n in range(4)]

    assert names(find([*others, own], typed))[0] == "Own"


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


@pytest.mark.parametrize("typed", ["1-866 DHS-2-ICE", "1 866 dhs-2-ice", "866-DHS-2-ICE"])
def test_letters_and_digits_of_a_number_may_be_in_small_groups(typed):
    assert analyzer.split_numbers(typed)[1] == ["8663472423"]


@pytest.mark.parametrize("typed", ["shelter quiet corner", "shelter in the Quiet Corner"])
def test_another_name_of_a_place_is_that_place(find, typed):
    near = make_public("Near", description="Shelter", areas=("town/mill",))
    far = make_public("Far", description="Shelter", areas=("town/wood",))

    assert names(find([near, far], typed)) == ["Near"]
    assert names(find([near, far], "shelter", place="quiet corner")) == ["Near"]


@pytest.mark.parametrize("place", ["near me", "my location", "cerca de mí", "HERE"])
def test_nobody_is_looked_up_who_says_near_me(find, place):
    local = make_public("Local", description="Shelter", areas=("town/mill",))
    result = find([local], "shelter", place=place)

    assert names(result) == ["Local"]
    assert "We never look up where you are" in result.notices[0].sentence


def test_what_happened_matters_more_than_where(find):
    line = make_public("Line", description="Trafficking hotline, also for hotel staff")
    there = make_public("There", description="Trafficking hotline, also for restaurant staff")
    others = [make_public(f"Other {n}", description="Lanterns") for n in range(6)]
    result = find([*others, line, there], "they keep my passport at the restaurant")

    assert names(result) == ["There", "Line"]


def test_one_word_may_tell_what_happened(find):
    line = make_public("Line", description="Domestic violence")
    school = make_public("School", categories=("education",), description="Domestic animals")

    assert names(find([line, school], "beaten at school")) == ["Line"]


def test_what_language_somebody_speaks_is_no_need_beside_another(find):
    lawyer = make_public("Lawyer", description="Domestic violence")
    english = make_public("Classes", description="English lanterns")

    assert names(find([lawyer, english], "dv no hablo inglés")) == ["Lawyer"]
    assert names(find([lawyer, english], "no hablo inglés")) == ["Classes"]


def test_that_somebody_was_trafficked_tells_who_a_need_is_for(find):
    lawyer = make_public("Lawyer", description="Domestic violence")
    both = make_public("Both", description="Domestic violence and trafficking")
    other = make_public("Other", description="Trafficking")
    result = find([lawyer, other, both], "DV trafficking")

    assert names(result) == ["Both", "Lawyer"]
    assert set(names(find([lawyer, other, both], "trafficking"))) == {"Both", "Other"}


def test_a_word_that_means_nothing_to_the_tables_is_not_asked_of_each(find):
    plain = make_public("Plain", description="Domestic violence")
    telling = make_public("Telling", description="Domestic violence, lanterns")
    result = find([plain, telling], "dv lantern")

    assert names(result) == ["Telling", "Plain"]


@pytest.mark.parametrize(("held", "typed"), [("Women", "womens"), ("Children's", "child"), ("Men", "mens")])
def test_a_possessive_without_its_sign_is_the_word(find, held, typed):
    assert find([make_public("House", description=f"{held} rooms")], typed).total == 1


@pytest.mark.parametrize("typed", ["L&M", "l & m", "L&M hospital"])
def test_letters_with_a_sign_between_find_a_name_of_two_parts(find, typed):
    hospital = make_public("Lantern & Mill Hospital")
    other = make_public("Lantern Hospital", description="Lights and mills")

    assert names(find([hospital, other], typed))[0] == "Lantern & Mill Hospital"


@pytest.mark.parametrize("typed", ["lwm", "LWM", "l.w.m."])
def test_an_organization_is_found_by_the_letters_of_its_words(find, typed):
    program = make_public("Program", organization="HHS Lanterns with Windows and Mills, Made-up State")

    assert names(find([program, make_public("Other")], typed)) == ["Program"]


def test_of_many_with_a_number_the_one_whose_it_is_comes_first(find):
    number = "+18605550155"
    shared = make_phone(number, label="Lantern Line, for the whole state")
    programs = [make_public(f"A House {n}", phones=(shared,)) for n in range(3)]
    own = make_public("Lantern Line of the state", description="The whole state", phones=(shared,))

    assert names(find([*programs, own], "860-555-0155"))[0] == "Lantern Line of the state"


@pytest.mark.parametrize("word", ["said", "buying", "contract", "mentira"])
def test_an_everyday_word_is_no_slip_of_a_word_of_the_catalog(index, word):
    lexicon = index(make_public("X", description="Sad being contact mentor")).lexicon

    assert read(word, lexicon).suggestion is None
