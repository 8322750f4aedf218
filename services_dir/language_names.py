"""Names of languages in other languages, also where there is no request."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations

from services_dir.errors import N_

CATALOGS = Path(__file__).resolve().parent / "translations"
# Languages that the locale data have no name for.
_NAMED_HERE = {"ase": N_("American Sign Language"), "prs": N_("Dari")}


@cache
def language_name_in(language: str, code: str) -> str:
    """Give the name of a language in another one; what is no code stays as it is."""
    if code in _NAMED_HERE:
        catalog: NullTranslations = Translations.load(str(CATALOGS), [language])
        return str(catalog.ugettext(_NAMED_HERE[code]))
    return str(Locale.parse(language).languages.get(code, code))
