"""Gathers every text from code and templates, brings the catalogs up to date and compiles them.

Run `make translations`, fill in what it lists in `services_dir/translations/es/LC_MESSAGES/messages.po`,
and run it again. The compiled file is kept beside it: a wheel and a checkout need no step before they run.
Each folder of `services_dir/translations` is a language; `docs/languages.md` tells how to add one.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ROOT / "services_dir" / "translations"
LANGUAGES = tuple(sorted(folder.name for folder in CATALOGS.iterdir() if folder.is_dir()))

_SOURCES = {"services_dir": [("**.py", "python")], "templates": [("**.html", "jinja2")]}
_KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
# Texts that only people who are signed in, or at a terminal, ever see; these may stay in English.
_INNER = (
    "services_dir/accounts/",
    "services_dir/audit.py",
    "services_dir/cli/",
    "services_dir/council/forms.py",
    "services_dir/council/pdf/",
    "services_dir/council/seeding.py",
    "services_dir/council/views/desk/",
    "services_dir/exchange/",
    "services_dir/hsds/reading/",
    "services_dir/indicators/forms.py",
    "services_dir/indicators/operations.py",
    "services_dir/indicators/queries.py",
    "services_dir/indicators/reading.py",
    "services_dir/indicators/views/desk.py",
    "services_dir/moderation/",
    "services_dir/policy.py",
    "services_dir/settings.py",
    "services_dir/upkeep/",
    "services_dir/verification/asking/",
    "services_dir/verification/views/asking.py",
    "services_dir/workspace/",
    "templates/accounts/",
    "templates/errors/workspace.html",
    "templates/layouts/workspace.html",
    "templates/moderation/",
    "templates/verification/asking/",
    "templates/imports/",
    "templates/indicators/index.html",
    "templates/indicators/plan.html",
    "templates/workspace/",
)


def gather() -> Catalog:
    """Give all texts of code and templates, each with the files it stands in."""
    gathered = Catalog(charset="utf-8")
    for folder, methods in _SOURCES.items():
        found = extract_from_dir(ROOT / folder, methods, keywords=_KEYWORDS, strip_comment_tags=True)
        for name, _line, message, _comments, context in found:
            gathered.add(message, None, [(f"{folder}/{name}", None)], context=context)
    return gathered


def po_file(language: str) -> Path:
    """Give the place of a language's catalog."""
    return CATALOGS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Read a language's catalog."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Give the bytes of the compiled catalog."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def is_public(message: Message) -> bool:
    """Tell whether visitors can see a text."""
    return any(not name.startswith(_INNER) for name, _line in message.locations)


def missing(gathered: Catalog, catalog: Catalog) -> list[str]:
    """List the texts for visitors that a catalog does not translate."""
    gaps = []
    for message in gathered:
        held = catalog.get(message.id, message.context)
        texts = held.string if held is not None else ""
        is_whole = all(texts) if isinstance(texts, tuple) else bool(texts)
        if message.id and is_public(message) and (not is_whole or held is None or held.fuzzy):
            gaps.append(message.id if isinstance(message.id, str) else message.id[0])
    return gaps


def main() -> None:
    """Write each catalog anew with the texts there are now, compile it, and list its gaps."""
    gathered = gather()
    for language in LANGUAGES:
        catalog = read(language) if po_file(language).exists() else Catalog(locale=language, charset="utf-8")
        catalog.update(gathered, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        po_file(language).parent.mkdir(exist_ok=True)
        with po_file(language).open("wb") as file:
            write_po(file, catalog, width=0, sort_output=True, include_lineno=False, omit_header=False)
        po_file(language).with_suffix(".mo").write_bytes(compiled(read(language)))
        gaps = missing(gathered, read(language))
        print(f"{language}: {len(catalog)} texts, {len(gaps)} for visitors not translated")
        for gap in gaps:
            print(f"  {gap}")


if __name__ == "__main__":
    main()
