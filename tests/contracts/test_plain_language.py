"""Plain language: a sentence for visitors needs no more than grade 8, and is INFLESZ "normal" in Spanish.

Labels of a word or two are not measured: the formulas are made for sentences. What cannot be said more simply
is listed with its reason, and a listed text that became easier leaves the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from babel.messages.catalog import Message

from tests.support.readability import (
    GRADE,
    NORMAL,
    english_syllables,
    grade,
    inflesz,
    spanish_syllables,
    words_of,
)
from tools import translations

_LEAST_WORDS = 8  # shorter ones are labels, whose score says nothing
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

# English texts above the grade, each with its reason.
HARDER = {
    # The question is about immigration; every easier word would be another question.
    "Is it run by police, immigration or another country?",
    # The name of the standard.
    "We aim at the Web Content Accessibility Guidelines (WCAG) 2.2, level AA. "
    "No independent body has checked whether we reach it.",
    # The words of the Act that asks for this list.
    "A list of federal, state and local programs that help victims of human trafficking.",
    "A list of federal, state and local programs that help victims of human trafficking in %(state)s.",
}
HARDER_IN = {
    # The name of the status in the law, and what English papers call it.
    "es": {"Estatus de joven inmigrante especial (Special Immigrant Juvenile)"}
}


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Give each text that visitors read, in English and in a language."""
    for message in translations.read(language):
        if message.id and translations.is_public(message):
            yield from _pairs(message)


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    if isinstance(message.id, tuple):
        yield message.id[1], message.string[1]
    else:
        yield message.id, message.string


def plain(text: str) -> str:
    """Give a text without what is filled in."""
    return _PLACEHOLDER.sub("1", text)


def too_hard(texts: Iterator[str], is_hard: Callable[[str], bool]) -> set[str]:
    """Give those texts of some length that are too hard."""
    return {text for text in texts if len(words_of(plain(text))) >= _LEAST_WORDS and is_hard(plain(text))}


def test_english_sentences_need_grade_8_or_less():
    hard = too_hard((english for english, _ in sentences("es")), lambda text: grade(text) > GRADE)

    assert hard == HARDER


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_translated_sentences_are_of_normal_ease_or_easier(language):
    ease = {"es": inflesz}.get(language)
    assert ease, (
        f"name the formula by which {language} is measured, with its source, in support/readability.py"
    )
    hard = too_hard((text for _, text in sentences(language)), lambda text: ease(text) < NORMAL)

    assert hard == HARDER_IN[language]


@pytest.mark.parametrize(
    "where",
    [
        f"templates/site/{page}.html"
        for page in ("safety", "privacy", "accessibility", "about", "inclusion_policy")
    ]
    + ["services_dir/web/glossary.py"],
)
def test_pages_of_text_are_easy_as_a_whole(where):
    held = [
        pair
        for message in translations.read("es")
        if message.id and any(name == where for name, _ in message.locations)
        for pair in _pairs(message)
    ]
    english, spanish = ("\n".join(plain(pair[n]) for pair in held) for n in (0, 1))

    assert len(words_of(english)) > 50
    assert grade(english) <= GRADE
    assert inflesz(spanish) >= NORMAL


ENGLISH = {
    1: "help leave does site",
    2: "table people safely noticed wanted pages",
    3: "area services trafficking",
    4: "immigration interpreter confidential",
    5: "coordinator organization",
}
SPANISH = {
    1: "quien que muy ley",
    2: "casa seguir guía ciudad leer país",
    3: "búsqueda vergüenza",
    4: "policía teléfono aéreo",
    5: "organización",
}


def test_syllables_are_counted():
    for count, words in ENGLISH.items():
        assert {word: english_syllables(word) for word in words.split()} == dict.fromkeys(
            words.split(), count
        )
    for count, words in SPANISH.items():
        assert {word: spanish_syllables(word) for word in words.split()} == dict.fromkeys(
            words.split(), count
        )


def test_a_hard_text_is_noticed():
    assert grade("Notwithstanding contractual stipulations, beneficiaries accumulate obligations.") > 12
    assert inflesz("Independientemente de estipulaciones contractuales, acumulan obligaciones.") < 20
    assert grade("Call them first. They help you at any hour.") < 3
    assert inflesz("Llame antes. Le dan ayuda a toda hora.") > 80
