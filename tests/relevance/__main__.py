"""`make relevance`: asks the seeded catalog the judged queries and prints how good the answers are."""

from __future__ import annotations

import logging
import sys

import click
import structlog
from flask import current_app

from services_dir import clock
from services_dir.search import engine
from services_dir.search.query import SearchQuery
from services_dir.search.results import SearchResult
from tests.relevance.hostile import hostile_texts, report_hostile
from tests.relevance.judged import FILES, read_all, read_queries
from tests.relevance.measuring import measure, report, seeded_search
from tests.relevance.slips import measure_slips, report_slips


def main() -> int:
    """Measure and print; no figure is required yet, so the status is 0."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with seeded_search() as find:
        for file in FILES:
            click.echo(file.name)
            for line in report(measure(read_queries(file), find)):
                click.echo(line)
            click.echo()
        snapshot = current_app.extensions["search"].snapshot
        for line in report_slips(measure_slips(snapshot.lexicon)):
            click.echo(line)
        click.echo()
        texts = [judged.query for judged in read_all()]
        for line in report_hostile(_ask, texts, hostile_texts(snapshot.lexicon)):
            click.echo(line)
    return 0


def _ask(text: str) -> SearchResult:
    return engine.search(SearchQuery(q=text), at=clock.now())


if __name__ == "__main__":
    sys.exit(main())
