"""What somebody typed into a form, as it was typed: the name of each input and its values.

It is kept while it is not sent, so it may be wrong and half; only what must never be known is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from services_dir.catalog.kinds import Visibility
from services_dir.catalog.past import Removal
from services_dir.values import without_controls

# The name of each input to what was typed or chosen there.
Typed = dict[str, list[str]]

# Together no more than this is kept of one form, in characters.
MOST = 400_000
_SITE = re.compile(r"sites-\d{1,4}-")
_HIDDEN = ("street", "state", "postal_code", "access_notes")


def read(stored: str) -> Typed:
    """Give what is stored as JSON."""
    return msgspec.json.decode(stored, type=Typed)


def write(typed: Typed) -> str:
    """Give what is stored."""
    return msgspec.json.encode(typed).decode()


def size(typed: Typed) -> int:
    """Give how much it is, in characters."""
    return sum(len(name) + len(value) for name, values in typed.items() for value in values)


def taken_over(typed: Typed, sent: Mapping[str, list[str]], fields: Iterable[str]) -> Typed:
    """Give what is typed after some fields were sent: these as sent, all others as they were."""
    own = tuple(fields)
    kept = {name: values for name, values in typed.items() if not _is_of(name, own)}
    new = {
        name: [without_controls(value) for value in values]
        for name, values in sent.items()
        if _is_of(name, own)
    }
    return kept | new


def without_addresses(typed: Typed, is_known: Callable[[str, str], bool]) -> Typed:
    """Give it without the addresses of places of which nobody said that they may be public.

    A town or a region is kept only if `is_known` (name of the field, words) says it is one: anything
    else could tell where the place is.
    """
    kept = dict(typed)
    for site in _confidential(typed):
        for name in _HIDDEN:
            kept.pop(f"{site}{name}", None)
        for name in ("city", "region"):
            words = (typed.get(f"{site}{name}") or [""])[0].strip()
            if words and not is_known(name, words):
                kept[f"{site}{name}"] = [""]
    return kept


def streets_that_hide(before: Typed, after: Typed) -> list[str]:
    """Give the streets that were kept so far of places that are confidential now, or are no longer there."""
    hidden = set(_confidential(after))
    return [
        street
        for site in _sites(before)
        if (site in hidden or site not in _sites(after))
        for street in before.get(f"{site}street", ())
        if street.strip()
    ]


def without_removed(typed: Typed, removal: Removal) -> Typed:
    """Give it without what must be forgotten: the addresses of these places, and their words anywhere."""
    kept = {name: [removal.from_text(value) for value in values] for name, values in typed.items()}
    for site in _sites(typed):
        if (typed.get(f"{site}key") or [""])[0] in removal.sites:
            kept[f"{site}visibility"] = [Visibility.AREA_ONLY.value]
            for name in (*_HIDDEN, "city"):
                kept.pop(f"{site}{name}", None)
    return kept


def _sites(typed: Typed) -> list[str]:
    found = (match.group() for name in typed if (match := _SITE.match(name)))
    return list(dict.fromkeys(found))


def _confidential(typed: Typed) -> list[str]:
    """Give the places whose address may not be known, also those of which nobody said yet that it may."""
    return [site for site in _sites(typed) if typed.get(f"{site}visibility", [""])[0] != Visibility.PUBLIC]


def _is_of(name: str, fields: Iterable[str]) -> bool:
    return any(name == field or name.startswith(f"{field}-") for field in fields)
