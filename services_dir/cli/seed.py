"""The seed: the programs a new register begins with."""

from __future__ import annotations

import click

from services_dir.cli.edge import example, make_application


@click.group(epilog=example("services-dir seed load"))
def seed() -> None:
    """Fill an empty register."""


@seed.command(epilog=example("services-dir seed load"))
def load() -> None:
    """Load the programs, words and places that come along, into a register that holds no program yet.

    `serve` does the same at its first start.
    """
    from services_dir.upkeep import start

    with make_application() as app:
        start.prepare_database(app)
        report = start.load_seed(app)
        start.prepare_index(app)
    click.echo(start.describe_seed(report))


@seed.command(epilog=example("services-dir seed council"))
def council() -> None:
    """Fill the Council's library of a register that was there before it, as long as the library is empty.

    `seed load` and the first start of `serve` do the same.
    """
    from services_dir.upkeep import start

    with make_application() as app:
        start.prepare_database(app)
        report = start.load_council(app)
    click.echo(f"The library lists {report.documents} documents and {report.meetings} meetings.")
