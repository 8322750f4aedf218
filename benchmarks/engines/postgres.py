"""PostgreSQL full text: a `tsvector` of our terms with weights, arrays for the facets, GIN indexes."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg

from benchmarks.questions import Answer, Question
from services_dir.search.document import TEXTS, Document, encode
from services_dir.search.query import Facet
from tests.support.databases import Server, postgres_server

_LABELS = {"name": "A", "organization": "B"}  # all others C
_WEIGHTS = "{0.1, 0.3333, 0.5, 1.0}"  # D, C, B, A: as 1 to 1.5 to 3
_LAST_POSITION = 16_383
_MOST_POSITIONS = 255


def fill(connection: psycopg.Connection, documents: Iterable[Document]) -> None:
    """Write the table and its indexes."""
    facets = ", ".join(f"{facet.value} text[]" for facet in Facet)
    connection.execute(
        f"create table listings (id integer primary key, {facets}, areas text[], terms tsvector)"
    )
    connection.execute("create table cards (id integer primary key, card bytea)")
    with connection.cursor().copy("copy listings from stdin") as copy:
        copy.set_types(["int4", *["text[]"] * (len(Facet) + 1), "text"])
        for number, document in enumerate(documents, 1):
            held = [list(document.facts.options[facet]) for facet in Facet]
            copy.write_row((number, *held, list(document.facts.areas), _vector(document)))
    with connection.cursor().copy("copy cards from stdin") as copy:
        for number, document in enumerate(documents, 1):
            copy.write_row((number, encode(document.card)))
    for name in ("terms", "areas", *(facet.value for facet in Facet)):
        connection.execute(f"create index on listings using gin ({name})")
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze listings")
    connection.autocommit = False


def _vector(document: Document) -> str:
    positions: dict[str, list[str]] = defaultdict(list)
    at = 0
    for name in TEXTS:
        for term in document.terms[name]:
            at = min(at + 1, _LAST_POSITION)
            positions[term].append(f"{at}{_LABELS.get(name, 'C')}")
    return " ".join(f"'{term}':{','.join(held[:_MOST_POSITIONS])}" for term, held in positions.items())


class Postgres:
    """Searches through one connection, without parallel workers."""

    name = "PostgreSQL"

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        for setting in ("work_mem = '256MB'", "jit = off", "max_parallel_workers_per_gather = 0"):
            connection.execute(f"set {setting}")

    def prepare(self, question: Question) -> tuple[str, dict[str, object]]:
        """Give one statement and its values: hits once, then the best of them and all counts."""
        values: dict[str, object] = {"areas": list(question.areas)}
        values["words"] = " & ".join(f"'{word.stem}'" for word in question.words)
        values |= {facet.value: [value] for facet, value in question.chosen}
        conditions = ["true"]
        if question.words:
            conditions.append("terms @@ %(words)s::tsquery")
        if question.areas:
            conditions.append("areas && %(areas)s::text[]")
        rank = f"ts_rank('{_WEIGHTS}', terms, %(words)s::tsquery)" if question.words else "0"
        names = ", ".join(facet.value for facet in Facet)
        parts = [
            f"with hits as materialized (select id, {names}, {rank} as rank from listings "
            f"where {' and '.join(conditions)})",
            f"select '', '', count(*), null::bytea from hits where {_narrowed(question, None)}",
            f"union all select '', 'card', 0, card from (select id from hits where "
            f"{_narrowed(question, None)} order by rank desc, id limit 20) best join cards using (id)",
        ]
        for facet in Facet:
            parts.append(
                f"union all select '{facet.value}', value, count(*), null "
                f"from hits, unnest({facet.value}) value where {_narrowed(question, facet)} group by value"
            )
        return "\n".join(parts), values

    def ask(self, query: tuple[str, dict[str, object]]) -> Answer:
        """Execute it, and sort out its rows."""
        rows = self._connection.execute(*query).fetchall()
        counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
        total, cards = 0, []
        for name, value, count, card in rows:
            if name:
                counts[Facet(name)][value] = count
            elif value:
                cards.append(card)
            else:
                total = count
        self._connection.rollback()
        return Answer(total, counts, len(cards))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _narrowed(question: Question, without: Facet | None) -> str:
    parts = [f"{f.value} && %({f.value})s::text[]" for f, _value in question.chosen if f is not without]
    return " and ".join(parts) or "true"


def is_here() -> bool:
    """Tell whether this machine has PostgreSQL."""
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None


def server() -> AbstractContextManager[Server]:
    """Start a server that only this process can reach."""
    return postgres_server("-c shared_buffers=1GB")
