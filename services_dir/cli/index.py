"""The search index of this machine: build it anew, bring it up to date, say how it stands."""

from __future__ import annotations

import click

from services_dir.cli.edge import example, open_application

_BUSY = "Another process is writing to the index. Try again in a minute."


@click.group(epilog=example("services-dir index status"))
def index() -> None:
    """Look after the search index of this machine; it can always be made anew from the database."""


@index.command(epilog=example("services-dir index rebuild"))
def rebuild() -> None:
    """Build the index anew beside the old one, which answers until the new one is complete."""
    from services_dir.search import sync

    with open_application() as app:
        if sync.rebuild(app) is sync.Outcome.BUSY:
            raise click.ClickException(_BUSY)
        programs = sync.status(app).programs
    click.echo(f"The index was built anew; it holds {programs} programs.")


@index.command(name="catch-up", epilog=example("services-dir index catch-up"))
def catch_up() -> None:
    """Take up what was published since; `serve` does so by itself."""
    from services_dir.search import sync

    said = {
        sync.Outcome.NOTHING: "The index was up to date.",
        sync.Outcome.UPDATED: "The index is up to date now.",
        sync.Outcome.REBUILT: "The index could not be brought up to date and was built anew.",
    }
    with open_application() as app:
        outcome = sync.catch_up(app)
    if outcome is sync.Outcome.BUSY:
        raise click.ClickException(_BUSY)
    click.echo(said[outcome])


@index.command(epilog=example("services-dir index status"))
def status() -> int:
    """Say how the index stands; the exit status is 1 if it cannot be used."""
    from services_dir.search import sync

    with open_application() as app:
        found = sync.status(app)
    if found.problem is not None:
        raise click.ClickException(
            f"The index cannot be used: {found.problem}. Run: services-dir index rebuild"
        )
    click.echo(f"The index stands at change {found.applied} of {found.last_change}.")
    click.echo(f"{found.programs} programs are published.")
    return 0
