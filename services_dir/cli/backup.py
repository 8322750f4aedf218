"""Backups: make one, bring one back."""

from __future__ import annotations

from pathlib import Path

import click

from services_dir.cli.edge import example


@click.group(epilog=example("services-dir backup create", "services-dir backup restore FILE"))
def backup() -> None:
    """Keep the register safe, and bring it back."""


@backup.command(
    epilog=example("services-dir backup create", "services-dir backup create /mnt/safe/register.zip")
)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def create(file: Path | None) -> None:
    """Write database and secret to one file, also while serving.

    Without FILE it goes into the folder “backups” of the home. Whoever has the file can read
    everything in it, so keep it where nobody else can.
    """
    from services_dir import clock
    from services_dir.settings import Settings
    from services_dir.upkeep import backup as backups

    made = backups.create(Settings.from_environment(), file, at=clock.now())
    click.echo(f"The backup is in {made}")


@backup.command(epilog=example("SERVICES_DIR_HOME=/srv/new services-dir backup restore register.zip"))
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Bring the backup in FILE back, into an empty home and an empty database."""
    from services_dir import clock
    from services_dir.settings import Settings
    from services_dir.upkeep import backup as backups

    settings = Settings.from_environment()
    manifest = backups.restore(settings, file, at=clock.now())
    click.echo(f"Restored the register as it was on {manifest.created:%Y-%m-%d at %H:%M} UTC.")
    click.echo("Start it with: services-dir serve")
