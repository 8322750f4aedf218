"""One form for the forms of a word: English and Spanish endings, American and British spellings.

Words come in lower case and without accents. Nobody says in which language a word is typed, and texts
mix both ("Casa Latina offers"), so there is one stem for both: the English stemmer, then the Spanish
one on what is left. So "clinica" and "clinics" meet as well. What Spanish endings would do to English
words is held off by the length and a few endings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock

import snowballstemmer

_ALONE = Lock()  # a stemmer keeps the word it works on: two threads would mix theirs up
_ENGLISH = snowballstemmer.stemmer("english")
_SPANISH = snowballstemmer.stemmer("spanish")
# Shorter English stems are left alone ("care" is not "car"), and nothing gets shorter than the second.
_SHORTEST_SPANISH, _SHORTEST = 5, 4
# "shower" is no Spanish verb.
_NOT_SPANISH = ("er", "ir", "aid")
_IRREGULAR = {
    "children": "child",
    "women": "woman",
    "womens": "woman",
    "mens": "man",
    "childrens": "child",
    "men": "man",
    "teeth": "tooth",
    "feet": "foot",
    "wives": "wife",
    "mum": "mom",
    "programme": "program",
    "programmes": "program",
    "cheque": "check",
    "cheques": "check",
    "judgement": "judgment",
    "ageing": "aging",
    "grey": "gray",
    "fulfil": "fulfill",
    "maths": "math",
    "catalogue": "catalog",
    "dialogue": "dialog",
}
# British spelling to American; what is changed too much is changed in texts and queries alike.
_BRITISH = (
    (re.compile(r"^((?:.*)(?:lab|behavi|neighb|col|hon|fav|harb|hum|rum|endeav|parl|arm|flav))our"), r"\1or"),
    (re.compile(r"^(counsel|travel|cancel|label|model|fuel|level|channel|equal|marshal)l(?=[aeio])"), r"\1"),
    (re.compile(r"^(enrol)(?!l)"), r"\1l"),
    (re.compile(r"(cent|theat|met|lit|fib)re(?=s?$)"), r"\1er"),
    (re.compile(r"(defen|offen|licen|preten)ce(?=[sd]?$)"), r"\1se"),
    (re.compile(r"^practis"), "practic"),
    (re.compile(r"^(p|orthop|encyclop)aed"), r"\1ed"),
    (re.compile(r"^gynaec"), "gynec"),
    (re.compile(r"^(an)aes"), r"\1es"),
    (re.compile(r"^haem"), "hem"),
    (re.compile(r"^foet"), "fet"),
    (re.compile(r"(?<=\w{4})is(?=(?:e|es|ed|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=\wal)ys(?=(?:e|es|ed|er|ers|ing)$)"), "yz"),
)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Give the form under which a word is indexed and looked for; what has digits stays as it is."""
    if any(c.isdecimal() for c in word):
        return word
    with _ALONE:
        english = str(_ENGLISH.stemWord(american(word))) or word
        if len(english) < _SHORTEST_SPANISH or english.endswith(_NOT_SPANISH):
            return english
        spanish = str(_SPANISH.stemWord(english))
    return spanish if len(spanish) >= _SHORTEST else english


def american(word: str) -> str:
    """Give the American spelling of a British one, and the singular of what has no ending to take off."""
    word = _IRREGULAR.get(word, word)
    for pattern, replacement in _BRITISH:
        word = pattern.sub(replacement, word)
    return word
