"""What is wrong, and what to do."""

from __future__ import annotations

import textwrap

import click

from services_dir.cli.edge import example, open_application

_MARKS = {"good": "good", "note": "note", "fault": "TO DO"}


@click.command(epilog=example("services-dir doctor", "services-dir doctor --delete-old-backups"))
@click.option(
    "--delete-old-backups",
    is_flag=True,
    help="Delete the backups in the home that hold an address removed since, and nothing else.",
)
def doctor(delete_old_backups: bool) -> int:
    """Look at settings, home, database, index, backups and listings, and say what to do.

    The exit status is 1 if something needs doing. Looking changes nothing.
    """
    from services_dir import clock
    from services_dir.app import create_app
    from services_dir.settings import Settings
    from services_dir.upkeep.doctor import Level, examine
    from services_dir.web import logs

    logs.configure()
    if delete_old_backups:
        _delete_old_backups()
        return 0
    findings = examine(Settings.from_environment(), create_app, at=clock.now())
    for finding in findings:
        click.echo(f"{_MARKS[finding.level]:>5}  {finding.what}")
        if finding.advice:
            click.echo(textwrap.indent(textwrap.fill(finding.advice, 90), " " * 7))
    faults = sum(finding.level is Level.FAULT for finding in findings)
    click.echo("All is well." if not faults else f"To do: {faults}.")
    return 1 if faults else 0


def _delete_old_backups() -> None:
    from services_dir.db import db
    from services_dir.upkeep.doctor import old_backups

    with open_application() as app:
        old = old_backups(app.config["SETTINGS"], db.session)
    for backup in old:
        backup.file.unlink()
        click.echo(f"Deleted {backup.file}")
    if not old:
        click.echo("No backup in the home is older than the last removed address.")
