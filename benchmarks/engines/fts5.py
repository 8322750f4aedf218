"""SQLite with FTS5: hits first, into a table in memory, then GROUP BY over one table for each facet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.questions import Answer, Question
from services_dir.search.document import TEXTS, Document, encode
from services_dir.search.query import Facet

_SCHEMA = f"""
create table listings (
    id integer primary key, slug text, name text, organization text, offers text, phones text,
    {", ".join(f"{facet.value} text" for facet in Facet)}, areas text
);
create virtual table listings_fts using fts5 ({", ".join(TEXTS)}, content='', tokenize='unicode61');
create table cards (id integer primary key, card blob);
create table areas (listing integer, value text, primary key (listing, value)) without rowid;
"""
_Statement = tuple[str, list[str]]
_FACET = "create table {0}_facet (listing integer, value text, primary key (listing, value)) without rowid;"


def fill(file: Path, documents: Iterable[Document]) -> None:
    """Write the tables; Datasette reads the same ones."""
    connection = sqlite3.connect(file)
    connection.execute("pragma journal_mode = off")
    connection.execute("pragma synchronous = off")
    connection.executescript(_SCHEMA + "".join(_FACET.format(facet.value) for facet in Facet))
    columns, words = 6 + len(Facet) + 1, 1 + len(TEXTS)
    for number, document in enumerate(documents, 1):
        text, facts = document.card.text("en"), document.facts
        facets = [_as_column(facet, facts.options[facet]) for facet in Facet]
        shown = (text.name, document.card.organization, text.offers, ", ".join(facts.numbers))
        row = (number, document.card.slug, *shown, *facets, json.dumps(facts.areas))
        connection.execute(f"insert into listings values ({_marks(columns)})", row)
        connection.execute("insert into cards values (?, ?)", (number, encode(document.card)))
        terms = (" ".join(document.terms[name]) for name in TEXTS)
        fields = f"rowid, {', '.join(TEXTS)}"
        connection.execute(f"insert into listings_fts ({fields}) values ({_marks(words)})", (number, *terms))
        for facet in Facet:
            rows = [(number, value) for value in facts.options[facet]]
            connection.executemany(f"insert or ignore into {facet.value}_facet values (?, ?)", rows)
        connection.executemany("insert into areas values (?, ?)", [(number, key) for key in facts.areas])
    for facet in Facet:
        connection.execute(f"create index {facet.value}_values on {facet.value}_facet (value, listing)")
    connection.execute("create index areas_values on areas (value, listing)")
    connection.execute("insert into listings_fts (listings_fts) values ('optimize')")
    connection.execute("analyze")
    connection.commit()
    connection.close()


def _as_column(facet: Facet, values: tuple[str, ...]) -> str | None:
    """Give options as Datasette wants them: as JSON, or plain where there is only ever one."""
    if facet is Facet.LEVEL:
        return next(iter(values), None)
    return json.dumps(values)


class _Statements(NamedTuple):
    gathering: _Statement
    best: _Statement
    total: _Statement
    counted: dict[Facet, _Statement]


class Fts5:
    """Searches with the library of SQLite that Python has."""

    name = "SQLite FTS5"

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("pragma query_only = off")
        self._connection.execute("pragma temp_store = memory")
        self._connection.execute("pragma mmap_size = 4000000000")
        self._connection.execute("create temp table hits (id integer primary key, rank real)")

    def prepare(self, question: Question) -> _Statements:
        """Give the statements: one that gathers the hits, one for the best, and those that count."""
        where, values = _conditions(question, None)
        best = f"select id from temp.hits where {where} order by rank, id limit 20"
        total = f"select count(*) from temp.hits where {where}"
        counted = {}
        for facet in Facet:
            narrowed, chosen = _conditions(question, facet)
            statement = f"""
                select f.value, count(*) from temp.hits
                cross join {facet.value}_facet f on f.listing = hits.id
                where {narrowed} group by f.value
            """
            counted[facet] = statement, chosen
        return _Statements(
            _gathering(question),
            (f"select card from ({best}) best join main.cards using (id)", values),
            (total, values),
            counted,
        )

    def ask(self, query: _Statements) -> Answer:
        """Gather the hits, then take the best and count."""
        execute = self._connection.execute
        execute("delete from temp.hits")
        execute(*query.gathering)
        cards = execute(*query.best).fetchall()
        [total] = execute(*query.total).fetchone()
        counts = {facet: dict(execute(*counted).fetchall()) for facet, counted in query.counted.items()}
        self._connection.rollback()
        return Answer(total, counts, len(cards))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _gathering(question: Question) -> _Statement:
    places = f"select listing from areas where value in ({_marks(len(question.areas))})"
    if question.words:
        boosts = ", ".join(map(str, TEXTS.values()))
        match = " AND ".join(f'"{word.stem}"' for word in question.words)
        narrowed = f" and rowid in ({places})" if question.areas else ""
        return (
            f"insert into temp.hits select rowid, bm25(listings_fts, {boosts}) from listings_fts "
            f"where listings_fts match ?{narrowed}",
            [match, *question.areas],
        )
    if question.areas:
        distinct = places.replace("select", "select distinct", 1)
        return f"insert into temp.hits select listing, 0 from ({distinct})", list(question.areas)
    return "insert into temp.hits select id, 0 from listings", []


def _conditions(question: Question, without: Facet | None) -> tuple[str, list[str]]:
    parts, values = ["true"], []
    for facet, value in question.chosen:
        if facet is not without:
            parts.append(
                f"exists (select 1 from {facet.value}_facet c where c.listing = hits.id and c.value = ?)"
            )
            values.append(value)
    return " and ".join(parts), values


def _marks(count: int) -> str:
    return ", ".join("?" * count)
