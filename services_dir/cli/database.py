"""The database: bring it to the newest schema."""

from __future__ import annotations

import click

from services_dir.cli.edge import example, make_application


@click.group(epilog=example("services-dir database upgrade"))
def database() -> None:
    """Look after the database."""


@database.command(epilog=example("services-dir database upgrade"))
def upgrade() -> None:
    """Make the tables, or bring those of an older version up to date.

    `serve` does the same at its start. Make a backup before installing a new version.
    """
    from services_dir.upkeep import start

    with make_application() as app:
        start.prepare_database(app)
    click.echo("The database is up to date.")
