"""Figures on prevention, protection and prosecution: plan a table, apply it, write the template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from services_dir.cli.edge import example, open_application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services_dir.indicators.operations import PlanLine

_ACCOUNT = click.option("--by", metavar="EMAIL", help="The account that answers for it.")


@click.group(epilog=example("services-dir indicators plan figures.csv", "services-dir indicators apply 1"))
def indicators() -> None:
    """Bring in figures with their sources: first a plan, then its deeds."""


@indicators.command(epilog=example("services-dir indicators template figures.csv"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file: Path) -> None:
    """Write the table to fill in to FILE: all series, whole and in parts, without a figure."""
    from services_dir.indicators import pages
    from services_dir.reports.answers import csv_text

    if file.exists():
        raise click.ClickException(f"{file} exists already. Choose another name.")
    file.write_text(csv_text(pages.template()), encoding="utf-8-sig")
    click.echo(f"The template is in {file}")


@indicators.command(epilog=example("services-dir indicators plan figures.csv --by kim@example.org"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_ACCOUNT
def plan(file: Path, by: str | None) -> None:
    """Say what the table in FILE would change; no figure changes."""
    from services_dir import clock
    from services_dir.db import db, transaction
    from services_dir.indicators import operations, queries

    with open_application():
        account = _account(by)
        with transaction() as session:
            held = operations.plan(session, file.read_bytes(), file.name, by=account, at=clock.now())
            number = held.id
        rows = queries.rows_of(queries.get_import(db.session, number))
        _print(operations.judge(db.session, rows))
    click.echo(f"Nothing is changed yet. To apply it: services-dir indicators apply {number}")


@indicators.command(epilog=example("services-dir indicators apply 1 --by kim@example.org"))
@click.argument("number", type=int)
@_ACCOUNT
def apply(number: int, by: str | None) -> None:
    """Do what a plan says; rows that were refused are left out."""
    from services_dir import clock
    from services_dir.db import transaction
    from services_dir.indicators import operations

    with open_application():
        account = _account(by)
        with transaction() as session:
            lines = operations.apply(session, number, by=account, at=clock.now())
        _print(lines)


def _account(email: str | None) -> int | None:
    from services_dir.accounts.queries import get_account_by_email
    from services_dir.db import db

    session: Any = db.session
    return get_account_by_email(session, email).id if email else None


def _print(lines: Iterable[PlanLine]) -> None:
    for line in lines:
        row = line.row
        what = " ".join(filter(None, (row.series, row.period, row.breakdown, row.part)))
        problem = f" {row.problem}" if row.problem else ""
        click.echo(f"line {row.line}: {line.verdict.label}: {what}{problem}")
