"""Reading places, terms and words from their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from services_dir.catalog.kinds import PlaceKind, Vocabulary, WordKind
from services_dir.catalog.word_operations import LONGEST_MEANING, LONGEST_WORD
from services_dir.errors import N_
from services_dir.exchange.reading import PlaceRow, TermRow, WordRow
from services_dir.exchange.rows import Row
from services_dir.values import seed_uuid

T = TypeVar("T")
KeyT = TypeVar("KeyT")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_places(rows: Iterable[Row], parent_rows: Iterable[Row]) -> list[PlaceRow]:
    """Read places with what they lie in, parents first."""
    places = unique(rows, lambda row: row.needed("key"), "key")
    parents: dict[str, list[tuple[str, float]]] = {}
    for row in parent_rows:
        key, parent = row.needed("key"), row.needed("parent")
        for column, value in (("key", key), ("parent", parent)):
            if value is not None and value not in places:
                row.error(column, N_("We do not know the place “{value}”."), value=value)
        share = row.number("share", 0, 1)
        if key and parent and not row.is_bad:
            parents.setdefault(key, []).append((parent, 1.0 if share is None else share))
    above = {key: [parent for parent, _ in found] for key, found in parents.items()}
    return in_order(places, above, "key", lambda key, row: _place(row, key, parents.get(key, [])))


def read_terms(rows: Iterable[Row], word_rows: Iterable[Row]) -> list[TermRow]:
    """Read terms with the words people type for them, parents first."""
    terms = unique(rows, _term_key, "slug")
    words: dict[tuple[Vocabulary, str], list[tuple[str, str]]] = {}
    for row in word_rows:
        key, language, word = _term_key(row), row.needed("language"), row.needed("word")
        if key is not None and key not in terms:
            row.error("slug", N_("“{value}” is not in our list."), value=key[1])
        if key and language and word and not row.is_bad:
            held = words.setdefault(key, [])
            if (language, word) not in held:
                held.append((language, word))
    above: dict[tuple[Vocabulary, str], list[tuple[Vocabulary, str]]] = {}
    for (vocabulary, slug), row in terms.items():
        parent = row.text("parent")
        if parent is not None and (vocabulary, parent) not in terms:
            row.error("parent", N_("“{value}” is not in our list."), value=parent)
        elif parent is not None:
            above[vocabulary, slug] = [(vocabulary, parent)]
    positions = {key: number for number, key in enumerate(terms, 1)}
    return in_order(
        terms, above, "parent", lambda key, row: _term(row, *key, positions[key], words.get(key, []))
    )


def read_words(rows: Iterable[Row]) -> list[WordRow]:
    """Read misspellings, abbreviations and synonyms."""
    found = []
    for row in unique(rows, lambda row: (row.text("kind"), row.text("word")), "word").values():
        kind, word, means = row.one_of("kind", WordKind), row.needed("word"), row.needed("means")
        if kind is None:
            row.needed("kind")
        for column, text, most in (("word", word, LONGEST_WORD), ("means", means, LONGEST_MEANING)):
            if text and len(text) > most:
                row.error(column, N_("This is longer than {most} letters."), most=most)
        if kind and word and means and not row.is_bad:
            found.append(WordRow(kind, word, means))
    return found


def unique(rows: Iterable[Row], key: Callable[[Row], KeyT | None], column: str) -> dict[KeyT, Row]:
    """Give rows by their key; a second one with the same key is an error, one without key is left out."""
    found: dict[KeyT, Row] = {}
    for row in rows:
        name = key(row)
        if name is None:
            continue
        if name in found:
            row.error(column, N_("“{value}” is there twice."), value=row.text(column))
            continue
        found[name] = row
    return found


def in_order(
    rows: Mapping[KeyT, Row],
    above: Mapping[KeyT, Sequence[KeyT]],
    column: str,
    build: Callable[[KeyT, Row], T | None],
) -> list[T]:
    """Build what rows say, parents before children; a circle or a parent not built is an error."""
    built: dict[KeyT, T] = {}
    done: set[KeyT] = set()
    waiting = list(rows)
    while waiting:
        ready = [key for key in waiting if done.issuperset(above.get(key, ()))]
        if not ready:
            for key in waiting:
                rows[key].error(column, N_("This goes round in a circle: it lies in what lies in it."))
            break
        for key in ready:
            if any(parent not in built for parent in above.get(key, ())):
                rows[key].error(column, N_("There is something wrong with what this belongs to."))
            item = build(key, rows[key])
            if item is not None:
                built[key] = item
        done.update(ready)
        waiting = [key for key in waiting if key not in done]
    return list(built.values())


def _place(row: Row, key: str, parents: Sequence[tuple[str, float]]) -> PlaceRow | None:
    kind, name = row.one_of("kind", PlaceKind), row.needed("name")
    latitude, longitude = row.number("latitude", -90, 90), row.number("longitude", -180, 180)
    if (latitude is None) != (longitude is None):
        row.error("latitude", N_("Give both latitude and longitude, or neither."))
    if kind is None or name is None or row.is_bad:
        return None
    return PlaceRow(
        id=row.text("id") or seed_uuid("place", key),
        key=key,
        kind=kind,
        name=name,
        code=row.text("code"),
        latitude=latitude,
        longitude=longitude,
        basis=row.text("basis"),
        parents=tuple(parents),
    )


def _term_key(row: Row) -> tuple[Vocabulary, str] | None:
    vocabulary, slug = row.one_of("vocabulary", Vocabulary), row.needed("slug")
    if slug is not None and not _SLUG.fullmatch(slug):
        message = N_("“{value}” has other signs than small letters, digits and hyphens.")
        row.error("slug", message, value=slug)
    return (vocabulary, slug) if vocabulary and slug else None


def _term(
    row: Row, vocabulary: Vocabulary, slug: str, position: int, words: Sequence[tuple[str, str]]
) -> TermRow | None:
    row.needed("label_en")
    definitions = row.languages("definition")
    labels = {
        language: (label, definitions.get(language, "")) for language, label in row.languages("label").items()
    }
    said = row.whole("position", 0, 10_000)
    statutory = row.yes_or_no("statutory")
    if row.is_bad:
        return None
    return TermRow(
        id=row.text("id") or seed_uuid("term", vocabulary, slug),
        vocabulary=vocabulary,
        slug=slug,
        parent=row.text("parent"),
        position=position if said is None else said,
        statutory=bool(statutory),
        labels=labels,
        words=tuple(words),
    )
