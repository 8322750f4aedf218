"""One run at one size: every engine is filled, asked, and what came of it is gathered."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import geometric_mean, mean, median
from typing import Any

import click
import psycopg
from msgspec.structs import replace

from benchmarks import approvals, pages, profiles
from benchmarks.comparing import Comparison, Row, percentile
from benchmarks.engines import Engine, NotHereError, fts5, ours, postgres, stock_whoosh
from benchmarks.homes import Home, make_home
from benchmarks.load import Load
from benchmarks.questions import KINDS, RARE, VERY, Question, Questions
from benchmarks.spool import Spool
from services_dir.search.document import TEXTS, Document, make_document


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    questions: int = 15  # of each kind; the index is opened anew as often
    approvals: int = 100
    rounds: int = 3
    seconds: float = 4.0  # of load on each server in each round
    found: int = 10  # approvals that are waited for in a running server
    profiled: int = 100  # answers, and as many pages
    only_fast: bool = False  # Tantivy alone, and no pages
    settings: Mapping[str, str] = field(default_factory=dict)  # of the application, where not as they come


_BEFORE = (KINDS[1], KINDS[-1])  # what an index that was opened anew is asked first
QUICK = Plan(questions=2, approvals=5, rounds=1, seconds=0.5, found=2, profiled=10)
LARGE = Plan(questions=7, approvals=10, only_fast=True, settings={"SERVICES_DIR_SEARCH_MEMORY": "768"})


@dataclass
class Run:
    """What is needed while one size is measured."""

    folder: Path
    home: Home
    spool: Spool
    questions: Questions
    left_out: list[str] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=dict)


def measure(folder: Path, size: int, plan: Plan) -> dict[str, Any]:
    """Measure everything at one size, in a folder for it."""
    say(f"{size:,} listings: made from the seed")
    home = make_home(folder / "home", **plan.settings)
    spool = home.spool(folder / "spool", size)
    run = Run(folder, home, spool, Questions.of(spool, home.places))
    with ExitStack() as held:
        engines = list(_filled(run, plan, held))
        own = engines[0]
        assert isinstance(own, ours.Ours)
        opening = _seconds(lambda: ours.Ours(home.app))
        gc.collect()
        gc.freeze()
        result = _compared(run, engines, plan)
        result |= {"size": size, "opening": opening, "words": _words(spool), "questions": plan.questions}
        totals = pages.totals(run.questions, own)
        result["profiles"] = _profiles(run, own, plan)
        result["approvals"] = _after_approvals(run, own, plan)
        result["build"] = _build(run.rates)
        if plan.only_fast:
            result["memory"] = {
                "worker": pages.measure_memory(home.folder, run.questions, **plan.settings) / 1e6
            }
        else:
            _measure_pages(run, totals, plan, result)
        result["left out"] = run.left_out
    return result


def say(text: str) -> None:
    """Tell how far it is."""
    click.echo(f"{time.strftime('%H:%M:%S')}  {text}", err=True)


def _filled(run: Run, plan: Plan, held: ExitStack) -> Iterator[Engine]:
    """Fill the engines and give them, ours first; those that are not on this machine are left out."""
    for engine in (*_whooshes(run, plan), *_others(run, plan, held)):
        held.callback(engine.close)
        yield engine


def _whooshes(run: Run, plan: Plan) -> list[Engine]:
    """Fill our index and Whoosh's in turn, some hundred documents at a time, in this one process."""
    say("filling: ours" if plan.only_fast else "filling: ours and Whoosh")
    mine = ours.Building(run.home.app)
    theirs = None if plan.only_fast else stock_whoosh.Building(run.folder / "whoosh")
    seconds = {ours.Ours.name: 0.0, stock_whoosh.StockWhoosh.name: 0.0}
    opened: list[Engine] = []
    for batch in run.spool.batches():
        seconds[ours.Ours.name] += _seconds(lambda batch=batch: mine.add(batch))
        if theirs is not None:
            seconds[stock_whoosh.StockWhoosh.name] += _seconds(lambda batch=batch: theirs.add(batch))
    seconds[ours.Ours.name] += _seconds(mine.finish)
    opened.append(ours.Ours(run.home.app))
    if theirs is not None:
        seconds[stock_whoosh.StockWhoosh.name] += _seconds(lambda: opened.append(theirs.finish()))
    run.rates |= {name: run.spool.count / spent for name, spent in seconds.items() if spent}
    return opened


def _others(run: Run, plan: Plan, held: ExitStack) -> Iterator[Engine]:
    makers = (_tantivy,) if plan.only_fast else (_tantivy, _fts5, _postgres)
    for make in makers:
        try:
            begin = time.perf_counter()
            engine = make(run, held)
        except NotHereError as error:
            run.left_out.append(str(error))
            continue
        run.rates[engine.name] = run.spool.count / (time.perf_counter() - begin)
        yield engine


def _tantivy(run: Run, _held: ExitStack) -> Engine:
    from benchmarks.engines import tantivy_engine

    say("filling: Tantivy")
    tantivy_engine.fill(run.folder / "tantivy", run.spool)
    return tantivy_engine.Tantivy(run.folder / "tantivy")


def _fts5(run: Run, _held: ExitStack) -> Engine:
    say("filling: SQLite FTS5")
    fts5.fill(run.folder / "listings.db", run.spool)
    return fts5.Fts5(run.folder / "listings.db")


def _postgres(run: Run, held: ExitStack) -> Engine:
    if not postgres.is_here():
        raise NotHereError("PostgreSQL is not installed")
    say("filling: PostgreSQL")
    server = held.enter_context(postgres.server())
    connection = psycopg.connect(host=str(server.folder), user="postgres", dbname="postgres")
    postgres.fill(connection, run.spool)
    return postgres.Postgres(connection)


@dataclass(frozen=True)
class _Round:
    """A question of each kind, no word twice, and questions of other words before."""

    before: list[Question]
    asked: list[Question]

    @classmethod
    def of(cls, questions: Questions) -> _Round:
        used: set[str] = set()
        drawn = [list(islice(questions.of_kind(kind, used), 1)) for kind in (*_BEFORE, *KINDS)]
        return cls(
            list(chain.from_iterable(drawn[: len(_BEFORE)])), list(chain.from_iterable(drawn[len(_BEFORE) :]))
        )


def _compared(run: Run, engines: list[Engine], plan: Plan) -> dict[str, Any]:
    """Ask all engines, round by round; ours with the words loaded, opened anew, and as a whole.

    The quick ones are asked their words in other questions first; the slow ones read all anew anyway.
    """
    rounds = [_Round.of(run.questions) for _ in range(plan.questions)]
    asked = [question for one in rounds for question in one.asked]
    say(f"asking {len(asked)} questions of {len(engines)} engines, the index opened anew {len(rounds)} times")
    own, *peers = engines
    assert isinstance(own, ours.Ours)
    whole = ours.WholeAnswer(run.home.app)
    compared = Comparison([own.name, ours.FIRST_TOUCH, whole.name, *(engine.name for engine in peers)])
    for one in rounds:
        touching = run.questions.touching(one.asked)
        first = {ours.FIRST_TOUCH: one.before, **dict.fromkeys((own.name, whole.name, "Tantivy"), touching)}
        compared.ask([own, ours.opened_anew(run.home.app), whole, *peers], one.asked, first)
    plain = [_seconds(lambda q=q: own.answer(q.query(quoted=False))) for q in asked if q.words]
    means = {name: compared.mean(name) for name in compared.engines}
    ratios = {f"{name} / warm": means[name] / means[own.name] for name in means if name != own.name}
    if "Tantivy" in means:
        ratios["warm / Tantivy"] = means[own.name] / means["Tantivy"]
        ratios["first touch / Tantivy"] = means[ours.FIRST_TOUCH] / means["Tantivy"]
    return {
        "engines": compared.engines,
        "rows": [_row(row) for row in compared.rows.values()],
        "means": means,
        "ratios": ratios,
        "as typed": 1e3 * geometric_mean(plain),
    }


def _profiles(run: Run, own: ours.Ours, plan: Plan) -> dict[str, profiles.Shares]:
    """Tell where the time goes, with other questions than those that were timed."""
    asked = list(islice(pages.mixed(run.questions), plan.profiled))
    shown = list(islice(pages.mixed(run.questions), plan.profiled))
    return {"an answer": profiles.of_answers(own, asked), "a page": profiles.of_pages(run.home.app, shown)}


def _after_approvals(run: Run, own: ours.Ours, plan: Plan) -> dict[str, Any]:
    """Change one listing, search at once, then warm; so a hundred times."""
    say(f"{plan.approvals} approvals")
    # Kinds of which there are enough questions; their words are loaded before the first approval.
    kinds = [
        kind for kind in KINDS if kind.bands not in ((VERY,), (RARE,)) and (kind.bands or kind.has_place)
    ]
    turns = [kind for kind, _number in zip(cycle(kinds), range(plan.approvals), strict=False)]
    pairs = [run.questions.some(kind, 2) for kind in turns]
    pairs = [pair for pair in pairs if len(pair) == 2]
    for question in run.questions.touching(chain.from_iterable(pairs)):
        own.ask(own.prepare(question))
    ids = (document.id for document in run.spool)
    new = run.home.listings.make(len(pairs), first=run.spool.count)
    times: dict[str, list[float]] = {name: [] for name in ("first", "warm", "commit", "taking up")}
    for (one, other), made in zip(pairs, new, strict=True):
        document = make_document(replace(made, id=next(ids)), run.home.words, run.home.places)
        commit, taking_up = own.approve(document)
        times["commit"].append(commit)
        times["taking up"].append(taking_up)
        for name, question in (("first", one), ("warm", other)):
            if name == "warm":
                for touching in run.questions.touching([question]):
                    own.ask(own.prepare(touching))
            query = own.prepare(question)
            times[name].append(_seconds(lambda query=query: own.ask(query)))
    return {
        "count": len(pairs),
        "median": 1e3 * median(times["first"]),
        "p95": 1e3 * percentile(times["first"], 0.95),
        "warm median": 1e3 * median(times["warm"]),
        "ratio": median(times["first"]) / median(times["warm"]),
        "commit": 1e3 * median(times["commit"]),
        "taking up": 1e3 * median(times["taking up"]),
    }


def _measure_pages(run: Run, totals: list[tuple[Question, int]], plan: Plan, result: dict[str, Any]) -> None:
    say("whole pages over HTTP")
    servers, void, memory = pages.measure(
        run.home.folder,
        run.folder / "listings.db",
        run.questions,
        totals,
        rounds=plan.rounds,
        seconds=plan.seconds,
    )
    rates = {server.name: server.loads[8].rate for server in servers}
    rows = [
        [server.name, str(clients), *_page_figures(server.loads[clients])]
        for clients in pages.CLIENTS
        for server in servers
    ]
    measured: dict[str, Any] = {"rows": rows, "void": void, "rates": rates}
    measured["time of a page"] = servers[0].loads[1].latency(0.5)
    measured["against the floor"] = rates[pages.OURS] / rates[pages.FLOOR]
    if pages.DATASETTE not in rates:
        run.left_out.append("Datasette is not installed (make bench installs it)")
    elif void:
        run.left_out.append(f"Datasette is void: {void[0]}")
    else:
        measured["against Datasette"] = rates[pages.OURS] / rates[pages.DATASETTE]
    result["pages"] = measured
    say(f"{plan.found} approvals in a running server")
    found, later = approvals.measure(run.home.app, run.home.folder, plan.found)
    result["found"] = {"count": len(found), "median": median(found), "slowest": max(found)}
    result["memory"] = {
        "worker": max(memory.values()) / 1e6,
        "worker, after approvals": later / 1e6,
    }


def _page_figures(load: Load) -> list[str]:
    size = load.octets / len(load.latencies) / 1024
    return [f"{load.rate:.1f}", f"{load.latency(0.5):.1f}", f"{load.latency(0.95):.1f}", f"{size:.0f}"]


def _build(rates: dict[str, float]) -> dict[str, Any]:
    own, stock = rates[ours.Ours.name], rates.get(stock_whoosh.StockWhoosh.name)
    return {"rates": rates} | ({"against Whoosh": own / stock} if stock else {})


def _row(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "listings": int(median(row.totals)),
        "median": {name: row.median(name) for name in row.seconds},
        "p95": {name: row.p95(name) for name in row.seconds},
        "void": row.void,
    }


def _words(documents: Iterable[Document]) -> float:
    return mean(sum(len(d.terms[name]) for name in TEXTS) for d in islice(documents, 2_000))


def _seconds(deed: Callable[[], object]) -> float:
    begin = time.perf_counter()
    deed()
    return time.perf_counter() - begin
