"""Searching from the command line."""

from __future__ import annotations

import click

from services_dir.cli.edge import example, open_application


@click.command(epilog=example("services-dir search shelter --place hartford"))
def search() -> None:
    """Search the register, as the page of results does."""
