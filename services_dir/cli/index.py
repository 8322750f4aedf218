"""The search index of this machine: build it anew, bring it up to date, say how it is."""

from __future__ import annotations

import click

from services_dir.cli.edge import example, open_application


@click.group(epilog=example("services-dir index status"))
def index() -> None:
    """Look after the search index."""
