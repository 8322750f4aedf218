"""Searching from the command line, with the words and facets of the page of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from services_dir.cli.edge import example, open_application

if TYPE_CHECKING:
    from services_dir.search.query import Notice
    from services_dir.search.results import Hit, SearchResult


@click.command(
    epilog=example(
        "services-dir search shelter --place hartford",
        "services-dir search --category housing --category legal-assistance --json",
    )
)
@click.argument("words", nargs=-1)
@click.option("--category", multiple=True, help="A kind of help, by its slug; may repeat.")
@click.option("--population", multiple=True, help="A group of people, by its slug; may repeat.")
@click.option("--language", multiple=True, help="A code such as es, or interpreter; may repeat.")
@click.option("--level", multiple=True, help="Who runs it: federal, state, local …; may repeat.")
@click.option("--access", multiple=True, help="How to reach it: phone, in-person …; may repeat.")
@click.option("--place", help="A town, ZIP, county or region.")
@click.option("--within", help="Miles from the place.")
@click.option("--reach", help="How near the area served lies: town, region, state or nation.")
@click.option("--kind", help="program or legal-right.")
@click.option("--open", "open_", help="now: only what is open, or may be.")
@click.option("--sort", help="relevance, distance, name or assured.")
@click.option("--page", help="The page of results.")
@click.option("--json", "as_json", is_flag=True, help="Print what /programs.json answers.")
def search(words: tuple[str, ...], as_json: bool, **options: str | tuple[str, ...] | None) -> None:
    """Search the register for WORDS; without any, everything that fits the options is listed.

    What was not understood is left out, and a line on stderr says so.
    """
    import msgspec

    from services_dir import clock
    from services_dir.search.pages import to_json
    from services_dir.search.query import SearchQuery

    asked = {name.rstrip("_"): _values(value) for name, value in options.items() if value}
    query, notices = SearchQuery.read({**asked, "q": [" ".join(words)]})
    with open_application() as app, app.test_request_context():
        result = app.extensions["search"].search(query, at=clock.now(), language="en")
        if as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(to_json(result, notices, "en")), indent=2))
        else:
            _print(result, notices)


def _values(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value or "",)


def _print(result: SearchResult, notices: tuple[Notice, ...]) -> None:
    for notice in dict.fromkeys(one.sentence for one in (*notices, *result.notices)):
        click.echo(notice, err=True)
    pages = f", page {result.page} of {result.pages}" if result.pages > 1 else ""
    click.echo(f"{result.total} result{'' if result.total == 1 else 's'}{pages}")
    for hit in result.hits:
        _print_hit(hit)


def _print_hit(hit: Hit) -> None:
    card = hit.card
    click.echo(f"\n{card.text('en').name} ({card.organization})")
    numbers = [f"{phone.number} {phone.label or ''}".strip() for phone in card.phones[:3]]
    openness = {True: "open now", False: "closed now", None: ""}[hit.open]
    distance = "" if hit.distance_miles is None else f"{hit.distance_miles} miles"
    told = [part for part in (hit.town or "", distance, openness, *numbers) if part]
    click.echo(f"  {', '.join(told) or 'We know no number. Call 2-1-1.'}")
    click.echo(f"  /programs/{card.slug}")
