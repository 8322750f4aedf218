"""What is wrong, and what to do."""

from __future__ import annotations

import click

from services_dir.cli.edge import example


@click.command(epilog=example("services-dir doctor"))
def doctor() -> None:
    """Say in words what is wrong and what to do."""
