"""Short phrases that many listings share word for word: what to pay, whom it is for, which word to text.

Listings are written in English. A text that is made of these phrases alone is said in the language of the
page, so that nobody has to translate "Free and confidential" in each listing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import gettext as _

from services_dir.errors import N_

_PHRASES = (
    N_("Free"),
    N_("Free and confidential"),
    N_("Free for individuals"),
    N_("Free or low cost"),
    N_("Free or sliding fee"),
    N_("Free to apply"),
    N_("Free to search"),
    N_("No charge"),
    N_("No cost"),
    N_("Sliding fee"),
    N_("Paid by the agency that orders it"),
    N_("Office"),
    N_("TTY callers"),
    N_("In Spanish"),
    N_("Videophone"),
    N_("From a phone that cannot dial 211"),
    N_("text your ZIP code"),
    N_("then give the number to call"),
    N_("Domestic violence line"),
    N_("Sexual assault line"),
    N_("Sexual violence line"),
    N_("Statewide sexual assault hotline"),
    N_("Statewide sexual assault hotline in Spanish"),
    N_("Telephone relay for deaf and hard of hearing callers"),
    N_("more than 200 languages"),
    N_("more than 200 languages, by telephone"),
    N_("any language"),
    N_("many languages"),
    N_("certified sign language interpreters"),
    N_("adults"),
    N_("asylees"),
    N_("asylum seekers"),
    N_("children"),
    N_("crime victims"),
    N_("deaf and hard of hearing people"),
    N_("domestic violence survivors"),
    N_("families"),
    N_("homeless people"),
    N_("homeless youth"),
    N_("immigrants"),
    N_("job seekers"),
    N_("labor trafficking victims"),
    N_("LGBTQ youth"),
    N_("low-income people"),
    N_("men"),
    N_("migrant workers"),
    N_("people with limited English"),
    N_("refugees"),
    N_("sexual assault survivors"),
    N_("stalking victims"),
    N_("survivors of torture"),
    N_("tenants"),
    N_("trafficking survivors"),
    N_("unaccompanied children"),
    N_("uninsured people"),
    N_("women"),
    N_("workers"),
    N_("youth"),
)
_BY_WORDS: Mapping[str, str] = {phrase.casefold(): phrase for phrase in _PHRASES}
# What to send or press stays as it is, whatever the language: it is what the line understands.
_WITH_A_WORD = tuple(
    (re.compile(pattern), phrase)
    for pattern, phrase in (
        (r"text (?P<word>[A-Z]+)", N_("text %(word)s")),
        (r"text (?P<word>[A-Z]+) or (?P<other>[A-Z]+)", N_("text %(word)s or %(other)s")),
        (r"for Spanish text (?P<word>[A-Z]+)", N_("for Spanish text %(word)s")),
        (r"press (?P<key>[0-9*#])", N_("press %(key)s")),
        (r"for Spanish press (?P<key>[0-9*#])", N_("for Spanish press %(key)s")),
    )
)


def in_this_language(text: str) -> str | None:
    """Give a text of the catalog in the language of the page if it is made of shared phrases, else None."""
    phrase = text.strip().rstrip(".")
    known = _known(phrase)
    if known is None and "," in phrase:
        parts = [_known(part.strip()) for part in phrase.split(",")]
        known = None if None in parts else ", ".join(part for part in parts if part)
    return known or _with_a_word(phrase)


def _known(phrase: str) -> str | None:
    shared = _BY_WORDS.get(phrase.casefold())
    if shared is None:
        return None
    ours = _(shared)
    return ours if ours != shared else None


def _with_a_word(text: str) -> str | None:
    for pattern, phrase in _WITH_A_WORD:
        if found := pattern.fullmatch(text):
            return _(phrase, **found.groupdict())
    return None
