"""Imports: plan one, apply it, take it back, follow a partner's interface, see how they stand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from services_dir.cli.edge import example, open_application

if TYPE_CHECKING:
    from services_dir.exchange.imports.showing import Summary

_ACCOUNT = click.option("--by", metavar="EMAIL", help="The account that answers for it.")


@click.group(
    name="import",
    epilog=example("services-dir import plan feed.zip --feed 'Partner 211'", "services-dir import apply 3"),
)
def imports() -> None:
    """Bring in listings of others: first a plan, then its deeds."""


@imports.command(epilog=example("services-dir import plan listings.zip --feed 'Partner 211' --area Hartford"))
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--feed", help="What the source is called; by default the name of the file.")
@click.option("--address", help="The web page of who publishes it.")
@click.option("--area", "areas", multiple=True, help="A place served where a record names none; may repeat.")
@click.option(
    "--level", help="Who runs the programs of this feed: local (usual), regional, state, national, federal."
)
@click.option("--zone", help="The time zone of its hours, such as America/New_York.")
@click.option(
    "--complete", is_flag=True, help="The files are all of the feed: what is not in them is withdrawn."
)
@click.option(
    "--to-mend", type=click.Path(path_type=Path), help="A folder for the rows that cannot be taken."
)
@click.option("--rows", is_flag=True, help="Print every row of the plan, not only the sums.")
@_ACCOUNT
def plan(
    *,
    source: Path,
    feed: str | None,
    address: str | None,
    areas: tuple[str, ...],
    level: str | None,
    zone: str | None,
    complete: bool,
    to_mend: Path | None,
    rows: bool,
    by: str | None,
) -> None:
    """Say what an import would do to each record; nothing in the catalog changes.

    SOURCE is a folder, a ZIP, or one file: HSDS (JSON or tables, any version), Ohana tables, or the
    register's own tables as CSV or XLSX.
    """
    from services_dir import clock
    from services_dir.exchange.imports import running, showing
    from services_dir.exchange.imports.erasing import folder_to_mend

    with open_application() as app:
        options = running.Options(feed or source.stem, address, areas or None, level, zone, complete)
        with _Bar("Planning") as progress:
            run_id = running.plan_path(source, options, by=_account(by), at=clock.now(), progress=progress)
        summary = showing.summarize_run(_session(), run_id)
        _print(summary)
        if rows:
            _print_rows(run_id)
        folder = to_mend or folder_to_mend(app.config["SETTINGS"].home, run_id)
        for file in running.write_to_mend(_session(), run_id, folder):
            click.echo(f"To mend: {file}")
    click.echo(f"Nothing is changed yet. To apply it: services-dir import apply {run_id}")


@imports.command(
    epilog=example(
        "services-dir import apply 3", "services-dir import apply 3 --publish --by kim@example.org"
    )
)
@click.argument("number", type=int)
@click.option(
    "--publish", is_flag=True, help="Publish what is without doubt at once; needs --by, an administrator."
)
@_ACCOUNT
def apply(number: int, publish: bool, by: str | None) -> None:
    """Do what a plan says: its records wait for review, or are published.

    Cut off, it goes on where it stopped.
    """
    from services_dir import clock
    from services_dir.exchange.imports import running

    with open_application():
        account = _account(by)
        running.refuse_unless_administrator(_session(), account, publish)
        with _Bar("Applying") as progress:
            ends = running.apply_run(number, by=account, at=clock.now(), publishes=publish, progress=progress)
        _print_ends(ends)


@imports.command(epilog=example("services-dir import undo 3 --by kim@example.org"))
@click.argument("number", type=int)
@_ACCOUNT
def undo(number: int, by: str | None) -> None:
    """Take an import back as a whole. What was changed since stays, and is listed."""
    from services_dir import clock
    from services_dir.exchange.imports import running

    with open_application():
        with _Bar("Taking back") as progress:
            ends, kept = running.undo_run(number, by=_account(by), at=clock.now(), progress=progress)
        _print_ends(ends)
        for line in kept:
            click.echo(f"Stays: {line}")


@imports.command(epilog=example("services-dir import status", "services-dir import status 3 --rows"))
@click.argument("number", type=int, required=False)
@click.option("--rows", is_flag=True, help="Print every row of the plan.")
def status(number: int | None, rows: bool) -> None:
    """Say how imports stand: all of them, or one with the account of its files."""
    from services_dir.exchange.imports import showing

    with open_application():
        if number is None:
            for line in showing.list_runs(_session()):
                click.echo(line.sentence)
            return
        _print(showing.summarize_run(_session(), number))
        if rows:
            _print_rows(number)


@imports.command(epilog=example("services-dir import watch https://partner.example.org/hsds --feed Partner"))
@click.argument("address")
@click.option("--feed", required=True, help="What the partner is called.")
@click.option(
    "--publish", is_flag=True, help="Publish what is without doubt at once; needs --by, an administrator."
)
@click.option(
    "--private-address", is_flag=True, help="Allow an address of this machine or a private network."
)
@click.option("--area", "areas", multiple=True, help="A place served where a record names none; may repeat.")
@_ACCOUNT
def watch(
    *, address: str, feed: str, publish: bool, private_address: bool, areas: tuple[str, ...], by: str | None
) -> None:
    """Read a partner's HSDS interface once: what changed since the last round, and what is gone."""
    from services_dir import clock
    from services_dir.exchange.imports import running, showing

    with open_application():
        account = _account(by)
        running.refuse_unless_administrator(_session(), account, publish)
        options = running.Options(feed, address, areas or None)
        with _Bar("Reading") as progress:
            run_id, ends = running.watch_address(
                options,
                by=account,
                at=clock.now(),
                publishes=publish,
                allows_private=private_address,
                progress=progress,
            )
        _print(showing.summarize_run(_session(), run_id))
        _print_ends(ends)


def _session() -> Any:
    from services_dir.db import db

    return db.session


def _account(email: str | None) -> int | None:
    from services_dir.accounts.queries import get_account_by_email

    return get_account_by_email(_session(), email).id if email else None


class _Bar:
    """A bar of progress on stderr, made when the first number is known; silent where nobody looks."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self._move

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def _move(self, done: int, total: int) -> None:
        stream = sys.stderr
        if self._bar is None and stream.isatty():
            self._bar = click.progressbar(length=total or None, label=self._label, file=stream)
        if self._bar is not None:
            self._bar.update(done - self._done)
            self._done = done


def _print(summary: Summary) -> None:
    click.echo(summary.title)
    for line in summary.lines:
        click.echo(f"  {line}")
    for line in summary.files:
        click.echo(f"  {line}")
    for line in summary.terms:
        click.echo(f"  {line}")


def _print_rows(run_id: int) -> None:
    from services_dir.exchange.imports import showing

    for line in showing.each_row(_session(), run_id):
        click.echo(line)


def _print_ends(ends: dict[Any, int]) -> None:
    for state, count in ends.items():
        click.echo(f"{state.label}: {count}")
