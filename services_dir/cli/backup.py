"""Backups."""

from __future__ import annotations

import click

from services_dir.cli.edge import example


@click.group(epilog=example("services-dir backup create"))
def backup() -> None:
    """Keep the register safe, and bring it back."""
