"""Doing what is due, where `serve` does not do it or not often enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from services_dir.cli.edge import example, open_application

if TYPE_CHECKING:
    from services_dir.upkeep.work import Report


@click.command(epilog=example("services-dir work", "services-dir work --forever"))
@click.option("--forever", is_flag=True, help="Go on until it is ended, looking every 15 seconds.")
def work(forever: bool) -> int:
    """Do what is due: mail, verification rounds, reminders, the daily summary, the index, erasure.

    `serve` does this by itself. The exit status is 1 if something could not be done.
    """
    from services_dir.upkeep.work import work_once
    from services_dir.upkeep.worker import work_forever

    with open_application() as app:
        if forever:
            work_forever(app, _tell)
        report = work_once(app)
    _tell(report)
    if not (report.done or report.failed):
        click.echo("Nothing was due.")
    return 1 if report.failed else 0


def _tell(report: Report) -> None:
    for sentence in report.done:
        click.echo(sentence)
    for sentence in report.failed:
        click.echo(sentence, err=True)
