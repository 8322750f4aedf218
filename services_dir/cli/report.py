"""Yearly reports: make one, publish it, count it again."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from services_dir.cli.edge import example, open_application
from services_dir.cli.export import replacing

_DAY = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="A day of the year, if not its end.")


@click.group(epilog=example("services-dir report annual 2026 inventory.pdf"))
def report() -> None:
    """Count the register for the yearly report."""


@report.command(
    epilog=example(
        "services-dir report annual 2026 inventory.pdf",
        "services-dir report annual 2026 figures.csv --as-of 2026-06-30 --language es",
    )
)
@click.argument("year", type=int)
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@_DAY
@click.option("--language", default="en", help="en or es.")
def annual(year: int, out: Path, as_of: datetime | None, language: str) -> None:
    """Write the inventory of YEAR into OUT: as PDF, or as a table if OUT ends in .csv.

    It tells the register as it was at the end of the year, or now if the year is not over. Nothing is
    published.
    """
    from services_dir import clock
    from services_dir.db import db
    from services_dir.reports.annual import making, table
    from services_dir.reports.answers import csv_text
    from services_dir.web.languages import LANGUAGES

    if language not in LANGUAGES:
        raise click.BadParameter(f"one of these: {', '.join(LANGUAGES)}.", param_hint="--language")
    with open_application() as app, app.test_request_context(f"/{language}/"), replacing(out) as file:
        made = making.draft(db.session, year, now=clock.now(), as_of=_day(as_of))
        if out.suffix.lower() == ".csv":
            file.write(csv_text(table.rows(made.figures, language)).encode("utf-8-sig"))
        else:
            file.write(making.draft_pdf(db.session, made))
    click.echo(f"Wrote {out}")


@report.command(epilog=example("services-dir report publish 2026 --by coordinator@example.org"))
@click.argument("year", type=int)
@_DAY
@click.option("--by", required=True, help="The e-mail address of the account that answers for it.")
def publish(year: int, as_of: datetime | None, by: str) -> None:
    """Publish the inventory of YEAR, with its figures as they are."""
    from services_dir import clock
    from services_dir.accounts.queries import get_account_by_email
    from services_dir.db import db
    from services_dir.reports.annual import making

    with open_application() as app, app.test_request_context("/"):
        account = get_account_by_email(db.session, by)
        number = making.publish(db.session, year, by=account.id, now=clock.now(), as_of=_day(as_of))
    click.echo(f"Published: /reports/annual/{number}")


@report.command(epilog=example("services-dir report check 1"))
@click.argument("number", type=int)
def check(number: int) -> int:
    """Count the published report NUMBER again, as of its day, and compare the figures.

    The exit status is 1 if they differ.
    """
    from services_dir.db import db
    from services_dir.reports.annual import making, queries

    with open_application() as app, app.test_request_context("/"):
        published = queries.get_report(db.session, number)
        differences = making.differences(db.session, published)
    for name in differences:
        click.echo(f"Another figure now: {name}")
    click.echo("The figures differ." if differences else "The same figures.")
    return 1 if differences else 0


def _day(typed: datetime | None) -> date | None:
    return typed.date() if typed is not None else None
